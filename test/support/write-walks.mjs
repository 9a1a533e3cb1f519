// `npm run walks`: the test that compares the walks of docs/architecture.md with a run writes them instead.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const jest = fileURLToPath(new URL("../../node_modules/jest/bin/jest.js", import.meta.url));
const { status } = spawnSync(process.execPath, [jest, "test/e2e/walks"], {
  cwd: fileURLToPath(new URL("../..", import.meta.url)),
  env: { ...process.env, WALKS: "write" },
  stdio: "inherit",
});
process.exitCode = status ?? 1;
