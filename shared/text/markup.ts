const htmlEscapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text as it stands in HTML: between tags, or in an attribute with double quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => htmlEscapes[character] ?? "");

/** Characters that XML 1.0 does not allow at all cannot be in a stored value either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out
const notXml = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;

const xmlEscapes: Readonly<Record<string, string>> = {
  ...htmlEscapes,
  "'": "&apos;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** Text as it stands in XML, in an attribute too: what XML cannot hold is left out. */
export const escapeXml = (text: string): string =>
  text
    .replace(/\p{Cs}/gu, "\uFFFD")
    .replace(notXml, "")
    .replace(/[&<>"'\t\n\r]/g, (character) => xmlEscapes[character] ?? character);

/** The text that an attribute of well-formed XML stands for. */
export const unescapeXml = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");

/** Text that a `like` of FetchXML or T-SQL finds as it is written. */
export const escapeLike = (text: string): string => text.replace(/[[%_]/g, "[$&]");
