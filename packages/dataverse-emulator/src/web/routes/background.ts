import { randomUUID } from "node:crypto";
import { isAction } from "../../actions";
import { DataverseError, type WebRequest, type WebResponse, type World } from "../../model";
import { switchesOf } from "../../switches";
import { createRequest } from "../request";

const states = { ready: 0, locked: 2, completed: 3 } as const;
const reasons = { waiting: 0, canceling: 22, succeeded: 30, failed: 31, canceled: 32 } as const;

/**
 * Actions that run after the answer: `Prefer: respond-async` is answered by 202 and the address of a status monitor.
 * What waits stands in the database, so that it is done after a restart, too.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations
 */
export interface Background {
  /** 202 when the request asks for it and is an action; undefined when it is to be answered at once. */
  accept(request: WebRequest, origin: string): WebResponse | undefined;
  /** GET and DELETE of `/api/backgroundoperation/<id>`. */
  monitor(method: string, id: string): WebResponse;
  close(): void;
}

const TABLE =
  'CREATE TABLE IF NOT EXISTS "__background" (id TEXT PRIMARY KEY, target TEXT NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL, principal TEXT NOT NULL, root TEXT NOT NULL, callback TEXT, location TEXT NOT NULL)';

const actionName = (path: string): string => /(\w+)$/.exec(path)?.[1] ?? "";

