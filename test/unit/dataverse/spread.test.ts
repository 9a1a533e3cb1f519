import { describe, expect, test } from "@jest/globals";
import { placeOf, spread } from "../../../shared/dataverse/spread";
import type { SendContext, Sender } from "../../../shared/dataverse/transport/sender";

const person = (nth: number) => ({
  objectId: `0b000000-0000-4000-8000-${nth.toString(16).padStart(12, "0")}`,
});

describe("people over several users of the application", () => {
  test("each person has one place, however the id is written, and the app the first", () => {
    for (let nth = 1; nth < 50; nth++) {
      const { objectId } = person(nth * 0xabcdef);
      const place = placeOf({ objectId }, 5);
      expect(placeOf({ objectId: objectId.toUpperCase() }, 5)).toBe(place);
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place).toBeLessThan(5);
    }
    expect(placeOf("app", 5)).toBe(0);
  });

  test("a thousand people are spread evenly", () => {
    const counts = [0, 0, 0, 0];
    for (let nth = 1; nth <= 1_000; nth++) {
      const place = placeOf(person(nth), 4);
      counts[place] = (counts[place] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 250)).toBeLessThan(60);
  });

  test("requests go by the sender of the person's place; one sender is used as it is", async () => {
    const used: number[] = [];
    const sender =
      (nth: number): Sender =>
      async () => {
        used.push(nth);
        return { status: 204, headers: { get: () => undefined }, body: undefined };
      };
    const [one, two] = [sender(0), sender(1)];
    expect(spread([one])).toBe(one);
    const send = spread([one, two]);
    const people = Array.from({ length: 20 }, (_, nth) => person(nth + 1));
    for (const identity of people)
      await send({ method: "GET", path: "x", expects: "noContent" }, {
        identity,
      } as unknown as SendContext);
    expect(used).toEqual(people.map((identity) => placeOf(identity, 2)));
    expect(new Set(used).size).toBe(2);
  });
});
