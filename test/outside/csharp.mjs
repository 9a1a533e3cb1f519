// `npm run csharp`: the official C# client, unmodified, works a case through in each era. Needs the .NET SDK.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, withProduct } from "./started-product.mjs";

const run = (args) => {
  const { status, error } = spawnSync("dotnet", args, {
    stdio: "inherit",
    timeout: 300_000,
    env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: "1", DOTNET_NOLOGO: "1" },
  });
  if (error?.code === "ENOENT") {
    console.error("This check needs the .NET SDK (dotnet) on the PATH.");
    process.exit(1);
  }
  if (status !== 0) throw new Error(`dotnet ${args[0]} ended with ${status}.`);
};

const artifacts = join(root, "out", "csharp-client");
run([
  "build",
  join(root, "test", "outside", "csharp-client"),
  "-c",
  "Release",
  "-v",
  "quiet",
  "--artifacts-path",
  artifacts,
]);
const program = join(artifacts, "bin", "csharp-client", "release", "csharp-client.dll");
await withProduct(1_000, (url) => {
  for (const revision of ["auto", "2025-11-25", "2026-07-28"]) run([program, url, revision]);
});
