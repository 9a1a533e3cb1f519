import type { Channel } from "../conversation";
import type { Draw } from "../draw";
import type { Fault, ProductFamily } from "../faults/faults";
import { foreignSymptom, otherSymptoms } from "../faults/symptoms";
import type { Language } from "../people";
import { foreignWords } from "./foreign-wording";

/** What a case is told from. */
export interface Story {
  readonly fault: Fault;
  /** What is wrong in the customer's words and language. */
  readonly symptom: string;
  /** The same in English, which the desk speaks. */
  readonly english: string;
  readonly family: ProductFamily;
  readonly model: string;
  readonly serial: string;
  readonly customer: string;
  readonly city: string;
  readonly language: Language;
  readonly channel: Channel;
  /** The customer is a company with an office in the city. */
  readonly isCompany: boolean;
}

/** Where a conversation stands: the number of the mail, that of the last, and how the case ended. */
export interface Turn {
  readonly step: number;
  readonly last: number;
  readonly state: 0 | 1 | 2;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** Things have serial numbers, invoices and orders numbers of their own. */
export const isDevice = (story: Pick<Story, "family">): boolean =>
  story.family.key !== "billing" && story.family.key !== "delivery";

const numberOf = (story: Story): string =>
  isDevice(story)
    ? `serial number ${story.serial}`
    : story.family.key === "billing"
      ? `customer number ${story.serial}`
      : `order ${story.serial}`;

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

const banks = {
  greeting: [
    "Hello,",
    "Hi there,",
    "Good morning,",
    "Dear support team,",
    "Hi,",
    "To whom it may concern,",
  ],
  since: [
    "It began on Monday.",
    "This has been going on for about a week.",
    "It happened for the first time yesterday.",
    "It started after we had moved some things around.",
    "We noticed it this morning.",
    "It comes and goes, but today it is constant.",
    "",
  ],
  noticed: ["I noticed it on Monday.", "I only saw it this morning.", "", ""],
  tried: [
    "I have switched everything off and on again, without luck.",
    "We read the manual and found nothing that fits.",
    "A colleague tried the same and got no further.",
    "I found a similar question in your forum, but no answer.",
    "Nothing was changed on our side as far as I know.",
    "",
  ],
  effect: [
    "Six people cannot work because of it.",
    "It is not urgent, but annoying.",
    "Our customers notice it, too.",
    "We have visitors on Thursday and would like it to work by then.",
    "For now we manage, somehow.",
    "",
  ],
  ask: [
    "Please tell us what to do.",
    "What do you suggest?",
    "Could somebody call me back?",
    "Can you help?",
    "How do we go on from here?",
  ],
  askDevice: ["Is this covered by the warranty?", "Can you help?", "Please tell us what to do."],
  closing: ["Kind regards", "Best wishes", "Many thanks", "Regards", "Thanks in advance"],
  complaint: [
    "This is the third time that I write to you and nobody has called me back.",
    "I am really disappointed by now.",
    "For this price I expect better.",
    "I have been a customer for nine years and never had to wait this long.",
  ],
  demand: [
    "I expect an answer by tomorrow.",
    "Otherwise I want my money back.",
    "Please connect me with somebody who can decide.",
    "If this is not solved this week we will look for another supplier.",
  ],
  hurry: [
    "Urgent, we need it today.",
    "Please reply as soon as you can.",
    "Quick answer needed, I am on the road.",
    "Short on time, sorry for the brief mail.",
  ],
} as const;

const say = (draw: Draw, bank: keyof typeof banks): string => draw.pick(`say/${bank}`, banks[bank]);
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

const posts: readonly Tell[] = [
  (story) => `@HalvrenCare ${story.symptom}. ${story.model}. Anybody there?`,
  (story) => `Does anybody else have this with Halvren? ${capital(story.symptom)} (${story.model})`,
];

/** One of several ways to put what is wrong, in the customer's language. */
export const symptomOf = (fault: Fault, language: Language, draw: Draw): string =>
  language === "en"
    ? draw.pick("symptom", [fault.symptom, ...otherSymptoms(fault.id)])
    : foreignSymptom(fault.id, language);

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
      ? draw.pick("post", posts)(story)
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

const answers: readonly Tell[] = [
  (s) => `Thanks for the quick answer. ${s.fault.answer}\n\n${s.customer}`,
  (s) => `Hi,\n\n${s.fault.answer} For your records: ${numberOf(s)}.\n\n${s.customer}`,
  (s) => `${s.fault.answer} Otherwise it is as I wrote.\n\n${s.customer}`,
  (s) => `Sorry for the delay, I was out. ${s.fault.answer}\n\nRegards\n${s.customer}`,
];
const setbacks: readonly Tell[] = [
  (s) => `Unfortunately that did not help yet. What next?\n\n${s.customer}`,
  (s) => `I did as you wrote, and still: ${s.symptom}.\n\n${s.customer}`,
  (s) => `Thank you, but we are not there yet. What else can we try?\n\n${s.customer}`,
];
const thanks: readonly Tell[] = [
  (s) => `That worked, thank you very much!\n\n${s.customer}`,
  (s) => `Solved, thanks. You can close this.\n\n${s.customer}`,
  (s) => `Great, everything is fine again. Thank you for your patience.\n\n${s.customer}`,
];

/** How a long case goes on from the sixth mail, in turn: the customer, then the desk. */
const later: Readonly<Record<"customer" | "desk", readonly string[]>> = {
  customer: [
    "Any news? We are still waiting.",
    "Done, step by step, with the same result. The photo is attached.",
    "Thursday between nine and eleven would suit us.",
  ],
  desk: [
    "I have passed your case to our second level with everything that you sent. You will hear from us by tomorrow.",
    "Sorry for the wait. Our second level would like you to go through the steps once more from the beginning, and to send a photo of what you see.",
    "Thank you, that helps. A colleague who knows this best would like to look at it with you on the phone. When would suit you?",
    "Thursday is noted; we call half an hour before. Please keep the number of your case at hand.",
  ],
};

/** What the customer writes in a later mail. */
export function followUpOf(story: Story, turn: Turn, draw: Draw): string {
  const words = story.language === "en" ? undefined : foreignWords(story);
  const isLast = turn.step === turn.last;
  if (isLast && turn.state === 2)
    return words?.close ?? `Please close this, it has settled itself.\n\n${story.customer}`;
  if (isLast && turn.state === 1) return words?.thanks ?? draw.pick("thanks", thanks)(story);
  if (turn.step === 2) return words?.answer ?? draw.pick("answer", answers)(story);
  if (turn.step === 4 || words) return words?.again ?? draw.pick("setback", setbacks)(story);
  return `${later.customer[(turn.step - 6) / 2] ?? "Any news?"}\n\n${story.customer}`;
}

const greetings: readonly Tell[] = [
  (s) => `Dear ${s.customer},`,
  (s) => `Hello ${s.customer.split(" ")[0]},`,
  (s) => `Good day ${s.customer},`,
];

const found = ["We know this one.", "Thank you, that explains it.", "I have good news."] as const;
const foundDevice = [...found, "Our engineers have seen this before."] as const;

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
    ? `${draw.pick("found", isDevice(story) ? foundDevice : found)} ${cause} ${resolution}\n\nPlease tell us whether that helped.`
    : turn.step === 1
      ? `${draw.pick("intro", intros)(story)} To find the cause I need one more detail: ${question}`
      : (later.desk[(turn.step - 5) / 2] ?? later.desk[0] ?? "");
  return `${draw.pick("greet", greetings)(story)}\n\n${middle}\n\nKind regards\n${agent}\nHalvren Service Desk`;
}
