import { expect, test } from "@jest/globals";
import { endpointFor } from "../../../shared/compose";
import type { Log } from "../../../shared/log";
import { tools } from "../../../shared/tools";

const log = { log() {}, error() {}, warn() {} } as unknown as Log;

test("a tool that names how long it may take has that, whatever the others are given", () => {
  Object.assign(process.env, {
    DATAVERSE_URL: "http://127.0.0.1:9",
    MCP_AUTH_MODE: "dev",
    MCP_DEV_USER_OBJECT_ID: "0b000000-0000-4000-8000-000000000001",
    MCP_TOOL_TIMEOUT_SECONDS: "7",
  });
  const { timeoutMs } = endpointFor(log);
  const given = Object.fromEntries(tools.map((tool) => [tool.name, timeoutMs(tool)]));
  expect(given).toMatchObject({
    read_query: 45_000,
    create_record: 7_000,
    create_table: 150_000,
    update_table: 150_000,
    enrich_case: 90_000,
  });
  for (const tool of tools) expect(given[tool.name]).toBe(tool.timeoutMs ?? 7_000);
});
