import type { Dataverse, Row } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { type IntentContext, loadWordVectors, Ranker, type SourceText } from "../../intelligence";
import { sanitise } from "../../text";
import { queryIfThere, textOf } from "../record/optional-read";
import type { CaseRecord } from "./case-record";
import type { CaseWords, SimilarCase } from "./similar-cases";

/** An intent of the library. Names are text from records: data. */
export interface Intent {
  readonly id: string;
  readonly name: string;
  /** The intent in a sentence, as the library has it. */
  readonly description: string;
  /** The group it stands in: its category. */
  readonly group: string | undefined;
  readonly lineOfBusiness: string | undefined;
}

export interface CaseIntent extends Intent {
  /** `case`: the case points at it. `predicted`: by the library's words and by what similar cases point at. */
  readonly from: "case" | "predicted";
  /** 0 to 1; 1 when the case says so. */
  readonly confidence: number;
  /** The intent that the customer's words speak for, where one is set that they speak against. */
  readonly contradictedBy?: (Intent & { readonly confidence: number }) | undefined;
}

/** The intent that is worked with: what is set, unless the customer's words contradict it. */
export const workingIntent = (intent: CaseIntent | undefined): CaseIntent | undefined =>
  intent?.contradictedBy === undefined
    ? intent
    : { ...intent.contradictedBy, from: "predicted", contradictedBy: undefined };

const approved = 192350001;
const discarded = 192350008;
const mostIntents = 1_000;

/** Groups and families by id come with the rows: a lookup's label is its name. */
const labelOf = (row: Row, property: string) => textOf(row[`${property}${formattedValue}`]);

const intentColumns = [
  "msdyn_intentid",
  "msdyn_name",
  "msdyn_intentstring",
  "msdyn_description",
  "msdyn_isgroup",
  "msdyn_reviewstate",
  "_msdyn_parentgroupid_value",
  "_msdyn_intentfamilyid_value",
];

const asIntent = (row: Row): Intent => ({
  id: String(row.msdyn_intentid),
  name: textOf(row.msdyn_name) ?? textOf(row.msdyn_intentstring) ?? "",
  description: [textOf(row.msdyn_intentstring), textOf(row.msdyn_description)]
    .filter((part) => part !== undefined)
    .join(" "),
  group: labelOf(row, "_msdyn_parentgroupid_value"),
  lineOfBusiness: labelOf(row, "_msdyn_intentfamilyid_value"),
});

/** The intent that the case points at, the newest that was not discarded. */
export async function readCaseIntent(
  dataverse: Dataverse,
  caseId: string,
): Promise<CaseIntent | undefined> {
  const { rows } = await queryIfThere(dataverse, "msdyn_intententity", {
    select: ["msdyn_intententityid", "_msdyn_intentid_value", "msdyn_intentstate"],
    filter: `_msdyn_objectid_value eq ${caseId} and statecode eq 0`,
    orderby: "createdon desc",
    top: 10,
  });
  const link = rows.find(
    (row) => row.msdyn_intentstate !== discarded && textOf(row._msdyn_intentid_value) !== undefined,
  );
  const id = textOf(link?._msdyn_intentid_value);
  if (id === undefined) return undefined;
  const found = await queryIfThere(dataverse, "msdyn_intent", {
    select: intentColumns,
    filter: `msdyn_intentid eq ${id}`,
    top: 1,
    annotations: true,
  });
  const [row] = found.rows;
  return row === undefined ? undefined : { ...asIntent(row), from: "case", confidence: 1 };
}

/** Approved intents that are no groups. */
export async function readIntentLibrary(dataverse: Dataverse): Promise<readonly Intent[]> {
  const { rows } = await queryIfThere(dataverse, "msdyn_intent", {
    select: intentColumns,
    filter: `statecode eq 0 and msdyn_reviewstate eq ${approved} and msdyn_isgroup eq false`,
    orderby: "msdyn_intentid",
    top: mostIntents,
    annotations: true,
  });
  return rows.map(asIntent);
}

