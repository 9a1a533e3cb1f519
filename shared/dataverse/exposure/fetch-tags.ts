import { unescapeXml } from "../../text/markup";
import { notJudged } from "./refusal";

/** An element of FetchXML with what stands inside of it; the text of values is passed over. */
export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inside: Tag[];
}

/**
 * Reads FetchXML as this product writes it: elements and attributes.
 *
 * @throws AppError `forbidden` for anything else: comments, declarations, what is not closed
 */
export function readTags(xml: string): Tag {
  const outermost: Tag = { name: "", attributes: {}, inside: [] };
  const open = [outermost];
  let at = xml.indexOf("<");
  while (at >= 0) {
    const top = open.at(-1) as Tag;
    if (xml.startsWith("</", at)) {
      const end = xml.indexOf(">", at);
      if (end < 0 || xml.slice(at + 2, end).trim() !== top.name || open.length === 1) throw odd();
      open.pop();
      at = xml.indexOf("<", end);
      continue;
    }
    const { tag, end, isClosed } = readTag(xml, at + 1);
    top.inside.push(tag);
    if (!isClosed) open.push(tag);
    at = xml.indexOf("<", end);
  }
  const [fetch] = outermost.inside;
  if (open.length !== 1 || outermost.inside.length !== 1 || fetch?.name !== "fetch") throw odd();
  return fetch;
}

const name = /[a-z-]+/y;
const attribute = /\s+([\w:-]+)=(?:"([^"]*)"|'([^']*)')/y;

function readTag(
  xml: string,
  from: number,
): { readonly tag: Tag; readonly end: number; readonly isClosed: boolean } {
  name.lastIndex = from;
  const [called] = name.exec(xml) ?? [];
  if (called === undefined) throw odd();
  const attributes: Record<string, string> = {};
  let at = from + called.length;
  for (;;) {
    attribute.lastIndex = at;
    const found = attribute.exec(xml);
    if (found === null) break;
    const [whole, key = "", double, single] = found;
    if (Object.hasOwn(attributes, key)) throw odd();
    attributes[key] = unescapeXml(double ?? single ?? "");
    at += whole.length;
  }
  while (/\s/.test(xml[at] ?? "")) at++;
  const isClosed = xml.startsWith("/>", at);
  if (!isClosed && xml[at] !== ">") throw odd();
  return { tag: { name: called, attributes, inside: [] }, end: at + (isClosed ? 2 : 1), isClosed };
}

const odd = () => notJudged("FetchXML of this form");
