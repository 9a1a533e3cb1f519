import type { IncomingMessage } from "node:http";
import { DataverseError, type WebResponse, type World } from "../model";
import { addPlugIn, plugInsOf, readPlugIn, removePlugIns } from "../plug-ins";
import type { Snapshots } from "../store";
import { resetSwitches, setSwitches, switchesOf } from "../switches";
import { type Faults, readFault } from "./faults/faults";

/** One request that was answered; never its content. */
export interface TraceEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
  /** Code of the refusal. */
  readonly code?: string;
  /** Kind of the fault that was ordered for it. */
  readonly fault?: string;
}

/** What the doors work on. */
export interface Doors {
  readonly world: World;
  readonly faults: Faults;
  readonly trace: TraceEntry[];
  readonly snapshots: Snapshots;
  /** Fills the database anew. */
  readonly reset: (() => void) | undefined;
  /** Reads definitions and whatever else is kept of rows again, after rows were exchanged behind its back. */
  readonly refresh: () => void;
}

type Json = Record<string, unknown>;
type Door = (doors: Doors, body: Json) => WebResponse;

const done: WebResponse = { status: 204 };
const list: Readonly<Record<string, Door>> = {
  "GET trace": ({ trace }) => ({ status: 200, body: trace }),
  "DELETE trace": ({ trace }) => {
    trace.length = 0;
    return done;
  },
  "GET fault": ({ faults }) => ({ status: 200, body: faults.pending() }),
  "POST fault": ({ faults }, body) => {
    faults.add(readFault(body));
    return done;
  },
  "DELETE fault": ({ faults }) => {
    faults.clear();
    return done;
  },
  "GET switches": ({ world }) => ({ status: 200, body: switchesOf(world) }),
  "POST switches": ({ world }, body) => ({ status: 200, body: setSwitches(world, body) }),
  "GET plug-ins": ({ world }) => ({ status: 200, body: plugInsOf(world) }),
  "POST plug-ins": ({ world }, body) => {
    addPlugIn(world, readPlugIn(body));
    return done;
  },
  "DELETE plug-ins": ({ world }) => {
    removePlugIns(world);
    return done;
  },
  "GET snapshot": ({ snapshots }) => ({ status: 200, body: snapshots.names() }),
  "POST snapshot": ({ snapshots }, body) => {
    snapshots.take(nameOf(body));
    return done;
  },
  "POST restore": ({ snapshots, refresh }, body) => {
    const name = nameOf(body);
    if (!snapshots.restore(name)) return refusal(404, `There is no snapshot '${name}'.`);
    refresh();
    return done;
  },
  "POST reset": ({ world, faults, trace, reset, refresh }) => {
    if (reset === undefined) return refusal(404, "This emulator was started without a reset.");
    reset();
    refresh();
    faults.clear();
    trace.length = 0;
    resetSwitches(world);
    removePlugIns(world);
    return done;
  },
};

/** `GET trace` and so on, below `/_emulator/`. */
export const doorNames: readonly string[] = Object.keys(list);

function nameOf({ name = "default" }: Json): string {
  if (typeof name === "string" && /^[\w.-]{1,64}$/.test(name)) return name;
  throw new TypeError("'name' must be 1 to 64 letters, digits, '_', '.' or '-'.");
}

const refusal = (status: number, message: string): WebResponse => ({
  status,
  body: { error: { code: "EmulatorDoor", message } },
});

/**
 * Doors of the emulator itself, below `/_emulator/`: outside the Web API, for tests. Only this machine may knock, and no
 * page that a browser shows.
 */
export function openDoor(
  doors: Doors | undefined,
  incoming: IncomingMessage,
  name: string,
  body: Uint8Array,
): WebResponse {
  if (doors === undefined) {
    return refusal(404, "The doors of the emulator are shut; start it with --faults to open them.");
  }
  if (!isLocal(incoming)) return refusal(403, "The doors open to this machine only.");
  const door = Object.hasOwn(list, name) ? list[name] : undefined;
  if (door === undefined) {
    return refusal(404, `There is no door '${name}'. There are: ${Object.keys(list).join(", ")}.`);
  }
  try {
    return door(doors, readBody(body));
  } catch (error) {
    if (error instanceof DataverseError) throw error;
    if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) {
      return refusal(400, error.message);
    }
    throw error;
  }
}

function isLocal({ socket, headers }: IncomingMessage): boolean {
  const address = socket.remoteAddress ?? "";
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  return (
    /^(::1|(::ffff:)?127\.)/.test(address) &&
    /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/i.test(host) &&
    headers.origin === undefined
  );
}

function readBody(body: Uint8Array): Json {
  if (body.length === 0) return {};
  const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw new TypeError("A JSON object was expected.");
}
