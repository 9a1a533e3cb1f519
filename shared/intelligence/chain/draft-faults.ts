import { type Grounds, groundsIn, hostsOf } from "../../text/grounding";
import { placeholdersIn } from "../../text/placeholders";
import { sanitise } from "../../text/sanitise";
import { suspicionsOf } from "../../text/suspicions";
import { takeTurns } from "../../text/take-turns";
import { endOfSentence, trimTail } from "../../text/trim";
import { payees, phones, wayOut } from "../../text/ways-out";
import { draftLanguage, sentencesOfFrame } from "../drafting/frames";
import { tellLanguage } from "../language-detection";
import { resolutionOf } from "../resolution";
import { type Sentence, sentencesOf } from "../retrieval/passages";
import type { DraftInput, GatePolicy } from "../types";

/** Why a sentence may not stand in a draft as it is. `fact`: a number, code, address or name that nothing holds. */
export interface DraftFault {
  readonly kind: "fact" | "link" | "number" | "order" | "placeholder";
  /** Counts from 0. */
  readonly sentence: number;
  readonly text: string;
}

export interface DraftFaults {
  readonly sentences: readonly Sentence[];
  readonly faults: readonly DraftFault[];
  /** The addresses that may stand as links. */
  readonly links: readonly string[];
}

/**
 * What in a draft has no ground: links beside the articles' own and allowed hosts; numbers to pay to or to call that are not
 * ours; facts that nothing that was sent holds; orders to a machine; what is still to be filled in. What the customer or
 * another customer wrote grounds no link.
 *
 * @param text plain
 */
export async function draftFaults(
  text: string,
  input: DraftInput,
  policy: GatePolicy,
  language: string,
): Promise<DraftFaults> {
  const turn = takeTurns();
  await turn();
  const sentences = sentencesOf(text);
  const isForGermans =
    tellLanguage(input.sources.map((source) => sanitise(source.text).text).join("\n")).tag === "de";
  const shared = input.articles.filter(({ isInternal }) => !isInternal);
  const links = shared.flatMap(({ url }) => (url ? [url] : []));
  const inArticles = shared
    .map((hit) => sanitise(hit.text).text)
    .join("\n")
    .toLowerCase();
  const at = (index: number) =>
    Math.max(
      0,
      sentences.findLastIndex(({ span: [start] }) => start <= index),
    );
  const ways = waysOut(text, input, policy, links, inArticles);
  await turn();
  const faults: DraftFault[] = [
    ...ways.bad.map(({ text: way, index }) => ({
      kind: "link" as const,
      sentence: at(index),
      text: way,
    })),
    ...strangeNumbers(text, input.signature ?? "", inArticles).map(({ text: number, index }) => ({
      kind: "number" as const,
      sentence: at(index),
      text: number,
    })),
  ];
  await turn();
  const grounds = groundsIn([...groundsOf(input, links, language), ...ways.used, ...ways.named]);
  for (const [sentence, { text: said }] of sentences.entries()) {
    await turn();
    // A German reply may quote so much of an English article that the whole passes for English.
    const own = isForGermans ? (tellLanguage(said).tag ?? "de") : language;
    faults.push(...faultsOfSentence(said, sentence, grounds, own === "de" ? own : language));
  }
  return { sentences, faults, links: ways.used };
}

interface Place {
  readonly text: string;
  readonly index: number;
}

/** The addresses of a text: those that may be links, those that an article names, and the others. */
function waysOut(
  text: string,
  input: DraftInput,
  policy: GatePolicy,
  links: readonly string[],
  inArticles: string,
): {
  readonly used: readonly string[];
  readonly named: readonly string[];
  readonly bad: readonly Place[];
} {
  const used: string[] = [];
  const named: string[] = [];
  const bad: Place[] = [];
  for (const { 0: whole, index } of text.matchAll(wayOut)) {
    const address = trimTail(whole, endOfSentence);
    if (mayLink(address, policy, links)) used.push(address);
    else if (isNamedByArticle(address, input, policy, inArticles)) named.push(address);
    else if (!(address.includes("@") && isOwnAddress(address, input, policy, inArticles)))
      bad.push({ text: address, index });
  }
  return { used, named, bad };
}

/** Numbers to pay to or to call that are not ours. */
function strangeNumbers(text: string, signature: string, inArticles: string): readonly Place[] {
  const kinds = [
    [payees, pressed(signature)],
    [phones, pressed(`${signature}\n${inArticles}`)],
  ] as const;
  return kinds.flatMap(([patterns, ground]) =>
    patterns.flatMap((pattern) =>
      [...text.matchAll(pattern)].flatMap(({ 0: number, index }) =>
        ground.includes(pressed(number)) ? [] : [{ text: number, index }],
      ),
    ),
  );
}

function faultsOfSentence(
  text: string,
  sentence: number,
  grounds: Grounds,
  language: string,
): readonly DraftFault[] {
  const [order] = suspicionsOf(text);
  return [
    ...(order === undefined ? [] : [{ kind: "order", sentence, text: order } as const]),
    ...placeholdersIn(text).map((open) => ({ kind: "placeholder", sentence, text: open }) as const),
    ...grounds
      .missing(text, language)
      .map((fact) => ({ kind: "fact", sentence, text: fact.text }) as const),
  ];
}

const hostsAllowed = ({ allowedHosts }: GatePolicy): ReadonlySet<string> =>
  new Set(allowedHosts.map((host) => host.toLowerCase()));

const mayLink = (address: string, policy: GatePolicy, links: readonly string[]): boolean =>
  links.includes(address) ||
  (URL.canParse(address) && hostsAllowed(policy).has(new URL(address).hostname.toLowerCase()));

const isNamedByArticle = (
  address: string,
  input: DraftInput,
  policy: GatePolicy,
  inArticles: string,
): boolean =>
  (isLocal(address) || isOwnHost(address, input, policy)) &&
  inArticles.includes(address.toLowerCase());

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
function isOwnAddress(
  address: string,
  input: DraftInput,
  policy: GatePolicy,
  inArticles: string,
): boolean {
  const wanted = address.toLowerCase();
  if ((input.signature ?? "").toLowerCase().includes(wanted)) return true;
  return isOwnHost(wanted.split("@").at(-1) ?? "", input, policy) && inArticles.includes(wanted);
}

/** A bare host that is an article's own, an allowed one, the writer's, or above one of these. */
function isOwnHost(host: string, input: DraftInput, policy: GatePolicy): boolean {
  const wanted = host.toLowerCase();
  const own = [
    ...hostsAllowed(policy),
    ...input.articles.flatMap(({ url }) => (url ? hostsOf(url) : [])),
    ...[...(input.signature ?? "").toLowerCase().matchAll(/@([\w.-]+)/g)].map(
      ([, domain = ""]) => domain,
    ),
  ];
  return own.some((each) => each === wanted || each.endsWith(`.${wanted}`));
}

/** All texts that may ground a fact of a draft. */
export function groundsOf(
  input: DraftInput,
  links: readonly string[],
  language: string,
): readonly string[] {
  const own = draftLanguage(language);
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
    input.customerFirstName ?? "",
    input.signature ?? "",
    input.case.number ?? "",
    // What we say ourselves around the quotes needs no other source.
    ...(own === undefined ? [] : sentencesOfFrame(own)),
  ].map((text) =>
    text.replace(/\bhttps?:\/\/[^\s<>"')\]]+/gi, (address) =>
      links.includes(address) ? address : " ",
    ),
  );
}
