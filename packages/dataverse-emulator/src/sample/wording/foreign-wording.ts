import de from "../data/phrases/de.json";
import es from "../data/phrases/es.json";
import fr from "../data/phrases/fr.json";
import ja from "../data/phrases/ja.json";
import pl from "../data/phrases/pl.json";
import type { Draw } from "../draw";
import type { Language } from "../people";
import type { Story } from "./story";
import { fill } from "./template";

/** What is said in a language, with the thing and its number put in the words of that language. */
export interface ForeignWords {
  /** The customer's first mail. */
  complaint(draw: Draw): string;
  /** The desk's question, its solution, and that it takes longer. */
  ask(agent: string): string;
  solve(agent: string): string;
  wait(agent: string): string;
  /** The customer's answer, thanks, that it did not help, and that it is over. */
  readonly answer: string;
  readonly thanks: string;
  readonly again: string;
  readonly close: string;
}

type Kind = "device" | "billing" | "delivery";

/** A language as `data/phrases/` has it, with gaps such as `{number}`. */
interface Phrases {
  /** "our BM Uno (serial number …)", "my order …" */
  readonly thing: Readonly<Record<Kind, string>>;
  /** The same as the desk calls it: "your …" */
  readonly yourThing: Readonly<Record<Kind, string>>;
  /** With the gaps `thing`, `symptom` and `city`. */
  readonly complaints: readonly string[];
  readonly closings: readonly string[];
  readonly greet: string;
  /** With the gap `yourThing`. */
  readonly ask: string;
  readonly solve: string;
  readonly wait: string;
  readonly farewell: string;
  readonly answer: string;
  readonly thanks: string;
  readonly again: string;
  readonly close: string;
}

/** The desk's articles are in English, so what it quotes is, too. */
const phrases: Readonly<Record<Exclude<Language, "en">, Phrases>> = { de, fr, es, pl, ja };

const kindOf = (story: Story): Kind =>
  story.family.key === "billing" || story.family.key === "delivery" ? story.family.key : "device";

/** The words of a story whose customer does not write English. */
export function foreignWords(story: Story): ForeignWords {
  if (story.language === "en") throw new RangeError("English has words of its own.");
  const own = phrases[story.language];
  const { model, serial: number, symptom, city, customer } = story;
  const thing = fill(own.thing[kindOf(story)], { model, number });
  const yourThing = fill(own.yourThing[kindOf(story)], { model, number });
  const signed = (text: string) => `${text}\n\n${customer}`;
  const answered = (text: string, agent: string) =>
    `${fill(own.greet, { customer })}\n\n${text}\n\n${own.farewell}\n${agent}`;
  return {
    complaint: (draw) =>
      `${fill(draw.pick("complaint", own.complaints), { thing, symptom, city })}\n\n${draw.pick("say/closing", own.closings)}\n${customer}`,
    ask: (agent) => answered(fill(own.ask, { yourThing }), agent),
    solve: (agent) => answered(`${own.solve} ${story.fault.resolution}`, agent),
    wait: (agent) => answered(own.wait, agent),
    answer: signed(fill(own.answer, { number })),
    thanks: signed(own.thanks),
    again: signed(own.again),
    close: signed(own.close),
  };
}
