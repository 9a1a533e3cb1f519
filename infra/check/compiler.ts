import { execFile, execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** The compiler is not there, or cannot do what is asked: a check that cannot run must not pass. */
export class CompilerMissing extends Error {}

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Compiler {
  /** Where it was found, for the first line of the report. */
  readonly origin: string;
  readonly version: string;
  run(args: readonly string[], folder: string): Promise<Output>;
}

const root = resolve(__dirname, "../..");
const executable = process.platform === "win32" ? "bicep.exe" : "bicep";
/** `bicep snapshot` came with this version. */
const oldest = [0, 41, 0];

/**
 * Finds Microsoft's Bicep compiler: on PATH, where `az` and `azd` keep theirs, or from its NuGet package.
 *
 * @throws CompilerMissing with the ways to get one
 */
export function findCompiler(environment: NodeJS.ProcessEnv = process.env): Compiler {
  const installed = [
    executable,
    join(homedir(), ".azure", "bin", executable),
    join(homedir(), ".azd", "bin", executable),
  ];
  for (const path of installed) {
    const version = versionOf(path, environment);
    if (version !== undefined && isNewEnough(version)) return compilerAt(path, version, path);
  }
  const restored = restoreFromNuget(environment);
  const version = versionOf(restored, environment);
  if (version === undefined)
    throw new CompilerMissing(`The Bicep compiler was restored to ${restored} but does not start.`);
  return compilerAt(restored, version, "its NuGet package");
}

function compilerAt(path: string, version: string, origin: string): Compiler {
  return {
    origin,
    version,
    run: (args, folder) =>
      new Promise((done, fail) => {
        execFile(
          path,
          [...args],
          { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
          (error, stdout, stderr) => {
            if (error !== null && typeof error.code !== "number") fail(error);
            else done({ code: Number(error?.code ?? 0), stdout, stderr });
          },
        );
      }),
  };
}

function versionOf(path: string, environment: NodeJS.ProcessEnv): string | undefined {
  try {
    const text = execFileSync(path, ["--version"], {
      encoding: "utf8",
      env: environment,
      stdio: "pipe",
    });
    return /\d+\.\d+\.\d+/.exec(text)?.[0];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES" || typeof code === "undefined") return undefined;
    throw error;
  }
}

export function isNewEnough(version: string): boolean {
  const parts = version.split(".").map(Number);
  const at = oldest.findIndex((part, index) => part !== parts[index]);
  return at === -1 || (parts[at] ?? 0) > (oldest[at] ?? 0);
}

/** The package of this machine: linux-x64, linux-musl-x64, osx-arm64, win-x64, … */
function platformName(): string {
  const system = { linux: "linux", darwin: "osx", win32: "win" }[process.platform as string];
  const processor = { x64: "x64", arm64: "arm64" }[process.arch as string];
  if (system === undefined || processor === undefined)
    throw new CompilerMissing(
      `There is no Bicep compiler for ${process.platform} on ${process.arch}.`,
    );
  const isMusl = system === "linux" && existsSync("/etc/alpine-release");
  return `${system}${isMusl ? "-musl" : ""}-${processor}`;
}

function restoreFromNuget(environment: NodeJS.ProcessEnv): string {
  const platform = platformName();
  const folder = join(root, "out", "bicep");
  const packages = join(folder, "packages");
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync(
      "dotnet",
      [
        "restore",
        join(__dirname, "bicep.csproj"),
        `-p:BicepPlatform=${platform}`,
        "--artifacts-path",
        join(folder, "artifacts"),
        "--packages",
        packages,
      ],
      {
        env: { ...environment, DOTNET_CLI_TELEMETRY_OPTOUT: "1", DOTNET_NOLOGO: "1" },
        stdio: "pipe",
      },
    );
  } catch (error) {
    const { code, stdout } = error as NodeJS.ErrnoException & { stdout?: Buffer };
    throw new CompilerMissing(
      [
        `No Bicep compiler: none of version ${oldest.join(".")} or newer is on PATH, and its NuGet package could not be restored`,
        code === "ENOENT" ? "(there is no dotnet either)." : `:\n${stdout?.toString() ?? ""}`,
        "Install the Bicep CLI, the Azure CLI (az bicep install), azd, or the .NET SDK, and run this again.",
      ].join(" "),
    );
  }
  const versions = join(packages, `azure.bicep.commandline.${platform}`);
  const version = existsSync(versions) ? readdirSync(versions)[0] : undefined;
  if (version === undefined)
    throw new CompilerMissing(`The restored package has no folder ${versions}.`);
  const path = join(versions, version, "tools", executable);
  if (process.platform !== "win32") chmodSync(path, 0o755);
  return path;
}
