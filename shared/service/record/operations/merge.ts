import type { Column, Dataverse, Table } from "../../../dataverse";
import { AppError } from "../../../errors";
import { withArticleFirst } from "../../../text/english/article";
import { quote } from "../../../text/quote";
import type { CallTime } from "../../outcome/call-time";
import { failed, queryWords } from "../../outcome/outcome-words";
import { settle } from "../../outcome/settle";
import { matchColumn } from "../lookups/column-match";
import { findReferences } from "../lookups/lookup-values";
import { findOption } from "../values/choice-values";
import type { Item } from "../values/record-values";

/** Tables whose rows can be merged. @see https://learn.microsoft.com/power-apps/developer/data-platform/merge-records */
const mergeable: ReadonlySet<string> = new Set(["account", "contact", "incident", "lead"]);
/** Columns that say of a row that it was merged. */
const marks: ReadonlySet<string> = new Set(["masterid", "merged", "statecode", "statuscode"]);
/** Status reason "Merged" of a case. */
const mergedReason = 2000;

/** What an item wants that is a merge and no change of columns. */
export interface MergeWish {
  /** What was written under masterid. */
  readonly master: unknown;
  readonly column: Column | undefined;
}

/**
 * Tells a merge from a change: `masterid`, `merged: true`, or a case's status reason "Merged". Written as columns they would close
 * a row and leave all that hangs on it where it is.
 *
 * @throws AppError `invalid` when the merge lacks its master, or is mixed with other changes
 */
export function mergeWish(table: Table, item: Item): MergeWish | undefined {
  if (!mergeable.has(table.logicalName)) return undefined;
  const entries = Object.entries(item).map(([key, value]) => {
    const match = matchColumn(table, key);
    return { key, value, column: "column" in match ? match.column : undefined };
  });
  const named = (name: string) => entries.find(({ column }) => column?.logicalName === name);
  const master = named("masterid");
  const isWished =
    (master !== undefined && !isEmpty(master.value)) ||
    isTrue(named("merged")?.value) ||
    isMerged(table, named("statuscode")?.value);
  if (!isWished) return undefined;
  if (master === undefined || isEmpty(master.value)) {
    throw new AppError(
      "invalid",
      `${withArticleFirst(table.displayName)} is not merged by its status. Nothing was written.`,
      {
        hint: `Write masterid, the ${table.logicalName} that it is merged into: update_record with item {"masterid": "<id or number>"}. What hangs on it is moved there, and it is closed; that cannot be taken back.`,
      },
    );
  }
  const others = entries.filter(
    ({ column }) => column === undefined || !marks.has(column.logicalName),
  );
  if (others.length > 0) {
    throw new AppError(
      "invalid",
      "masterid merges the record, which is a step of its own. Nothing was written.",
      {
        problems: others.map(({ key }) => `${quote(key)} does not belong to it.`),
        hint: "Write the other columns in a call of their own, then merge.",
      },
    );
  }
  return { master: master.value, column: master.column };
}

const isEmpty = (value: unknown) => value === null || value === undefined || value === "";
const isTrue = (value: unknown) => value === true || /^(?:true|yes|1)$/i.test(String(value ?? ""));

function isMerged(table: Table, value: unknown): boolean {
  if (table.logicalName !== "incident" || value === undefined) return false;
  const options = table.columnByName.get("statuscode")?.options ?? [];
  return findOption(options, value)?.value === mergedReason;
}

/**
 * Merges a row into another by the service's own operation. A lost answer is checked by looking.
 *
 * @returns the id of the row that stays
 * @throws AppError when nothing was merged, or when that is not known
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/merge-entity-using-web-api
 */
export async function mergeInto(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
  { master, column }: MergeWish,
): Promise<string> {
  const { logicalName, primaryId } = table;
  const lookup: Column = {
    ...(column as Column),
    logicalName: "masterid",
    type: "Lookup",
    targets: [logicalName],
    navigation: [{ target: logicalName, property: "masterid" }],
  };
  const [found] = await findReferences(dataverse, [
    { match: { column: lookup, isBind: false }, value: master },
  ]);
  const problem =
    found === undefined
      ? "masterid was not looked up."
      : "problem" in found
        ? found.problem
        : found.id === id
          ? "masterid: a record cannot be merged into itself."
          : undefined;
  if (found === undefined || "problem" in found || problem !== undefined)
    throw new AppError("invalid", "Nothing was merged.", { problems: [problem ?? ""] });
  const row = (each: string) => ({
    "@odata.type": `Microsoft.Dynamics.CRM.${logicalName}`,
    [primaryId]: each,
  });
  const isMerged = async (withinMs: number) => {
    const select = [primaryId, "_masterid_value"];
    const now = await dataverse.retrieve(logicalName, id, { select, withinMs });
    return now && now._masterid_value === found.id;
  };
  const settled = await settle<true>(time, {
    async send(withinMs) {
      await dataverse.action(
        "Merge",
        { Target: row(found.id), Subordinate: row(id), PerformParentingChecks: false },
        "noContent",
        { withinMs },
      );
      return true;
    },
    look: async (withinMs) => (await isMerged(withinMs)) || undefined,
    stands: isMerged,
  });
  if (settled.outcome === "done") return found.id;
  throw failed(settled, {
    done: `${logicalName} ${id} was merged`,
    notDone: "Nothing was merged.",
    findOut: `To find out, call ${queryWords(`SELECT masterid FROM ${logicalName} WHERE ${primaryId} = '${id}'`)}: ${found.id} says that it was.`,
    again: "The same call can be made again: what is merged is merged once.",
  });
}
