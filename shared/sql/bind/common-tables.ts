import { errorAt } from "../errors";
import { columnExpr, type PlanColumn } from "../expression/expression";
import type { CommonTableExpression, NamedTable, QueryExpression, Span } from "../parser/ast";
import { inputsOf, type Plan, type ProjectItem } from "../plan/nodes";
import { isIdentity } from "../types/conversion/convert";
import { isText, longest, typeName } from "../types/sql-type";
import { bindRows } from "./bind-query";
import type { BindQuery, BoundRows } from "./bound-rows";
import { castTo } from "./expressions/binding";
import { type BoundFrom, checkNames, type FromContext, renamed } from "./from/bound-from";
import { everyNamedTable } from "./named-tables";
import type { DerivedColumn } from "./names/relation";
import type { Correlation } from "./names/scope";
import type { QueryFacts } from "./query-facts";

/** Rounds of a recursive expression, unless OPTION (MAXRECURSION n) says another number. */
const usualRounds = 100;

/** The rows of the last round, while the part of an expression is bound that reads them. */
interface Round {
  readonly name: string;
  readonly columns: readonly PlanColumn[];
}

const lower = ({ name }: { readonly name: string }): string => name.toLowerCase();

/** Common table expressions: each use of one is bound by itself, as if it were written there. */
export class CommonTables {
  readonly #list: readonly CommonTableExpression[];
  readonly #facts: QueryFacts;
  readonly #most: number;

  constructor(
    list: readonly CommonTableExpression[],
    maxRecursion: number | undefined,
    facts: QueryFacts,
  ) {
    this.#list = list;
    this.#facts = facts;
    this.#most = maxRecursion === 0 ? Number.MAX_SAFE_INTEGER : (maxRecursion ?? usualRounds);
    const names = new Set<string>();
    for (const one of list) {
      if (!names.has(lower(one.name))) names.add(lower(one.name));
      else
        throw errorAt(
          facts.source,
          one.name.start,
          "syntax",
          `Two common table expressions are called '${one.name.name}'`,
          { hint: "Give each a name of its own." },
        );
    }
  }

  /** What a query sees of the names around it; `count`: how many of the expressions stand before it. */
  context(
    correlation: Correlation | undefined,
    count = this.#list.length,
    round?: Round,
  ): FromContext {
    const bindQuery: BindQuery = (query, inner) =>
      bindRows(query, this.context(inner, count, round));
    return {
      facts: this.#facts,
      correlation,
      bindQuery,
      commonTable: (node) => this.#use(node, count, round),
    };
  }