/** Under this share of its words, or of what similar cases say, the library has no intent for the case. */
const leastIntent = 0.25;

/** So far behind the intent that the words speak for, one that is set is contradicted by them. */
const contradicted = 0.5;
/** The words must speak plainly for another before they contradict a person. */
const plainly = 0.4;

/** What the case says of its intent, else the intent of the library that words and similar cases speak for. */
export async function findIntent(
  dataverse: Dataverse,
  record: CaseRecord,
  words: CaseWords,
  similar: readonly SimilarCase[],
): Promise<CaseIntent | undefined> {
  const own =
    record.ref.table === "incident" ? await readCaseIntent(dataverse, record.ref.id) : undefined;
  const library = await readIntentLibrary(dataverse);
  if (library.length === 0) return own;
  const said = await sharesOf(library, words);
  if (own !== undefined) return contradictedBy(own, library, said);
  const votes = await intentVotes(dataverse, similar);
  const [best] = library
    .map((intent) => {
      const share = said.get(intent.id) ?? 0;
      return { intent, confidence: 1 - (1 - share) * (1 - (votes.get(intent.id) ?? 0)) };
    })
    .sort((a, b) => b.confidence - a.confidence);
  if (best === undefined || best.confidence < leastIntent) return undefined;
  return { ...best.intent, from: "predicted", confidence: Math.min(0.95, best.confidence) };
}

/** How far the words of the case speak for each intent, 0 to 1, by its id: in the same words or others for the same. */
async function sharesOf(
  library: readonly Intent[],
  { title, text }: CaseWords,
): Promise<ReadonlyMap<string, number>> {
  const ranker = await Ranker.inTurns(
    library.map(({ id, name, description }) => ({
      id,
      title: name,
      text: sanitise(description).text,
    })),
    await loadWordVectors(),
  );
  const shares = new Map<string, number>();
  for (const question of [title, `${title}\n${text}`]) {
    const { hits } = ranker.rank(question, library.length);
    const best = hits[0]?.score || 1;
    for (const { id, score, share } of hits)
      shares.set(id, Math.max(shares.get(id) ?? 0, share * (score / best) ** 2));
  }
  return shares;
}

/** An intent that is set, and the one that the words speak for where that is another. */
function contradictedBy(
  own: CaseIntent,
  library: readonly Intent[],
  said: ReadonlyMap<string, number>,
): CaseIntent {
  const best = library.reduce<Intent | undefined>(
    (most, one) => ((said.get(one.id) ?? 0) > (said.get(most?.id ?? "") ?? 0) ? one : most),
    undefined,
  );
  const share = said.get(best?.id ?? "") ?? 0;
  const isOther = best !== undefined && best.id !== own.id && share >= plainly;
  if (!isOther || (said.get(own.id) ?? 0) >= contradicted * share) return own;
  return { ...own, contradictedBy: { ...best, confidence: Math.min(0.95, share) } };
}

/** Share of the similar cases that point at each intent, by its id. */
async function intentVotes(
  dataverse: Dataverse,
  similar: readonly SimilarCase[],
): Promise<ReadonlyMap<string, number>> {
  const votes = new Map<string, number>();
  if (similar.length === 0) return votes;
  const { rows } = await queryIfThere(dataverse, "msdyn_intententity", {
    select: ["_msdyn_objectid_value", "_msdyn_intentid_value", "msdyn_intentstate"],
    filter: `statecode eq 0 and (${similar.map(({ found }) => `_msdyn_objectid_value eq ${found.ref.id}`).join(" or ")})`,
    top: 100,
  });
  const weightOf = ({ likeness, certainty }: SimilarCase) => likeness ** 4 * certainty;
  const linked = similar.flatMap((one) => {
    const link = rows.find(
      (row) =>
        row._msdyn_objectid_value === one.found.ref.id && row.msdyn_intentstate !== discarded,
    );
    const intent = textOf(link?._msdyn_intentid_value);
    return intent === undefined ? [] : [{ intent, weight: weightOf(one) }];
  });
  const all = linked.reduce((sum, { weight }) => sum + weight, 0);
  for (const { intent, weight } of linked) {
    // One case that is hardly like this one must not be sure of anything.
    votes.set(intent, (votes.get(intent) ?? 0) + weight / Math.max(all, 1));
  }
  return votes;
}

