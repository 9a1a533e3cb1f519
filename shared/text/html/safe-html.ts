import { turns } from "../../turns";
import { type Attributes, type HtmlEvents, HtmlTokens, type Place } from "./html-tokens";
import {
  bareAttributes,
  formattingAttributes,
  formattingTags,
  otherTags,
  ownAttributes,
  selfEnding,
  voidTags,
} from "./html-vocabulary";
import { type Removal, SafeTags, type TagRules } from "./safe-tag";

export type { Removal } from "./safe-tag";

export interface SafeHtml {
  readonly html: string;
  /** Kinds of what was taken out, each once. Empty: nothing but the way of writing may differ from the source. */
  readonly removed: readonly Removal[];
}

/** Longest body that is made safe, in characters: the longest text that Dataverse stores. */
export const longestBody = 1_048_576;

/** Read between two looks at the clock, in characters. */
const pieceLength = 8_192;
/** The event loop is given up after so many milliseconds. */
const longestTurnMs = 10;
/** Elements within each other; browsers stop at 512. */
const deepest = 400;
/** Words in angle brackets are no longer than this. */
const longestWords = 300;

/** What a tag of a kind that may not stand is called in an answer. */
const kinds: Readonly<Record<string, Removal>> = Object.fromEntries(
  (
    [
      ["scripts", "script noscript"],
      [
        "forms",
        "form input button select option optgroup textarea fieldset legend label output datalist isindex keygen",
      ],
      [
        "frames and embedded objects",
        "iframe frame frameset object embed applet param portal base link svg math audio video source track canvas",
      ],
      ["remote pictures", "image picture bgsound"],
      ["style sheets", "style"],
      ["page metadata", "meta title"],
    ] as const
  ).flatMap(([kind, names]) => names.split(" ").map((name) => [name, kind])),
);
/** Nothing between these and their end is shown to a reader. */
const withoutWords = new Set(["script", "style", "title", "iframe", "noembed", "noframes"]);

/** In these markup is words to a browser; to the next program that reads it, it may be markup. */
const rawTags = new Set(["textarea", "xmp", "plaintext"]);

/** These do nothing by themselves: a mail that holds nothing worse need not be changed before it is sent. */
const idle: ReadonlySet<Removal> = new Set<Removal>([
  "style sheets",
  "comments",
  "page metadata",
  "unknown markup",
]);
export const isActive = (removal: Removal): boolean => !idle.has(removal);

class SafeWriter implements HtmlEvents {
  readonly parts: string[] = [];
  readonly #source: string;
  readonly #tags: SafeTags;
  readonly #open = new Map<string, number>();
  readonly #dropped = new Map<string, number>();
  #depth = 0;
  /** The element whose words are left out, until its end. */
  #silent: string | undefined;
  /** The element in which markup is words, until its end. */
  #raw: string | undefined;

  constructor(source: string, tags: SafeTags) {
    this.#source = source;
    this.#tags = tags;
  }

