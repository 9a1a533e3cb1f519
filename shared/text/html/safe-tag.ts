import { FilterXSS, getDefaultCSSWhiteList, safeAttrValue } from "xss";
import { escapeHtml } from "../markup";
import type { Attributes } from "./html-tokens";
import {
  bareAttributes,
  formattingAttributes,
  formattingTags,
  ownAttributes,
} from "./html-vocabulary";
import { judgeLink, judgePicture, writeLink } from "./safe-addresses";

/** What was taken out of an HTML text, in the words of an answer. */
export type Removal =
  | "scripts"
  | "event handlers"
  | "forms"
  | "remote pictures"
  | "embedded pictures (data:)"
  | "unsafe addresses"
  | "frames and embedded objects"
  | "styles that load or run something"
  | "hidden markup"
  | "very deep nesting"
  // These do nothing by themselves.
  | "style sheets"
  | "comments"
  | "page metadata"
  | "unknown markup";

/** Longest tag that is remembered, and how many are. */
const longestRemembered = 400;
const mostRemembered = 2_000;
/** Longer values belong to no formatting. */
const longestValue = (name: string): number =>
  name === "style" || name === "href" ? 4_096 : 1_024;
const mostAttributes = 16;

/** Anything that fetches, runs, or hides what it is: functions other than those of colours and sums, escapes, at-rules. */
const plainFunction = /^(?:rgb|rgba|hsl|hsla|calc|min|max)$/;
const isPlainStyle = (value: string): boolean =>
  !/[\\<>@{}]|\/\*|script:|:\/\//i.test(value) &&
  (!value.includes("(") || hasPlainFunctions(value));
const hasPlainFunctions = (value: string): boolean =>
  [...value.matchAll(/(?<![\w-])([\w-]*)\s?\(/g)].every(([, name = ""]) =>
    plainFunction.test(name.toLowerCase()),
  );

const whiteList = Object.fromEntries(
  [...formattingTags].map((tag) => [tag, [...formattingAttributes, ...(ownAttributes[tag] ?? [])]]),
);
const allowed = new Map(Object.entries(whiteList).map(([tag, names]) => [tag, new Set(names)]));

export interface TagRules {
  /** Pictures from the web stay: for the organisation's own pages, never for mails. */
  readonly mayShowRemotePictures: boolean;
}

/**
 * Start tags of formatting elements, made safe one by one: htmlparser2 says which attributes a tag has, our rules drop those
 * whose addresses fetch or run something, and `xss` judges the tag that is left by its allow-lists, styles included. One of
 * the two suffices; each is tested without the other.
 */
export class SafeTags {
  readonly removed = new Set<Removal>();
  readonly #rules: TagRules;
  readonly #known = new Map<string, string>();

  constructor(rules: TagRules) {
    this.#rules = rules;
  }

  /** @returns the tag as it may stand, or an empty text for a picture that goes */
  open(name: string, attributes: Attributes, source: string): string {
    if (source.length > longestRemembered) return this.#open(name, attributes);
    const known = this.#known.get(source);
    if (known !== undefined) return known;
    const tag = this.#open(name, attributes);
    if (this.#known.size < mostRemembered) this.#known.set(source, tag);
    return tag;
  }

  #open(name: string, attributes: Attributes): string {
    const kept = this.keep(name, attributes);
    if (name === "img" && !kept.some((each) => each.startsWith('src="'))) {
      if (!attributes.has("src")) this.removed.add("unknown markup");
      return escapeHtml(attributes.get("alt")?.slice(0, 200) ?? "");
    }
    noted = this.removed;
    return `<${[name, ...judged(name, kept)].join(" ")}>`;
  }

  /** The attributes that may stand, as they are written. What goes is noted in `removed`. */
  keep(name: string, attributes: Attributes): string[] {
    const kept: string[] = [];
    for (const [attribute, value] of attributes) {
      if (!this.#isAllowed(name, attribute, value)) continue;
      if (kept.length < mostAttributes) kept.push(writeAttribute(attribute, value));
    }
    return kept;
  }

  #isAllowed(tag: string, name: string, value: string): boolean {
    if (name.startsWith("on")) return this.#drop("event handlers");
    if (
      name === "background" ||
      name === "srcset" ||
      name === "poster" ||
      name === "lowsrc" ||
      name === "dynsrc"
    )
      return this.#drop("remote pictures");
    if (name === "action" || name === "formaction") return this.#drop("forms");
    if (allowed.get(tag)?.has(name) !== true || value.length > longestValue(name)) {
      const isHarmless = /^(?:data-|aria-|xmlns|xml:|v:|o:|clear$|contenteditable$|tabindex$)/.test(
        name,
      );
      if (!isHarmless) this.removed.add("unknown markup");
      return false;
    }
    if (name === "href") {
      const fate = judgeLink(value);
      return (
        fate === "keep" || this.#drop(fate === "unsafe" ? "unsafe addresses" : "unknown markup")
      );
    }
    if (name === "style" && !isPlainStyle(value)) {
      // The filter drops the declarations that do it, or the whole where they cannot be told apart.
      this.removed.add("styles that load or run something");
    }
    if (name === "src") return this.#keepsPicture(value);
    // Markup in a value is harmless where it stands, and comes to life when a page is read and written again.
    if (name !== "style" && /[<>]/.test(value)) return this.#drop("hidden markup");
    return true;
  }

  #keepsPicture(address: string): boolean {
    switch (judgePicture(address, this.#rules.mayShowRemotePictures)) {
      case "keep":
        return true;
      case "embedded":
        return this.#drop("embedded pictures (data:)");
      case "unsafe":
        return this.#drop("unsafe addresses");
      default:
        return this.#drop("remote pictures");
    }
  }

  #drop(what: Removal): false {
    this.removed.add(what);
    return false;
  }
}