/** What the library asks to know for an intent, and whether the sources already tell it. */
export async function readIntentContext(
  dataverse: Dataverse,
  intent: CaseIntent,
  sources: readonly SourceText[],
): Promise<IntentContext> {
  const { rows } = await queryIfThere(dataverse, "msdyn_intentattributeset", {
    select: [
      "msdyn_name",
      "msdyn_ismandatory",
      "msdyn_reviewstate",
      "_msdyn_intentattributeid_value",
    ],
    filter: `_msdyn_intentid_value eq ${intent.id} and statecode eq 0`,
    orderby: "msdyn_ismandatory desc,msdyn_name",
    top: 20,
    annotations: true,
  });
  const text = sources
    .flatMap(({ subject = "", text: said }) => [subject, said])
    .map((part) => sanitise(part).text)
    .join("\n");
  return {
    name: intent.name,
    lineOfBusiness: intent.lineOfBusiness,
    confidence: intent.confidence,
    attributes: rows.map((row) => {
      const said = textOf(row.msdyn_name) ?? "";
      const attribute = labelOf(row, "_msdyn_intentattributeid_value") ?? said;
      const question = said.endsWith("?") ? said : attribute.endsWith("?") ? attribute : undefined;
      return { name: attribute, question, known: isKnown(attribute, text) };
    }),
  };
}

const patterns: readonly (readonly [RegExp, RegExp])[] = [
  [/serial/i, /\b(?:s\/?n|serial)\b\W*(?:(?:no|number|nr)\W*)?[A-Z0-9-]{4,}|\b[A-Z]{2}\d{5,}\b/i],
  [/order/i, /\border\b\W*(?:(?:no|number|nr)\W*)?[A-Z0-9-]{4,}/i],
  [
    /invoice|bill/i,
    /\b(?:invoice|bill)\b\W*(?:(?:no|number|nr)\W*)?[A-Z0-9-]{0,20}\d[A-Z0-9-]{2,}/i,
  ],
  [/firmware|version/i, /\b(?:firmware|version)\b\W*v?\d+(?:\.\d+)+/i],
  [/phone|telephone/i, /\+?\d[\d ()/-]{6,}\d/],
  [/e-?mail/i, /[^\s@]@[^\s@]+\.[^\s@]/],
  [/date|when\b/i, /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b/],
  [/error code|error message/i, /\berror\b\W*[A-Z]?\d+/i],
];

/** A detail counts as known when its usual form stands in the text; without a usual form it has to be asked. */
const isKnown = (attribute: string, text: string): boolean =>
  patterns.some(([name, form]) => name.test(attribute) && form.test(text));

/**
 * Root articles that the library gives as the solution of an intent, the first first.
 *
 * @see https://learn.microsoft.com/dynamics365/developer/reference/entities/msdyn_intentsolutionmap
 */
export async function intentArticles(
  dataverse: Dataverse,
  intent: Intent | undefined,
): Promise<readonly string[]> {
  if (intent === undefined) return [];
  const { rows } = await queryIfThere(dataverse, "msdyn_intentsolutionmap", {
    select: ["_msdyn_rootknowledgearticleid_value", "msdyn_order"],
    filter: `_msdyn_intentid_value eq ${intent.id} and statecode eq 0 and msdyn_reviewstate eq ${approved}`,
    orderby: "msdyn_order",
    top: 10,
  });
  return rows.flatMap((row) => textOf(row._msdyn_rootknowledgearticleid_value) ?? []);
}
