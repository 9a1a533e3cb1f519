import { errorAt } from "../../errors";
import { columnExpr, type Scalar } from "../../expression/expression";
import type { BoundTableFunction } from "../../functions/table/table-function";
import { bindOpenJsonWith, bindTableFunction } from "../../functions/table/tables";
import type { Expression, TableExpression } from "../../parser/ast";
import { columnsOf, type Plan } from "../../plan/nodes";
import { wrongCollation } from "../../types/collation/collation";
import { declaredType } from "../../types/declared-type";
import { Failure } from "../../types/failure";
import { isText, withCollation } from "../../types/sql-type";
import { argumentOf } from "../expressions/bind-call";
import { applied, ExpressionBinder, type PendingApply } from "../expressions/bind-expression";
import { castTo, orFail } from "../expressions/binding";
import { Correlation, Scope } from "../names/scope";
import { type BoundFrom, type FromContext, renamed } from "./bound-from";

type Node<K extends TableExpression["kind"]> = Extract<TableExpression, { readonly kind: K }>;

/** `STRING_SPLIT(…)`, `GENERATE_SERIES(…)` */
export const bindFunction = (node: Node<"function">, context: FromContext): BoundFrom =>
  calling(node, node.name, node.args, context, (args) => bindTableFunction(node.name, args));

/** `OPENJSON(…)`, with or without WITH */
export function bindOpenJsonTable(node: Node<"openJson">, context: FromContext): BoundFrom {
  const { source } = context.facts;
  const parts = node.path ? [node.json, node.path] : [node.json];
  const schema = node.schema?.map(({ name, type, collation, path, asJson }) => {
    const declared = declaredType(type.name, type.args);
    if (declared instanceof Failure) throw declared.at(source, type.start);
    const wrong = collation && wrongCollation(collation.name);
    if (wrong)
      throw errorAt(source, collation.start, wrong.code, wrong.message, { hint: wrong.hint });
    if (collation && !isText(declared)) {
      throw errorAt(source, collation.start, "type", "COLLATE is for columns of texts");
    }
    const column = withCollation(declared, collation?.name);
    return { name: name.name, type: column, path, asJson };
  });
  return calling({ ...node, columns: [] }, "OPENJSON", parts, context, (args) =>
    schema ? bindOpenJsonWith(args, schema) : bindTableFunction("OPENJSON", args),
  );
}

function calling(
  node: Pick<Node<"function">, "alias" | "columns" | "start" | "end">,
  name: string,
  nodes: readonly Expression[],
  { facts, bindQuery, correlation }: FromContext,
  bind: (args: readonly ReturnType<typeof argumentOf>[]) => BoundTableFunction | Failure,
): BoundFrom {
  facts.countRelation(node);
  const scope = new Scope(facts, [], correlation);
  const applies: PendingApply[] = [];
  const binder = new ExpressionBinder(
    scope,
    { name: "the arguments of a function in FROM", applies },
    bindQuery,
  );
  const args = nodes.map((arg) => facts.weigh(binder.value(arg), arg));
  const result = bind(args.map((arg) => argumentOf(arg)));
  if (result instanceof Failure && result.number === 208)
    throw errorAt(
      facts.source,
      node.start,
      "unsupported",
      `The table function ${name} is not available`,
      {
        hint: "Read a table by its name: FROM incident.",
      },
    );
  const bound = orFail({ facts }, node, result);
  const columns = bound.columns.map((one) => facts.column(one.name, one.type));
  const alias = node.alias?.name ?? name;
  const named = renamed(
    columns.map((column) => ({ name: column.name, column })),
    node,
    alias,
    facts,
  );
  const cast = args.map((arg, at) => {
    const type = bound.takes[at];
    return type ? castTo({ facts }, arg, type, nodes[at] ?? node) : arg;
  });
  return {
    relations: [{ kind: "derived", alias, columns: named }],
    build: () =>
      calledWith(applies, scope, cast, (values) => ({
        kind: "function",
        name,
        bound,
        args: values,
        columns,
      })),
  };
}

/** Subqueries among the arguments run once, over one row, and what they give is a value of a query around. */
function calledWith(
  applies: readonly PendingApply[],
  scope: Scope,
  args: readonly Scalar[],
  call: (args: readonly Scalar[]) => Plan,
): Plan {
  if (applies.length === 0) return call(args);
  const correlation = new Correlation(scope, scope.facts);
  const inner = call(args.map((arg) => correlation.take(arg)));
  return {
    kind: "project",
    input: {
      kind: "apply",
      input: applied({ kind: "rows", columns: [], rows: [[]] }, applies),
      inner,
      parameters: correlation.parameters,
      mode: { type: "cross" },
    },
    items: columnsOf(inner).map((column) => ({ column, expr: columnExpr(column) })),
  };
}
