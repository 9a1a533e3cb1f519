import { describe, expect, jest, test } from "@jest/globals";
import { AppError, type FailedRequest } from "../../../../shared/errors";
import { msToLook, msToSend } from "../../../../shared/service/outcome/call-time";
import { failed } from "../../../../shared/service/outcome/outcome-words";
import { type Change, settle } from "../../../../shared/service/outcome/settle";

const failure = (request: Partial<FailedRequest> = {}) =>
  new AppError("upstream", "The connection failed.", {
    hint: "It may have been carried out.",
    request: { effect: "write", outcome: "notKnown", lastTry: "lost", ...request },
  });
const waits = [0, 1, 1, 1];
const time = () => ({ signal: new AbortController().signal });

/** A change whose sending fails so, and whose looks go as listed: found, nothing there, or no answer. */
function changeOf(error: Error | undefined, looks: readonly ("found" | "nothing" | "no answer")[]) {
  const looked: number[] = [];
  const change: Change<string> = {
    async send() {
      if (error) throw error;
      return "answered";
    },
    async look(withinMs) {
      const result = looks[looked.length];
      looked.push(withinMs);
      if (result === "no answer") throw new AppError("upstream", "No answer.");
      return result === "found" ? "seen" : undefined;
    },
  };
  return { change, looked };
}

describe("what became of a change", () => {
  test.each([
    ["an answer", undefined, [], { outcome: "done", value: "answered", wasSeen: false }],
    ["a refusal", failure({ outcome: "notDone" }), [], { outcome: "notDone", wasSeen: false }],
    ["a read that failed", failure({ effect: "read" }), [], { outcome: "notDone" }],
    [
      "a lost answer, and it is there",
      failure(),
      ["found"],
      { outcome: "done", value: "seen", wasSeen: true },
    ],
    [
      "a service that was still at work",
      failure(),
      ["nothing", "nothing", "found"],
      { outcome: "done" },
    ],
    [
      "a lost answer, and nothing is there",
      failure(),
      ["nothing", "nothing", "nothing", "nothing"],
      { outcome: "notDone", wasSeen: true },
    ],
    [
      "a service that comes back",
      failure(),
      ["no answer", "no answer", "no answer", "nothing"],
      { outcome: "notDone", wasSeen: true },
    ],
    [
      "a service that is gone",
      failure(),
      ["no answer", "no answer", "no answer", "no answer"],
      { outcome: "notKnown" },
    ],
    [
      "a service that goes while it is looked at",
      failure(),
      ["nothing", "nothing", "nothing", "no answer"],
      { outcome: "notKnown" },
    ],
  ] as const)("after %s", async (_, error, looks, outcome) => {
    const { change, looked } = changeOf(error, looks);
    expect(await settle(time(), change, waits)).toMatchObject(outcome);
    expect(looked).toHaveLength(looks.length);
  });

  test("after an answer that nobody waited for any longer, it stays open until it is seen", async () => {
    const late = new AppError("timeout", "No answer in time.", { request: failure().request });
    const gone = changeOf(late, ["nothing", "nothing", "nothing", "nothing"]);
    const open = { outcome: "notKnown", notYet: true };
    expect(await settle(time(), gone.change, waits)).toMatchObject(open);
    const seen = changeOf(late, ["nothing", "found"]);
    expect(await settle(time(), seen.change, waits)).toMatchObject({ outcome: "done" });
  });

  test.each([
    ["stands", [true], "done"],
    ["stands a moment later", [false, true], "done"],
    ["cannot be seen by who made it", [undefined], "done"],
    ["cannot be looked at", ["no answer"], "done"],
    ["does not stand", [false, false, false, false], "notDone"],
  ] as const)("after an answer that names nothing, of what %s", async (_, looks, outcome) => {
    let looked = 0;
    const stands = async () => {
      const seen = looks[looked++];
      if (seen === "no answer") throw new AppError("upstream", "No answer.");
      return seen;
    };
    const { change } = changeOf(undefined, []);
    expect(await settle(time(), { ...change, stands })).toMatchObject({ outcome });
    expect(looked).toBe(looks.length);
  });

  test("is thrown on where it is a mistake of ours, in sending or in looking", async () => {
    const bug = new TypeError("x is not a function");
    await expect(settle(time(), changeOf(bug, []).change)).rejects.toBe(bug);
    const look = () => Promise.reject(bug);
    const { send } = changeOf(failure(), []).change;
    await expect(settle(time(), { send, look })).rejects.toBe(bug);
  });

  test.each([
    ["after a look", ["nothing", "nothing"], true],
    ["before any", [], false],
  ] as const)("stays open where the call ends %s", async (_, looks, notYet) => {
    const call = new AbortController();
    const { change, looked } = changeOf(failure(), looks);
    if (looks.length === 0) call.abort();
    const settled = settle({ signal: call.signal }, change, [0, 60_000]);
    while (looked.length < Math.min(1, looks.length)) await new Promise(setImmediate);
    call.abort(new AppError("timeout", "The call took too long."));
    expect(await settled).toMatchObject({ outcome: "notKnown", notYet });
  });

  test("keeps time to look before the deadline, and begins no look that the deadline would cut", async () => {
    const call = { ...time(), endsAt: performance.now() + 20_000 };
    const { change, looked } = changeOf(failure(), ["nothing", "nothing"]);
    // Dataverse may be at work for longer than that.
    const open = { outcome: "notKnown", notYet: true };
    expect(await settle(call, change, [0, 60_000])).toMatchObject(open);
    expect(looked).toHaveLength(1);
    expect(performance.now()).toBeLessThan(call.endsAt);
  });

  test.each([
    [45_000, 33_000, 43_500],
    [150_000, 138_000, 148_500],
    [4_000, 2_800, 3_200],
    [0, 1, 1],
  ])("%i ms before the deadline a write may take %i, and a look %i", (left, send, look) => {
    const clock = jest.spyOn(performance, "now").mockReturnValue(1_000);
    const call = { ...time(), endsAt: 1_000 + left };
    expect([msToSend(call), msToLook(call)]).toEqual([send, look]);
    clock.mockRestore();
  });
});

describe("the words of a change that failed", () => {
  const words = {
    done: "the case was resolved",
    notDone: "The case was not resolved.",
    findOut: "To find out, ask.",
    again: "Call again.",
  };
  const said = (error: AppError) => `${error.message} ${error.hint}`;

  test("say first what is so, then how to find out", () => {
    const unknown = { outcome: "notKnown", failure: failure(), notYet: false } as const;
    const { message, hint } = failed(unknown, words);
    expect(message).toBe("It is not known whether the case was resolved. The connection failed.");
    expect(hint).toBe("To find out, ask. Call again.");
    expect(failed({ ...unknown, notYet: true }, words).message).toMatch(
      /nothing of it is there yet/,
    );
  });

  test("leave nothing open where it was looked at", () => {
    const error = failed({ outcome: "notDone", wasSeen: true, failure: failure() }, words);
    expect(said(error)).toMatch(/^The case was not resolved\..*Call again\.$/);
    expect(said(error)).not.toMatch(/not known|may have been/);
  });

  test("keep the advice of a refusal", () => {
    const refused = new AppError("forbidden", "You may not.", { hint: "Ask its owner." });
    const error = failed({ outcome: "notDone", wasSeen: false, failure: refused }, words);
    expect([error.kind, said(error)]).toEqual([
      "forbidden",
      "The case was not resolved. You may not. Ask its owner.",
    ]);
  });
});
