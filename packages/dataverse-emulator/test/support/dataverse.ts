import { type Emulator, type EmulatorOptions, startEmulator } from "../../src";
import type { MutableCatalog } from "../../src/metadata";
import { applicationUser, type Persona, personas } from "../../src/sample/identities";
import { sampleDay } from "./emulated";

export type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly bytes: Buffer;
  /** The body as JSON; an empty object when it is none. */
  readonly json: Json;
  /** `0x80040217`, or undefined when it is no refusal. */
  readonly code: string | undefined;
  readonly message: string;
  /** Id in OData-EntityId, or the one that follows the table's name in the body. */
  readonly id: string;
}

export interface Call {
  readonly as?: Persona["key"] | "application";
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Dataverse {
  readonly emulator: Emulator;
  readonly url: string;
  /** `<url>/api/data/v9.2/` */
  readonly root: string;
  /** One request over HTTP; as the administrator unless told. An object is sent as JSON, text and bytes as they are. */
  send(method: string, path: string, body?: unknown, call?: Call): Promise<Answer>;
  token(): Promise<string>;
  close(): Promise<void>;
}

const keys = new Map(personas.map((persona) => [persona.key, persona]));
export const personaOf = (key: Persona["key"]): Persona => {
  const found = keys.get(key);
  if (found === undefined) throw new Error(`No persona ${key}.`);
  return found;
};

/** The embedded Dataverse with its sample company on loopback, and a client that signs in as its application user. */
export async function startDataverse(options: EmulatorOptions = {}): Promise<Dataverse> {
  const emulator = await startEmulator({ asOf: sampleDay, ...options });
  const root = `${emulator.url}/api/data/v9.2/`;
  let known: string | undefined;
  async function token(): Promise<string> {
    if (known !== undefined) return known;
    const answer = await fetch(
      `${emulator.url}/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(emulator.url)}&client_id=${applicationUser.applicationId}`,
      { headers: { "X-IDENTITY-HEADER": "local" } },
    );
    known = ((await answer.json()) as { access_token: string }).access_token;
    return known;
  }
  return {
    emulator,
    url: emulator.url,
    root,
    token,
    async send(method, path, body, { as = "administrator", headers = {} } = {}) {
      const isRaw = typeof body === "string" || body instanceof Uint8Array;
      const response = await fetch(path.startsWith("http") ? path : root + path, {
        method,
        headers: {
          Authorization: `Bearer ${await token()}`,
          Accept: "application/json",
          ...(body === undefined || isRaw ? {} : { "Content-Type": "application/json" }),
          ...(as === "application" ? {} : { CallerObjectId: personaOf(as).objectId }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isRaw ? (body as string) : JSON.stringify(body) }),
      });
      return read(response);
    },
    close: () => emulator.close(),
  };
}

async function read(response: Response): Promise<Answer> {
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString("utf8");
  let json: Json = {};
  if (/json/.test(response.headers.get("content-type") ?? "")) json = JSON.parse(text) as Json;
  const error = json.error as { code?: string; message?: string } | undefined;
  const address = response.headers.get("odata-entityid") ?? "";
  return {
    status: response.status,
    headers: response.headers,
    text,
    bytes,
    json,
    code: error?.code,
    message: error?.message ?? "",
    id: /\(([0-9a-f-]{36})\)$/.exec(address)?.[1] ?? "",
  };
}

/** `400 0x80048d19`, or the status alone. */
export const outcome = ({ status, code }: Pick<Answer, "status" | "code">): string =>
  code === undefined ? String(status) : `${status} ${code}`;

/** Defines an alternate key, as a customizer would. */
export function defineKey(dataverse: Dataverse, table: string, columns: string[]): void {
  const catalog = dataverse.emulator.world.catalog as MutableCatalog;
  const entity = catalog.byName(table);
  if (entity === undefined) throw new Error(`No table ${table}.`);
  const schemaName = `new_${columns.join("_")}_key`;
  const key = { schemaName, metadataId: crypto.randomUUID(), attributes: columns };
  catalog.change((change) => change.putEntity({ ...entity, keys: [...entity.keys, key] }));
}
