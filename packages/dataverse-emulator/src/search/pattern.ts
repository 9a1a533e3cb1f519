import { invalid } from "./request";

/** What a word is held against: `?` and `*`, or a regular expression of Lucene's. */
export interface Pattern {
  test(word: string): boolean;
}

type Test = (character: string) => boolean;

/** A state takes one character to the next state, or leads on without one. */
interface State {
  readonly test: Test | undefined;
  next: number[];
}

/** A piece of the automaton: where it begins, and the states whose `next` is still open. */
interface Piece {
  readonly start: number;
  readonly ends: readonly number[];
}

const mostStates = 2_000;
const mostRepeats = 50;

/**
 * Regular expressions as an automaton that follows all ways at once, so that no expression takes longer than its length
 * times the word's: those of a stranger must not stop the service. The grammar is Lucene's without its optional
 * operators: `. [a-z] [^a] | ( ) * + ? {2,3} \.`
 * @see https://lucene.apache.org/core/9_0_0/core/org/apache/lucene/util/automaton/RegExp.html
 */
class Automaton implements Pattern {
  readonly #source: string;
  readonly #characters: readonly string[];
  readonly #states: State[] = [];
  #at = 0;
  #start = 0;

  constructor(source: string) {
    this.#source = source;
    this.#characters = [...source];
    const whole = this.#alternatives();
    if (this.#at < this.#characters.length) throw this.#refusal();
    const accepted = this.#add(undefined);
    this.#close(whole.ends, accepted);
    this.#start = whole.start;
  }

  test(word: string): boolean {
    let states = this.#reached([this.#start]);
    for (const character of word) {
      const next: number[] = [];
      for (const at of states) {
        const state = this.#states[at];
        if (state?.test?.(character)) next.push(...state.next);
      }
      if (next.length === 0) return false;
      states = this.#reached(next);
    }
    return states.has(this.#states.length - 1);
  }

  /** All states that are reached without a further character. */
  #reached(from: readonly number[]): Set<number> {
    const found = new Set(from);
    for (const at of found) {
      const state = this.#states[at];
      if (state?.test === undefined) for (const next of state?.next ?? []) found.add(next);
    }
    return found;
  }

  #refusal() {
    return invalid(`/${this.#source}/ is no regular expression`);
  }

  #add(test: Test | undefined, next: number[] = []): number {
    if (this.#states.length >= mostStates)
      throw invalid(`/${this.#source}/ is too large a regular expression`);
    return this.#states.push({ test, next }) - 1;
  }

