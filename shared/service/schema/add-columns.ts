import type { Dataverse, DataverseRequest, Table } from "../../dataverse";
import type { AppError } from "../../errors";
import type { CallTime } from "../outcome/call-time";
import { callWords, failed as failedWords } from "../outcome/outcome-words";
import { isRefused, type Settled, schemaPauses, settle } from "../outcome/settle";
import { differencesOf } from "./column-differences";
import type { PlannedColumn } from "./column-requests";
import { label } from "./label";
import { readFresh, readIfAnswered, writeSchema } from "./schema-writes";

/** What a column is for the table as it stands. */
export function compareColumns(table: Table, columns: readonly PlannedColumn[]) {
  const same: PlannedColumn[] = [];
  const missing: PlannedColumn[] = [];
  const different: PlannedColumn[] = [];
  for (const column of columns) {
    const there = table.columnByName.get(column.logicalName);
    if (there === undefined) missing.push(column);
    else if (differencesOf(there, column).length === 0) same.push(column);
    else different.push(column);
  }
  return { same, missing, different };
}

export const isRelation = (column: PlannedColumn): boolean =>
  column.word === "lookup" || column.word === "customer";

export const attributeBody = (column: PlannedColumn) => ({ ...column.body, ...column.common });

/** What became of columns that were to be added. */
export interface Added {
  /** By us. */
  readonly added: readonly string[];
  /** By somebody else, in the same moment. */
  readonly there: readonly string[];
}

/**
 * Adds columns one after the other. A failure tells which were added before it; a lost answer is checked by looking.
 *
 * @throws AppError when a column was not added, or when that is not known, with the columns that were
 */
export async function addColumns(
  dataverse: Dataverse,
  time: CallTime,
  table: string,
  columns: readonly PlannedColumn[],
): Promise<Added> {
  const added: string[] = [];
  const there: string[] = [];
  for (const column of columns) {
    const isThere = async () => {
      const fresh = await readFresh(dataverse, table);
      return fresh !== undefined && compareColumns(fresh, [column]).same.length > 0;
    };
    const settled = await settle<true>(
      time,
      {
        async send(withinMs) {
          await writeSchema(dataverse, time.signal, { ...requestFor(table, column), withinMs });
          return true;
        },
        look: async () => ((await isThere()) ? true : undefined),
      },
      schemaPauses,
    );
    if (settled.outcome === "done") added.push(column.logicalName);
    // Refused, because somebody else was faster with the same column.
    else if (isRefused(settled) && (await readIfAnswered(isThere)) === true)
      there.push(column.logicalName);
    else throw partly(settled, table, column, added, columns);
  }
  return { added, there };
}

function partly(
  settled: Exclude<Settled<true>, { readonly outcome: "done" }>,
  table: string,
  failed: PlannedColumn,
  added: readonly string[],
  all: readonly PlannedColumn[],
): AppError {
  const left = all.slice(all.indexOf(failed) + 1).map((column) => column.logicalName);
  const error = failedWords(settled, {
    done: `column ${failed.logicalName} was added to ${table}`,
    notDone: `Column ${failed.logicalName} could not be added to ${table}.`,
    findOut: `To find out, call ${callWords("describe_table", { tablename: table, filter: failed.logicalName })}.`,
    again: "",
  });
  return error.restated(error.message, {
    problems: [
      `Added before it: ${added.join(", ") || "none"}.`,
      `Not tried: ${left.join(", ") || "none"}.`,
      ...error.problems,
    ],
    hint: `${error.hint ?? ""} The call can be repeated: columns that are there are left as they are.`.trim(),
  });
}

function requestFor(table: string, column: PlannedColumn): DataverseRequest {
  if (column.word === "customer") return customerRequest(table, column);
  if (column.related !== undefined) return lookupRequest(table, column, column.related);
  return {
    method: "POST",
    path: `EntityDefinitions(LogicalName='${table}')/Attributes`,
    expects: "entityId",
    body: attributeBody(column),
  };
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-entity-relationships-using-web-api */
const lookupRequest = (table: string, column: PlannedColumn, related: Table): DataverseRequest => ({
  method: "POST",
  path: "RelationshipDefinitions",
  expects: "entityId",
  body: {
    "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
    SchemaName: relationName(table, column, related.logicalName),
    ReferencedEntity: related.logicalName,
    ReferencedAttribute: related.primaryId,
    ReferencingEntity: table,
    CascadeConfiguration: {
      Assign: "NoCascade",
      Delete: "RemoveLink",
      Merge: "NoCascade",
      Reparent: "NoCascade",
      Share: "NoCascade",
      Unshare: "NoCascade",
    },
    AssociatedMenuConfiguration: {
      Behavior: "UseCollectionName",
      Group: "Details",
      Label: label(column.displayName),
      Order: 10_000,
    },
    Lookup: {
      "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
      AttributeType: "Lookup",
      AttributeTypeName: { Value: "LookupType" },
      ...column.common,
    },
  },
});

const customerRequest = (table: string, column: PlannedColumn): DataverseRequest => ({
  method: "POST",
  path: "CreateCustomerRelationships",
  expects: { result: { AttributeId: "guid", RelationshipIds: "list" } },
  body: {
    OneToManyRelationships: ["account", "contact"].map((target) => ({
      SchemaName: relationName(table, column, target),
      ReferencedEntity: target,
      ReferencingEntity: table,
    })),
    Lookup: {
      "@odata.type": "Microsoft.Dynamics.CRM.ComplexLookupAttributeMetadata",
      AttributeType: "Lookup",
      AttributeTypeName: { Value: "LookupType" },
      ...column.common,
    },
  },
});

/** `new_project_account_new_owner`: begins with the publisher's prefix, as Dataverse demands of every custom name. */
function relationName(table: string, column: PlannedColumn, target: string): string {
  const prefix = column.logicalName.slice(0, column.logicalName.indexOf("_"));
  const whole = `${table}_${target}_${column.logicalName}`;
  return (whole.startsWith(`${prefix}_`) ? whole : `${prefix}_${whole}`).slice(0, 100);
}
