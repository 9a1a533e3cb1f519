import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { applicationUser, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { audience, startIssuer, tenantId } from "../../test/support/issuer";
import { type MeasuredProcess, startMeasured } from "../measured-process";

const here = dirname(fileURLToPath(import.meta.url));
const clientId = "aebc6443-996d-45c2-90f0-388ff96faa56";

/** The app, the embedded Dataverse and the callers, each in a process of its own. */
export interface Stage {
  readonly app: MeasuredProcess;
  /** Bearer tokens, one for each of the sample company's people who may work on cases. */
  readonly tokens: readonly string[];
  /** Knocks at a door of the embedded Dataverse: `POST fault`. */
  // biome-ignore lint/suspicious/noExplicitAny: each door answers in its own shape
  door(name: string, body?: unknown): Promise<any>;
  close(): Promise<void>;
}

/** @param settings settings of the app, beside those that it needs */
export async function openStage(
  cases: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const issuer = await startIssuer();
  const dataverse = await startMeasured(
    resolve(here, "../../packages/dataverse-emulator/dist/main.mjs"),
    [...["--port", "0", "--data", ":memory:", "--faults", "--cases", String(cases)]],
  );
  const ids = await readPeople(dataverse.url);
  const tokens = await Promise.all(ids.map((oid) => issuer.sign({ oid })));
  const app = await startMeasured(resolve(here, "flood-app.mjs"), [resolve(here, "../..")], {
    DATAVERSE_URL: dataverse.url,
    IDENTITY_ENDPOINT: `${dataverse.url}/msi/token`,
    IDENTITY_HEADER: "flood",
    AZURE_CLIENT_ID: applicationUser.applicationId,
    MCP_AUTH_MODE: "jwt",
    MCP_TENANT_ID: tenantId,
    MCP_AUDIENCES: audience,
    MCP_AUTHORITY: issuer.authority,
    MCP_ALLOWED_CLIENTS: clientId,
    ...settings,
  });
  return {
    app,
    tokens,
    async door(name, body) {
      const [method = "GET", path = ""] = name.split(" ");
      const answer = await fetch(`${dataverse.url}/_emulator/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${name}: ${answer.status} ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
    async close() {
      await app.stop();
      await dataverse.stop();
      await issuer.close();
    },
  };
}

/** Entra ids of the sample company's people who may work on cases, those first whom the sample names. */
async function readPeople(url: string): Promise<string[]> {
  const resource = encodeURIComponent(url);
  const identity = await fetch(
    `${url}/msi/token?api-version=2019-08-01&resource=${resource}&client_id=${applicationUser.applicationId}`,
    { headers: { "X-IDENTITY-HEADER": "flood" } },
  );
  const { access_token: token } = (await identity.json()) as { access_token: string };
  const administrator = personas.find(({ key }) => key === "administrator")?.objectId ?? "";
  const answer = await fetch(
    `${url}/api/data/v9.2/systemusers?$select=azureactivedirectoryobjectid&$filter=isdisabled eq false and azureactivedirectoryobjectid ne null&$orderby=createdon,systemuserid`,
    { headers: { Authorization: `Bearer ${token}`, CallerObjectId: administrator } },
  );
  const { value } = (await answer.json()) as { value: Record<string, string>[] };
  const without = new Set(
    personas.filter(({ roles }) => roles.length === 0).map(({ objectId }) => objectId),
  );
  const all = value.map(({ azureactivedirectoryobjectid: id = "" }) => id.toLowerCase());
  const named = personas.map(({ objectId }) => objectId).filter((id) => all.includes(id));
  const able = [...new Set([...named, ...all])].filter((id) => !without.has(id));
  if (able.length < 10) throw new Error(`The sample company has ${able.length} people.`);
  return able;
}
