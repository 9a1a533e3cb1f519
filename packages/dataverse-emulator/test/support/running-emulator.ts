import type { EmulatorOptions } from "../../src";
import { type Call, type Dataverse, startDataverse } from "./dataverse";

export interface DoorAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else text; undefined when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into.
  readonly body: any;
}

export interface RunningEmulator {
  readonly url: string;
  /** Sends below `/api/data/v9.2/`, or anywhere when the path begins with `/`. */
  send(method: string, path: string, body?: unknown, call?: Call): Promise<DoorAnswer>;
  get(path: string, call?: Call): Promise<DoorAnswer>;
  post(path: string, body: unknown, call?: Call): Promise<DoorAnswer>;
  /** Knocks at a door of the emulator itself: `POST reset`. */
  door(name: string, body?: unknown): Promise<DoorAnswer>;
  close(): Promise<void>;
}

/** The embedded Dataverse with its doors open. The clock stands still unless told. */
export async function runEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const dataverse: Dataverse = await startDataverse({
    cases: 20,
    now: () => new Date("2026-11-24T10:00:00Z"),
    faults: true,
    ...options,
  });
  const send: RunningEmulator["send"] = async (method, path, body, call = {}) => {
    const address = path.startsWith("/") ? dataverse.url + path : path;
    const isText = typeof body === "string";
    const headers = { ...(isText ? { "Content-Type": "application/json" } : {}), ...call.headers };
    const answer = await dataverse.send(method, address, body, { ...call, headers });
    const isJson = /json/.test(answer.headers.get("content-type") ?? "");
    return {
      status: answer.status,
      headers: answer.headers,
      body: answer.text === "" ? undefined : isJson ? JSON.parse(answer.text) : answer.text,
    };
  };
  return {
    url: dataverse.url,
    send,
    get: (path, call) => send("GET", path, undefined, call),
    post: (path, body, call) => send("POST", path, body, call),
    door(name, body) {
      const [method = "GET", door = ""] = name.split(" ");
      return send(method, `/_emulator/${door}`, body);
    },
    close: () => dataverse.close(),
  };
}
