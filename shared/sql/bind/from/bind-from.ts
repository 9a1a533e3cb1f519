import type { CatalogColumn } from "../../catalog";
import { errorAt } from "../../errors";
import { truth } from "../../expression/expression";
import type { NamedTable, TableExpression } from "../../parser/ast";
import type { Plan } from "../../plan/nodes";
import { ExpressionBinder, type PendingApply } from "../expressions/bind-expression";
import { type Relation, type TableRelation, tableRelation } from "../names/relation";
import { Correlation, Scope } from "../names/scope";
import { tellOfApplied, tellOfLostRows } from "../row-security";
import { type BoundFrom, checkNames, type FromContext, renamed } from "./bound-from";
import { joined } from "./joined";
import { bindPivot, bindUnpivot } from "./pivot";
import { bindFunction, bindOpenJsonTable } from "./table-functions";
import { bindValues } from "./values";

type Node<K extends TableExpression["kind"]> = Extract<TableExpression, { readonly kind: K }>;

export function bindFrom(node: TableExpression, context: FromContext): BoundFrom {
  switch (node.kind) {
    case "table":
      return bindTable(node, context);
    case "join":
      return bindJoin(node, context);
    case "crossJoin": {
      const left = bindFrom(node.left, context);
      const right = bindFrom(node.right, context);
      return {
        relations: together(left, right, node, context),
        build: () => ({
          kind: "join",
          type: "inner",
          left: left.build(),
          right: right.build(),
          on: truth(true),
        }),
      };
    }
    case "apply":
      return bindApply(node, context);
    case "derived":
      return bindDerived(node, context);
    case "values":
      return bindValues(node, context);
    case "function":
      return bindFunction(node, context);
    case "openJson":
      return bindOpenJsonTable(node, context);
    case "pivot":
      return bindPivot(node, bindFrom(node.input, context), context);
    case "unpivot":
      return bindUnpivot(node, bindFrom(node.input, context), context);
  }
}

function bindTable(node: NamedTable, context: FromContext): BoundFrom {
  const { facts } = context;
  facts.countRelation(node);
  const common = context.commonTable(node);
  if (common) return common;
  const view = facts.views.get(node);
  if (view) {
    const columns = view.columns.map(({ name, type }) => facts.column(name, type));
    const alias = node.alias?.name ?? node.name.name;
    return {
      relations: [
        {
          kind: "derived",
          alias,
          columns: columns.map((column) => ({ name: column.name, column })),
        },
      ],
      build: () => ({ kind: "rows", columns, rows: view.rows }),
    };
  }
  const table = facts.tables.get(node);
  if (!table) throw new Error(`The table ${node.name.name} was not looked up`);
  const relation = tableRelation(table, node.alias?.name ?? table.name, facts);
  return { relations: [relation], build: () => scanOf(relation) };
}

/** Set by the platform on every row it makes, and never changed. */
const createdOn = "createdon";
const isCreatedOn = ({ name, type }: CatalogColumn): boolean =>
  name === createdOn && type === "datetime";

function scanOf({ ref, table, used }: TableRelation): Plan {
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
      ...(table.columns.some(isCreatedOn) && { createdOn }),
    },
    columns: [...used.values()].map((column) => ({ column })),
    alsoAbove: [],
  };
}

/** The relations of both sides. Throws where two have one name. */
function together(
  left: BoundFrom,
  right: BoundFrom,
  node: TableExpression & { readonly right: TableExpression },
  { facts }: FromContext,
): readonly Relation[] {
  for (const one of right.relations) {
    const twin = left.relations.find(
      ({ alias }) => alias.toLowerCase() === one.alias.toLowerCase(),
    );
    if (!twin) continue;
    const table = one.kind === "table" ? one.table.name : one.alias;
    throw errorAt(
      facts.source,
      aliasOf(node.right).start,
      "ambiguous_column",
      `Two tables of this query are called '${one.alias}'`,
      { hint: `Give each its own alias: FROM ${table} a JOIN ${table} b ON ….` },
    );
  }
  return [...left.relations, ...right.relations];
}

const aliasOf = (node: TableExpression): { readonly start: number } =>
  ("alias" in node && node.alias) || node;

function bindJoin(node: Node<"join">, context: FromContext): BoundFrom {
  const left = bindFrom(node.left, context);
  const right = bindFrom(node.right, context);
  const relations = together(left, right, node, context);
  const scope = new Scope(context.facts, relations, context.correlation);
  const applies: PendingApply[] = [];
  const binder = new ExpressionBinder(scope, { name: "ON", applies }, context.bindQuery);
  const on = context.facts.weigh(binder.condition(node.on), node.on);
  tellOfLostRows(node.type, on, left.relations, right.relations, context.facts.notes);
  return {
    relations,
    build: () => joined(node, { left: left.build(), right: right.build(), on, applies }, scope),
  };
}

function bindApply(node: Node<"apply">, context: FromContext): BoundFrom {
  const left = bindFrom(node.left, context);
  const around = new Scope(context.facts, left.relations, context.correlation);
  const correlation = new Correlation(around, context.facts);
  const right = bindFrom(node.right, { ...context, correlation });
  return {
    relations: together(left, right, node, context),
    build: () => {
      // Built first: what it takes of the left side counts as used there.
      const inner = right.build();
      if (node.type === "cross") tellOfApplied(inner, context.facts.notes);
      return {
        kind: "apply",
        input: left.build(),
        inner,
        parameters: correlation.parameters,
        mode: { type: node.type },
      };
    },
  };
}

function bindDerived(node: Node<"derived">, context: FromContext): BoundFrom {
  context.facts.countRelation(node);
  const { plan, columns } = context.bindQuery(node.query, context.correlation);
  const named = renamed(columns, node, node.alias.name, context.facts);
  checkNames(named, node.alias.name, node, context.facts);
  return {
    relations: [{ kind: "derived", alias: node.alias.name, columns: named }],
    build: () => plan,
  };
}
