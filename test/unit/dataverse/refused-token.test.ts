import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createDataverseEnvironment } from "../../../shared/compose";
import { readConfig } from "../../../shared/config";
import { AppError } from "../../../shared/errors";
import { createTrace } from "../../../shared/trace";
import { openDoor } from "../../support/consent";
import { type IdentityEndpoint, startIdentityEndpoint } from "../../support/identity-endpoint";
import { json, noContent, startWebApi, type WebApi } from "../../support/web-api";

/** The product's own way to Dataverse, its identity endpoint a real one, when Dataverse takes no token that it took before. */

const person = "0b000000-0000-4000-8000-000000000001";
const refusal = { error: { code: "0x80040220", message: "Authentication failed: unknown key." } };
let api: WebApi;
let identity: IdentityEndpoint;
/** The first token that Dataverse takes, by its number; those before it were signed by a key that is gone. */
let takenFrom: number;

beforeAll(async () => {
  [api, identity] = await Promise.all([startWebApi(), startIdentityEndpoint()]);
  process.env.IDENTITY_ENDPOINT = identity.url;
  process.env.IDENTITY_HEADER = "only-for-this-test";
  api.script = [
    (request, response) => {
      const number = Number(/token-(\d+)/.exec(request.headers.authorization ?? "")?.[1]);
      if (number < takenFrom) json(refusal, 401)(request, response);
      else if (request.method === "POST") noContent()(request, response);
      else {
        const ids = { UserId: person, BusinessUnitId: person, OrganizationId: person };
        json(ids)(request, response);
      }
    },
  ];
});
afterAll(async () => {
  delete process.env.IDENTITY_ENDPOINT;
  delete process.env.IDENTITY_HEADER;
  await Promise.all([api.close(), identity.close()]);
});
beforeEach(() => {
  api.received.length = 0;
  identity.requests.length = 0;
  identity.mode = { livesSeconds: 86_400 };
  takenFrom = 1;
});

function start() {
  const config = readConfig({
    DATAVERSE_URL: api.url,
    DATAVERSE_CREDENTIAL: "managed-identity",
    MCP_AUTH_MODE: "dev",
    MCP_DEV_USER_OBJECT_ID: person,
    IDENTITY_ENDPOINT: identity.url,
  });
  const environment = createDataverseEnvironment(config, () => undefined);
  return () =>
    environment.as({ objectId: person }, AbortSignal.timeout(20_000), createTrace(), {
      door: openDoor,
    });
}
const close = (dataverse: ReturnType<ReturnType<typeof start>>) =>
  dataverse.action("CloseIncident", {}, "noContent");
const tokens = () => api.received.map(({ headers }) => headers.authorization?.slice(7));
const wordsOf = (error: unknown) =>
  error instanceof AppError ? `${error.message} ${error.hint}` : `no AppError: ${error}`;

describe("a token that Dataverse refuses, whatever the refusal says", () => {
  test("is taken for what it is: the identity is asked once more, and the request goes out once more", async () => {
    const as = start();
    await as().whoAmI();
    takenFrom = 2;
    await close(as());
    expect([identity.requests.length, tokens()]).toEqual([2, ["token-1", "token-1", "token-2"]]);
    await as().whoAmI();
    expect(identity.requests).toHaveLength(2);
  });

  test("by twenty calls at once brings one new token for all of them", async () => {
    const as = start();
    await as().whoAmI();
    takenFrom = 2;
    await Promise.all(Array.from({ length: 20 }, () => close(as())));
    expect(identity.requests).toHaveLength(2);
  });

  test("for good is told as the endpoint's own trouble, with nothing done and no word of roles", async () => {
    const as = start();
    takenFrom = Number.POSITIVE_INFINITY;
    const error = await close(as()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      kind: "upstream",
      request: { effect: "write", outcome: "notDone", lastTry: "refused" },
    });
    expect(wordsOf(error)).toMatch(/token/);
    expect(wordsOf(error)).not.toMatch(/role|privilege|may have been/i);
    expect([api.received.length, identity.requests.length]).toEqual([2, 2]);
  });

  test("asks no flood of the identity when every token is refused", async () => {
    const as = start();
    takenFrom = Number.POSITIVE_INFINITY;
    for (let n = 0; n < 40; n++) await close(as()).catch(() => undefined);
    expect(identity.requests).toHaveLength(21);
  });

  test("while the identity is down is told, with nothing done, and is over when it is up again", async () => {
    const as = start();
    await as().whoAmI();
    takenFrom = 3;
    identity.mode = { failsWith: 400 };
    const error = await close(as()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ kind: "upstream", request: { outcome: "notDone" } });
    identity.mode = { livesSeconds: 86_400 };
    await close(as());
    expect(tokens().at(-1)).toBe("token-3");
  });
});

test("an identity that stalls ends with the call, and the next call does not wait for it", async () => {
  const as = start();
  await as().whoAmI();
  const environment = start();
  identity.mode = { stalls: true };
  const error = await environment()
    .send({ method: "GET", path: "WhoAmI", expects: { result: {} }, withinMs: 200 })
    .catch((caught: unknown) => caught);
  expect(error).toMatchObject({
    kind: "timeout",
    request: { effect: "read", outcome: "notDone", lastTry: "unsent" },
  });
  await as().whoAmI();
});
