import { randomUUID } from "node:crypto";
import type { Context } from "../../context";
import { AppError } from "../../errors";
import { type Consent, ConsentNeeded } from "../../policy/consent";
import { CallTexts, currentTexts, longestMarkup, longestSource } from "../../text";
import { fenceAnswer } from "../../text/records/fence-answer";
import { withoutHiddenInside } from "../../text/records/hidden-characters";
import { marks, recordText } from "../../text/records/record-text";
import type { Tool } from "../../tools/define";
import { workFor } from "../../turns";
import { longestAnswer, sizeStructured, sizeText } from "../answer-size";
import { argumentError, tornError } from "../arguments/argument-error";
import { readArguments } from "../arguments/read-arguments";

/** The result of `tools/call` in both eras. */
export interface CallResult {
  [key: string]: unknown;
  /** The answer, and behind it a block with what helps to go on, and with what in both is data. */
  content: { type: "text"; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

export interface ToolCall {
  readonly tool: Tool;
  readonly arguments: unknown;
  /** Its signal aborts with the AppError that is answered then. */
  readonly context: Context;
  /** Told of every error that was not thrown on purpose, with the id that the caller is shown. */
  onBug(error: unknown, correlationId: string): void;
}

/** Beyond it a text is refused rather than cut: what would be left says too little of it. */
const longestText = 200_000;

type Structured = Record<string, unknown>;

export interface CallOutcome {
  readonly result: CallResult;
  /** `ok`, the kind of the error, or `bug`. */
  readonly outcome: string;
  /** Where somebody's yes is needed: whether it was given. */
  readonly consent?: Consent | undefined;
  /** The call came to a change that it may not make yet, or was to show alone. The result is then to be made of this. */
  readonly stopped?: ConsentNeeded | undefined;
}

/** Checks the arguments, runs the tool, and turns every error into a result that a model can act on. Never throws. */
export async function callTool(call: ToolCall): Promise<CallOutcome> {
  const given = readArguments(call.tool.input, call.arguments ?? {});
  const parsed = call.tool.input.safeParse(given, { reportInput: true });
  if (!parsed.success) return failure(argumentError(call.tool, parsed.error));
  const torn = tornError(given);
  if (torn !== undefined) return failure(torn);
  try {
    const texts = new CallTexts();
    const run = currentTexts.run(texts, () =>
      workFor(call.context.caller.objectId, call.context.signal, () =>
        call.tool.run(parsed.data, call.context),
      ),
    );
    const answer = await withinDeadline(run, call.context.signal);
    const { text: said, structured } = answer;
    const first = texts.cut === 0 ? said : `${said}\n${cutWords(texts.cut)}`;
    const text = answer.details ? `${first}${marks.block}${answer.details}` : first;
    if (text.length > longestText) throw tooLong(text.length, longestText);
    const isStored = call.tool.givesStoredValues;
    const whole = (isStored ? structured : withoutHiddenInside(structured)) as Structured;
    const structuredContent = sizeStructured(whole);
    if (structuredContent === undefined) throw tooLong(text.length, longestAnswer);
    const content = contentOf(text, wordsOfCut(text.length));
    return { result: { content, structuredContent }, outcome: "ok" };
  } catch (error) {
    if (error instanceof ConsentNeeded)
      return { result: { content: [] }, outcome: "ok", stopped: error };
    return error instanceof AppError ? failure(error) : bug(error, call.onBug);
  }
}

const cutWords = (count: number) =>
  `${count === 1 ? "One text is" : `${count} texts are`} longer than what is read of one (${longestSource} characters of words, ${longestMarkup} of HTML); the rest was not looked at.`;

/** An error that nobody threw on purpose: the caller gets an id, and whoever runs the server gets the error. */
export function bug(error: unknown, onBug: ToolCall["onBug"]): CallOutcome {
  const correlationId = randomUUID();
  onBug(error, correlationId);
  return failure(
    new AppError("upstream", "The tool failed inside the server.", {
      hint: `Nothing more can be done from here; report this id to the administrator: ${correlationId}`,
    }),
    "bug",
  );
}

/**
 * Text of records stays data: marked by a boundary of this answer, and the second block says so. Cut where it is longer than an
 * answer may be.
 */
function contentOf(whole: string, words: string): CallResult["content"] {
  const { text, details, note } = fenceAnswer(sizeText(whole, words).marked);
  const second = [details, note].filter((each) => each !== undefined).join("\n");
  const blocks = second === "" ? [text] : [text, second];
  return blocks.map((each) => ({ type: "text", text: each }));
}

const wordsOfCut = (text: number) =>
  `(Cut: an answer holds at most ${longestAnswer} characters, and this one had ${text}. Ask for less at once.)`;

const tooLong = (length: number, limit: number) =>
  new AppError("invalid", `The answer is too long (${length} characters; the limit is ${limit}).`, {
    hint: "Ask for fewer rows or fewer columns.",
  });

/** So long a tool whose time is over may take to say what became of a change, and under which id. */
const lastWordsMs = 300;

/** A tool that does not watch its signal must not hold the invocation: the answer then goes out without it. */
function withinDeadline<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    let lastWords: NodeJS.Timeout | undefined;
    const give = () => reject(signal.reason as Error);
    const expire = () => {
      lastWords = setTimeout(give, lastWordsMs);
    };
    if (signal.aborted) expire();
    signal.addEventListener("abort", expire, { once: true });
    work
      // What else ends by the signal, as a wait does, has no words of its own.
      .then(resolve, (error) =>
        signal.aborted && !(error instanceof AppError) ? give() : reject(error),
      )
      .finally(() => {
        clearTimeout(lastWords);
        signal.removeEventListener("abort", expire);
      });
  });
}

/** The words of an error, each part on a line of its own. */
export function errorText(error: AppError): string {
  const wait = error.retryAfterSeconds;
  return [
    error.message,
    error.said === undefined ? undefined : `It says: ${recordText(error.said)}`,
    ...error.problems.map((problem) => `- ${problem}`),
    error.hint,
    wait === undefined ? undefined : `Try again after ${Math.ceil(wait)} s.`,
    error.code === undefined ? undefined : `(Dataverse code ${error.code})`,
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

export function failure(error: AppError, outcome: string = error.kind): CallOutcome {
  const text = errorText(error);
  const content = contentOf(text, wordsOfCut(text.length));
  return { result: { content, isError: true }, outcome };
}

/** An answer of the endpoint itself, which may quote text of records. */
export const say = (text: string, structuredContent: Structured): CallResult => ({
  content: contentOf(text, wordsOfCut(text.length)),
  structuredContent,
});
