// Packs the package, installs the tarball in an empty folder, and uses it as a stranger would: the program through `npx`
// with requests over HTTP, the doors through `import`, and their types. Needs the registry for the SQLite of Node 20.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = mkdtempSync(join(tmpdir(), "dataverse-emulator-packed-"));
const run = (program, args, cwd) =>
  execFileSync(program, args, { cwd, encoding: "utf8", shell: process.platform === "win32" });

try {
  const [{ filename, files }] = JSON.parse(
    run("npm", ["pack", "--json", "--pack-destination", folder], root),
  );
  check(
    files
      .map(({ path }) => path)
      .filter(
        (path) =>
          !/^(LICENSE|README\.md|package\.json|dist\/[\w./-]+\.mjs|dist\/types\/[\w./-]+\.d\.ts)$/.test(
            path,
          ),
      ),
    [],
    "nothing but the bundle, its declarations, README and LICENSE is packed",
  );
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  run("npm", ["install", "--no-audit", "--no-fund", `./${filename}`], folder);
  await tryProgram();
  tryDoors();
  tryTypes();
  console.log(`${filename}: installed in an empty folder, it answers. Node ${process.version}`);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function tryProgram() {
  const child = spawn(
    "npx",
    ["--no-install", "dataverse-emulator", "--port", "0", "--data", ":memory:", "--cases", "5"],
    {
      cwd: folder,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
      detached: true,
    },
  );
  try {
    const url = await addressOf(child);
    const token = await fetch(`${url}/msi/token?api-version=2019-08-01&resource=${url}`, {
      headers: { "X-IDENTITY-HEADER": "packed" },
    });
    const { access_token } = await token.json();
    const answer = await fetch(`${url}/api/data/v9.2/incidents?$select=title&$top=2`, {
      headers: { Authorization: `Bearer ${access_token}` },
    });
    const { value } = await answer.json();
    check([answer.status, value.length], [200, 2], "the Web API answers with two cases");
  } finally {
    // npx does not pass signals on everywhere; the group holds both.
    if (process.platform === "win32") child.kill();
    else process.kill(-child.pid, "SIGTERM");
  }
}

function addressOf(child) {
  return new Promise((done, fail) => {
    let words = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part) => {
        words += part;
        const [, url] = /^Dataverse: (\S+)$/m.exec(words) ?? [];
        if (url === undefined) return;
        if (/warning/i.test(words)) fail(new Error(`It warns: ${words}`));
        done(url);
      });
    child.once("exit", (code) => fail(new Error(`It ended with ${code}: ${words}`)));
  });
}

function tryDoors() {
  const program = `
    import { personas, startEmulator } from "dataverse-emulator";
    import { readDataSettings } from "dataverse-emulator/command-line";
    const emulator = await startEmulator({ cases: 2 });
    const { status } = await fetch(emulator.url + "/api/data/v9.2/");
    await emulator.close();
    console.log(JSON.stringify([status, personas.length, readDataSettings({}).cases]));`;
  writeFileSync(join(folder, "doors.mjs"), program);
  const answer = run(process.execPath, ["doors.mjs"], folder);
  check(JSON.parse(answer), [401, 5, 5000], "its doors open to an importing program");
}

function tryTypes() {
  const require = createRequire(import.meta.url);
  writeFileSync(
    join(folder, "types.mts"),
    'import { type Emulator, startEmulator } from "dataverse-emulator";\nexport const started: Promise<Emulator> = startEmulator({ cases: 1 });\n// @ts-expect-error a number is wanted\nvoid startEmulator({ cases: "1" });\n',
  );
  const manifest = require.resolve("typescript/package.json");
  run(
    process.execPath,
    [
      join(dirname(manifest), require(manifest).bin.tsc),
      ...["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--types", ""],
      "types.mts",
    ],
    folder,
  );
}

function check(found, wanted, what) {
  const text = JSON.stringify(found);
  if (text !== JSON.stringify(wanted))
    throw new Error(`${what}: found ${text} and not ${JSON.stringify(wanted)}.`);
  console.log(`ok: ${what}`);
}
