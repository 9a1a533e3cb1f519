import { type AST, RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";

/** Characters tried as members of a class, the common ones first. */
const pool = [..."a1A .-/:@,<>\"'()[]{}_\n=&;!#+?*%|\\^~`$B9zéßÄłи中。ー\u00a0\u200b\u0000"];

/** A start, a part that is repeated, and an end. */
export interface Pump {
  readonly prefix: string;
  readonly repeated: string;
  readonly suffix: string;
}

/** A text of a pump, `length` characters long. */
export function textOf({ prefix, repeated, suffix }: Pump, length: number): string {
  const room = Math.max(0, length - prefix.length - suffix.length);
  return `${prefix}${repeated.repeat(Math.ceil(room / repeated.length)).slice(0, room)}${suffix}`.slice(
    0,
    length,
  );
}

type Class = AST.CharacterClass | AST.CharacterSet | AST.ExpressionCharacterClass;

class Samples {
  readonly #flags: string;
  readonly #members = new Map<string, readonly string[]>();

  constructor(flags: string) {
    this.#flags = flags.replace(/[gy]/g, "");
  }

  members(node: Class): readonly string[] {
    let known = this.#members.get(node.raw);
    if (known === undefined) {
      const one = new RegExp(`^${node.raw}$`, this.#flags);
      known = pool.filter((character) => one.test(character));
      this.#members.set(node.raw, known);
    }
    return known;
  }

  /** Something that the node matches, as short as can be; `more` asks for repeats beyond the fewest. */
  one(node: AST.Node, more = 0): string {
    switch (node.type) {
      case "Alternative":
        return node.elements.map((each) => this.one(each, more)).join("");
      case "Pattern":
      case "Group":
      case "CapturingGroup":
        return node.alternatives[0] ? this.one(node.alternatives[0], more) : "";
      case "Quantifier":
        return this.one(node.element, more).repeat(Math.min(node.max, node.min + more));
      case "Character":
        return String.fromCodePoint(node.value);
      case "CharacterClass":
      case "CharacterSet":
      case "ExpressionCharacterClass":
        return this.members(node)[0] ?? "";
      default:
        return "";
    }
  }

  /** Several things that the node matches. */
  some(node: AST.Node): readonly string[] {
    switch (node.type) {
      case "Group":
      case "CapturingGroup":
        return node.alternatives.flatMap((each) => [
          this.one(each),
          this.one(each, 1),
          this.one(each, 3),
        ]);
      case "CharacterClass":
      case "CharacterSet":
      case "ExpressionCharacterClass": {
        const members = this.members(node);
        return [...members.slice(0, 4), members.join("")];
      }
      default:
        return [this.one(node)];
    }
  }

  /** What has to stand before a node for the pattern to come to it. */
  before(node: AST.Node): string {
    const parent = node.parent as AST.Node | null;
    if (parent === null) return "";
    const left =
      parent.type === "Alternative"
        ? parent.elements
            .slice(0, parent.elements.indexOf(node as AST.Element))
            .map((each) => this.one(each))
            .join("")
        : "";
    return this.before(parent) + left;
  }
}

const common = [
  "a",
  "1-",
  "1",
  " ",
  "<",
  "<a ",
  "<!--",
  "A1",
  "é",
  "\n",
  "-",
  ".",
  "/",
  ":",
  "(",
  "[",
  "![",
  "](",
  "&",
  "@",
  "a@",
  "a.",
  "'",
  '"',
  "=",
  "AA11 ",
  "+1 ",
  "http://",
  "a\n",
  "中",
  "\r\n\r\n",
];
const ends = ["", "\u0000", "a", "!", " ", "\n"];
/** From so many repeats on, a quantifier counts as unbounded. */
const many = 16;

/** Strings that make a backtracking matcher work: made of the pattern's own characters, and of some that trouble most. */
export function pumpsOf(pattern: string, flags: string): readonly Pump[] {
  const tree = new RegExpParser().parsePattern(pattern, undefined, undefined, {
    unicode: flags.includes("u"),
    unicodeSets: flags.includes("v"),
  });
  const samples = new Samples(flags);
  const found = new Map<string, Pump>();
  const add = (prefix: string, repeated: string, suffixes: readonly string[]) => {
    if (repeated === "") return;
    for (const suffix of suffixes)
      found.set(JSON.stringify([prefix, repeated, suffix]), { prefix, repeated, suffix });
  };
  for (const repeated of common) add("", repeated, ["", "\u0000"]);
  for (const alternative of tree.alternatives) {
    for (const whole of [samples.one(alternative), samples.one(alternative, 1)]) {
      add("", whole, ["", "\u0000"]);
      add("", whole.slice(0, -1), ["", "\u0000"]);
      add("", `${whole} `, [""]);
    }
  }
  visitRegExpAST(tree, {
    onQuantifierEnter(node) {
      if (node.max < many && node.max - node.min < 2) return;
      const before = samples.before(node);
      for (const repeated of samples.some(node.element)) {
        if (node.max >= many) {
          add(before, repeated, ends);
          add("", before + repeated.repeat(8), ["", "\u0000"]);
        }
        add("", before + repeated, ["", "\u0000"]);
      }
      add("", before, ["", "\u0000"]);
    },
  });
  return [...found.values()];
}
