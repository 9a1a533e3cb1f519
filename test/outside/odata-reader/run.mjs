// Lets Microsoft's own OData library judge the emulator: builds the reader, starts the built emulator, gathers `$metadata`
// and some thousand answers, and has each read with every validation on. Needs the .NET SDK (`dotnet`) and `npm run build`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { gather } from "./answers.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "..", "..", "..");
const out = join(root, "out", "odata-reader");
const emulator = join(root, "packages", "dataverse-emulator", "dist", "main.mjs");

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function buildReader() {
  const env = { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: "1", DOTNET_NOLOGO: "1" };
  const built = spawnSync("dotnet", ["build", "-c", "Release", "--artifacts-path", out, here], {
    env,
    encoding: "utf8",
  });
  if (built.error)
    fail(
      "The referee needs the .NET SDK: `dotnet` could not be started. A check that cannot run has failed.",
    );
  if (built.status !== 0) fail(`The referee could not be built:\n${built.stdout}${built.stderr}`);
  return join(out, "bin", "odata-reader", "release", "odata-reader.dll");
}

async function startEmulator() {
  if (!existsSync(emulator)) fail("The emulator is not built. Run `npm run build` first.");
  const child = spawn(
    process.execPath,
    [
      "--disable-warning=ExperimentalWarning",
      emulator,
      "--port",
      "0",
      "--data",
      ":memory:",
      "--cases",
      "60",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /Dataverse: (\S+)/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
  }
  return fail("The emulator ended before it listened.");
}

async function createClient(url) {
  const identity = await fetch(`${url}/msi/token?api-version=2019-08-01&resource=${url}`, {
    headers: { "X-IDENTITY-HEADER": "any" },
  });
  const { access_token: token } = await identity.json();
  const base = `${url}/api/data/v9.2/`;
  async function send(link, { method = "GET", body, raw, headers = {} } = {}) {
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const type = body === undefined ? {} : { "content-type": "application/json" };
    const address = link.startsWith("http") ? link : base + link;
    return fetch(address, {
      method,
      body: payload,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        "odata-version": "4.0",
        ...type,
        ...headers,
      },
    });
  }
  const json = async (link) => (await send(link)).json();
  const { value } = await json(
    "EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute",
  );
  const navigation = new Map(value.map(({ LogicalName }) => [LogicalName, { one: [], many: [] }]));
  const relationships = await json(
    "RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
  );
  for (const row of relationships.value) {
    navigation.get(row.ReferencingEntity)?.one.push(row.ReferencingEntityNavigationPropertyName);
    navigation.get(row.ReferencedEntity)?.many.push(row.ReferencedEntityNavigationPropertyName);
  }
  for (const ends of navigation.values()) ends.one = [...new Set(ends.one)];
  return {
    send,
    json,
    root: base,
    navigation,
    tables: new Map(value.map((table) => [table.EntitySetName, table])),
  };
}

const reader = buildReader();
const { child, url } = await startEmulator();
let status = 1;
try {
  const client = await createClient(url);
  const answers = [];
  const unexpected = [];
  async function ask(name, kind, link, options) {
    const response = await client.send(link, options);
    const { aliases } = options ?? {};
    const body = await response.text();
    const refused = response.status >= 400;
    if (refused !== (kind === "error"))
      unexpected.push(`${name}: ${response.status} ${body.slice(0, 300)}`);
    // A to-one property without a value is 204; so is what creates without returning.
    if (response.status !== 204)
      answers.push({
        name,
        kind: refused ? "error" : kind,
        status: response.status,
        contentType: response.headers.get("content-type") ?? "",
        body,
        ...(aliases === undefined ? {} : { aliases }),
      });
    return body.startsWith("{") ? JSON.parse(body) : undefined;
  }
  await gather(client, ask);
  mkdirSync(out, { recursive: true });
  /** Saves one form of the model and returns its file. */
  async function saveModel(link, name) {
    const answer = await client.send(link, { headers: { accept: "application/xml" } });
    const file = join(out, name);
    writeFileSync(file, await answer.text());
    return file;
  }
  const metadata = await saveModel("$metadata", "metadata.xml");
  const annotated = await saveModel("$metadata?annotations=true", "annotated.xml");
  const annotatedVerdict = spawnSync("dotnet", [reader, annotated, client.root], {
    input: "",
    encoding: "utf8",
  });
  if (annotatedVerdict.status !== 0)
    process.stdout.write(
      `refused  $metadata?annotations=true\n         ${annotatedVerdict.stdout}\n`,
    );
  const input = answers.map((answer) => JSON.stringify(answer)).join("\n");
  const judged = spawnSync("dotnet", [reader, metadata, client.root], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const verdicts = judged.stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  const refused = verdicts.filter((verdict) => !verdict.ok);
  for (const { name, error } of refused)
    process.stdout.write(`refused  ${name}\n         ${error}\n`);
  for (const line of unexpected) process.stdout.write(`answered ${line}\n`);
  if (judged.stderr !== "") process.stdout.write(judged.stderr);
  const read = verdicts.reduce((sum, verdict) => sum + (verdict.read ?? 0), 0);
  process.stdout.write(
    `${verdicts.length} of ${answers.length + 1} judged, ${refused.length} refused, ${unexpected.length} unexpected answers, ${read} items read\n`,
  );
  const complete = verdicts.length === answers.length + 1 && answers.length > 500;
  if (
    annotatedVerdict.status === 0 &&
    complete &&
    refused.length === 0 &&
    unexpected.length === 0 &&
    judged.status === 0
  )
    status = 0;
} finally {
  child.kill();
}
process.exit(status);
