import { expect, test } from "@jest/globals";
import { compileRoute } from "../../../dev/route";

test.each([
  ["mcp", "/mcp", {}],
  ["mcp", "/MCP/", {}],
  ["mcp", "/mcp/x", undefined],
  ["items/{id}", "/items/a%20b", { id: "a b" }],
  ["items/{id}", "/items", undefined],
  ["items/{id:int?}", "/items", {}],
  [".well-known/oauth-protected-resource/{*path}", "/.well-known/oauth-protected-resource", {}],
  [
    ".well-known/oauth-protected-resource/{*path}",
    "/.well-known/oauth-protected-resource/mcp/x",
    { path: "mcp/x" },
  ],
  [".well-known/x", "/awell-known/x", undefined],
])("the route %s and the path %s give %j", (route, path, params) => {
  expect(compileRoute(route)(path)).toEqual(params);
});