  #use(node: NamedTable, count: number, round: Round | undefined): BoundFrom | undefined {
    if (node.schema) return undefined;
    const name = lower(node.name);
    const alias = node.alias?.name ?? node.name.name;
    if (round && round.name === name) return this.#lastRound(round, alias);
    const index = this.#list.findIndex((one, at) => at < count && lower(one.name) === name);
    const found = this.#list[index];
    if (!found) return undefined;
    const { plan, columns } = this.#bind(found, index);
    return { relations: [{ kind: "derived", alias, columns }], build: () => plan };
  }

  #lastRound({ columns }: Round, alias: string): BoundFrom {
    const own = columns.map((column) => this.#facts.column(column.name, column.type));
    return {
      relations: [
        {
          kind: "derived",
          alias,
          columns: own.map((column) => ({ name: column.name, column })),
        },
      ],
      build: () => ({ kind: "last round", columns: own, of: columns }),
    };
  }

  #bind(expression: CommonTableExpression, index: number): BoundRows {
    const name = lower(expression.name);
    const isSelf = (query: QueryExpression) =>
      everyNamedTable(query).some((node) => !node.schema && lower(node.name) === name);
    if (isSelf(expression.query)) return this.#recursive(expression, index, isSelf);
    const { plan, columns } = bindRows(expression.query, this.context(undefined, index));
    const named = renamed(columns, expression, expression.name.name, this.#facts);
    checkNames(named, expression.name.name, expression.query, this.#facts);
    return { plan, columns: named };
  }

  #recursive(
    expression: CommonTableExpression,
    index: number,
    isSelf: (query: QueryExpression) => boolean,
  ): BoundRows {
    const name = expression.name.name;
    const parts = unionAllParts(expression.query);
    const anchors = parts.filter((part) => !isSelf(part));
    const steps = parts.filter(isSelf);
    if (anchors.length === 0 || steps.length === 0)
      throw this.#fail(
        expression.query,
        `Recursive common table expression '${name}' does not contain a top-level UNION ALL operator (SQL Server error 252)`,
        "Write a first SELECT that does not read it, UNION ALL, and a second that does.",
      );
    for (const step of steps) this.#checkReferences(step, expression);
    const before = anchors.map((part) => bindRows(part, this.context(undefined, index)));
    const first = before[0] as BoundRows;
    const named = renamed(first.columns, expression, name, this.#facts);
    checkNames(named, name, expression.query, this.#facts);
    const columns = named.map(({ name: own, column }) =>
      this.#facts.column(
        own,
        isText(column.type) ? { ...column.type, length: longest } : column.type,
      ),
    );
    const round = { name: lower(expression.name), columns };
    const after = steps.map((part) => {
      const rows = bindRows(part, this.context(undefined, index, round));
      this.#checkStep(part, rows.plan);
      return rows;
    });
    const join = (rows: readonly BoundRows[], nodes: readonly QueryExpression[]): Plan => {
      const inputs = rows.map((one, at) =>
        this.#fitted(one, columns, nodes[at] ?? expression, name),
      );
      const [only] = inputs;
      if (only && inputs.length === 1) return only;
      const own = columns.map((column) => this.#facts.column(column.name, column.type));
      return { kind: "set", operator: "union all", inputs, columns: own };
    };
    return {
      plan: {
        kind: "recursive",
        anchor: join(before, anchors),
        step: join(after, steps),
        columns,
        most: this.#most,
      },
      columns: columns.map((column) => ({ name: column.name, column })),
    };
  }

  /** The rows of one part in the types of the whole. */
  #fitted(rows: BoundRows, columns: readonly PlanColumn[], at: Span, name: string): Plan {
    if (rows.columns.length !== columns.length)
      throw this.#fail(
        at,
        `All parts of '${name}' must have an equal number of columns (SQL Server error 205): ${columns.length} and ${rows.columns.length}`,
      );
    const items = columns.map((wanted, position): ProjectItem => {
      const { column } = rows.columns[position] as DerivedColumn;
      const fits = isIdentity(column.type, wanted.type) || column.type.kind === "null";
      if (!fits && !(isText(column.type) && isText(wanted.type)))
        throw this.#fail(
          at,
          `Types don't match between the anchor and the recursive part in column "${wanted.name}" of recursive query "${name}" (SQL Server error 240): ${typeName(wanted.type)} and ${typeName(column.type)}`,
          `CAST both to one type: CAST(… AS ${typeName(column.type)}).`,
        );
      return {
        column: this.#facts.column(wanted.name, wanted.type),
        expr: castTo({ facts: this.#facts }, columnExpr(column), wanted.type, at),
      };
    });
    return { kind: "project", input: rows.plan, items };
  }

  /** A recursive part reads the last round once, and without hints. */
  #checkReferences(step: QueryExpression, { name }: CommonTableExpression): void {
    const own = everyNamedTable(step).filter(
      (node) => !node.schema && lower(node.name) === lower(name),
    );
    const [, second] = own;
    if (second)
      throw this.#fail(
        second,
        `The recursive part of the common table expression '${name.name}' has multiple recursive references (SQL Server error 253)`,
        "Join it with tables, or with a common table expression of its own.",
      );
    const hinted = own.find(({ hasHints }) => hasHints);
    if (hinted)
      throw this.#fail(
        hinted,
        `Hints are not allowed on the recursive reference '${name.name}' (SQL Server error 4150)`,
        "Leave the hint out.",
      );
  }

  /** What SQL Server does not take in the part that reads the last round, where it looks at one row at a time. */
  #checkStep(at: Span, step: Plan): void {
    const words = refusedAboveRound(step);
    if (words === undefined) return;
    throw this.#fail(
      at,
      `${words} in the recursive part of a recursive common table expression`,
      "Do it in the SELECT that reads the expression.",
    );
  }

  #fail(at: Span, message: string, hint?: string) {
    return errorAt(this.#facts.source, at.start, "unsupported", message, { hint });
  }
}

function unionAllParts(query: QueryExpression): readonly QueryExpression[] {
  if (query.kind !== "set" || query.operator !== "union" || !query.all) return [query];
  return [...unionAllParts(query.left), ...unionAllParts(query.right)];
}

const readsRound = (plan: Plan): boolean =>
  plan.kind === "last round" || inputsOf(plan).some(readsRound);

/** The first operator above the rows of the last round that may not stand there, in SQL Server's words. */
function refusedAboveRound(plan: Plan): string | undefined {
  if (!readsRound(plan)) return undefined;
  switch (plan.kind) {
    case "aggregate":
      return "GROUP BY, HAVING, or aggregate functions are not allowed (SQL Server error 467)";
    case "window":
      return "Functions over windows are not available";
    case "distinct":
      return "The DISTINCT operator is not allowed (SQL Server error 460)";
    case "limit":
      return "The TOP or OFFSET operator is not allowed (SQL Server error 461)";
    case "set":
      return "Set operators are not allowed (SQL Server error 460)";
    case "join":
      if (plan.type === "left" || plan.type === "full")
        return "An outer join is not allowed (SQL Server error 462)";
      break;
    case "apply":
      if (plan.mode.type === "outer" || readsRound(plan.inner))
        return "A subquery that reads the expression, or OUTER APPLY, is not allowed (SQL Server error 465)";
      break;
    case "scan":
    case "rows":
    case "filter":
    case "project":
    case "sort":
    case "spool":
    case "recursive":
    case "last round":
    case "function":
      break;
  }
  for (const input of inputsOf(plan)) {
    const words = refusedAboveRound(input);
    if (words !== undefined) return words;
  }
  return undefined;
}