  text({ from, to }: Place): void {
    const words = this.#source.slice(from, to);
    if (this.#raw !== undefined && /<[a-z!/?]/i.test(words))
      this.#tags.removed.add("hidden markup");
    else if (this.#silent === undefined) this.parts.push(asWords(words));
    else if (this.#silent === "style" && /@import|url\s?\(|expression|behavior|\\/i.test(words))
      this.#tags.removed.add("styles that load or run something");
  }

  open(name: string, attributes: Attributes, { from, to }: Place): void {
    if (this.#silent !== undefined) return;
    const isKnown = formattingTags.has(name);
    const source = to - from > longestWords ? "" : this.#source.slice(from, to);
    if (isLink(source) || (/^<[^<=]+$/.test(source) && isWords(name, attributes))) {
      this.parts.push(source.replace("<", "&lt;"));
      return;
    }
    if (!isKnown) {
      this.#leaveOut(name, attributes);
      return;
    }
    if (!voidTags.has(name) && !this.#mayGoDeeper(name)) return;
    this.parts.push(this.#tags.open(name, attributes, this.#source.slice(from, to)));
  }

  close(name: string): void {
    if (this.#silent === name) this.#silent = undefined;
    if (this.#raw === name) this.#raw = undefined;
    if (this.#silent !== undefined || !formattingTags.has(name)) return;
    if (voidTags.has(name)) return;
    const dropped = this.#dropped.get(name) ?? 0;
    const open = this.#open.get(name) ?? 0;
    if (dropped > 0) this.#dropped.set(name, dropped - 1);
    else if (selfEnding.has(name)) this.parts.push(`</${name}>`);
    else if (open > 0) {
      this.#open.set(name, open - 1);
      this.#depth -= 1;
      this.parts.push(`</${name}>`);
    }
  }

  comment({ from, to }: Place): void {
    const isMarkup = this.#source.slice(from, to).includes("<");
    this.#tags.removed.add(isMarkup ? "hidden markup" : "comments");
  }

  declaration({ from, to }: Place): void {
    if (/^doctype\s+html\b/i.test(this.#source.slice(from, from + 14)) && this.parts.length === 0)
      this.parts.push("<!DOCTYPE html>");
    else if (from < to) this.#tags.removed.add("page metadata");
  }

  /** A tag that never ended: words ("a <b"), unless something in it would come to life with the next `>`. */
  unended({ from, to }: Place): void {
    const rest = this.#source.slice(from, to);
    if (this.#silent !== undefined) return;
    if (rest.length <= longestWords && !rest.includes("=")) this.parts.push(asWords(rest));
    else this.#tags.removed.add("hidden markup");
  }

  /** Counts what is open; nothing is held of it but a number for each name. */
  #mayGoDeeper(name: string): boolean {
    if (selfEnding.has(name)) return true;
    if (this.#depth >= deepest) {
      this.#tags.removed.add("very deep nesting");
      this.#dropped.set(name, (this.#dropped.get(name) ?? 0) + 1);
      return false;
    }
    this.#depth += 1;
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    return true;
  }

  #leaveOut(name: string, attributes: Attributes): void {
    if (withoutWords.has(name)) this.#silent = name;
    if (rawTags.has(name)) this.#raw = name;
    // `head` holds nothing that is not judged for itself.
    if (name !== "head") this.#tags.removed.add(kinds[name] ?? "unknown markup");
    for (const attribute of attributes.keys()) {
      if (attribute.startsWith("on")) this.#tags.removed.add("event handlers");
    }
  }
}

/** Text of the source, with every `<` escaped that could begin a tag with what comes next, whatever is left out between. */
const asWords = (words: string): string =>
  words.includes("<") ? words.replace(/<(?![\s\d=])/g, "&lt;") : words;

const isAttribute = (tag: string, name: string) =>
  !/^[\p{L}@]/u.test(name) ||
  /[-:]/.test(name) ||
  bareAttributes.has(name) ||
  formattingAttributes.includes(name) ||
  ownAttributes[tag]?.includes(name) === true;

/** `<https://x.com/a?b=c>` */
const isLink = (source: string) => /^<(?:https?:\/\/|mailto:)[^\s<>"']+>$/i.test(source);

/** `<john@x.com>`, `<your name>`, `a<b and c>d`: no tag, whatever a browser makes of it. */
function isWords(name: string, attributes: Attributes): boolean {
  const names = [...attributes.keys()];
  if (names.some((attribute) => attribute.startsWith("on"))) return false;
  if (formattingTags.has(name)) return names.some((attribute) => !isAttribute(name, attribute));
  // `o:p` and its like are what office programs write.
  return !otherTags.has(name) && (name.includes("@") || !/^[\w.-]+:[\w]/.test(name));
}

/**
 * Makes the HTML of a mail safe to store and to show: formatting, links (http, https, mailto, tel) and pictures of the mail
 * itself (`cid:`) or of the environment stay; scripts, event handlers, forms, frames, remote pictures, addresses that run code
 * or carry data, style sheets and comments go. Words stay, also where they stand in angle brackets. Nothing is cut.
 *
 * Gives the event loop back every few milliseconds, and takes time that grows with the length alone.
 *
 * @throws RangeError beyond `longestBody` characters
 */
export async function makeHtmlSafe(
  source: string,
  rules: TagRules = { mayShowRemotePictures: false },
): Promise<SafeHtml> {
  if (source.length > longestBody) throw new RangeError(`More than ${longestBody} characters.`);
  const tags = new SafeTags(rules);
  const writer = new SafeWriter(source, tags);
  const tokens = new HtmlTokens(source, writer);
  let turn = performance.now();
  while (tokens.read(pieceLength)) {
    if (performance.now() - turn < longestTurnMs) continue;
    await turns.take();
    turn = performance.now();
  }
  const unended = tokens.end();
  if (unended !== undefined) writer.unended(unended);
  return { html: writer.parts.join(""), removed: [...tags.removed] };
}
