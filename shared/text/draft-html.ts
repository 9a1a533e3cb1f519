import { escapeHtml } from "./markup";

/** Plain text as the HTML of a mail: paragraphs, line breaks, and links to the given addresses only. No images, no styles. */
export function renderHtml(text: string, links: readonly string[]): string {
  const allowed = new Set(links);
  const linked = (line: string) =>
    line
      .split(/(\bhttps?:\/\/[^\s<>"')\]]+)/)
      .map((part) =>
        allowed.has(part)
          ? `<a href="${escapeHtml(part)}">${escapeHtml(part)}</a>`
          : escapeHtml(part),
      )
      .join("");
  return text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.split("\n").map(linked).join("<br>")}</p>`)
    .join("");
}
