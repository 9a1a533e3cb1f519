import { DataverseError, type EntityDefinition, type SqlRow, type World } from "../../model";
import { foldedSql, quote } from "../../store";
import { readRow } from "../rows/rows";

type Place = Pick<World, "db" | "catalog">;

/** Two columns that must be alike. */
interface Condition {
  readonly base: string;
  readonly matching: string;
  /** 0 the whole value, 1 the first characters, 2 the last ones. */
  readonly operator: number;
  readonly length: number;
}

interface Rule {
  readonly base: string;
  readonly matching: string;
  readonly conditions: readonly Condition[];
}

const exactly = (column: string): Condition => ({
  base: column,
  matching: column,
  operator: 0,
  length: 0,
});
const sameIn = (table: string, ...columns: string[]): Rule => ({
  base: table,
  matching: table,
  conditions: columns.map(exactly),
});

/** The rules that an environment comes with. */
const shipped: readonly Rule[] = [
  sameIn("account", "name"),
  sameIn("account", "emailaddress1"),
  sameIn("contact", "emailaddress1"),
  sameIn("contact", "firstname", "lastname", "emailaddress1"),
  sameIn("lead", "emailaddress1"),
];

const published = 2;

/** Rules that somebody made and published, where the environment has tables for them. */
function madeRules({ db, catalog }: Place, table: string): Rule[] {
  if (catalog.byName("duplicaterule") === undefined) return [];
  return db
    .prepare(
      "SELECT duplicateruleid, matchingentityname FROM duplicaterule WHERE baseentityname = ? AND statuscode = ?",
    )
    .all(table, published)
    .map((rule) => ({
      base: table,
      matching: String(rule.matchingentityname),
      conditions: db
        .prepare(
          "SELECT baseattributename, matchingattributename, operatorcode, operatorparam FROM duplicaterulecondition WHERE regardingobjectid = ?",
        )
        .all(rule.duplicateruleid ?? null)
        .map((condition) => ({
          base: String(condition.baseattributename),
          matching: String(condition.matchingattributename),
          operator: Number(condition.operatorcode ?? 0),
          length: Number(condition.operatorparam ?? 0),
        })),
    }));
}

/**
 * Refuses a row that a duplicate detection rule finds again. The row is written already; the caller undoes it.
 *
 * @throws DataverseError 412 0x80040333
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/manage-duplicate-detection-create-update
 */
export function demandNoDuplicate(place: Place, entity: EntityDefinition, id: string): void {
  const row = readRow(place.db, entity, id);
  if (row === undefined) return;
  const rules = [
    ...shipped.filter((rule) => rule.base === entity.logicalName),
    ...madeRules(place, entity.logicalName),
  ];
  if (!rules.some((rule) => finds(place, rule, row, id))) return;
  throw new DataverseError(
    412,
    "0x80040333",
    "A record was not created or updated because a duplicate of the current record already exists.",
  );
}

/** Blank values are like nothing: a rule with one of them finds no duplicate. */
function finds({ db, catalog }: Place, rule: Rule, row: SqlRow, id: string): boolean {
  const other = catalog.byName(rule.matching);
  if (other === undefined || rule.conditions.length === 0) return false;
  const parts: string[] = [];
  const values: (string | number)[] = [];
  for (const { base, matching, operator, length } of rule.conditions) {
    const attribute = other.attribute(matching);
    const value = row[base];
    if (attribute === undefined || value === null || value === undefined || value === "")
      return false;
    const isText = typeof value === "string" && attribute.type === "String";
    const sql = isText ? foldedSql(other, attribute, "t") : `t.${quote(matching)}`;
    const given = isText ? "fold(?)" : "?";
    if (operator === 1 || operator === 2) {
      const count = Math.max(1, Math.floor(length));
      const from = operator === 1 ? `1, ${count}` : `-${count}`;
      parts.push(`substr(${sql}, ${from}) = substr(${given}, ${from})`);
    } else parts.push(`${sql} = ${given}`);
    values.push(typeof value === "number" ? value : String(value));
  }
  const found = db
    .prepare(
      `SELECT 1 AS there FROM ${quote(other.logicalName)} t WHERE ${parts.join(" AND ")} AND t.${quote(other.primaryIdAttribute)} <> ? LIMIT 1`,
    )
    .get(...values, id);
  return found !== undefined;
}