  #close(ends: readonly number[], to: number): void {
    for (const end of ends) this.#states[end]?.next.push(to);
  }

  #peek = () => this.#characters[this.#at];

  #take(wanted: string): boolean {
    if (this.#peek() !== wanted) return false;
    this.#at++;
    return true;
  }

  #alternatives(): Piece {
    const pieces = [this.#sequence()];
    while (this.#take("|")) pieces.push(this.#sequence());
    if (pieces.length === 1 && pieces[0]) return pieces[0];
    const start = this.#add(
      undefined,
      pieces.map((piece) => piece.start),
    );
    return { start, ends: pieces.flatMap((piece) => piece.ends) };
  }

  #sequence(): Piece {
    const empty = this.#add(undefined);
    let whole: Piece = { start: empty, ends: [empty] };
    for (;;) {
      const character = this.#peek();
      if (character === undefined || character === "|" || character === ")") return whole;
      whole = this.#joined(whole, this.#repeated());
    }
  }

  #joined(one: Piece, other: Piece): Piece {
    this.#close(one.ends, other.start);
    return { start: one.start, ends: other.ends };
  }

  /** An atom with what says how often; it is read again for each time that it must stand there. */
  #repeated(): Piece {
    const begin = this.#at;
    let piece = this.#atom();
    const end = this.#at;
    const again = () => {
      const after = this.#at;
      this.#at = begin;
      const copy = this.#atom();
      this.#at = after;
      return copy;
    };
    for (;;) {
      if (this.#take("*")) piece = this.#optional(this.#looped(piece));
      else if (this.#take("+")) piece = this.#looped(piece);
      else if (this.#take("?")) piece = this.#optional(piece);
      else if (this.#peek() === "{" && this.#at === end) piece = this.#counted(piece, again);
      else return piece;
    }
  }

  #looped(piece: Piece): Piece {
    const back = this.#add(undefined, [piece.start]);
    this.#close(piece.ends, back);
    return { start: piece.start, ends: [back] };
  }

  #optional(piece: Piece): Piece {
    const start = this.#add(undefined, [piece.start]);
    return { start, ends: [...piece.ends, start] };
  }

  #counted(first: Piece, again: () => Piece): Piece {
    const text = this.#characters.slice(this.#at, this.#at + 12).join("");
    const [all, low = "", comma, high = ""] = /^\{(\d+)(?:(,)(\d*))?\}/.exec(text) ?? [];
    if (all === undefined) throw this.#refusal();
    this.#at += all.length;
    const least = Number(low);
    const most = comma === undefined ? least : high === "" ? undefined : Number(high);
    if (least > mostRepeats || (most ?? 0) > mostRepeats || (most !== undefined && most < least))
      throw invalid(`/${this.#source}/ repeats more than ${mostRepeats} times, or fewer than none`);
    if (most === 0) {
      const nothing = this.#add(undefined);
      return { start: nothing, ends: [nothing] };
    }
    let whole =
      least === 0 ? this.#optional(most === undefined ? this.#looped(first) : first) : first;
    for (let count = 1; count < Math.max(least, most ?? least); count++)
      whole = this.#joined(whole, count < least ? again() : this.#optional(again()));
    const isOpen = most === undefined && least > 0;
    return isOpen ? this.#joined(whole, this.#optional(this.#looped(again()))) : whole;
  }

  #atom(): Piece {
    const character = this.#characters[this.#at++];
    switch (character) {
      case "(": {
        const inner = this.#alternatives();
        if (!this.#take(")")) throw this.#refusal();
        return inner;
      }
      case "[":
        return this.#one(this.#charactersOf());
      case ".":
        return this.#one(() => true);
      case "\\": {
        const literal = this.#characters[this.#at++];
        if (literal === undefined) throw this.#refusal();
        return this.#one((one) => one === literal);
      }
      case "*":
      case "+":
      case "?":
      case "{":
      case undefined:
        throw this.#refusal();
      default:
        return this.#one((one) => one === character);
    }
  }

  #one(test: Test): Piece {
    const at = this.#add(test);
    return { start: at, ends: [at] };
  }

  /** `[a-z0_]`, `[^a]` */
  #charactersOf(): Test {
    const isNegated = this.#take("^");
    const ranges: [string, string][] = [];
    while (!this.#take("]")) {
      const from = this.#member();
      const isRange = this.#peek() === "-" && this.#characters[this.#at + 1] !== "]";
      if (isRange) this.#at++;
      ranges.push([from, isRange ? this.#member() : from]);
    }
    if (ranges.length === 0) throw this.#refusal();
    const isIn = (one: string) => ranges.some(([from, to]) => from <= one && one <= to);
    return isNegated ? (one) => !isIn(one) : isIn;
  }

  #member(): string {
    this.#take("\\");
    const character = this.#characters[this.#at++];
    if (character === undefined) throw this.#refusal();
    return character;
  }
}

/** A regular expression over whole words, in lower case as words are. */
export const regularPattern = (source: string): Pattern => new Automaton(source.toLowerCase());

/** `qu?x*` */
export function wildPattern(
  parts: readonly { readonly text: string; readonly isWild: boolean }[],
): Pattern {
  const source = parts.map(({ text, isWild }) => {
    if (!isWild) return [...text].map((one) => `\\${one}`).join("");
    return text === "*" ? ".*" : ".";
  });
  return new Automaton(source.join("").toLowerCase());
}
