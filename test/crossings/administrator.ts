import { applicationUser, personas } from "../../packages/dataverse-emulator/src/sample/identities";
import type { WholeEndpoint } from "../support/whole-endpoint";

export type Row = Readonly<Record<string, unknown>>;

/** The environment's administrator at Dataverse itself, past the endpoint. A refusal is thrown. */
export function administratorOf({ emulator }: WholeEndpoint) {
  const administrator = personas.find(({ key }) => key === "administrator")?.objectId ?? "";
  const root = `${emulator.url}/api/data/v9.2/`;
  let token: Promise<string> | undefined;
  const newToken = async () => {
    const asked = await fetch(
      `${emulator.url}/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(emulator.url)}&client_id=${applicationUser.applicationId}`,
      { headers: { "x-identity-header": "local" } },
    );
    return ((await asked.json()) as { access_token: string }).access_token;
  };
  async function send(method: string, path: string, body?: unknown): Promise<Response> {
    token ??= newToken();
    const response = await fetch(root + path, {
      method,
      headers: {
        authorization: `Bearer ${await token}`,
        callerobjectid: administrator,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
  const row = async (path: string) => (await (await send("GET", path)).json()) as Row;
  return {
    row,
    rows: async (path: string) => (await row(path)).value as readonly Row[],
    /** Makes a row, and gives its id. */
    async make(set: string, body: Row): Promise<string> {
      const id = crypto.randomUUID();
      await send("PATCH", `${set}(${id})`, body);
      return id;
    },
    act: (path: string, body: Row) => send("POST", path, body),
    link: (path: string, target: string) =>
      send("POST", `${path}/$ref`, { "@odata.id": root + target }),
    unlink: (path: string) => send("DELETE", `${path}/$ref`),
    resolve: (incidentId: string, note: string) =>
      send("POST", "CloseIncident", {
        Status: 5,
        IncidentResolution: {
          subject: note,
          "incidentid@odata.bind": `/incidents(${incidentId})`,
        },
      }),
  };
}
