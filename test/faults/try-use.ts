import { unclearCreations } from "../../shared/service/outcome/unclear-creations";
import { tools } from "../../shared/tools";
import type { CallRecord } from "../../shared/trace";
import { typedOn } from "../support/browser-person";
import type { Passing } from "../support/fault-proxy";
import type { ToolAnswer } from "../support/service-desk";
import { type Subject, type ToolUse, toolUses } from "./calls";
import { type Cell, cellsOf, type FaultSet, isCold, type Spot } from "./cells";
import { claimOf, type Finding, judge, judgePage } from "./judge";
import { deadlineOf, type Lane } from "./lane";

/** What one cell of the matrix showed. */
export interface Result {
  /** Place of the use in the list of uses. */
  readonly at: number;
  readonly tool: string;
  readonly use: string;
  readonly spot: Spot;
  readonly fault: string;
  /** The request that was struck. */
  readonly request: string;
  /** False when the call did not come so far: nothing was tried. */
  readonly isStruck: boolean;
  /** What the answer said was done, and what was; of what reads, whether it answered. */
  readonly claim: string;
  readonly truth: string;
  readonly text: string;
  /** Of the longest of the calls that it took: a question, the page and the change have a deadline each. */
  readonly ms: number;
  readonly writes: number;
  readonly findings: readonly Finding[];
  /** Where something is wrong: what was sent for it and for its repeat, in order. */
  readonly sent?: readonly string[];
  /** What was sent at the first try, where that was too slow. */
  readonly triedAgain?: readonly string[];
}

interface Healthy {
  readonly answer: ToolAnswer;
  readonly writes: number;
  readonly cells: readonly Cell[];
}

/** Writes that Dataverse took; to publish twice is no harm. */
const writesOf = (seen: readonly Passing[]): number =>
  seen.filter(
    ({ purpose, name, reached = 0 }) =>
      purpose === "write" && !name.includes("PublishXml") && reached >= 200 && reached < 300,
  ).length;

/** Tries all cells of a use for which `isWanted`, one after the other. */
export async function tryUse(
  lane: Lane,
  use: ToolUse,
  set: FaultSet,
  isWanted: (cell: Cell) => boolean,
  onResult: (result: Result) => void,
): Promise<void> {
  const healthy = await learn(lane, use, set);
  for (const cell of healthy.cells)
    if (isWanted(cell)) onResult(await tryTwice(lane, use, cell, healthy));
}

/**
 * Where nothing but time is wrong the cell is tried once more: something else on the machine can hold up one of some thousands,
 * and what is slow by itself is so each time.
 */
async function tryTwice(lane: Lane, use: ToolUse, cell: Cell, healthy: Healthy): Promise<Result> {
  const first = await tryCell(lane, use, cell, healthy);
  const isOfTime = ({ wrong, words }: Finding) =>
    wrong === "late" || timeWords.test(wrong === "not looked" ? first.text : words);
  if (first.findings.length === 0 || !first.findings.every(isOfTime)) return first;
  return { ...(await tryCell(lane, use, cell, healthy)), triedAgain: first.sent ?? [] };
}

/** What the use answers and asks when nothing is wrong, as after a start and later. */
async function learn(lane: Lane, use: ToolUse, set: FaultSet): Promise<Healthy> {
  const requests: Passing[][] = [];
  let answer: ToolAnswer | undefined;
  let asking: readonly Passing[] = [];
  let page: readonly Passing[] = [];
  for (let round = 0; round < 3; round++) {
    const subject = await use.prepare(lane.desk);
    if (round === 0) await lane.forget();
    const act = await approved(lane, use, subject, round === 0);
    lane.proxy.seen = [];
    ({ answer } = await act.act());
    if (answer.isError) throw new Error(`${use.tool} (${use.use}) fails unharmed: ${answer.text}`);
    const truth = await subject.truth?.();
    if (truth !== undefined && truth.done !== "done")
      throw new Error(`${use.tool} (${use.use}) does nothing unharmed: ${answer.text}`);
    requests.push(lane.proxy.seen);
    ({ asking, page } = act);
    await subject.clean?.();
  }
  const [cold = [], , warm = []] = requests;
  return {
    answer: answer as ToolAnswer,
    writes: writesOf(warm),
    cells: cellsOf({ cold, warm, asking, page }, use.extent ?? "usual", set),
  };
}

