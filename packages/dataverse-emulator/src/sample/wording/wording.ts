import english from "../data/phrases/en.json";
import type { Draw } from "../draw";
import type { Fault } from "../faults/faults";
import type { Language } from "../people";
import { foreignWords } from "./foreign-wording";
import { capital, isDevice, numberOf, type Story } from "./story";
import { fill } from "./template";

/** Where a conversation stands: the number of the mail, that of the last, and how the case ended. */
export interface Turn {
  readonly step: number;
  readonly last: number;
  readonly state: 0 | 1 | 2;
}

/** The thing with its number: `BM Uno (serial number CO51617)`, `order DE84392`. */
const thingOf = (story: Story): string =>
  isDevice(story) ? `${story.model} (${numberOf(story)})` : numberOf(story);

type Tell = (story: Story) => string;

const titles: readonly Tell[] = [
  ({ model, english }) => `${model}: ${english}`,
  (story) =>
    isDevice(story) ? `${capital(story.english)} (${story.model})` : capital(story.english),
  ({ english }) => capital(english),
  (story) => `${capital(numberOf(story))}: ${story.english}`,
  (story) =>
    story.isCompany && isDevice(story)
      ? `${capital(story.english)}, ${story.city} office`
      : capital(story.english),
  ({ english }) => `Help needed: ${english}`,
];

/** Words that stand by themselves, by what they are about. */
type Bank =
  | "greeting"
  | "since"
  | "noticed"
  | "tried"
  | "effect"
  | "ask"
  | "askDevice"
  | "closing"
  | "complaint"
  | "demand"
  | "hurry";

/** A text of `data/phrases/en.json` with what the story has for its gaps. */
const told = (template: string, story: Story): string =>
  fill(template, {
    symptom: story.symptom,
    Symptom: capital(story.symptom),
    model: story.model,
    number: numberOf(story),
    answer: story.fault.answer,
    customer: story.customer,
  });

const say = (draw: Draw, bank: Bank): string => draw.pick(`say/${bank}`, english[bank]);
const sentences = (...parts: readonly string[]) => parts.filter((part) => part !== "").join(" ");

/** Only a problem has a beginning, only a thing a switch, and only without a thing can six people not work. */
function circumstances(story: Story, draw: Draw) {
  const device = isDevice(story);
  const isProblem = story.fault.kind === "problem";
  return {
    since: isProblem ? say(draw, device ? "since" : "noticed") : "",
    tried: device ? say(draw, "tried") : "",
    effect: device && isProblem ? say(draw, "effect") : "",
    ask: say(draw, device && isProblem ? "askDevice" : "ask"),
  };
}

/** Four tones: matter-of-fact, friendly, hurried, annoyed. */
const complaints: readonly ((story: Story, draw: Draw) => string)[] = [
  (story, draw) => {
    const { since, tried, ask } = circumstances(story, draw);
    return `${say(draw, "greeting")}\n\n${sentences(`I am writing about ${isDevice(story) ? "our " : ""}${thingOf(story)}: ${story.symptom}.`, since, tried)}\n\n${ask}\n\n${say(draw, "closing")}\n${story.customer}`;
  },
  (story, draw) => {
    const { since, tried, effect, ask } = circumstances(story, draw);
    const thing = isDevice(story) ? `the ${story.model} here in ${story.city}` : thingOf(story);
    return `${say(draw, "greeting")}\n\nI hope you are well and can help me with ${thing}. ${sentences(`${capital(story.symptom)}.`, since)}\n\n${sentences(tried, effect, ask)}\n\n${say(draw, "closing")}\n${story.customer}`;
  },
  (story, draw) =>
    `${sentences(`${capital(story.symptom)}.`, `${capital(thingOf(story))}.`, say(draw, "hurry"))}\n${story.customer}`,
  (story, draw) => {
    const { since, effect } = circumstances(story, draw);
    return `${sentences(say(draw, "complaint"), `${capital(thingOf(story))}: ${story.symptom}.`, since, effect)}\n\n${say(draw, "demand")}\n\n${story.customer}`;
  },
];

const annoyed = 3;

