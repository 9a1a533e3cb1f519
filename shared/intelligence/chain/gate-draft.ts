import { renderHtml } from "../../text/draft-html";
import { sanitise } from "../../text/sanitise";
import { safeLine } from "../../text/ways-out";
import { tellLanguage } from "../language-detection";
import type { DraftInput, DraftResult, GatePolicy } from "../types";
import { type DraftFaults, draftFaults } from "./draft-faults";
import { gateEvidence } from "./gate";

/**
 * Holds a draft to the rules: plain text and our own HTML; links to the articles' own addresses or allowed hosts only; every
 * number, address, amount and name from something that was sent; citations of what was sent. A sentence that keeps to none of
 * them is left out and told, so that a draft holds no gap that somebody could overlook.
 */
export async function gateDraft(
  result: DraftResult,
  input: DraftInput,
  policy: GatePolicy,
): Promise<DraftResult> {
  const language = result.language ?? input.language ?? tellLanguage(result.text).tag ?? "en";
  const text = plainDraft(result.text).slice(0, policy.maxDraftLength);
  const found = await draftFaults(text, input, policy, language);
  const bad = new Set(found.faults.map(({ sentence }) => sentence));
  const kept = withoutSentences(text, found, bad);
  const places = new Map(
    found.sentences.flatMap((_, at) => (bad.has(at) ? [] : [at])).map((old, now) => [old, now]),
  );
  const citations = result.citations.flatMap(({ sentence, evidence }) => {
    const held = gateEvidence(evidence, input);
    const now = places.get(sentence);
    return now === undefined || held.length === 0 ? [] : [{ sentence: now, evidence: held }];
  });
  const leftOut = [...bad].sort((a, b) => a - b).flatMap((at) => found.sentences[at]?.text ?? []);
  return {
    ...result,
    needsReview: true,
    language,
    subject: (safeLine(result.subject) ?? "").slice(0, 200),
    text: kept,
    html: renderHtml(kept, found.links),
    citations,
    ungrounded: [
      ...new Set([...result.ungrounded.filter((one) => kept.includes(one)), ...leftOut]),
    ],
    placeholders: [],
  };
}

/** Markup and invisible characters go; a link in brackets becomes its words and its address. */
export function plainDraft(text: string): string {
  return text
    .split("\n")
    .map((line) => (line.trim() === "" ? "" : sanitise(line).text))
    .join("\n")
    .replace(/!\[[^[\]]*\]\((?:[^()]|\([^()]*\))*\)/g, "")
    .replace(/\[([^[\]]*)\]\((https?:(?:[^()]|\([^()]*\))*)\)/g, "$1 $2")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** A line that had nothing else goes with its sentence, and what announced only such lines goes with them. */
function withoutSentences(
  text: string,
  { sentences }: DraftFaults,
  bad: ReadonlySet<number>,
): string {
  if (bad.size === 0) return text;
  const spans = [...bad].flatMap((at) => (sentences[at] === undefined ? [] : [sentences[at].span]));
  let start = 0;
  const lines = text.split("\n").map((line) => {
    const end = start + line.length;
    let left = line;
    for (const [from, to] of spans.filter(([from]) => from >= start && from < end).reverse())
      left = left.slice(0, from - start) + left.slice(to - start);
    start = end + 1;
    const isGone = line !== left && !/[\p{L}\p{N}]/u.test(left);
    return { text: left.replace(/ {2,}/g, " ").trimEnd(), isGone };
  });
  const announcesNothing = (at: number): boolean => {
    if (!/[:：]$/.test(lines[at]?.text ?? "")) return false;
    const behind = lines.slice(at + 1).filter((line) => line.isGone || line.text !== "");
    const next = behind.findIndex((line) => !line.isGone);
    return behind[0]?.isGone === true && !/^- /.test(behind[next]?.text ?? "");
  };
  return lines
    .filter((line, at) => !line.isGone && !announcesNothing(at))
    .map((line) => line.text)
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
