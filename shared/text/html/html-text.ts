import { decodeHTML } from "entities";
import { type Look, lookOf } from "./hiding-styles";
import { type Attributes, type HtmlEvents, HtmlTokens, type Place } from "./html-tokens";
import { voidTags } from "./html-vocabulary";

/** What was taken out of a text on the way to plain words. */
export interface PlainText {
  readonly text: string;
  /** Words were left out that a reader would not have seen. */
  readonly hidden: boolean;
  /** A quoted earlier mail was left out. */
  readonly quoted: boolean;
  /** The source was not read to its end. */
  readonly cut: boolean;
}

/** Longest HTML source that is read, in characters, markup included. */
export const longestMarkup = 100_000;
/** No more words are gathered than this; whoever wants fewer cuts them later. */
const mostWords = 80_000;
/** Elements within each other that are told apart; what stands deeper looks as what it stands in. */
const deepest = 256;

/** Never shown to a reader. */
const unseenTags = new Set([
  "script",
  "style",
  "head",
  "template",
  "noscript",
  "title",
  "svg",
  "object",
  "iframe",
  "select",
  "textarea",
]);
/** What stands in these is code, and says nothing to a reader either way. */
const unspokenTags = new Set(["script", "style", "head", "title", "svg"]);
const blockTags = new Set(
  "p div br li tr h1 h2 h3 h4 h5 h6 table ul ol section article header footer pre hr dt dd".split(
    " ",
  ),
);
/** These end where the next of their kind begins, so that many of them are not within each other. */
const endedByNext = new Set(["p", "li", "tr", "td", "th", "dt", "dd"]);
/** Elements that older mail programs put around the mail that is answered. */
const quoteMark =
  /gmail_quote|yahoo_quoted|moz-cite-prefix|divrplyfwdmsg|appendonsend|protonmail_quote/i;

interface Frame extends Look {
  readonly tag: string;
  /** Part of a quoted earlier mail: left out, but not a secret. */
  readonly quoted: boolean;
}

class Reader implements HtmlEvents {
  visible = "";
  hidden = false;
  quoted = false;
  readonly #source: string;
  readonly #stack: Frame[] = [];
  /** Elements beyond the deepest that are open, and the first of them that hides. */
  #beyond = 0;
  #hiddenBeyond = Number.POSITIVE_INFINITY;

  constructor(source: string) {
    this.#source = source;
  }

  text({ from, to }: Place): void {
    const words = this.#source.slice(from, to);
    this.words(words.includes("&") ? decodeHTML(words) : words);
  }

  words(words: string): void {
    const top = this.#stack.at(-1);
    const isHidden = top?.hidden || this.#beyond >= this.#hiddenBeyond;
    if (!isHidden) this.visible += words;
    else if (/\S/.test(words) && !top?.quoted && !unspokenTags.has(top?.tag ?? ""))
      this.hidden = true;
  }

  comment({ from, to }: Place): void {
    const words = this.#source.slice(from, to);
    if (words.startsWith("?") || !/[\p{L}\p{N}]/u.test(words)) return;
    this.hidden = true;
  }

  declaration(): void {}

  close(tag: string): void {
    this.#gap(tag);
    if (this.#beyond > 0) {
      this.#beyond -= 1;
      if (this.#beyond < this.#hiddenBeyond) this.#hiddenBeyond = Number.POSITIVE_INFINITY;
      return;
    }
    if (this.#stack.at(-1)?.tag === tag) this.#stack.pop();
    else {
      const at = this.#stack.findLastIndex((frame) => frame.tag === tag);
      if (at >= 0) this.#stack.length = at;
    }
  }

  open(tag: string, attributes: Attributes, { to }: Place): void {
    this.#gap(tag);
    const isEmpty = (tag === "svg" || tag === "math") && this.#source[to - 2] === "/";
    if (voidTags.has(tag) || isEmpty) return;
    if (this.#beyond === 0 && endedByNext.has(tag) && this.#stack.at(-1)?.tag === tag)
      this.#stack.pop();
    const top = this.#stack.at(-1);
    const frame = this.#frameOf(tag, attributes, top);
    if (this.#stack.length < deepest) this.#stack.push(frame);
    else {
      this.#beyond += 1;
      if (frame.hidden) this.#hiddenBeyond = Math.min(this.#hiddenBeyond, this.#beyond);
    }
  }

  #frameOf(tag: string, attributes: Attributes, top: Frame | undefined): Frame {
    if (attributes.size === 0) {
      const hidden = top?.hidden === true || unseenTags.has(tag);
      return { tag, hidden, paper: top?.paper, quoted: top?.quoted ?? false };
    }
    const isQuote =
      (tag === "blockquote" && attributes.get("type")?.toLowerCase() === "cite") ||
      quoteMark.test(`${attributes.get("class") ?? ""} ${attributes.get("id") ?? ""}`);
    if (!top?.hidden && isQuote) {
      this.quoted = true;
      return { tag, hidden: true, quoted: true, paper: undefined };
    }
    const look = lookOf(attributes, top);
    const hidden = look.hidden || unseenTags.has(tag);
    return { tag, hidden, paper: look.paper, quoted: top?.quoted ?? false };
  }

  #gap(tag: string): void {
    if (blockTags.has(tag)) this.visible += "\n";
    else if (tag === "td" || tag === "th") this.visible += " ";
  }
}

/**
 * The words of an HTML text that a reader would see: no comments, no attributes, nothing hidden by style, size or
 * colour; no quoted earlier mail. Reads `longestMarkup` characters at most.
 */
export function htmlToText(html: string): PlainText {
  const source = html.slice(0, longestMarkup);
  const reader = new Reader(source);
  const tokens = new HtmlTokens(source, reader);
  let hasMore = true;
  while (hasMore && reader.visible.length <= mostWords) hasMore = tokens.read(16_384);
  const cut = hasMore || html.length > source.length;
  const unended = tokens.end();
  // "a <b": no tag, so words, unless it is what the cut left of a tag.
  if (unended !== undefined && !cut) reader.text(unended);
  return {
    text: reader.visible,
    hidden: reader.hidden,
    quoted: reader.quoted,
    cut,
  };
}

/** All words of an HTML text, also the hidden ones and those of comments, with a blank for each tag. */
export function everyWord(html: string): string {
  const source = html.slice(0, longestMarkup);
  const words: string[] = [];
  const add = ({ from, to }: Place) => words.push(decodeHTML(source.slice(from, to)));
  const gap = () => words.push(" ");
  const tokens = new HtmlTokens(source, {
    text: add,
    open: gap,
    close: gap,
    comment: ({ from, to }) => words.push(source.slice(from, to).replace(/<[^<>]*>/g, " "), " "),
    declaration: gap,
  });
  tokens.read(source.length);
  tokens.end();
  return words.join("");
}

/** Resolves character references, all that HTML knows. */
export const decodeEntities = (text: string): string => decodeHTML(text);

/** True when a text is HTML rather than plain words with an angle bracket in them. */
export const looksLikeHtml = (text: string): boolean =>
  /<\/?(?:p|div|br|span|html|body|table|td|tr|li|ul|ol|a|b|i|u|strong|em|font|h[1-6]|blockquote|img|style|script|svg|pre|code|section|article|title|head|meta|center)\b[^<>]*>|<!--/i.test(
    text,
  );
