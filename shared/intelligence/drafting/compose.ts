import type { Evidence } from "../types";
import { frameOf, type Language } from "./frames";
import type { Channel } from "./frames/frame";
import type { Mood } from "./mood";
import type { Question } from "./questions";
import type { Tone } from "./tone";

/** A line of a reply, and where it comes from when it is not ours. */
export interface Line {
  readonly text: string;
  readonly evidence?: readonly Evidence[];
}

/** What a reply is made of. */
export interface Contents {
  readonly language: Language;
  readonly tone: Tone;
  readonly mood: Mood;
  readonly channel: Channel;
  readonly greeting: string;
  readonly signature: string | undefined;
  /** It is no matter of customer service: others are told of it. */
  readonly isHandedOn: boolean;
  /** The customer tried what we had proposed, and it is not proposed again. */
  readonly hasFailed: boolean;
  readonly steps: readonly Line[];
  readonly told: readonly Line[];
  readonly address: string | undefined;
  /** What helps exists in this language only, which the customer is neither told nor sent. */
  readonly elsewhere: string | undefined;
  /** What the article asks, for when its cure does not help. */
  readonly askedBehind: readonly Line[];
  readonly asks: readonly Line[];
  readonly open: readonly Question[];
  /** The customer's questions are in the language of the reply. */
  readonly mayQuote: boolean;
  readonly hasPromise: boolean;
  readonly isRefundTold: boolean;
  readonly source: readonly Evidence[];
}

/** The paragraphs of a reply, each of some lines. Nothing is asked behind a promise. */
export function compose(contents: Contents): readonly (readonly Line[])[] {
  const { language, mood, greeting, signature, tone } = contents;
  const frame = frameOf(language);
  const paragraphs: (readonly Line[])[] = [];
  const say = (...texts: readonly string[]) => {
    if (texts.length > 0) paragraphs.push([{ text: texts.join(language === "ja" ? "" : " ") }]);
  };
  if (mood.isDanger) {
    say(frame.danger.serious, frame.danger.stop);
    say(mood.isHurt ? frame.danger.injured : frame.danger.hurt);
    say(frame.danger.call);
  } else if (contents.isHandedOn) {
    say(mood.regret === undefined ? frame.thanks[contents.channel] : frame.regret[mood.regret]);
    say(frame.handOn);
  } else {
    say(...acknowledgement(contents));
    paragraphs.push(...matter(contents));
    say(
      ...(mood.needsDecision ? [frame.decides] : []),
      ...(mood.wantsRefund && !contents.isRefundTold ? [frame.refund] : []),
      ...(mood.wantsCall ? [frame.callBack] : []),
    );
  }
  const [first, ...rest] = paragraphs;
  const begun =
    first === undefined
      ? []
      : [first.map((line, at) => (at === 0 ? goingOn(line, frame.goesOn) : line))];
  const close = isClosed(signature) ? [] : [{ text: frame.close[tone.manner] }];
  const end = [...close, ...(signature === undefined ? [] : [{ text: signature }])];
  return [[{ text: greeting }], ...begun, ...rest, ...(end.length === 0 ? [] : [end])];
}

/** Polite forms keep their capital wherever they stand. */
const polite = /^(?:Ihr|Ihre[mnrs]?|Ihnen|Sie)(?!\p{L})/u;

/** Behind `Guten Tag …,` the sentence goes on. */
const goingOn = (line: Line, goesOn: boolean): Line =>
  goesOn && !polite.test(line.text)
    ? { ...line, text: line.text.charAt(0).toLowerCase() + line.text.slice(1) }
    : line;

/** A signature that begins with a farewell needs no other. */
const isClosed = (signature: string | undefined): boolean =>
  /^(?:[^\n]{0,30}(?:regards|wishes|sincerely|grüße|grüßen|grüssen|cordialement|salutations|saludos?|atentamente|saluti|groet(?:en)?|hoogachtend|cumprimentos|atenciosamente|pozdraw\p{L}{1,6}|poważaniem)|敬具|よろしく[^\n]{0,20})/iu.test(
    signature ?? "",
  );

function acknowledgement({
  language,
  mood,
  tone,
  channel,
  hasFailed,
}: Contents): readonly string[] {
  const frame = frameOf(language);
  const regret = mood.regret ?? (tone.isSorry ? "trouble" : undefined);
  if (hasFailed && (regret === undefined || regret === "trouble")) return [frame.notHelped];
  const isFault = regret === undefined && mood.tellsFault && !tone.isBrief;
  return [
    regret === undefined ? frame.thanks[channel] : frame.regret[regret],
    ...(isFault ? [frame.regret.trouble] : []),
    ...(mood.hasStopped && !tone.isBrief ? [frame.stopped] : []),
    ...(tone.manner === "friendly" && regret === undefined && !tone.isBrief ? [frame.glad] : []),
  ];
}

const listed = (lines: readonly Line[]): readonly Line[] =>
  lines.map((line) => ({ ...line, text: `- ${line.text}` }));

function matter(contents: Contents): readonly (readonly Line[])[] {
  const { language, steps, told, asks, address, elsewhere, tone, mood, source } = contents;
  const frame = frameOf(language);
  const found: (readonly Line[])[] = [];
  if (steps.length > 0) found.push([{ text: frame.steps }], listed(steps));
  if (told.length > 0) found.push(told);
  const isTold = steps.length + told.length > 0;
  // Who is promised an answer to a question need not be promised the same again.
  if (elsewhere !== undefined && contents.open.length === 0)
    found.push([{ text: frame.elsewhere, evidence: source }]);
  if (address !== undefined && steps.length > 0)
    found.push([{ text: frame.more(address), evidence: source }]);
  if (asks.length > 0) {
    found.push([{ text: asks.length === 1 ? frame.askOne : frame.askMany }], listed(asks));
  } else if (!isTold && elsewhere === undefined) found.push(...nothingKnown(contents));
  const isPlain =
    steps.length > 0 && !contents.hasPromise && !mood.wantsCall && !mood.needsDecision;
  if (isPlain && contents.askedBehind.length > 0 && !tone.isBrief)
    found.push([{ text: frame.askIfNot }], listed(contents.askedBehind));
  found.push(...openQuestions(contents));
  if (isPlain && contents.open.length === 0 && !tone.isBrief)
    found.push([{ text: frame.afterSolution }]);
  if (asks.length > 0 && !tone.isBrief) found.push([{ text: frame.afterQuestions }]);
  return found;
}

/** Who had to write again, or was promised something, is told more than that we look into it. */
const isLetDown = ({ regret }: Mood): boolean => regret === "again" || regret === "promise";

/** What is said where there is nothing to say to the matter. */
function nothingKnown(contents: Contents): readonly (readonly Line[])[] {
  const { mood, language } = contents;
  const { decides, unable } = frameOf(language);
  return isPromised(mood, contents) ? [] : [[{ text: isLetDown(mood) ? decides : unable }]];
}

/** Somebody gets in touch, or what is asked is promised an answer: that we look into it would say less. */
const isPromised = (mood: Mood, { open }: Contents): boolean =>
  mood.needsDecision || mood.wantsCall || open.length > 0;

function openQuestions({ language, open, mayQuote }: Contents): readonly (readonly Line[])[] {
  const frame = frameOf(language);
  const [first] = open;
  if (first === undefined) return [];
  if (!mayQuote) return [[{ text: frame.openUnquoted }]];
  if (open.length === 1) return [[{ text: frame.open(first.text) }]];
  return [
    [{ text: frame.openMany }],
    open.map(({ text }) => ({ text: `- ${text}` })),
    [{ text: frame.openManyEnd }],
  ];
}
