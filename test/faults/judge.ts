import type { ToolAnswer } from "../support/service-desk";
import type { Claim, Done, ToolUse } from "./calls";
import type { Spot } from "./cells";
import type { Fault } from "./faults";

/** What may be wrong with a cell. */
export type Wrong =
  | "untrue" // the answer says what is not so
  | "unsaid" // it was done, and the answer does not say so
  | "not looked" // "not known", though Dataverse would have told
  | "written twice"
  | "two things" // after the same call was made once more
  | "misleading" // a hint that leads astray
  | "bug"
  | "late" // answered after the deadline
  | "lasting"; // the same call fails when all is well again

export interface Finding {
  readonly wrong: Wrong;
  readonly words: string;
}

/** What was seen of the first call of a cell. */
export interface Seen {
  readonly use: ToolUse;
  readonly spot: Spot;
  readonly fault: Fault;
  readonly answer: ToolAnswer;
  /** As the log has it: `ok`, or the kind of error. */
  readonly outcome: string;
  /** Undefined for what only reads. */
  readonly done: Done | undefined;
  readonly things: number;
  /** Writes that Dataverse took, and those that it takes when nothing is wrong. */
  readonly writes: number;
  readonly healthyWrites: number;
  /** What the call answers when nothing is wrong. */
  readonly healthy: ToolAnswer;
  /** Milliseconds of the call, those in which the process was busy, and how many the call may take. */
  readonly ms: number;
  readonly busyMs: number;
  readonly deadlineMs: number;
  /** No request of the call came through to tell how things stand. */
  readonly couldNotLook: boolean;
}

const openWords = /\bnot known\b|may have been/i;
const nothingWords =
  /nothing (?:was|has been) (?:changed|written|done|deleted|created|made)|was not (?:sent|resolved|created|changed|deleted|written|kept)|stopped before anything/i;
const partWords =
  /(?:was|were|is|are|been) (?:made|created|added|renamed|written|cleaned|there)|added before|so far|in part/i;
/** Kinds of error that no fault brings about: they blame the caller or the record. */
const honestKinds = new Set(["ok", "upstream", "timeout", "throttled"]);
const misleading: readonly (readonly [RegExp, string])[] = [
  [/security role|privilege|may not do that|not a user of|is disabled/i, "blames rights"],
  [
    /there is no (?:such|table|record|column|email|task|case|account)/i,
    "says that it is not there",
  ],
  [/somebody else/i, "blames somebody else"],
  // Not the call by which a table is looked for whose making is in doubt.
  [/check (?:the )?names|(?<!call )describe_table/i, "leads to names"],
  [/open activities/i, "blames open activities"],
];

/** States of an approval in which nothing was done on it, and nothing will be unless somebody says yes. */
const unusedStates: ReadonlySet<unknown> = new Set([
  ...["needed", "pending", "void", "declined", "expired", "dryRun"],
]);

export function claimOf(use: ToolUse, answer: ToolAnswer): Claim {
  const state = answer.structured?.approval?.state;
  if (state !== undefined) return unusedStates.has(state) ? "not done" : "not known";
  if (!answer.isError) return use.claimOf?.(answer) ?? "done";
  return openWords.test(answer.text) ? "not known" : "not done";
}

/** What is wrong with what the approval page said in the end. */
export function judgePage(html: string | undefined, done: Done | undefined): Finding[] {
  const says = /<h2>([^<]*)<\/h2>/.exec(html ?? "")?.[1];
  if (says === undefined || done === undefined) return [];
  const found: Finding[] = [];
  if (says === "Done" && done !== "done")
    found.push({ wrong: "untrue", words: `the page said done, was ${done}` });
  if (/nothing was done/i.test(says) && done !== "not done")
    found.push({ wrong: "untrue", words: `the page said that nothing was done, was ${done}` });
  if (/has changed|belongs to|not known|answered already/.test(says))
    found.push({ wrong: "misleading", words: `the page said: ${says}` });
  return found;
}

/** Everything that is wrong with the first call of a cell. */
export function judge(seen: Seen): Finding[] {
  const found: Finding[] = [];
  const add = (wrong: Wrong, words: string) => void found.push({ wrong, words });
  const { answer, outcome, ms, deadlineMs } = seen;
  if (seen.done === undefined) judgeReading(seen, add);
  else judgeActing(seen, seen.done, add);

  if (outcome === "bug") add("bug", "a bug");
  else if (!honestKinds.has(outcome)) add("misleading", `an error of the kind ${outcome}`);
  if (answer.isError)
    for (const [pattern, words] of misleading)
      if (pattern.test(answer.text)) add("misleading", words);
  // What other desks of this process were busy with is not the call's.
  if (ms > deadlineMs + 1_000 + seen.busyMs) add("late", `${Math.round(ms / 1_000)} s`);
  if (seen.writes > seen.healthyWrites || seen.things > 1)
    add("written twice", `${seen.writes} writes, ${seen.things} things`);
  return found;
}

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

type Add = (wrong: Wrong, words: string) => void;

function judgeReading({ answer, healthy }: Seen, add: Add): void {
  if (answer.isError) {
    if (openWords.test(answer.text)) add("misleading", "a change of a read");
    return;
  }
  // The row that it is about was made for this cell.
  const told = (structured: unknown) => JSON.stringify(structured)?.replace(guid, "");
  const isSame = told(answer.structured) === told(healthy.structured);
  // What could not be read may be left out, when the answer says so.
  const isSaid =
    /could not be (?:read|asked|searched|reached)|was not (?:read|asked|searched)|not available|failed|did not answer|only a part/i;
  if (!isSame && !isSaid.test(answer.text)) add("untrue", "another answer, without a word");
}

function judgeActing(seen: Seen, done: Done, add: Add): void {
  const { answer, use, fault, spot } = seen;
  const claim = claimOf(use, answer);
  // What Dataverse has confirmed need not be looked for.
  const couldNotLook = seen.couldNotLook && !(spot === "check" && done === "done");
  if (claim === "done" && done !== "done") add("untrue", `said done, was ${done}`);
  if (claim === "not done" && done === "done") add("unsaid", "said not done, was done");
  if (claim === "not done" && done === "part" && nothingWords.test(answer.text))
    add("untrue", "said that nothing was done, was in part");
  if (claim === "not done" && done === "part" && !partWords.test(answer.text))
    add("unsaid", "was done in part");
  if (claim === "part" && done !== "part") add("untrue", `said done in part, was ${done}`);
  const isOpen = fault.reach === "late" && Number.isNaN(fault.ms);
  const isStall = fault.name.startsWith("stall") && fault.reach === "before";
  if (claim === "not known" && !couldNotLook && !isOpen && !isStall)
    add("not looked", `said not known, was ${done}`);
  if (
    claim === "not known" &&
    /nothing (?:was|has been) (?:changed|written|done)/i.test(answer.text)
  )
    add("untrue", "said that nothing was done, and that it is not known");
  if (claim === "done" && use.says !== undefined)
    for (const [name, value] of Object.entries(use.says))
      if (answer.structured?.[name] !== value)
        add("untrue", `${name}: ${JSON.stringify(answer.structured?.[name])}`);
}