export function createBackground(world: World): Background {
  const { db, records } = world;
  db.exec(TABLE);
  const timers = new Set<NodeJS.Timeout>();
  const later = (id: string) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run(world, id);
    }, switchesOf(world).backgroundDelaySeconds * 1_000);
    timers.add(timer);
  };
  for (const { id } of db.prepare('SELECT id FROM "__background"').all()) later(String(id));
  return {
    accept(request, origin) {
      const prefer = request.headers.prefer ?? "";
      const isAsked = request.method === "POST" && /\brespond-async\b/i.test(prefer);
      if (!isAsked || !isAction(request.path)) return undefined;
      const id = randomUUID();
      const location = `${origin}/api/backgroundoperation/${id}`;
      const callback = /odata\.callback;\s*url="([^"]+)"/i.exec(prefer)?.[1] ?? null;
      const name = actionName(request.path);
      db.transaction(() => {
        records.create(
          "backgroundoperation",
          {
            name,
            displayname: name,
            inputparameters: pairsOf(request.body),
            backgroundoperationstatecode: states.ready,
            backgroundoperationstatuscode: reasons.waiting,
            retrycount: 0,
            runas: request.principal.systemUserId,
            ttlinseconds: 7_776_000,
          },
          request.principal,
          { id, internal: true },
        );
        db.prepare('INSERT INTO "__background" VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
          id,
          request.path,
          JSON.stringify(request.headers),
          Buffer.from(request.rawBody ?? []).toString("utf8"),
          JSON.stringify(request.principal),
          request.serviceRoot,
          callback,
          location,
        );
      });
      later(id);
      return {
        status: 202,
        headers: {
          Location: location,
          "x-ms-dyn-backgroundoperationid": id,
          "Preference-Applied": callback === null ? "respond-async" : "callback",
        },
        ...(callback === null ? {} : { body: { backgroundOperationId: id, location } }),
      };
    },
    monitor(method, id) {
      const row = records.read("backgroundoperation", id);
      if (row === undefined)
        throw new DataverseError(404, "0x80040217", `Could not find item '${id.slice(0, 50)}'.`);
      if (method === "GET") return { status: 200, body: statusOf(row) };
      if (method !== "DELETE")
        throw new DataverseError(
          405,
          "0x80060888",
          `The requested resource does not support http method '${method}'.`,
        );
      if (row.backgroundoperationstatecode === states.completed)
        throw new DataverseError(
          400,
          "0x80040203",
          "Canceling background operation is not allowed after it is in terminal state.",
        );
      note(world, id, {
        backgroundoperationstatecode: states.locked,
        backgroundoperationstatuscode: reasons.canceling,
      });
      const { backgroundoperationstatecode: state, backgroundoperationstatuscode: reason } =
        records.read("backgroundoperation", id) ?? {};
      return {
        status: 200,
        body: { backgroundOperationStateCode: state, backgroundOperationStatusCode: reason },
      };
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** A JSON array of `Key` and `Value`, as the table keeps what goes in and what comes out. */
const pairsOf = (value: unknown): string =>
  JSON.stringify(
    Object.entries((value ?? {}) as Record<string, unknown>)
      .filter(([name]) => !name.includes("@"))
      .map(([Key, Value]) => ({ Key, Value })),
  );

function note(world: World, id: string, columns: Record<string, unknown>): void {
  const row = world.records.read("backgroundoperation", id);
  const runas = String(row?.runas);
  const principal = { systemUserId: runas, businessUnitId: "", onBehalfOf: undefined };
  world.records.update("backgroundoperation", id, columns, principal, { internal: true });
}

const seconds = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

/** Runs what waits, once, and notes how it ended; the row of the operation and its effects are written together. */
function run(world: World, id: string): void {
  const { db } = world;
  const waiting = db.prepare('SELECT * FROM "__background" WHERE id = ?').get(id);
  const row = world.records.read("backgroundoperation", id);
  db.prepare('DELETE FROM "__background" WHERE id = ?').run(id);
  if (waiting === undefined || row === undefined) return;
  const starttime = seconds(world.now());
  const isCanceled = row.backgroundoperationstatuscode === reasons.canceling;
  const end = isCanceled
    ? { backgroundoperationstatuscode: reasons.canceled }
    : { starttime, ...resultOf(world, waiting) };
  note(world, id, {
    ...end,
    endtime: seconds(world.now()),
    backgroundoperationstatecode: states.completed,
  });
  if (typeof waiting.callback === "string")
    void callBack(waiting.callback, {
      location: String(waiting.location),
      backgroundOperationId: id,
      ...withoutOutput(statusOf(world.records.read("backgroundoperation", id) ?? {})),
    });
}

function resultOf(world: World, waiting: Record<string, unknown>): Record<string, unknown> {
  try {
    const request = createRequest({
      method: "POST",
      target: String(waiting.target),
      headers: JSON.parse(String(waiting.headers)) as Record<string, string>,
      rawBody: Buffer.from(String(waiting.body), "utf8"),
      principal: JSON.parse(String(waiting.principal)) as WebRequest["principal"],
      serviceRoot: String(waiting.root),
    });
    const { body } = world.dispatch(request);
    return {
      backgroundoperationstatuscode: reasons.succeeded,
      outputparameters: pairsOf(body),
    };
  } catch (error) {
    if (!(error instanceof DataverseError)) throw error;
    return {
      backgroundoperationstatuscode: reasons.failed,
      // As a signed number of 32 bits.
      errorcode: Number.parseInt(error.code, 16) | 0,
      errormessage: error.message,
    };
  }
}

interface Status extends Record<string, unknown> {
  readonly backgroundOperationStateCode: unknown;
}

function statusOf(row: Record<string, unknown>): Status {
  const outputs =
    typeof row.outputparameters === "string"
      ? (JSON.parse(row.outputparameters) as { Key: string; Value: unknown }[])
      : [];
  return {
    ...(row.errormessage == null
      ? {}
      : {
          backgroundOperationErrorCode: row.errorcode,
          backgroundOperationErrorMessage: row.errormessage,
        }),
    backgroundOperationStateCode: row.backgroundoperationstatecode,
    backgroundOperationStatusCode: row.backgroundoperationstatuscode,
    ...Object.fromEntries(outputs.map(({ Key, Value }) => [Key, Value])),
  };
}

const withoutOutput = (status: Status) =>
  Object.fromEntries(
    Object.entries(status).filter(([name]) => name.startsWith("backgroundOperation")),
  );

async function callBack(url: string, payload: Record<string, unknown>): Promise<void> {
  try {
    await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(payload),
      signal: AbortSignal.timeout(10_000),
    });
  } catch (error) {
    // The operation is done all the same; whoever asked can poll.
    process.emitWarning(
      `The callback of background operation ${String(payload.backgroundOperationId)} failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
