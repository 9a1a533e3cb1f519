import { renderHtml } from "../../text/draft-html";
import { type Fact, groundsIn, hostsOf } from "../../text/grounding";
import { sanitise } from "../../text/sanitise";
import { suspicionsOf } from "../../text/suspicions";
import { takeTurns } from "../../text/take-turns";
import { endOfSentence, trimTail } from "../../text/trim";
import { payees, phones, safeLine, wayOut } from "../../text/ways-out";
import { languageOf, phraseTexts } from "../language";
import { resolutionOf } from "../resolution";
import { sentencesOf } from "../retrieval/passages";
import type { DraftInput, DraftResult, GatePolicy } from "../types";
import { gateEvidence } from "./gate";

const check = "[please check]";
const leftOut = "[sentence left out]";

/**
 * Holds a draft to the rules: plain text and our own HTML; links to the articles' own addresses or allowed hosts only;
 * every number, address, amount and name from something that was sent, else a placeholder; citations of what was sent.
 * What the customer or another customer wrote grounds no link.
 */
export async function gateDraft(
  result: DraftResult,
  input: DraftInput,
  policy: GatePolicy,
): Promise<DraftResult> {
  const turn = takeTurns();
  await turn();
  const shared = input.articles.filter(({ isInternal }) => !isInternal);
  const links = shared.flatMap(({ url }) => (url ? [url] : []));
  const hosts = new Set(policy.allowedHosts.map((host) => host.toLowerCase()));
  const isAllowed = (address: string) =>
    links.includes(address) ||
    (URL.canParse(address) && hosts.has(new URL(address).hostname.toLowerCase()));
  const allowed = groundsOf(input, links);
  await turn();
  // Where nouns have capitals, a capital is no sign of a name.
  const language = input.language ?? languageOf(result.text);
  await turn();
  const isForGermans =
    languageOf(input.sources.map(({ text: said }) => sanitise(said).text).join("\n")) === "de";
  const placeholders = new Set(result.placeholders);
  const ungrounded = new Set(result.ungrounded);
  let text = sanitiseDraft(result.text).slice(0, policy.maxDraftLength);
  const used: string[] = [];
  const kept: string[] = [];
  const inArticles = shared
    .map((hit) => sanitise(hit.text).text)
    .join("\n")
    .toLowerCase();
  text = text
    .replace(/!\[[^[\]]*\]\((?:[^()]|\([^()]*\))*\)/g, "")
    .replace(/\[([^[\]]*)\]\((https?:(?:[^()]|\([^()]*\))*)\)/g, "$1 $2");
  text = text.replace(wayOut, (whole) => {
    const address = trimTail(whole, endOfSentence);
    if (isAllowed(address)) {
      used.push(address);
      return whole;
    }
    const isNamed = isLocal(address) || isOwnHost(address, input, hosts);
    if (isNamed && inArticles.includes(address.toLowerCase())) {
      kept.push(address);
      return whole;
    }
    const place = address.includes("@") ? "[address left out]" : "[link left out]";
    if (address.includes("@") && isOwnAddress(address, input, hosts)) return whole;
    placeholders.add(place);
    return place;
  });
  const signed = input.signature ?? "";
  for (const [patterns, ground] of [
    [payees, pressed(signed)],
    [phones, pressed(`${signed}\n${inArticles}`)],
  ] as const) {
    for (const pattern of patterns) {
      text = text.replace(pattern, (number) => {
        if (ground.includes(pressed(number))) return number;
        placeholders.add(check);
        ungrounded.add(number);
        return check;
      });
    }
  }
  await turn();
  const grounds = groundsIn([...allowed, ...used, ...kept]);
  for (const sentence of sentencesOf(text)) {
    await turn();
    const bare = sentence.text.replace(/\[[^[\]]*\]/g, (place) => " ".repeat(place.length));
    if (suspicionsOf(bare).length > 0) {
      placeholders.add(leftOut);
      text = text.replaceAll(sentence.text, leftOut);
      continue;
    }
    // A German reply may quote so much of an English article that the whole passes for English.
    const spoken = isForGermans && languageOf(bare) === "de" ? "de" : language;
    const facts = grounds.missing(bare, spoken);
    if (facts.length === 0) continue;
    const marked = withMarks(sentence.text, facts);
    ungrounded.add(marked);
    placeholders.add(check);
    text = text.replaceAll(sentence.text, marked);
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
    subject: (safeLine(result.subject) ?? "").slice(0, 200),
    text,
    html: renderHtml(text, used),
    citations,
    ungrounded: [...ungrounded],
    placeholders: [...placeholders],
  };
}

/** The sentence with each fact replaced where it stands, never inside a longer word or number that is grounded. */
function withMarks(sentence: string, facts: readonly Fact[]): string {
  let marked = sentence;
  for (const { span } of [...facts].sort((a, b) => b.span[0] - a.span[0]))
    marked = `${marked.slice(0, span[0])}${check}${marked.slice(span[1])}`;
  return marked;
}

/** The address of a device in the customer's own network, as a manual names it. */
const isLocal = (address: string): boolean =>
  URL.canParse(address) &&
  /^(?:192\.168\.\d+\.\d+|10\.\d+\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+)$/.test(
    new URL(address).hostname,
  );

const pressed = (text: string) => text.replace(/[\s().-]+/g, "").toLowerCase();

/**
 * An address that a reply may name: one of the signature, or one that an article names at the article's own host, at an allowed
 * host, or at the writer's own. What the customer's mail named is repeated to nobody.
 */
function isOwnAddress(address: string, input: DraftInput, hosts: ReadonlySet<string>): boolean {
  const signature = (input.signature ?? "").toLowerCase();
  const wanted = address.toLowerCase();
  if (signature.includes(wanted)) return true;
  return (
    isOwnHost(wanted.split("@").at(-1) ?? "", input, hosts) &&
    input.articles.some(
      (hit) => !hit.isInternal && sanitise(hit.text).text.toLowerCase().includes(wanted),
    )
  );
}

/** A bare host that is an article's own, an allowed one, the writer's, or above one of these. */
function isOwnHost(host: string, input: DraftInput, hosts: ReadonlySet<string>): boolean {
  const wanted = host.toLowerCase();
  const own = [
    ...hosts,
    ...input.articles.flatMap(({ url }) => (url ? hostsOf(url) : [])),
    ...[...(input.signature ?? "").toLowerCase().matchAll(/@([\w.-]+)/g)].map(
      ([, domain = ""]) => domain,
    ),
  ];
  return own.some((each) => each === wanted || each.endsWith(`.${wanted}`));
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
    // What we say ourselves around the quotes needs no other source.
    ...phraseTexts(input.customerName ?? ""),
  ].map((text) =>
    text.replace(/\bhttps?:\/\/[^\s<>"')\]]+/gi, (address) =>
      links.includes(address) ? address : " ",
    ),
  );
}
