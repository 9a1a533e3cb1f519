import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Builds Microsoft's parser into `out`, and gives the program that judges. Needs the .NET SDK. */
export function buildMicrosoftParser(here, out) {
  const env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: "1", DOTNET_NOLOGO: "1" };
  const built = spawnSync("dotnet", ["build", "-c", "Release", "--artifacts-path", out, here], {
    env,
    encoding: "utf8",
  });
  if (built.error) {
    throw new Error(
      "The referee needs the .NET SDK: `dotnet` could not be started. A check that cannot run has failed.",
    );
  }
  if (built.status !== 0) {
    throw new Error(`The referee could not be built:\n${built.stdout}${built.stderr}`);
  }
  return join(out, "bin", "tsql-parser", "release", "tsql-parser.dll");
}

/** What Microsoft's parser says of each statement, in their order. */
export async function judgeAll(program, statements) {
  const child = spawn("dotnet", [program], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(statements.map((sql) => `${JSON.stringify(sql)}\n`).join(""));
  const verdicts = [];
  for await (const line of createInterface({ input: child.stdout }))
    verdicts.push(JSON.parse(line));
  if (verdicts.length !== statements.length) {
    throw new Error(`The referee judged ${verdicts.length} of ${statements.length} statements.`);
  }
  return verdicts;
}
