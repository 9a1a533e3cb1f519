import { each } from "../account/each";
import { textBytes } from "../account/row-size";
import { errorOfQuery } from "../errors";
import { compile } from "../expression/evaluate";
import { columnsIn, type Scalar } from "../expression/expression";
import { columnIdsOf, columnsOf, type Plan, type PlanOf } from "../plan/nodes";
import { hashKeyOf } from "../types/compare";
import type { Row, Value } from "../types/sql-type";
import { collect } from "./collect";
import type { Batches, Execution, Run } from "./execution";
import { pairOf } from "./joins/pair";

type Apply = PlanOf<"apply">;

/** An answer that is remembered, beside its key and rows. */
const entryBytes = 96;
/** Rows are handed on in batches of so many. */
const batchLength = 1024;

/**
 * For each row the rows of the subquery, or what they say. The subquery runs once for rows whose values for it are the same;
 * what in it depends on no value of a row is read once for all (spools).
 */
export async function* applyRows(plan: Apply, execution: Execution, run: Run): Batches {
  const { account, environment } = execution;
  const columns = columnsOf(plan.input);
  const parameters = plan.parameters.map(({ column, expr }) => ({
    id: column.id,
    evaluate: compile(expr, columns, environment),
  }));
  const hold = account.open(plan);
  const answers = new Map<string, readonly Row[]>();
  const test = testOf(plan, execution);
  const isWanted = plan.when && compile(plan.when, columns, environment);
  const unmatched: Row = columnsOf(plan.inner).map(() => null);

  const answerTo = async (row: Row): Promise<readonly Row[]> => {
    const values = parameters.map(({ evaluate }) => evaluate(row));
    const key = exactKey(values);
    const known = answers.get(key);
    if (known) return known;
    const given = new Map(environment.parameters);
    parameters.forEach(({ id }, at) => {
      given.set(id, values[at] ?? null);
    });
    const inside = { ...execution, environment: { ...environment, parameters: given } };
    const answer = await rowsOf(plan, inside, run, hold);
    account.group(plan);
    hold.add(entryBytes + textBytes(key));
    answers.set(key, answer);
    return answer;
  };

  /** Adds the rows that become of one. */
  const addTo = async (made: Row[], row: Row): Promise<void> => {
    if (isWanted && isWanted(row) !== true) {
      made.push(pairOf(row, [null]));
      if (account.due(1)) await account.pause();
      return;
    }
    const answer = await answerTo(row);
    account.join(answer.length + 1, plan);
    if (plan.mode.type === "cross" || plan.mode.type === "outer") {
      if (answer.length === 0 && plan.mode.type === "outer") made.push(pairOf(row, unmatched));
      await each(answer, account, (other) => {
        made.push(pairOf(row, other));
      });
    } else {
      made.push(pairOf(row, [test(row, answer)]));
    }
    if (account.due(1)) await account.pause();
  };

  try {
    for await (const batch of run(plan.input, execution)) {
      let made: Row[] = [];
      for (const row of batch) {
        await addTo(made, row);
        if (made.length < batchLength) continue;
        yield made;
        made = [];
      }
      if (made.length > 0) yield made;
    }
  } finally {
    hold.release();
  }
}

/** As many rows of the subquery as its answer needs. */
async function rowsOf(
  plan: Apply,
  execution: Execution,
  run: Run,
  hold: ReturnType<Execution["account"]["open"]>,
): Promise<readonly Row[]> {
  const { account } = execution;
  switch (plan.mode.type) {
    case "cross":
    case "outer":
      return collect(run(plan.inner, execution), plan.inner, account, hold, true);
    case "quantified":
      return collect(run(plan.inner, execution), plan.inner, account, hold);
    case "exists":
      return firstOf(run(plan.inner, execution, 1), 1);
    case "scalar": {
      const rows = await firstOf(run(plan.inner, execution, 2), 2);
      if (rows.length > 1) throw severalRows(plan.inner);
      return rows;
    }
  }
}