const moreStyles = {
  "line-height": true,
  "vertical-align": true,
  "white-space": true,
  "word-break": true,
  "overflow-wrap": true,
  "table-layout": true,
  "empty-cells": true,
  "caption-side": true,
  "list-style-position": true,
};

/** Where the filter notes what goes out of a style: of the tag that is judged now. */
let noted = new Set<Removal>();

/** The library with our allow-lists, made once, because that takes a millisecond. */
export const filter = new FilterXSS({
  whiteList,
  css: {
    whiteList: { ...getDefaultCSSWhiteList(), ...moreStyles },
    safeAttrValue: (_name: string, value: string) => {
      if (isPlainStyle(value)) return value;
      noted.add("styles that load or run something");
      return "";
    },
    onIgnoreAttr: (name: string, value: string) => {
      // Word's own properties say something to Outlook alone.
      if (/^mso-[a-z-]+$/.test(name)) return `${name}:${value}`;
      noted.add("unknown markup");
      return undefined;
    },
  },
  onIgnoreTag: () => "",
  onIgnoreTagAttr: () => "",
  // Pictures were judged already, and the library knows no `cid:`.
  safeAttrValue: (tag, name, value, css) =>
    safeAttrValue(tag, name === "src" ? "alt" : name, value, css),
});

/** An attribute of letters, digits and blanks: the library looks for nothing that could stand in it. */
const plainAttribute = /^(?!style=|href=|src=)[a-z-]+(?:="[\w.,#%-]+(?: [\w.,#%-]+)*")?$/;

/**
 * What the library leaves of each attribute. It gets one at a time, in a tag by itself, because it reads a tag anew for each
 * attribute in it.
 */
function judged(name: string, attributes: readonly string[]): string[] {
  const left: string[] = [];
  for (const attribute of attributes) {
    const kept = plainAttribute.test(attribute)
      ? attribute
      : filter.process(`<${name} ${attribute}>`).slice(name.length + 2, -1);
    if (kept !== "") left.push(kept);
  }
  return left;
}

/** Values stand as the tokenizer read them, with everything escaped that could end them. */
function writeAttribute(name: string, value: string): string {
  if (value === "" && bareAttributes.has(name)) return name;
  return `${name}="${escapeHtml(written(name, value))}"`;
}

function written(name: string, value: string): string {
  if (name === "href") return writeLink(value);
  if (name !== "style") return value;
  // The filter of styles knows names in lower case, and takes the end of a line for that of a declaration.
  const line = /[^\S ]| {2}/.test(value) ? value.replace(/\s+/g, " ") : value;
  return /[A-Z]/.test(line)
    ? line.replace(/(?:^|;) ?[a-zA-Z-]+ ?:/g, (property) => property.toLowerCase())
    : line;
}
