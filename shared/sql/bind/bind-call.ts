import type { SqlError } from "../errors";
import { type DatePart, dateParts } from "../exec/dates";
import { scalarFunctions } from "../exec/functions";
import { nearest } from "../nearest";
import type { Expression, Span } from "../parser/ast";
import { constant, type Expr } from "../plan/expression";
import { classOf, type SqlType } from "../types";
import { aggregateNames } from "./aggregates";
import { choose } from "./bind-case";
import { type Binding, fail, type Node, settle } from "./binding";
import { coerceConstant, nullConstant, typeNames } from "./coerce";

/** A call of anything that is no aggregate. */
export const bindCall = (binding: Binding, node: Node<"call">): Expr =>
  bindConstant(binding, node) ?? bindShorthand(binding, node) ?? bindScalar(binding, node);

/** Functions whose value is fixed for the query: the moment and the person. */
function bindConstant(binding: Binding, { name, args }: Node<"call">): Expr | undefined {
  if (
    ["GETDATE", "GETUTCDATE", "SYSDATETIME", "SYSUTCDATETIME", "CURRENT_TIMESTAMP"].includes(name)
  ) {
    return args.length === 0 ? constant(binding.now.getTime(), "datetime") : undefined;
  }
  const users = [
    "CURRENT_USER",
    "SESSION_USER",
    "SYSTEM_USER",
    "SUSER_SNAME",
    "SUSER_NAME",
    "USER_NAME",
  ];
  return users.includes(name) && args.length === 0
    ? { kind: "currentUser", type: "guid" }
    : undefined;
}

/** Functions that are CASE in other words. */
function bindShorthand(binding: Binding, node: Node<"call">): Expr | undefined {
  const { name, args } = node;
  const [a, b, c] = args;
  if ((name === "ISNULL" && args.length === 2) || (name === "COALESCE" && args.length > 1)) {
    const values = args.map((arg) => binding.value(arg));
    const last = values[values.length - 1] ?? nullConstant;
    const whens = values.slice(0, -1).map((result): { when: Expr; result: Expr } => ({
      when: { kind: "isNull", type: "predicate", operand: result, negated: true },
      result,
    }));
    return choose(binding, node, whens, last);
  }
  if (name === "NULLIF" && a && b && !c) {
    const when = binding.compare(node, "=", a, b);
    return choose(binding, node, [{ when, result: nullConstant }], binding.value(a));
  }
  if (name === "IIF" && a && b && c) {
    return choose(
      binding,
      node,
      [{ when: binding.condition(a), result: binding.value(b) }],
      binding.value(c),
    );
  }
  return undefined;
}

function bindScalar(binding: Binding, node: Node<"call">): Expr {
  const definition = Object.hasOwn(scalarFunctions, node.name)
    ? scalarFunctions[node.name]
    : undefined;
  if (!definition) throw unknownFunction(binding, node);
  const [minimum, maximum] = definition.arguments;
  if (node.args.length < minimum || node.args.length > maximum) {
    const wanted = minimum === maximum ? `${minimum}` : `${minimum} to ${maximum}`;
    const message = `${node.name} takes ${wanted} arguments, not ${node.args.length}`;
    throw fail(binding, node, "syntax", message);
  }
  const args = node.args.map((arg, index): Expr => {
    if (definition.datePart && index === 0) return constant(readDatePart(binding, arg), "text");
    const value = binding.value(arg);
    const wanted = definition.takes?.[Math.min(index, definition.takes.length - 1)];
    return wanted
      ? bindArgument(binding, value, wanted, arg)
      : bindArgument(binding, value, "float", arg);
  });
  const type = definition.type(args);
  return settle({ kind: "call", type, name: node.name, args }, binding);
}

function bindArgument(binding: Binding, value: Expr, wanted: SqlType, at: Span): Expr {
  if (classOf(value.type) === classOf(wanted) || value.type === "null") return value;
  const kinds = [classOf(value.type), classOf(wanted)];
  const hopeless =
    kinds[1] === "time" ? kinds[0] !== "text" : kinds[1] === "number" && kinds[0] === "time";
  if (hopeless) {
    const message = `${typeNames[value.type]} given where ${typeNames[wanted]} is needed`;
    throw fail(binding, at, "type", message);
  }
  if (value.kind === "constant")
    return coerceConstant(value, constant(null, wanted), binding.source, at)[0] ?? value;
  return { kind: "cast", type: wanted, operand: value };
}

function readDatePart(binding: Binding, node: Expression): DatePart {
  const name = node.kind === "name" && node.parts.length === 1 ? node.parts[0]?.name : undefined;
  const part = name === undefined ? undefined : dateParts[name.toUpperCase()];
  if (part) return part;
  throw fail(binding, node, "syntax", "A date part is needed", {
    hint: "Use year, quarter, month, week, day, hour, minute or second, without quotes.",
  });
}

function unknownFunction(binding: Binding, node: Node<"call">): SqlError {
  const known = [
    ...aggregateNames,
    ...Object.keys(scalarFunctions),
    "GETDATE",
    "GETUTCDATE",
    "ISNULL",
    "COALESCE",
    "NULLIF",
    "IIF",
  ];
  const near = nearest(node.name, known, 1);
  return fail(
    binding,
    node,
    "unsupported",
    `The function ${node.name} is not supported by read_query`,
    {
      hint: near[0] ? `Did you mean ${near[0]}?` : `Available: ${known.sort().join(", ")}.`,
      suggestions: near,
    },
  );
}
