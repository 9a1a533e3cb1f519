import type { Dataverse } from "../../../dataverse";
import { loadWordVectors, meaningsOf, Ranker } from "../../../intelligence";
import { sanitise } from "../../../text";
import { queryIfThere, textOf } from "../../record/optional-read";
import type { CaseRecord } from "../case-record";
import type { CaseWords, SimilarCase } from "../similar-cases";
import {
  type CaseIntent,
  discarded,
  type Intent,
  readCaseIntent,
  readIntentLibrary,
} from "./intent-library";
import type { IntentFound } from "./intent-solutions";

/** Under this share of its words, or of what similar cases say, the library has no intent for the case. */
const leastIntent = 0.25;

/** Intents that are compared by what their names mean. */
const mostMeant = 3;
/** What the case says and the name of an intent that is less near to it are about different things, whatever words they share. */
const leastNear = 0.15;

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
): Promise<Omit<IntentFound, "roots">> {
  const own =
    record.ref.table === "incident" ? await readCaseIntent(dataverse, record.ref.id) : undefined;
  const library = await readIntentLibrary(dataverse);
  if (library.length === 0) return { intent: own, library };
  const said = await sharesOf(library, words);
  if (own !== undefined) return { intent: contradictedBy(own, library, said), library };
  const votes = await intentVotes(dataverse, similar);
  const voted = library
    .map((intent) => {
      const share = said.get(intent.id) ?? 0;
      return { intent, confidence: 1 - (1 - share) * (1 - (votes.get(intent.id) ?? 0)) };
    })
    .filter(({ confidence }) => confidence >= leastIntent)
    .sort((a, b) => b.confidence - a.confidence)
    .slice(0, mostMeant);
  const meanings = await meaningsOf(
    words.text,
    "",
    voted.map(({ intent }) => ({ id: intent.id, title: intent.name })),
  );
  const best = voted.find(({ intent }) => (meanings?.near.get(intent.id) ?? 1) >= leastNear);
  if (best === undefined) return { intent: undefined, library };
  const confidence = Math.min(0.95, best.confidence);
  return { intent: { ...best.intent, from: "predicted", confidence }, library };
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
