import { describe, expect, test } from "@jest/globals";
import { Tries } from "../../../shared/dataverse/transport/failure";

type Step = (tries: Tries) => void;
const goes: Step = (tries) => tries.begins();
const refused: Step = (tries) => tries.refused();
const lost: Step = (tries) => tries.lost("lost");
const malformed: Step = (tries) => tries.lost("malformed");
const reset: Step = (tries) => tries.failed("ECONNRESET");
const unreachable: Step = (tries) => tries.failed("ECONNREFUSED");
const done: Step = (tries) => tries.succeeded();

describe("what is known of a write", () => {
  test.each<[string, readonly Step[], string, string]>([
    ["that never left", [], "notDone", "unsent"],
    ["that ended before it left", [reset], "notDone", "unsent"],
    ["that was refused", [goes, refused], "notDone", "refused"],
    ["that found nobody there", [goes, unreachable], "notDone", "unsent"],
    ["that was cut", [goes, reset], "notKnown", "lost"],
    ["that met a failing service", [goes, lost], "notKnown", "lost"],
    ["that met a stranger", [goes, malformed], "notKnown", "malformed"],
    ["that was refused after a cut", [goes, reset, goes, refused], "notKnown", "refused"],
    ["that found nobody after a cut", [goes, reset, goes, unreachable], "notKnown", "unsent"],
    ["that was refused, and then had no token", [goes, refused, reset], "notDone", "refused"],
    // The time of the call was over before anybody heard of it.
    ["that was done without a listener", [goes, done], "notKnown", "lost"],
  ])("%s", (_, steps, outcome, lastTry) => {
    const tries = new Tries(true);
    for (const step of steps) step(tries);
    expect(tries.facts).toEqual({ effect: "write", outcome, lastTry });
  });

  test("is never open where it is a read", () => {
    const tries = new Tries(false);
    for (const step of [goes, reset]) step(tries);
    expect(tries.facts).toEqual({ effect: "read", outcome: "notDone", lastTry: "lost" });
  });
});
