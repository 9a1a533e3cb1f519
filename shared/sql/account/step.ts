import { describe } from "../expression/describe";
import { conjuncts, type Expr } from "../expression/expression";
import { allLinks } from "../fetchxml/model";
import { columnsOf, inputsOf, type Plan, type PlanOf, type Scan } from "../plan/nodes";
import { isMax } from "../types/sql-type";

/** A step of a query in the statement's own words, and what would make it cheaper. */
export interface Step {
  /** A sentence's subject: `The join of incident (a) and incident (b) on (a.x = b.x)`. */
  readonly words: string;
  /** At least two, each the rest of a sentence that begins with "either". */
  readonly edits: readonly string[];
}

const longestWords = 160;
const short = (text: string): string =>
  text.length <= longestWords ? text : `${text.slice(0, longestWords)}…`;

const listed = (expressions: readonly Expr[]): string =>
  short(expressions.map(describe).join(", "));

const scansOf = (plan: Plan): readonly Scan[] =>
  plan.kind === "scan" ? [plan] : inputsOf(plan).flatMap(scansOf);

const named = (table: string, ref: string): string => (table === ref ? table : `${table} (${ref})`);

/** The tables of a plan as FROM names them: `incident (i), account (a)`. */
function tablesOf(plan: Plan): string {
  const tables = scansOf(plan).flatMap(({ fetch }) =>
    [fetch, ...allLinks(fetch.links)].map(({ table, ref }) => named(table, ref)),
  );
  return short(tables.join(", ")) || "the rows";
}

/** Fewer rows from the first table of a plan. */
function narrow(plan: Plan): string {
  const [scan] = scansOf(plan);
  const ref = scan?.fetch.ref;
  return ref === undefined
    ? "add a condition to WHERE"
    : `narrow ${named(scan?.fetch.table ?? ref, ref)} in WHERE, for example ${ref}.createdon >= DATEADD(day, -30, GETDATE())`;
}

function fewerColumns(plan: Plan): string {
  const columns = columnsOf(plan);
  const long = columns.filter(({ type }) => isMax(type)).map(({ name }) => name);
  return long.length > 0
    ? `leave the long columns out of it (${short([...new Set(long)].join(", "))})`
    : `name fewer columns than ${columns.length} in SELECT`;
}

/** Joining by what is unique on one side makes at most one pair a row. */
function joinByKey(join: PlanOf<"join">): string {
  const [scan] = scansOf(join.right);
  const by = conjuncts(join.on).find((part) => part.kind === "compare" && part.operator === "=");
  const key = scan ? `${scan.fetch.ref}.${scan.fetch.primaryId}` : "the primary key";
  return `join on a column that is unique on one side, such as ${key}, instead of ${by ? short(describe(by)) : short(describe(join.on))}`;
}

/** A step whose rows are too many, when it has no advice of its own. */
const plain = (words: string, plan: Plan): Step => ({
  words: `${words} ${tablesOf(plan)}`,
  edits: [narrow(plan), fewerColumns(plan)],
});

export function stepOf(plan: Plan): Step {
  switch (plan.kind) {
    case "join":
      return {
        words: `The join of ${tablesOf(plan.left)} and ${tablesOf(plan.right)} on ${short(describe(plan.on))}`,
        edits: [joinByKey(plan), narrow(plan)],
      };
    case "sort":
      return {
        words: `Sorting ${tablesOf(plan)} by ${listed(plan.keys.map(({ expr }) => expr))}`,
        edits: [narrow(plan), fewerColumns(plan.input)],
      };
    case "aggregate": {
      const keys = plan.keys.map(({ expr }) => expr);
      return {
        words: `Grouping ${tablesOf(plan)}${keys.length > 0 ? ` by ${listed(keys)}` : ""}`,
        edits: [
          keys.length > 0
            ? `group by columns with fewer different values than ${listed(keys)}`
            : "leave DISTINCT out of the aggregates",
          narrow(plan),
        ],
      };
    }
    case "distinct":
      return {
        words: `DISTINCT over ${tablesOf(plan)}`,
        edits: [fewerColumns(plan.input), narrow(plan)],
      };
    case "scan":
      return { words: `Reading ${tablesOf(plan)}`, edits: [fewerColumns(plan), narrow(plan)] };
    case "apply":
      return {
        words: `The subquery over ${tablesOf(plan.inner)}, for each row of ${tablesOf(plan.input)},`,
        edits: [narrow(plan.input), "write it as a JOIN with GROUP BY"],
      };
    case "window":
      return plain("The window over", plan);
    case "set":
      return plain(`${plan.operator.toUpperCase()} of`, plan);
    case "spool":
      return plain("Keeping", plan);
    case "recursive":
      return {
        words: `The recursive expression over ${tablesOf(plan)}`,
        edits: ["end it by a narrower condition in its second SELECT", narrow(plan)],
      };
    case "function":
      return {
        words: `The rows of ${plan.name}`,
        edits: ["give it a shorter text or a smaller range", "ask for fewer rows: SELECT TOP 50"],
      };
    case "filter":
      return {
        words: `The condition ${short(describe(plan.predicate))} on ${tablesOf(plan)}`,
        edits: [narrow(plan), "write the subquery as a JOIN with GROUP BY"],
      };
    case "rows":
    case "project":
    case "limit":
    case "last round":
      return {
        words: `The result over ${tablesOf(plan)}`,
        edits: [fewerColumns(plan), "ask for fewer rows: SELECT TOP 50"],
      };
  }
}
