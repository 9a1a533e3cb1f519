import type { AttributeDefinition, Catalog, Database, EntityDefinition, SqlRow } from "../../model";
import { isStored, quote } from "../../store";
import { targetsOf } from "../rows/references";
import { baseCurrencyId } from "./currency";

/** Display names of rows, read in one query for each table. */
export interface Names {
  nameOf(table: string, id: string): string | undefined;
  /** Symbol of a currency; of the organization's own for an amount that names none. */
  symbolOf(currencyId: unknown): string;
  /** Makes sure of the names of these rows. */
  load(table: string, ids: Iterable<string>): void;
}

/** Most parameters of one statement. */
const chunk = 500;

export function createNames(db: Database, catalog: Catalog): Names {
  const known = new Map<string, string | undefined>();
  function read(entity: EntityDefinition, ids: readonly string[]): void {
    const name = entity.primaryNameAttribute;
    const attribute = name === undefined ? undefined : entity.attribute(name);
    if (attribute === undefined || !isStored(attribute)) return;
    const key = quote(entity.primaryIdAttribute);
    const rows = db
      .prepare(
        `SELECT ${key} AS id, ${quote(attribute.logicalName)} AS name FROM ${quote(entity.logicalName)} WHERE ${key} IN (${ids.map(() => "?").join(", ")})`,
      )
      .all(...ids);
    for (const row of rows)
      known.set(
        `${entity.logicalName}:${row.id}`,
        row.name === null ? undefined : String(row.name),
      );
  }
  const symbols = new Map<string, string>();
  return {
    symbolOf(currencyId) {
      const id = typeof currencyId === "string" ? currencyId : String(baseCurrencyId(db));
      let symbol = symbols.get(id);
      if (symbol === undefined) {
        const row = db
          .prepare(
            "SELECT currencysymbol AS symbol FROM transactioncurrency WHERE transactioncurrencyid = ?",
          )
          .get(id);
        symbol = String(row?.symbol ?? "");
        symbols.set(id, symbol);
      }
      return symbol;
    },
    nameOf: (table, id) => known.get(`${table}:${id}`),
    load(table, ids) {
      const entity = catalog.byName(table);
      if (entity === undefined) return;
      const missing = [...new Set(ids)].filter((id) => !known.has(`${table}:${id}`));
      for (let at = 0; at < missing.length; at += chunk)
        read(entity, missing.slice(at, at + chunk));
    },
  };
}

/** Lookups that have no name beside them: the owner's parts, and what a party is a party of and whose. */
export const isNameless = (table: string, { logicalName }: AttributeDefinition): boolean =>
  logicalName === "owninguser" ||
  logicalName === "owningteam" ||
  (table === "activityparty" && (logicalName === "activityid" || logicalName === "ownerid"));

/** The table that a stored lookup points to. */
export function targetOf(attribute: AttributeDefinition, row: SqlRow): string | undefined {
  const named = row[`${attribute.logicalName}__type`];
  if (typeof named === "string") return named;
  const targets = targetsOf(attribute);
  return attribute.type === "Owner" &&
    row.owningteam === row[attribute.logicalName] &&
    row.owningteam
    ? "team"
    : targets[0];
}
