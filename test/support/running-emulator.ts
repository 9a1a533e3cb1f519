import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator";
import { personas } from "../../emulator/sample/identities";
import { sampleDay } from "./emulated";

type Json = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else text; undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into.
  readonly body: any;
}

export interface RunningEmulator extends Emulator {
  /** Sends below `/api/data/v9.2/` (or anywhere, when the path begins with `/`); a persona acts through the application user. */
  send(
    method: string,
    path: string,
    body?: unknown,
    options?: { as?: (typeof personas)[number]["key"]; headers?: Record<string, string> },
  ): Promise<Answer>;
  get(path: string, options?: Parameters<RunningEmulator["send"]>[3]): Promise<Answer>;
  post(
    path: string,
    body: unknown,
    options?: Parameters<RunningEmulator["send"]>[3],
  ): Promise<Answer>;
  /** Knocks at a door of the emulator itself. */
  door(name: string, body?: unknown): Promise<Answer>;
}

/** The embedded Dataverse with its doors open, and a client that is signed in. The clock stands still unless told. */
export async function runEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const emulator = await startEmulator({
    cases: 20,
    asOf: sampleDay,
    now: () => new Date("2026-11-24T10:00:00Z"),
    faults: true,
    ...options,
  });
  const issued = await fetch(
    `${emulator.url}/msi/token?api-version=2019-08-01&resource=${emulator.url}`,
    { headers: { "X-IDENTITY-HEADER": "test" } },
  );
  const { access_token: token } = (await issued.json()) as { access_token: string };

  const send: RunningEmulator["send"] = async (method, path, body, { as, headers } = {}) => {
    const person = personas.find((each) => each.key === as);
    const url = path.startsWith("/")
      ? `${emulator.url}${path}`
      : `${emulator.url}/api/data/v9.2/${path}`;
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        ...(person ? { callerobjectid: person.objectId } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : isJson ? (JSON.parse(text) as Json) : text,
    };
  };
  return {
    ...emulator,
    send,
    get: (path, sending) => send("GET", path, undefined, sending),
    post: (path, body, sending) => send("POST", path, body, sending),
    door(name, body) {
      const [method = "GET", door = ""] = name.split(" ");
      return send(method, `/_emulator/${door}`, body);
    },
  };
}
