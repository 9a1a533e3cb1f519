import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { applicationUser, personas, rootBusinessUnitId } from "../../emulator/sample/identities";
import { audience, startIssuer, tenantId } from "../../test/support/issuer";
import { type MeasuredProcess, startMeasured } from "../measured-process";

const here = dirname(fileURLToPath(import.meta.url));
const clientId = "aebc6443-996d-45c2-90f0-388ff96faa56";

/** The app, the embedded Dataverse and the callers, each in a process of its own. */
export interface Stage {
  readonly app: MeasuredProcess;
  /** Bearer tokens, one for each of 24 people who may work on cases. */
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
  const dataverse = await startMeasured(resolve(here, "../emulator/main.mjs"), [
    ...["--port", "0", "--data", ":memory:", "--faults", "--cases", String(cases)],
  ]);
  const ids = await makePeople(dataverse.url);
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

const people = 24;

/** Entra ids of people who may work on cases: one of the sample company's, and others who are given the same role. */
async function makePeople(url: string): Promise<string[]> {
  const resource = encodeURIComponent(url);
  const identity = await fetch(
    `${url}/msi/token?api-version=2019-08-01&resource=${resource}&client_id=${applicationUser.applicationId}`,
    { headers: { "X-IDENTITY-HEADER": "flood" } },
  );
  const { access_token: token } = (await identity.json()) as { access_token: string };
  const [first, administrator] = (["representative", "administrator"] as const).map(
    (wanted) => personas.find(({ key }) => key === wanted)?.objectId ?? "",
  );
  const send = async (path: string, body?: unknown) => {
    const answer = await fetch(`${url}/api/data/v9.2/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        CallerObjectId: administrator ?? "",
        "Content-Type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  const role = (await (
    await send("roles?$select=roleid&$filter=name eq 'Customer Service Representative'")
  ).json()) as { value: { roleid: string }[] };
  const ids = [first ?? ""];
  for (let n = 1; n < people; n++) {
    const objectId = `0b000000-0000-4000-8000-${String(100 + n).padStart(12, "0")}`;
    const userId = `0a000000-0000-4000-8000-${String(100 + n).padStart(12, "0")}`;
    await send("systemusers", {
      systemuserid: userId,
      azureactivedirectoryobjectid: objectId,
      firstname: "Flood",
      lastname: String(n),
      domainname: `flood${n}@contoso.example`,
      internalemailaddress: `flood${n}@contoso.example`,
      "businessunitid@odata.bind": `/businessunits(${rootBusinessUnitId})`,
    });
    await send(`systemusers(${userId})/systemuserroles_association/$ref`, {
      "@odata.id": `${url}/api/data/v9.2/roles(${role.value[0]?.roleid})`,
    });
    ids.push(objectId);
  }
  return ids;
}