/** What is struck of a use that takes somebody's yes: the call that asks, the page from its opening on, or the change alone. */
type Struck = "asking" | "page" | "change";
const struckAt = (spot: Spot): Struck =>
  spot.startsWith("asking") ? "asking" : spot.startsWith("page") ? "page" : "change";

interface Acted {
  readonly answer: ToolAnswer;
  /** What the approval page said in the end. */
  readonly html?: string;
}

interface Approved {
  act(): Promise<Acted>;
  /** Requests that were made on the way here. */
  readonly asking: readonly Passing[];
  readonly page: readonly Passing[];
}

/**
 * The call that acts, once what comes before what is struck went well. From a cold start everything is struck, and so is all that a
 * call does which takes nobody's yes.
 */
async function approved(
  { desk: { ask, call, browser }, proxy }: Lane,
  { tool, as }: ToolUse,
  { args }: Subject,
  isFromStart: boolean,
  struck: Struck = "change",
): Promise<Approved> {
  const acts = tools.some(({ name, effect }) => name === tool && effect !== "read");
  const plain = { asking: [], page: [], act: async () => ({ answer: await call(tool, args, as) }) };
  if (isFromStart || !acts) return plain;
  if (struck === "asking")
    return { ...plain, act: async () => ({ answer: await ask(tool, args, as) }) };
  const shown = await ask(tool, { ...args, dryRun: true }, as);
  const grade = shown.structured?.approval?.grade ?? "none";
  if (grade === "none") return plain;
  proxy.seen = [];
  const { approvalId, link } = (await ask(tool, args, as)).structured.approval;
  const asking = proxy.seen;
  if (link === undefined)
    return {
      asking,
      page: [],
      act: async () => ({ answer: await ask(tool, { ...args, approvalId }, as) }),
    };
  const person = browser(as);
  proxy.seen = [];
  const opened = struck === "page" ? undefined : await person.open(link);
  return {
    asking,
    page: proxy.seen,
    async act() {
      const page = opened ?? (await person.open(link));
      const { html } =
        page.status === 200 ? await person.press(link, page, "yes", typedOn(page)) : page;
      return { answer: await ask(tool, { approvalId }, as), html };
    },
  };
}

async function tryCell(lane: Lane, use: ToolUse, cell: Cell, healthy: Healthy): Promise<Result> {
  const { desk, proxy } = lane;
  const deadlineMs = deadlineOf(tools.find(({ name }) => name === use.tool) ?? {});
  const subject = await use.prepare(desk);
  if (isCold(cell.spot)) await lane.forget();
  const { act } = await approved(lane, use, subject, isCold(cell.spot), struckAt(cell.spot));
  desk.calls.length = 0;
  desk.answeredIn.length = 0;
  proxy.seen = [];
  lane.arm(cell.fault, cell.place, deadlineMs);
  const busyBefore = performance.eventLoopUtilization().active;
  const { answer, html } = await act();
  const busyMs = performance.eventLoopUtilization().active - busyBefore;
  const ms = Math.max(...desk.answeredIn);
  const outcome = desk.calls[0]?.outcome ?? "none";
  const { struck } = lane;
  const seen = proxy.seen;
  const couldNotLook =
    cell.fault.afterwards !== "well" ||
    cell.fault.identity !== undefined ||
    cell.spot === "identity";
  await proxy.settled();
  lane.heal();
  const truth = await subject.truth?.();
  const writes = writesOf(seen);
  const findings = judge({
    use,
    spot: cell.spot,
    fault: cell.fault,
    answer,
    outcome,
    done: truth?.done,
    things: truth?.things ?? 0,
    writes,
    healthyWrites: healthy.writes,
    healthy: healthy.answer,
    ms,
    busyMs,
    deadlineMs,
    couldNotLook,
  });
  findings.push(...judgePage(html, truth?.done));
  findings.push(...(await repeat(lane, use, subject, answer)));
  await subject.clean?.();
  return {
    at: toolUses.indexOf(use),
    tool: use.tool,
    use: use.use,
    spot: cell.spot,
    fault: cell.fault.name,
    request: cell.place?.name ?? "the identity endpoint",
    isStruck: cell.place === undefined || struck > 0,
    claim: truth === undefined ? (answer.isError ? "refused" : "answered") : claimOf(use, answer),
    truth: truth?.done ?? "",
    text: answer.text,
    ms,
    writes,
    findings,
    ...(findings.length > 0 ? { sent: desk.calls.flatMap(sentBy) } : {}),
  };
}

