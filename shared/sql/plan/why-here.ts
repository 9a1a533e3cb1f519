import { conjuncts, type Expr, hasPart } from "../expression/expression";
import { fromPredicate } from "../fetchxml/from-predicate";
import { inputsOf, type Plan } from "./nodes";
import { isSortedByValue } from "./scan";

/** Does the service give these rows as they are, with nothing done to them here? */
const isFromService = (plan: Plan): boolean => plan.kind === "scan" && !plan.fetch.aggregate;

/** Why a step is taken here and not by the service; undefined where it costs nothing. */
export function whyHere(plan: Plan): string | undefined {
  switch (plan.kind) {
    case "filter":
      return whyFiltered(plan.predicate, plan.input);
    case "join":
      return whyJoined(plan);
    case "apply":
      return plan.parameters.length > 0
        ? "the subquery is another one for each row"
        : "FetchXML has no subqueries that give values";
    case "aggregate":
      if (isPartial(plan.input)) return "puts together what the service grouped more finely";
      return plan.sets
        ? "FetchXML has no grouping sets"
        : "FetchXML aggregates only columns of its tables, grouped by columns or parts of dates";
    case "window":
      return "FetchXML has no windows";
    case "set":
      return "each query of the service is one SELECT";
    case "sort":
      return whySorted(
        plan.keys.map(({ expr }) => expr),
        plan.input,
      );
    case "limit":
      if (plan.percent !== undefined || plan.ties) return "FetchXML has no PERCENT and no TIES";
      return isFromService(plan.input) ? undefined : "behind a step that is taken here";
    case "distinct":
      return "texts that differ in case alone, and names and labels, are alike here";
    case "recursive":
      return "FetchXML has no recursion";
    case "function":
      return "makes rows of values";
    case "scan":
    case "rows":
    case "project":
    case "spool":
    case "last round":
      return undefined;
  }
}

const isPartial = (plan: Plan): boolean =>
  plan.kind === "scan"
    ? plan.fetch.aggregate !== undefined
    : plan.kind === "project" && isPartial(plan.input);

function whyFiltered(predicate: Expr, input: Plan): string {
  if (!inputsOf(input).every((one) => one.kind !== "scan") || input.kind !== "scan")
    return "its rows come of a step that is taken here";
  const some = conjuncts(predicate).find((part) => fromPredicate(part) === undefined);
  if (!some) return "stays beside the service's condition, which is rougher or would be too long";
  if (hasPart(some, ({ kind }) => kind === "call" || kind === "binary" || kind === "case"))
    return "FetchXML compares columns, not what is computed of them";
  return "FetchXML has no such condition on these columns";
}

function whyJoined({ left, right, type }: Plan & { kind: "join" }): string {
  if (type === "full") return "FetchXML has no full joins";
  if (left.kind !== "scan" || right.kind !== "scan")
    return "one of its sides comes of a step that is taken here";
  if (type === "semi" || type === "anti") return "rows are looked up by the keys of the other side";
  return "a link of FetchXML follows one equality to one row; pages of others would lose rows";
}

function whySorted(keys: readonly Expr[], input: Plan): string {
  if (input.kind !== "scan") return "its rows come of a step that is taken here";
  const [first] = keys.filter((key) => key.kind !== "column" || !isSortedByValue(key.column));
  if (!first) return "the service sorts by columns of its first table alone";
  return first.kind === "column"
    ? "the service sorts choices and lookups by what is shown for them, not by their value"
    : "the service sorts by columns, not by what is computed of them";
}
