import type { Fact, Preview } from "../../policy/preview";
import { escapeHtml } from "../../text/markup";
import { escapeHidden } from "../../text/records/hidden-characters";
import type { PageWords } from "../words";
import { style } from "./style";

/** Longest value that is shown, in characters. */
const longestValue = 8_000;

/** Text of a record: what turns or hides is shown as its code, and nothing of it is markup. */
const data = (text: string): string =>
  escapeHtml(
    escapeHidden(
      (text.length > longestValue ? `${text.slice(0, longestValue)} …` : text).toWellFormed(),
    ),
  );

function frame(words: PageWords, title: string, body: string): string {
  return `<!doctype html>
<html lang="${words.tag}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><main>${body}</main></body></html>`;
}

/** A page that says one thing. */
export function sayingPage(words: PageWords, text: string, detail?: string): string {
  const more = detail === undefined ? "" : `<dl><dd>${data(detail)}</dd></dl>`;
  return frame(
    words,
    text,
    `<h1>${escapeHtml(words.subject)}</h1><h2>${escapeHtml(text)}</h2>${more}<p class="note">${escapeHtml(words.close)}</p>`,
  );
}

export interface Asking {
  readonly name: string;
  readonly previews: readonly Preview[];
  readonly approvalId: string;
  readonly csrf: string;
  readonly typed: string | undefined;
  readonly isDeveloper: boolean;
}

/** What is asked for, and the one form that answers it. */
export function askingPage(words: PageWords, asking: Asking): string {
  const { previews, typed } = asking;
  const several =
    previews.length > 1
      ? `<p class="warn">${escapeHtml(`${words.several(previews.length)}: ${sumOf(words, previews)}`)}</p>`
      : "";
  const name =
    typed === undefined
      ? ""
      : `<label>${data(words.typeName(typed))}<input name="typed" autocomplete="off" autocapitalize="off" spellcheck="false"></label>`;
  const hidden = (field: string, value: string) =>
    `<input type="hidden" name="${field}" value="${escapeHtml(value)}">`;
  return frame(
    words,
    words.title,
    [
      `<h1>${escapeHtml(words.title)}</h1>`,
      `<p class="note">${data(words.signedInAs(asking.name))} ${escapeHtml(words.askedBy)}</p>`,
      several,
      ...previews.map((preview, index) =>
        section(words, preview, previews.length > 1 ? `${index + 1}. ` : ""),
      ),
      `<p class="note">${escapeHtml(words.dataNote)} ${escapeHtml(words.until)}</p>`,
      asking.isDeveloper ? `<p class="warn">${escapeHtml(words.developer)}</p>` : "",
      `<form method="post" action="/approve">${hidden("p", asking.approvalId)}${hidden("csrf", asking.csrf)}${name}`,
      // The first button is what Enter presses.
      `<div class="answers"><button name="answer" value="no">${escapeHtml(words.no)}</button><button class="yes" name="answer" value="yes">${escapeHtml(words.yes)}</button></div></form>`,
    ].join(""),
  );
}

/** What is done how often, before each is told by itself. */
function sumOf({ acts }: PageWords, previews: readonly Preview[]): string {
  const counts = new Map<string, number>();
  for (const { asked } of previews) counts.set(acts[asked], (counts.get(acts[asked]) ?? 0) + 1);
  return [...counts].map(([act, count]) => `${count} × ${act}`).join(", ");
}

const section = (words: PageWords, preview: Preview, number: string): string =>
  `<section><h2>${number}${escapeHtml(words.acts[preview.asked])}</h2><dl>${preview.facts.map((fact) => factHtml(words, fact)).join("")}</dl></section>`;

function factHtml(words: PageWords, { label, values, strange = [] }: Fact): string {
  if (values.length === 0) return "";
  const value = (text: string) =>
    strange.includes(text)
      ? `<dd class="strange" dir="auto">${data(text)}<span class="mark">${escapeHtml(words.strange)}</span></dd>`
      : `<dd dir="auto">${data(text)}</dd>`;
  return `<dt>${escapeHtml(words.labels[label])}</dt>${values.map(value).join("")}`;
}
