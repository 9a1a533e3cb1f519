import type { Dataverse } from "../../../dataverse";
import { holdsWhole } from "../../../text";
import { queryIfThere, textOf } from "../../record/optional-read";
import { approved, type CaseIntent, type Intent } from "./intent-library";

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

/** What is known of a case's intent. */
export interface IntentFound {
  readonly intent: CaseIntent | undefined;
  readonly library: readonly Intent[];
  /** Articles, or the roots of their versions, that the library answers the intent with. */
  readonly roots: readonly string[];
}

/** An article that answers the case. */
export interface AnsweringArticle {
  readonly id: string;
  readonly rootId: string | undefined;
  /** 0 to 1: how sure it is that it does. */
  readonly answerable: number;
}

/**
 * The intent of a case whose answer was found: a predicted one that the library answers with other articles gives way to the one
 * that it answers with this article. What is set on the case stays, and so does what the customer calls by its very name.
 *
 * @param said what the case tells
 */
export async function intentOfAnswer(
  dataverse: Dataverse,
  { intent, library, roots }: IntentFound,
  { id, rootId = id, answerable }: AnsweringArticle,
  said: string,
): Promise<CaseIntent | undefined> {
  const isSettled =
    intent?.from === "case" ||
    roots.includes(rootId) ||
    roots.includes(id) ||
    holdsWhole(said.toLowerCase(), (intent?.name ?? "").toLowerCase());
  if (isSettled || library.length === 0) return intent;
  const { rows } = await queryIfThere(dataverse, "msdyn_intentsolutionmap", {
    select: ["_msdyn_intentid_value", "msdyn_order"],
    filter: `_msdyn_rootknowledgearticleid_value eq ${rootId} and statecode eq 0 and msdyn_reviewstate eq ${approved}`,
    orderby: "msdyn_order",
    top: 10,
  });
  const answered = rows.flatMap((row) => textOf(row._msdyn_intentid_value) ?? []);
  const found = library.find((one) => answered.includes(one.id));
  if (found === undefined || answered.includes(intent?.id ?? "")) return intent;
  return { ...found, from: "article", confidence: Math.min(0.95, answerable) };
}