/** What whoever took the call wrote down. */
const callNotes: readonly ((story: Story, draw: Draw) => string)[] = [
  (story, draw) =>
    `${story.customer} called about ${thingOf(story)}: ${story.english}. ${sentences(circumstances(story, draw).effect, "Asked for a call back.")}`,
  (story) =>
    `Call from ${story.customer}${story.isCompany ? `, ${story.city} office` : ""}. ${capital(story.english)}. ${capital(thingOf(story))}.`,
  (story) => `Customer says: "${story.english}". ${capital(numberOf(story))} checked and correct.`,
];

/** One of several ways to put what is wrong, in the customer's language. */
export const symptomOf = (fault: Fault, language: Language, draw: Draw): string =>
  language === "en"
    ? draw.pick("symptom", [fault.symptom, ...fault.otherSymptoms])
    : fault.translations[language];

/** The desk writes the titles of calls, in English; all others are the customer's own. */
export function titleOf(story: Story, draw: Draw): string {
  if (story.language === "en" || story.channel === "phone")
    return draw.pick("title", titles)(story).slice(0, 200);
  return isDevice(story) ? `${story.symptom} (${story.model})` : story.symptom;
}

export function complaintOf(story: Story, draw: Draw): string {
  if (story.channel === "phone") return draw.pick("note", callNotes)(story, draw);
  if (story.channel === "social")
    return story.language === "en"
      ? told(draw.pick("post", english.posts), story)
      : `@HalvrenCare ${story.symptom} (${story.model})`;
  return story.language === "en"
    ? draw.pick("complaint", complaints)(story, draw)
    : foreignWords(story).complaint(draw);
}

/** From -3, very negative, to 0: what the tone of the complaint says. */
export function sentimentOf(story: Story, draw: Draw): number {
  if (story.language !== "en" || story.channel === "phone" || story.channel === "social") return -1;
  const tone = complaints.indexOf(draw.pick("complaint", complaints));
  return tone === annoyed ? -2 - draw.whole("anger", 0, 1) : tone === 2 ? -1 : 0;
}

/** What the customer writes in a later mail. */
export function followUpOf(story: Story, turn: Turn, draw: Draw): string {
  const words = story.language === "en" ? undefined : foreignWords(story);
  const isLast = turn.step === turn.last;
  if (isLast && turn.state === 2) return words?.close ?? told(english.close, story);
  if (isLast && turn.state === 1)
    return words?.thanks ?? told(draw.pick("thanks", english.thanks), story);
  if (turn.step === 2) return words?.answer ?? told(draw.pick("answer", english.answers), story);
  if (turn.step === 4 || words)
    return words?.again ?? told(draw.pick("setback", english.setbacks), story);
  return `${english.later.customer[(turn.step - 6) / 2] ?? "Any news?"}\n\n${story.customer}`;
}

const greetings: readonly Tell[] = [
  (s) => `Dear ${s.customer},`,
  (s) => `Hello ${s.customer.split(" ")[0]},`,
  (s) => `Good day ${s.customer},`,
];

const intros: readonly Tell[] = [
  (s) =>
    `Thank you for ${s.channel === "phone" ? "calling" : "writing to"} us about your ${isDevice(s) ? s.model : numberOf(s)}.`,
  (s) =>
    `Thank you for your ${s.channel === "phone" ? "call" : "message"}, and sorry for the trouble.`,
  () => "I have taken over your case.",
];

/** What the desk answers: asks first and solves then; with few mails it solves at once. */
export function replyOf(story: Story, turn: Turn, agent: string, draw: Draw): string {
  const isSolved = turn.step === 3 || (turn.step === 1 && turn.state === 1 && turn.last <= 2);
  if (story.language !== "en") {
    const words = foreignWords(story);
    return isSolved ? words.solve(agent) : turn.step === 1 ? words.ask(agent) : words.wait(agent);
  }
  const { question, cause, resolution } = story.fault;
  const middle = isSolved
    ? `${draw.pick("found", isDevice(story) ? [...english.found, ...english.foundDevice] : english.found)} ${cause} ${resolution}\n\nPlease tell us whether that helped.`
    : turn.step === 1
      ? `${draw.pick("intro", intros)(story)} To find the cause I need one more detail: ${question}`
      : (english.later.desk[(turn.step - 5) / 2] ?? english.later.desk[0] ?? "");
  return `${draw.pick("greet", greetings)(story)}\n\n${middle}\n\nKind regards\n${agent}\nHalvren Service Desk`;
}
