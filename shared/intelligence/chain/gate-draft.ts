import { resolutionOf } from "../embedded/suggest";
import { sentencesOf } from "../retrieval/passages";
import { renderHtml } from "../safety/draft-html";
import { ungroundedFacts } from "../safety/grounding";
import { sanitise } from "../safety/sanitise";
import { suspicionsOf } from "../safety/suspicions";
import type { DraftInput, DraftResult, GatePolicy } from "../types";
import { gateEvidence } from "./gate";

const check = "[please check]";

/**
 * Holds a draft to the rules: plain text and our own HTML; links to the articles' own addresses or allowed hosts only;
 * every number, address, amount and name from something that was sent, else a placeholder; citations of what was sent.
 * What the customer or another customer wrote grounds no link.
 */
export function gateDraft(result: DraftResult, input: DraftInput, policy: GatePolicy): DraftResult {
  const links = input.articles
    .filter(({ isInternal }) => !isInternal)
    .flatMap(({ url }) => (url ? [url] : []));
  const hosts = new Set(policy.allowedHosts.map((host) => host.toLowerCase()));
  const isAllowed = (address: string) =>
    links.includes(address) ||
    (URL.canParse(address) && hosts.has(new URL(address).hostname.toLowerCase()));
  const allowed = groundsOf(input, links);
  const placeholders = new Set(result.placeholders);
  const ungrounded = new Set(result.ungrounded);
  let text = sanitiseDraft(result.text).slice(0, policy.maxDraftLength);
  const used: string[] = [];
  text = text
    .replace(/!\[[^\]]*\]\([^)]*\)/g, "")
    .replace(/\[([^\]]*)\]\((https?:[^)]*)\)/g, "$1 $2");
  text = text.replace(/\bhttps?:\/\/[^\s<>"')\]]+|\bwww\.[^\s<>"')\]]+/gi, (whole) => {
    const address = whole.replace(/[.,;:!?]+$/, "");
    if (isAllowed(address)) {
      used.push(address);
      return whole;
    }
    placeholders.add("[link left out]");
    return "[link left out]";
  });
  // An address is a way out like a link: what the customer's mail named is not repeated to anybody.
  const written = [
    input.signature ?? "",
    ...input.articles.flatMap((hit) => (hit.isInternal ? [] : [hit.text])),
  ]
    .join("\n")
    .toLowerCase();
  text = text.replace(/[^\s@<>"'(),;]+@[^\s@<>"'(),;]+/g, (whole) => {
    if (written.includes(whole.replace(/[.,;:!?]+$/, "").toLowerCase())) return whole;
    placeholders.add("[address left out]");
    return "[address left out]";
  });
  for (const sentence of sentencesOf(text)) {
    const bare = sentence.text.replace(/\[[^\]]*\]/g, " ");
    const facts = ungroundedFacts(bare, [...allowed, ...used], input.language);
    if (facts.length === 0 && suspicionsOf(bare).length === 0) continue;
    let marked = sentence.text;
    for (const fact of facts) marked = marked.replaceAll(fact, check);
    ungrounded.add(marked);
    placeholders.add(check);
    text = text.replaceAll(sentence.text, marked.includes(check) ? marked : `${marked} ${check}`);
  }
  const sentences = sentencesOf(text).length;
  const citations = result.citations.flatMap(({ sentence, evidence }) => {
    const held = gateEvidence(evidence, input);
    return sentence >= 0 && sentence < sentences && held.length > 0
      ? [{ sentence, evidence: held }]
      : [];
  });
  return {
    ...result,
    needsReview: true,
    subject: sanitiseDraft(result.subject).replace(/\n/g, " ").slice(0, 200),
    text,
    html: renderHtml(text, used),
    citations,
    ungrounded: [...ungrounded],
    placeholders: [...placeholders],
  };
}

/** Only invisible characters and markup go: a draft has no history or signature to cut. */
function sanitiseDraft(text: string): string {
  return text
    .split("\n")
    .map((line) => (line.trim() === "" ? "" : sanitiseLine(line)))
    .join("\n")
    .replace(/\n{3,}/g, "\n\n");
}

const sanitiseLine = (line: string) => sanitise(line).text;

function groundsOf(input: DraftInput, links: readonly string[]): readonly string[] {
  return [
    ...input.sources.flatMap(({ subject = "", text }) => [
      sanitise(subject).text,
      sanitise(text).text,
    ]),
    ...input.articles
      .filter(({ isInternal }) => !isInternal)
      .flatMap(({ title, text, ref }) => [title, ref.number ?? "", sanitise(text).text]),
    ...input.similar.map((one) => resolutionOf(one, input.customerId)),
    ...input.missing.map(({ question }) => question),
    ...links,
    input.customerName ?? "",
    input.signature ?? "",
    input.case.number ?? "",
  ].map((text) =>
    text.replace(/\bhttps?:\/\/[^\s<>"')\]]+/gi, (address) =>
      links.includes(address) ? address : " ",
    ),
  );
}