/** A call with its tries, each with its status and milliseconds; what is under way has none. */
const sentBy = ({ tool, era, outcome, durationMs, queuedMs, trace }: CallRecord): string[] => [
  `${tool} (${era}): ${outcome} after ${Math.round(durationMs)} ms, ${Math.round(queuedMs)} before it began`,
  ...trace.tries.map(
    ({ method, path, status, durationMs: ms }) =>
      `  ${method} ${path}: ${status ?? "-"}, ${ms === undefined ? "-" : Math.round(ms)} ms`,
  ),
];

/**
 * What this process keeps of creations that were left open is gone, as on another instance of the app: what the answer said
 * must be enough.
 */
function asOnAnotherInstance(): void {
  for (let at = 0; at < 1_000; at++) unclearCreations.keep(`${at}`, `${at}`);
}

/** The same call on another instance, when all is well again: it must succeed, and make no second thing. */
async function repeat(
  { desk }: Lane,
  use: ToolUse,
  subject: Subject,
  first: ToolAnswer,
): Promise<Finding[]> {
  const isDone = subject.truth !== undefined && claimOf(use, first) === "done";
  if (isDone && use.isRepeatable !== true) return [];
  asOnAnotherInstance();
  const args = withNamedId(subject.args, first);
  let again = await desk.call(use.tool, args, use.as);
  // Time runs fast here, so that a busy machine alone can use it up; what lasts shows each time.
  for (let left = 2; left > 0 && timeWords.test(again.text) && again.isError; left--)
    again = await desk.call(use.tool, args, use.as);
  const truth = await subject.truth?.();
  const found: Finding[] = [];
  if (truth !== undefined && truth.things > 1)
    found.push({ wrong: "two things", words: `${truth.things} after the same call again` });
  if (truth !== undefined && truth.done !== "done")
    found.push({ wrong: "lasting", words: `still ${truth.done}: ${again.text}` });
  // What is done already may be refused for that.
  if (subject.truth === undefined && again.isError)
    found.push({ wrong: "lasting", words: again.text });
  return found;
}

/** A credential is waited for 15 seconds, which a process that does not get the processor uses up as well. */
const timeWords = /in time|took too long|time of the call|No token for Dataverse could be had/;

/** With the id that an unclear answer named, in the form in which it is to be repeated. */
function withNamedId(
  args: Subject["args"],
  { text, isError, structured }: ToolAnswer,
): Subject["args"] {
  const { items } = args;
  if (Array.isArray(items)) {
    // Each by its place: `items[1]: not known; … put "incidentid": "…" into it.`
    const named = [...text.matchAll(/items\[(\d+)\]:.*?"(\w+[iI]d)": "([0-9a-f-]{36})"/g)];
    const again = items.map((item, at) => {
      const [, , name, id] = named.find(([, place]) => Number(place) === at) ?? [];
      return name === undefined ? item : { ...item, [name]: id };
    });
    // What is told as done is not asked for again.
    const isLeft = (_: unknown, at: number) => structured?.records?.[at]?.outcome !== "done";
    return { ...args, items: again.filter(isLeft) };
  }
  const [, name, id] = (isError && /"(\w+[iI]d)": "([0-9a-f-]{36})"/.exec(text)) || [];
  if (name === undefined) return args;
  if (name === "recordId") return { ...args, recordId: id };
  return typeof args.item === "object" ? { ...args, item: { ...args.item, [name]: id } } : args;
}
