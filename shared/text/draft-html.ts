const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character] ?? "");

/** Plain text as the HTML of a mail: paragraphs, line breaks, and links to the given addresses only. No images, no styles. */
export function renderHtml(text: string, links: readonly string[]): string {
  const allowed = new Set(links);
  const linked = (line: string) =>
    line
      .split(/(\bhttps?:\/\/[^\s<>"')\]]+)/)
      .map((part) =>
        allowed.has(part) ? `<a href="${escaped(part)}">${escaped(part)}</a>` : escaped(part),
      )
      .join("");
  return text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.split("\n").map(linked).join("<br>")}</p>`)
    .join("");
}
