import type { Catalog } from "../catalog";
import type { TableExpression } from "../parser/ast";
import type { Expr } from "../plan/expression";
import type { Plan } from "../plan/nodes";
import { notRunYet, refuseTable } from "./not-run-yet";
import { resolveTable } from "./resolve-table";
import { ColumnIds, Scope, type ScopeTable, scopeTable } from "./scope";

type Join = Extract<TableExpression, { readonly kind: "join" }>;

export interface BoundFrom {
  readonly scope: Scope;
  /** Every join with the tables that its ON may name. */
  readonly joins: readonly { readonly node: Join; readonly tables: readonly ScopeTable[] }[];
  /** The plan of FROM; called last, when all used columns are known. */
  build(on: ReadonlyMap<TableExpression, Expr>): Plan;
}

export async function bindFrom(
  from: TableExpression | undefined,
  source: string,
  catalog: Catalog,
  notes: Set<string>,
): Promise<BoundFrom> {
  const ids = new ColumnIds();
  const tables: ScopeTable[] = [];
  const byNode = new Map<TableExpression, ScopeTable>();
  const joins: { node: Join; tables: readonly ScopeTable[] }[] = [];

  const walk = async (node: TableExpression): Promise<readonly ScopeTable[]> => {
    if (node.kind !== "table" && node.kind !== "join") refuseTable(node, source);
    if (node.kind === "join" && node.type === "full") {
      throw notRunYet(source, node.right, "FULL JOIN", "Run a LEFT JOIN in each direction.");
    }
    if (node.kind === "table") {
      if (node.schema && /^(sys|information_schema)$/i.test(node.schema.name)) {
        const hint = "Call list_tables or describe_table instead.";
        throw notRunYet(source, node.schema, "Reading system tables", hint);
      }
      const found = await resolveTable(catalog, node.name, source, notes);
      const table = scopeTable(found, node.alias ?? undefined, tables, source);
      tables.push(table);
      byNode.set(node, table);
      return [table];
    }
    const below = [...(await walk(node.left)), ...(await walk(node.right))];
    joins.push({ node, tables: below });
    return below;
  };
  if (from) await walk(from);

  const build = (node: TableExpression, on: ReadonlyMap<TableExpression, Expr>): Plan => {
    if (node.kind === "table") return scanOf(byNode.get(node) as ScopeTable);
    if (node.kind !== "join") refuseTable(node, source);
    const left = build(node.left, on);
    const right = build(node.right, on);
    const condition = on.get(node) as Expr;
    return node.type === "right"
      ? { kind: "join", type: "left", left: right, right: left, on: condition }
      : { kind: "join", type: node.type === "left" ? "left" : "inner", left, right, on: condition };
  };
  return {
    scope: new Scope(source, ids, tables, notes),
    joins,
    build: (on) => (from ? build(from, on) : { kind: "rows", columns: [], rows: [[]] }),
  };
}

function scanOf({ ref, table, used }: ScopeTable): Plan {
  return {
    kind: "scan",
    fetch: {
      table: table.name,
      ref,
      primaryId: table.primaryId,
      filter: undefined,
      links: [],
      orders: [],
      top: undefined,
      distinct: false,
      aggregate: undefined,
    },
    columns: [...used.values()].map((column) => ({ column })),
    alsoAbove: [],
  };
}
