import { describe, expect, test } from "@jest/globals";
import { prepareIntelligence } from "../../../shared/intelligence";
import {
  directionOf,
  titleDirections,
} from "../../../shared/intelligence/encoder/title-directions";
import { workFor } from "../../../shared/turns";

describe("directions of texts", () => {
  test("are worked out once for all who ask at the same time", async () => {
    const title = "The kettle whistles before the water boils";
    const [one, other] = await Promise.all([titleDirections([title]), titleDirections([title])]);
    expect(other[0]).toBe(one[0]);
    expect((await titleDirections([title]))[0]).toBe(one[0]);
    expect(await directionOf(title)).toBe(await directionOf(title));
  }, 60_000);

  test("a call that is given up takes nobody with it who waits for the same text", async () => {
    await prepareIntelligence();
    const text = `The lid ${"of the kettle ".repeat(20)}is loose`;
    const first = new AbortController();
    const second = new AbortController();
    const given = workFor("one", first.signal, () => directionOf(text));
    const wanted = workFor("other", second.signal, () => directionOf(text));
    first.abort(new Error("over"));
    await expect(given).rejects.toThrow("over");
    expect((await wanted).length).toBe(384);
  }, 60_000);
});
