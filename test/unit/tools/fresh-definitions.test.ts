import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createClient } from "../../../shared/dataverse/client";
import { createMetadataCache } from "../../../shared/dataverse/metadata/cache";
import { metadataWithin } from "../../../shared/dataverse/metadata/within";
import { createGate } from "../../../shared/dataverse/transport/gate";
import { createSender } from "../../../shared/dataverse/transport/sender";
import { AppError, type ErrorKind } from "../../../shared/errors";
import { withFreshDefinitions } from "../../../shared/tools/fresh-definitions";
import { createTrace } from "../../../shared/trace";
import { openDoor } from "../../support/consent";
import { json, noContent, startWebApi, type WebApi } from "../../support/web-api";

const id = "0a000000-0000-4000-8000-000000000001";
let api: WebApi;
beforeAll(async () => {
  api = await startWebApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.received.length = 0;
});

/** Dataverse as one call has it; every look at definitions finds a change, or fails. */
function start(lookFails?: AppError) {
  const table = {
    LogicalName: "task",
    EntitySetName: "tasks",
    Attributes: [{ LogicalName: "taskid", AttributeType: "Uniqueidentifier" }],
  };
  const cache = createMetadataCache(async (_, stamp) => {
    if (stamp !== undefined && lookFails) throw lookFails;
    return { EntityMetadata: [table], ServerVersionStamp: "1" };
  });
  const identity = { objectId: "0b000000-0000-4000-8000-000000000001" };
  const signal = AbortSignal.timeout(10_000);
  return createClient({
    door: openDoor,
    send: createSender({
      url: api.url,
      tokens: { getToken: async () => ({ token: "t" }), renew: async () => undefined },
      gate: createGate({ places: 4 }),
      retryWaitSeconds: 0,
    }),
    context: { identity, signal, trace: createTrace(), budget: undefined },
    metadata: metadataWithin(cache, identity, signal),
    onMetadataVersion: () => {},
  });
}

/** Runs what refuses the first time; how often it ran, and what came of it. */
async function run(
  kind: ErrorKind,
  before: (dataverse: ReturnType<typeof start>) => Promise<unknown>,
  dataverse = start(),
) {
  let times = 0;
  const outcome = await withFreshDefinitions({ dataverse }, async () => {
    times++;
    await dataverse.metadata.tables();
    if (times > 1) return "done";
    await before(dataverse);
    throw new AppError(kind, "There is no column x.");
  }).catch((error: unknown) => error);
  return { times, outcome };
}
const nothing = async () => undefined;

describe("a refusal that may rest on a name", () => {
  test.each<[ErrorKind, number]>([
    ["invalid", 2],
    ["not_found", 2],
    ["unsupported", 2],
    ["forbidden", 1],
    ["conflict", 1],
    ["upstream", 1],
    ["throttled", 1],
    ["timeout", 1],
    ["cancelled", 1],
  ])("of kind %s is run %i times when definitions have changed", async (kind, times) => {
    expect((await run(kind, nothing)).times).toBe(times);
  });

  test("is run once when something was written, or may have been", async () => {
    const write = (dataverse: ReturnType<typeof start>) => dataverse.update("task", id, { a: 1 });
    api.script = [noContent()];
    expect((await run("invalid", write)).times).toBe(1);
    api.script = [json({}, 500)];
    expect((await run("invalid", (each) => write(each).catch(nothing))).times).toBe(1);
  });

  test("is run again when Dataverse refused what was to be written", async () => {
    api.script = [json({ error: { code: "0x80048d19", message: "x" } }, 400)];
    const refused = (dataverse: ReturnType<typeof start>) => dataverse.update("task", id, { a: 1 });
    expect(await run("invalid", refused)).toEqual({ times: 2, outcome: "done" });
  });

  test("says what it rests on when that cannot be looked at", async () => {
    const { times, outcome } = await run(
      "invalid",
      nothing,
      start(new AppError("upstream", "down")),
    );
    expect([times, outcome]).toMatchObject([
      1,
      {
        kind: "invalid",
        message: "There is no column x.",
        problems: [expect.stringContaining("could not be read again")],
      },
    ]);
  });
});
