import { expect, test } from "@jest/globals";
import { toolUses } from "./calls";
import { faultsOfWrites } from "./faults";
import { judge, type Seen } from "./judge";

const use = toolUses.find((each) => each.tool === "resolve_incident");
const fault = faultsOfWrites.find(({ name }) => name === "reset, done");

/** A cell in which all is as it should be, but for what is said otherwise. */
function findings(
  { text = "Case resolved.", isError = false, wasResolvedBefore = false },
  seen: Partial<Seen> = {},
): string[] {
  if (use === undefined || fault === undefined) throw new TypeError("There is no such cell.");
  const answer = { text, isError, structured: { resolved: true, wasResolvedBefore } };
  return judge({
    use,
    fault,
    spot: "write",
    answer,
    outcome: isError ? "upstream" : "ok",
    done: "done",
    things: 1,
    writes: 1,
    healthyWrites: 1,
    healthy: answer,
    ms: 10,
    busyMs: 0,
    deadlineMs: 45_000,
    couldNotLook: false,
    ...seen,
  }).map(({ wrong }) => wrong);
}
const open = { text: "It is not known whether the case was resolved.", isError: true };
const refused = { text: "The case was not resolved.", isError: true };

test.each<[string, Parameters<typeof findings>, readonly string[]]>([
  ["done, and so it was", [{}], []],
  ["done, and it was not", [{}, { done: "not done", things: 0 }], ["untrue"]],
  ["that somebody else did what this call did", [{ wasResolvedBefore: true }], ["untrue"]],
  ["not done, and it was", [refused], ["unsaid"]],
  ["not done, and so it was", [refused, { done: "not done", things: 0 }], []],
  ["not known, though it could be looked at", [open], ["not looked"]],
  ["not known, where nothing could be looked at", [open, { couldNotLook: true }], []],
  ["done, and it was done twice", [{}, { writes: 2 }], ["written twice"]],
  [
    "a bug",
    [
      { ...refused, text: `${refused.text} Report this id.` },
      { done: "not done", outcome: "bug" },
    ],
    ["bug"],
  ],
  [
    "that rights are missing",
    [
      { ...refused, text: `${refused.text} Your security roles do not allow this.` },
      { done: "not done" },
    ],
    ["misleading"],
  ],
  ["done, long after the deadline", [{}, { ms: 47_000 }], ["late"]],
])("the matrix judges an answer that says %s", (_, given, wrong) => {
  expect(findings(...given)).toEqual(wrong);
});
