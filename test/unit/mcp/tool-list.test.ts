import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { renderSurface } from "../../../shared/mcp/render-surface";

test("the golden list of tools is what the tools say (else: npm run tool-list)", () => {
  const file = resolve(__dirname, "../../../shared/mcp/tool-list.generated.json");
  expect(readFileSync(file, "utf8").replaceAll("\r\n", "\n")).toBe(renderSurface());
});
