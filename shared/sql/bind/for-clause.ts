import { errorAt } from "../errors";
import { columnExpr, type Expr, type PlanColumn } from "../expression/expression";
import type { BoundAggregate } from "../functions/aggregate/aggregate";
import { bindForJson } from "../functions/for-clause/for-json";
import { bindForXml } from "../functions/for-clause/for-xml";
import type { ForClause, QueryExpression, TableExpression } from "../parser/ast";
import type { Plan } from "../plan/nodes";
import { Failure } from "../types/failure";
import type { BoundRows } from "./bound-rows";
import type { QueryFacts } from "./query-facts";

/** Rows as one text, by FOR JSON or FOR XML; no row where there are none. */
export function asText(
  query: QueryExpression,
  clause: ForClause,
  { plan, columns }: BoundRows,
  facts: QueryFacts,
): BoundRows {
  const bound = bindClause(query, clause, columns, facts);
  if (bound instanceof Failure) throw bound.at(facts.source, clause.start);
  const column: PlanColumn = {
    ...facts.column(clause.kind, bound.type),
    ...(bound.isJson && { isJson: true }),
  };
  const text: Plan = {
    kind: "aggregate",
    input: plan,
    keys: [],
    aggregations: [
      {
        column,
        name: `FOR ${clause.kind.toUpperCase()}`,
        bound,
        args: columns.map((one) => columnExpr(one.column)),
        distinct: false,
        order: [],
      },
    ],
  };
  const isThere: Expr = {
    kind: "isNull",
    type: "predicate",
    operand: columnExpr(column),
    negated: true,
  };
  return {
    plan: { kind: "filter", input: text, predicate: isThere },
    columns: [{ name: clause.kind, column }],
  };
}

function bindClause(
  query: QueryExpression,
  clause: ForClause,
  columns: BoundRows["columns"],
  facts: QueryFacts,
): BoundAggregate | Failure {
  const named = columns.map(({ name, column }) => ({
    name,
    type: column.type,
    isJson: column.isJson === true,
  }));
  if (clause.kind === "json") {
    if (clause.mode === "auto") checkAuto(query, clause, facts);
    return bindForJson(named, { ...clause, nests: clause.mode === "path" });
  }
  const { mode } = clause;
  if (mode === "auto" || mode === "explicit") {
    throw unavailable(facts, clause, `FOR XML ${mode.toUpperCase()}`, "Write FOR XML PATH.");
  }
  return bindForXml(named, { ...clause, mode });
}

const unavailable = (facts: QueryFacts, clause: ForClause, feature: string, hint: string) =>
  errorAt(facts.source, clause.start, "unsupported", `${feature} is not available in read_query`, {
    hint,
  });

/** AUTO puts the rows of a second table into those of the first; of one table it is what PATH is. */
function checkAuto(query: QueryExpression, clause: ForClause, facts: QueryFacts): void {
  const from = query.kind === "select" ? query.from : undefined;
  if (!from) {
    throw new Failure(
      13600,
      "FOR JSON AUTO requires at least one table for generating JSON objects",
      "Write FOR JSON PATH.",
    ).at(facts.source, clause.start);
  }
  if (isOne(from)) return;
  throw unavailable(
    facts,
    clause,
    "FOR JSON AUTO over several tables",
    "Write FOR JSON PATH, with names such as AS 'customer.name' for inner objects.",
  );
}

const isOne = (table: TableExpression): boolean =>
  !["join", "crossJoin", "apply"].includes(table.kind);
