/** What was taken out of a text on the way to plain words. */
export interface PlainText {
  readonly text: string;
  /** Words were left out that a reader would not have seen. */
  readonly hidden: boolean;
  /** A quoted earlier mail was left out. */
  readonly quoted: boolean;
}

const voidTags = new Set([
  "area",
  "base",
  "br",
  "col",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "wbr",
]);
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
const blockTags =
  /^(?:p|div|br|li|tr|h[1-6]|table|ul|ol|section|article|header|footer|pre|hr|dt|dd)$/;
/** Elements that older mail programs put around the mail that is answered. */
const quoteMark =
  /gmail_quote|yahoo_quoted|moz-cite-prefix|divrplyfwdmsg|appendonsend|protonmail_quote/i;

/** Takes a tag, a comment, or text; comments swallow what they hold. */
const token =
  /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<![^>]*>|<\?[^>]*>|<(\/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|[^<]+|</g;

interface Frame {
  readonly tag: string;
  readonly hidden: boolean;
  /** Part of a quoted earlier mail: left out, but not a secret. */
  readonly quoted: boolean;
  readonly background: string | undefined;
}

const attribute = (attributes: string, name: string): string => {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i").exec(
    attributes,
  );
  return decodeEntities(found?.[1] ?? found?.[2] ?? found?.[3] ?? "");
};

const colours: Readonly<Record<string, string>> = { white: "255,255,255", black: "0,0,0" };

function colourOf(value: string | undefined): string | undefined {
  const text = value
    ?.trim()
    .toLowerCase()
    .replace(/\s|!important/g, "");
  if (!text) return undefined;
  const hex = /^#([0-9a-f]{3,8})$/.exec(text)?.[1];
  if (hex) {
    const wide = hex.length < 6 ? [...hex].map((digit) => digit + digit).join("") : hex;
    return [0, 2, 4].map((at) => Number.parseInt(wide.slice(at, at + 2), 16)).join(",");
  }
  const rgb = /^rgba?\((\d+),(\d+),(\d+)/.exec(text);
  return rgb ? `${rgb[1]},${rgb[2]},${rgb[3]}` : (colours[text] ?? text);
}

const hidingStyles: readonly RegExp[] = [
  /display\s*:\s*none/,
  /visibility\s*:\s*(?:hidden|collapse)/,
  /opacity\s*:\s*0*(?:\.0\d*)?(?:\s*(?:;|!|$))/,
  /font-size\s*:\s*(?:0|0?\.\d+|1)(?:px|pt|em|rem|%)?\s*(?:;|!|$)/,
  /(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)/,
  /text-indent\s*:\s*-\d{3,}/,
  /(?:left|top|right|margin-left|margin-top)\s*:\s*-\d{3,}/,
  /clip(?:-path)?\s*:\s*(?:rect\(0|inset\((?:50|100)%)/,
  /transform\s*:\s*scale\(\s*0/,
  /color\s*:\s*transparent/,
  /mso-hide\s*:\s*all/,
];

function frameOf(tag: string, attributes: string, above: Frame | undefined): Frame {
  const style = attribute(attributes, "style").toLowerCase();
  const styled = (name: string) =>
    new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*([^;]+)`).exec(style)?.[1];
  const ground =
    colourOf(
      styled("background-color") ??
        styled("background") ??
        (attribute(attributes, "bgcolor") || undefined),
    ) ?? above?.background;
  const ink = colourOf(styled("color") ?? (attribute(attributes, "color") || undefined));
  const hidden =
    (above?.hidden ?? false) ||
    unseenTags.has(tag) ||
    hidingStyles.some((rule) => rule.test(style)) ||
    /(?:^|\s)hidden(?:\s|=|$)/i.test(attributes) ||
    attribute(attributes, "aria-hidden") === "true" ||
    // Ink of the colour of its paper; paper is white unless it is said to be otherwise.
    (ink !== undefined && ink === (ground ?? "255,255,255"));
  return { tag, hidden, quoted: above?.quoted ?? false, background: ground };
}

class Reader {
  text = "";
  hidden = false;
  quoted = false;
  readonly #stack: Frame[] = [];

  words(words: string): void {
    const top = this.#stack.at(-1);
    if (!top?.hidden) this.text += decodeEntities(words);
    else if (/\S/.test(words) && !top.quoted && !unspokenTags.has(top.tag)) this.hidden = true;
  }

  comment(markup: string): void {
    const isDeclaration = /^<(?:\?|!doctype)/i.test(markup);
    if (!isDeclaration && /[\p{L}\p{N}]/u.test(markup)) this.hidden = true;
  }

  close(tag: string): void {
    this.#gap(tag);
    const at = this.#stack.findLastIndex((frame) => frame.tag === tag);
    if (at >= 0) this.#stack.length = at;
  }

  open(tag: string, attributes: string): void {
    this.#gap(tag);
    if (voidTags.has(tag) || attributes.endsWith("/")) return;
    const top = this.#stack.at(-1);
    const isCite = tag === "blockquote" && /type\s*=\s*["']?cite/i.test(attributes);
    if (!top?.hidden && (isCite || quoteMark.test(attributes))) {
      this.quoted = true;
      this.#stack.push({ tag, hidden: true, quoted: true, background: undefined });
      return;
    }
    this.#stack.push(frameOf(tag, attributes, top));
  }

  #gap(tag: string): void {
    if (blockTags.test(tag)) this.text += "\n";
    else if (tag === "td" || tag === "th") this.text += " ";
  }
}

/**
 * The words of an HTML text that a reader would see: no comments, no attributes, nothing hidden by style, size or
 * colour; no quoted earlier mail.
 */
export function htmlToText(html: string): PlainText {
  const reader = new Reader();
  for (const [whole, closing, name, attributes = ""] of html.matchAll(token)) {
    if (name !== undefined) {
      if (closing) reader.close(name.toLowerCase());
      else reader.open(name.toLowerCase(), attributes);
    } else if (whole.startsWith("<!") || whole.startsWith("<?")) reader.comment(whole);
    else reader.words(whole);
  }
  return { text: reader.text, hidden: reader.hidden, quoted: reader.quoted };
}

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  rsquo: "’",
  lsquo: "‘",
  ldquo: "“",
  rdquo: "”",
  euro: "€",
  pound: "£",
  copy: "©",
  reg: "®",
  shy: "\u00ad",
  zwj: "\u200d",
  zwnj: "\u200c",
  auml: "ä",
  ouml: "ö",
  uuml: "ü",
  Auml: "Ä",
  Ouml: "Ö",
  Uuml: "Ü",
  szlig: "ß",
  eacute: "é",
  egrave: "è",
  agrave: "à",
  ccedil: "ç",
  ntilde: "ñ",
};

export function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));?/gi,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return named[name] ?? whole;
      const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
        ? String.fromCodePoint(code)
        : "";
    },
  );
}

/** True when a text is HTML rather than plain words with an angle bracket in them. */
export const looksLikeHtml = (text: string): boolean =>
  /<\/?(?:p|div|br|span|html|body|table|td|tr|li|ul|ol|a|b|i|strong|em|font|h[1-6]|blockquote|img|style|script|pre|code|section|article|title|head|meta)\b[^>]*>|<!--/i.test(
    text,
  );