async function firstOf(batches: Batches, count: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) {
    for (const row of batch.slice(0, count - rows.length)) rows.push(row);
    if (rows.length >= count) break;
  }
  return rows;
}

const severalRows = (inner: Plan) =>
  errorOfQuery(
    "type",
    `A subquery that stands for one value returned more than one row${named(inner)} (SQL Server's error 512).`,
    {
      hint: "Either aggregate it (MAX(column)), or write SELECT TOP 1 … ORDER BY …, or use IN instead of =.",
    },
  );

function named(inner: Plan): string {
  const [column] = columnsOf(inner);
  return column?.name ? ` for its column '${column.name}'` : "";
}

/** What the added column of a row says. */
function testOf(
  plan: Apply,
  { environment }: Execution,
): (row: Row, answer: readonly Row[]) => Value {
  const { mode } = plan;
  switch (mode.type) {
    case "cross":
    case "outer":
      return () => null;
    case "scalar":
      return (_, [only]) => only?.[0] ?? null;
    case "exists":
      return (_, answer) => answer.length > 0;
    case "quantified":
      return membershipOf(plan, mode, environment) ?? quantifiedOf(plan, mode, environment);
  }
}

type Quantified = Extract<Apply["mode"], { readonly type: "quantified" }>;
type Test = (row: Row, answer: readonly Row[]) => Value;

/** ANY is true at the first true, ALL false at the first false; unknown when neither came and one was unknown. */
function quantifiedOf(plan: Apply, mode: Quantified, environment: Execution["environment"]): Test {
  const columns = [...columnsOf(plan.input), ...columnsOf(plan.inner)];
  const test = compile(mode.test, columns, environment);
  const decides = mode.quantifier === "any";
  return (row, answer) => {
    let unknown = false;
    for (const other of answer) {
      const value = test(pairOf(row, other));
      if (value === decides) return decides;
      if (value === null) unknown = true;
    }
    return unknown ? null : !decides;
  };
}

interface Members {
  readonly keys: ReadonlySet<string>;
  readonly hasNull: boolean;
}

/** IN and NOT IN: one look into a set for each row. Undefined for other comparisons. */
function membershipOf(
  plan: Apply,
  { test, quantifier }: Quantified,
  environment: Execution["environment"],
): Test | undefined {
  if (test.kind !== "compare" || test.operator !== (quantifier === "any" ? "=" : "<>"))
    return undefined;
  const inner = columnIdsOf(plan.inner);
  const isInner = (expr: Scalar) => [...columnsIn(expr)].some(({ id }) => inner.has(id));
  const [outside, inside] = isInner(test.right) ? [test.left, test.right] : [test.right, test.left];
  if (isInner(outside) || !isInner(inside)) return undefined;
  const operand = compile(outside, columnsOf(plan.input), environment);
  const member = compile(inside, columnsOf(plan.inner), environment);
  const hashKey = hashKeyOf(test.left.type);
  const known = new WeakMap<readonly Row[], Members>();
  const membersOf = (answer: readonly Row[]): Members => {
    const made = known.get(answer);
    if (made) return made;
    const values = answer.map(member);
    const keys = new Set(values.filter((value) => value !== null).map(hashKey));
    const members = { keys, hasNull: values.includes(null) };
    known.set(answer, members);
    return members;
  };
  const found = quantifier === "any";
  return (row, answer) => {
    if (answer.length === 0) return !found;
    const value = operand(row);
    if (value === null) return null;
    const { keys, hasNull } = membersOf(answer);
    if (keys.has(hashKey(value))) return found;
    return hasNull ? null : !found;
  };
}

/** Equal keys mean the very same values: 'a' and 'A' may give different rows. */
const exactKey = (values: readonly Value[]): string =>
  values
    .map((value) => `${typeof value}${String(value)}`)
    .map((text) => `${text.length}:${text}`)
    .join("");
