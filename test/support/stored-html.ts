import { type DefaultTreeAdapterMap, parseFragment } from "parse5";

type Node = DefaultTreeAdapterMap["childNode"];

const allowedTags = new Set(
  `a abbr acronym address article aside b bdi bdo big blockquote body br caption center cite code col colgroup dd del
  details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr html head i img ins kbd li main
  mark menu nav ol p pre q s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr
  tt u ul var wbr`.split(/\s+/),
);
const allowedAttributes = new Set(
  `abbr align alt aria-hidden aria-label bgcolor border cellpadding cellspacing class color colspan datetime dir face
  headers height href hspace id lang name noshade nowrap rel reversed role rowspan rules scope size span src start style
  summary target title type valign value vspace width`.split(/\s+/),
);
const allowedSchemes = new Set(["http:", "https:", "mailto:", "tel:"]);

/**
 * What stands in HTML as a browser reads it and may not stand in a mail: anything beyond formatting, links and pictures that
 * the mail carries itself. Read by parse5, with scripts switched on and off, because browsers differ in that.
 */
export function offencesIn(html: string): string[] {
  return [true, false].flatMap((scriptingEnabled) => {
    const { childNodes } = parseFragment(html, { scriptingEnabled });
    return [...childNodes].flatMap((node) => offencesOf(node));
  });
}

function offencesOf(node: Node): string[] {
  const found: string[] = [];
  const waiting: Node[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.nodeName === "#comment") found.push("a comment");
    if ("attrs" in next) {
      if (next.namespaceURI !== "http://www.w3.org/1999/xhtml")
        found.push(`foreign ${next.tagName}`);
      if (!allowedTags.has(next.tagName)) found.push(`<${next.tagName}>`);
      for (const { name, value } of next.attrs) found.push(...offenceOfAttribute(name, value));
    }
    if ("content" in next) found.push("a template");
    if ("childNodes" in next) waiting.push(...next.childNodes);
  }
  return found;
}

function offenceOfAttribute(name: string, value: string): string[] {
  if (!allowedAttributes.has(name)) return [`attribute ${name}`];
  if (name === "href") {
    // Node reads addresses as browsers do (WHATWG URL).
    const url =
      URL.canParse(value, "https://mail.example/") && new URL(value, "https://mail.example/");
    return url && allowedSchemes.has(url.protocol) ? [] : [`href ${value}`];
  }
  if (name === "src") return /^cid:/i.test(value) ? [] : [`src ${value}`];
  if (name === "style")
    return /url|expression|import|\\|@|\/\*|behaviou?r|binding|script|image|position\s*:/i.test(
      value,
    )
      ? [`style ${value}`]
      : [];
  return /[<>]/.test(value) ? [`markup in ${name}`] : [];
}
