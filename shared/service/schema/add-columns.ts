import type { Dataverse, DataverseRequest, Table } from "../../dataverse";
import { AppError } from "../../errors";
import { columnKinds } from "./column-bodies";
import type { PlannedColumn } from "./column-requests";
import { label } from "./label";
import { readFresh, writeSchema } from "./schema-writes";

/** What a column is for the table as it stands. */
export function compareColumns(table: Table, columns: readonly PlannedColumn[]) {
  const same: PlannedColumn[] = [];
  const missing: PlannedColumn[] = [];
  const different: PlannedColumn[] = [];
  for (const column of columns) {
    const there = table.columnByName.get(column.logicalName);
    if (there === undefined) missing.push(column);
    else if (isSame(there.type, there.targets, column)) same.push(column);
    else different.push(column);
  }
  return { same, missing, different };
}

function isSame(type: string, targets: readonly string[] | undefined, column: PlannedColumn) {
  if (type !== columnKinds[column.word]?.type) return false;
  return column.related === undefined || (targets ?? []).includes(column.related.logicalName);
}

export const isRelation = (column: PlannedColumn): boolean =>
  column.word === "lookup" || column.word === "customer";

export const attributeBody = (column: PlannedColumn) => ({ ...column.body, ...column.common });

/**
 * Adds columns one after the other. A failure tells which were added before it; a lost answer is checked by looking.
 *
 * @throws AppError of the failed write, with the columns that were added
 */
export async function addColumns(
  dataverse: Dataverse,
  signal: AbortSignal,
  table: string,
  columns: readonly PlannedColumn[],
): Promise<void> {
  const added: string[] = [];
  for (const column of columns) {
    try {
      await writeSchema(dataverse, signal, requestFor(table, column));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const fresh = await readFresh(dataverse, table);
      if (fresh === undefined || compareColumns(fresh, [column]).same.length === 0) {
        throw partly(error, table, column, added, columns);
      }
    }
    added.push(column.logicalName);
  }
}

function partly(
  error: AppError,
  table: string,
  failed: PlannedColumn,
  added: readonly string[],
  all: readonly PlannedColumn[],
): AppError {
  const left = all.slice(added.length + 1).map((column) => column.logicalName);
  return error.restated(
    `Column ${failed.logicalName} could not be added to ${table}. ${error.message}`,
    {
      problems: [
        `Added before it: ${added.join(", ") || "none"}.`,
        `Not tried: ${left.join(", ") || "none"}.`,
        ...error.problems,
      ],
      hint: `${error.hint ?? ""} The call can be repeated: columns that are there are left as they are.`.trim(),
    },
  );
}

function requestFor(table: string, column: PlannedColumn): DataverseRequest {
  if (column.word === "customer") return customerRequest(table, column);
  if (column.related !== undefined) return lookupRequest(table, column, column.related);
  return {
    method: "POST",
    path: `EntityDefinitions(LogicalName='${table}')/Attributes`,
    body: attributeBody(column),
    expects: "entityId",
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
  expects: { result: { RelationshipIds: "list", AttributeId: "guid" } },
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
