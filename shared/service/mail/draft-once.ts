import { randomUUID } from "node:crypto";
import type { Dataverse, Row, Table } from "../../dataverse";
import { type CallTime, msToLook } from "../outcome/call-time";
import { derivedId } from "../outcome/derived-id";
import { failed, queryWords } from "../outcome/outcome-words";
import { mayBeDone } from "../outcome/settle";
import { unclearCreations } from "../outcome/unclear-creations";
import { createOwn } from "../record/write/create-row";
import { type DraftHead, type OpenDraft, readOpenDraft } from "./open-drafts";

/** What makes two calls ask for the same draft: what the customer said, and what was asked for. */
export interface DraftWish {
  readonly caseId: string;
  /** The mail that is answered. */
  readonly replyTo: string | undefined;
  /** What the customer said, as it stands on the case: when it is another, so is the answer. */
  readonly said: readonly (string | undefined)[];
  /** The arguments that decide what is written. */
  readonly asked: Readonly<Record<string, string | undefined>>;
}

/** So many drafts of one wish may have been sent, or asked for besides the first. */
const mostOfWish = 30;

/** Ids under which the drafts of a wish are made, the first one first. */
function idsOf(wish: DraftWish): readonly string[] {
  const key = keyOf(wish);
  return Array.from({ length: mostOfWish }, (_, at) => derivedId("draft", key, String(at)));
}

/** A mail may be a megabyte long: what it says goes into the key of its wish once, not once for each id. */
const keys = new WeakMap<DraftWish, string>();

function keyOf(wish: DraftWish): string {
  const known = keys.get(wish);
  if (known !== undefined) return known;
  const { caseId, replyTo, said, asked } = wish;
  const wishes = Object.entries(asked)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const key = derivedId("wish of a draft", JSON.stringify([caseId, replyTo ?? "", said, wishes]));
  keys.set(wish, key);
  return key;
}

/**
 * The draft that the same wish led to before and that is not sent yet.
 *
 * @param another one more is asked for: then only a draft counts of which an earlier call could not say whether it was made
 */
export function draftOfWish(
  wish: DraftWish,
  drafts: readonly DraftHead[],
  another: boolean,
): DraftHead | undefined {
  const left = unclearCreations.recall(keyOf(wish));
  const ids = new Set(another ? [left] : idsOf(wish));
  return drafts.find(({ id }) => ids.has(id));
}

export type Drafted =
  | { readonly is: "made"; readonly id: string }
  /** Another call with the same wish was faster. */
  | { readonly is: "there"; readonly draft: OpenDraft };

/**
 * Creates the draft of a wish, under an id that comes from the wish: calls with the same wish, at once or one after the other,
 * make one draft. What was sent meanwhile keeps its id, and the next draft gets the next one.
 *
 * @param before drafts that are there already and are not meant: one more is asked for
 * @throws AppError when it was not made, or when that is not known
 */
export async function draftOnce(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  wish: DraftWish,
  body: Row,
  before: readonly DraftHead[] | undefined,
): Promise<Drafted> {
  const others = new Set(before?.map(({ id }) => id));
  for (const id of [...idsOf(wish), randomUUID()]) {
    if (others.has(id)) continue;
    const settled = await createOwn(dataverse, time, table, id, { body });
    if (settled.outcome !== "done") {
      if (mayBeDone(settled.failure)) unclearCreations.keep(keyOf(wish), id);
      throw failed(settled, words(table, id, before !== undefined));
    }
    unclearCreations.forget(keyOf(wish));
    if (settled.value === "made") return { is: "made", id };
    if (before !== undefined) continue;
    const draft = await readOpenDraft(dataverse, id, msToLook(time));
    if (draft !== undefined) return { is: "there", draft };
  }
  throw new RangeError("An id that was drawn a moment ago is taken.");
}

/** A wish for one more cannot be told from the same wish made again, but by whoever looks. */
const words = (table: Table, id: string, isAnother: boolean) => ({
  done: "the draft was created",
  notDone: "The draft was not created.",
  findOut: `To find out, call ${queryWords(`SELECT activityid, subject FROM ${table.logicalName} WHERE activityid = '${id}'`)}: a row says that it was.`,
  again: isAnother
    ? `Call again only if there is no such row: the draft has the id ${id}.`
    : `The same call can be made again: it makes no second draft, for the draft has the id ${id}.`,
});
