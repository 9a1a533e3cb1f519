import { setImmediate as nextRound } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { inLine } from "../../../../shared/service/schema/schema-writes";
import { type ServiceDesk, startServiceDesk } from "../../../support/service-desk";

let desk: ServiceDesk;
beforeAll(async () => {
  desk = await startServiceDesk({ cases: 1 });
}, 60_000);
afterAll(() => desk?.close());

/** Work that is under way until it is ended; what began and ended is noted. */
function piece(name: string, noted: string[]) {
  let end: (error?: Error) => void = () => {};
  const over = new Promise<void>((done, fail) => {
    end = (error) => (error === undefined ? done() : fail(error));
  });
  const { signal } = new AbortController();
  const line = inLine(desk.dataverse(), signal, async () => {
    noted.push(`${name} begins`);
    await over.finally(() => noted.push(`${name} ends`));
  });
  return { line, end };
}
const settle = async () => {
  for (let round = 0; round < 20; round++) await nextRound();
};

describe("changes of tables stand in line: Dataverse takes one at a time", () => {
  test("each begins when the one before is over, though different people asked", async () => {
    const noted: string[] = [];
    const [one, two, three] = ["one", "two", "three"].map((name) => piece(name, noted));
    await settle();
    expect(noted).toEqual(["one begins"]);
    one?.end();
    await one?.line;
    await settle();
    expect(noted).toEqual(["one begins", "one ends", "two begins"]);
    two?.end();
    three?.end();
    await Promise.all([two?.line, three?.line]);
    expect(noted.slice(3)).toEqual(["two ends", "three begins", "three ends"]);
  });

  test("one that fails does not stop the next", async () => {
    const noted: string[] = [];
    const one = piece("one", noted);
    const two = piece("two", noted);
    one.end(new Error("refused"));
    await expect(one.line).rejects.toThrow("refused");
    two.end();
    await two.line;
    expect(noted).toEqual(["one begins", "one ends", "two begins", "two ends"]);
  });
});
