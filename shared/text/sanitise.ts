import { currentTexts } from "./call-texts";
import { everyWord, htmlToText, longestMarkup, looksLikeHtml } from "./html/html-text";
import { suspicionsOf } from "./suspicions";
import type { SanitisedText } from "./types";

/** Characters of words that are looked at: invisible ones, history and blanks go before they are counted. */
const longestPlain = 80_000;
/** Longest text that is read, in characters of words; of HTML up to `longestMarkup` characters of source are looked at for them. */
export const longestSource = 20_000;

const invisible: readonly (readonly [name: string, RegExp])[] = [
  [
    "zero-width",
    /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0]|\u034f/gu,
  ],
  ["bidi", /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu],
  ["tag-characters", /[\u{e0000}-\u{e007f}]/gu],
  ["variation-selectors", /\p{Variation_Selector}/gu],
  ["private-use", /[\ue000-\uf8ff\u{f0000}-\u{ffffd}\u{100000}-\u{10fffd}]/gu],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point.
  ["control", /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu],
];

/** Lines from which on a mail repeats an earlier one. */
const historyStart =
  /^(?:-{2,80}\s{0,20}(?:original message|forwarded message|urspr[üu]ngliche nachricht|message d'origine|mensaje original)\s{0,20}-{0,80}|_{10,}|on .{5,120} wrote:|am .{5,120} schrieb .{0,80}:|le .{5,120} a [ée]crit\s{0,5}:|el .{5,120} escribi[óo]:|(?:from|von|de):\s.{1,120}@.{1,120})$/i;
/** Lines from which on a mail holds nothing but who wrote it. */
const signatureStart =
  /^(?:-- ?|(?:kind |best |warm |with kind |many )?regards,?|sincerely,?|cheers,?|mit freundlichen gr[üu](?:ß|ss)en,?|viele gr[üu](?:ß|ss)e,?|cordialement,?|saludos,?|sent from my .{1,40})$/i;

/**
 * A text from a record, made plain and safe to read: HTML to the words a reader sees, invisible characters taken out,
 * encoded runs replaced, quoted history and signature cut, at most 20,000 characters (`beyond-limit` in `removed` says that
 * there was more). What looks like orders to a machine is named in `suspicions`, never taken out. Within a tool call each
 * text is read once, however often it is asked for.
 */
export function sanitise(stored: string): SanitisedText {
  // Of what is longer nothing is read but that it is.
  const source = stored.length > longestMarkup ? stored.slice(0, longestMarkup + 1) : stored;
  return currentTexts.getStore()?.clean(source, read) ?? read(source);
}

function read(source: string): SanitisedText {
  const removed = new Set<string>();
  const suspicious: string[] = [];
  let text = source.slice(0, longestPlain);
  if (looksLikeHtml(text)) {
    const plain = htmlToText(source);
    text = plain.text.slice(0, longestPlain);
    if (plain.cut || plain.text.length > longestPlain) removed.add("beyond-limit");
    if (plain.hidden) removed.add("hidden-html");
    if (plain.quoted) removed.add("quoted-history");
  } else if (source.length > longestPlain) removed.add("beyond-limit");
  const before = text;
  for (const [name, characters] of invisible) {
    const after = text.replace(characters, "");
    if (after !== text) removed.add(name);
    text = after;
  }
  // Letters spread by invisible characters are one sign of a hidden order; what they spell is looked at as well.
  if (before !== text) suspicious.push(...hiddenWords(before));
  // One character may become eighteen.
  text = text.normalize("NFKC").slice(0, longestPlain);
  const decoded = replaceEncoded(text);
  if (decoded.text !== text) removed.add("encoded");
  suspicious.push(...decoded.inside.flatMap(suspicionsOf));
  text = cutHistory(decoded.text, removed)
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
  if (text.length > longestSource) {
    text = text.slice(0, longestSource);
    removed.add("beyond-limit");
  }
  suspicious.push(...suspicionsOf(text));
  if (removed.has("hidden-html"))
    suspicious.push(...suspicionsOf(everyWord(source).slice(0, longestSource * 2)));
  return { text, removed: [...removed], suspicions: [...new Set(suspicious)] };
}

/** Words written in tag characters. */
function hiddenWords(text: string): readonly string[] {
  const spelled = [...text]
    .map((character) => character.codePointAt(0) ?? 0)
    .filter((code) => code >= 0xe0020 && code < 0xe007f)
    .map((code) => String.fromCodePoint(code - 0xe0000))
    .join("");
  return spelled.length < 4 ? [] : ["hidden words in tag characters"];
}

const base64Run = /(?<![\w+/=-])(?:[A-Za-z0-9+/_-]{24,}={0,2})(?![\w+/=-])/g;

/** Long base64 runs that hold words are replaced by a note; an encoded order must not reach a reader that decodes it. */
function replaceEncoded(text: string): {
  readonly text: string;
  readonly inside: readonly string[];
} {
  const inside: string[] = [];
  const replaced = text.replace(base64Run, (run) => {
    const words = Buffer.from(run, "base64").toString("utf8");
    const readable = words.match(/[\p{L}\p{N}\s.,;:!?'"()-]/gu)?.length ?? 0;
    const hasMixedCase = /[a-z]/.test(run) && /[A-Z]/.test(run);
    if (!hasMixedCase || readable < 0.9 * [...words].length || !words.includes(" ")) return run;
    inside.push(words);
    return "[encoded text left out]";
  });
  return { text: replaced, inside };
}

/** The lines of a mail that are its own: no earlier mail below them, and none quoted between them. */
export function ownLines(text: string): {
  readonly lines: readonly string[];
  readonly cut: boolean;
} {
  const lines = text.split("\n");
  const history = lines.findIndex((line, at) => at > 0 && historyStart.test(line.trim()));
  const kept = history < 0 ? lines : lines.slice(0, history);
  const unquoted = kept.filter((line) => !/^\s*>/.test(line));
  return { lines: unquoted, cut: history >= 0 || unquoted.length < kept.length };
}

function cutHistory(text: string, removed: Set<string>): string {
  const { lines: kept, cut } = ownLines(text);
  if (cut) removed.add("quoted-history");
  const last = kept.findIndex(
    (line, at) => at > 0 && kept.length - at <= 12 && signatureStart.test(line.trim()),
  );
  if (last < 0) return kept.join("\n");
  removed.add("signature");
  return kept.slice(0, last).join("\n");
}
