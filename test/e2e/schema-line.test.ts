import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

let desk: ServiceDesk;
let proxy: FaultProxy;

beforeAll(async () => {
  desk = await startServiceDesk({
    cases: 5,
    front: async (url) => {
      proxy = await startFaultProxy(url);
      const own = proxy;
      return {
        get url() {
          return own.url;
        },
        identity: async () => false,
        close: () => own.close(),
      };
    },
  });
}, 60_000);
afterAll(() => desk?.close());

/** How long each change is held up, so that another that does not wait for it is seen. */
const heldMs = 200;

test("changes of tables stand in line: Dataverse takes one at a time", async () => {
  let now = 0;
  let most = 0;
  proxy.strike = ({ purpose }) =>
    purpose !== "write"
      ? undefined
      : async (exchange) => {
          most = Math.max(most, ++now);
          await wait(heldMs);
          const answer = await exchange.reach();
          now--;
          exchange.give(answer);
        };
  const make = (name: string) =>
    desk.call(
      "create_table",
      { tablename: name, displayname: name, item: [{ name: "Mood", type: "string" }] },
      "administrator",
    );
  const answers = await Promise.all(["Line one", "Line two", "Line three"].map(make));
  expect(answers.map(({ isError, text }) => [isError, text])).toEqual(
    answers.map(() => [false, expect.stringContaining("created successfully")]),
  );
  expect(most).toBe(1);
}, 60_000);
