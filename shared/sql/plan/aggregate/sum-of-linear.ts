import { columnExpr, type PlanColumn, type Scalar } from "../../expression/expression";
import { averageOf, checkedTotal, sumType } from "../../functions/aggregate/sums";
import { bindConversion } from "../../types/conversion/convert";
import { Failure } from "../../types/failure";
import { bigint, isWhole, type Present, type Value } from "../../types/sql-type";
import type { Aggregation } from "../nodes";
import type { RuleContext } from "../rule";
import { storedName } from "../scan";
import { substitute } from "../substitute";
import { type Linear, linearOf } from "./linear";
import { aggregation, type MeasureValue, type Raws } from "./raws";

type Root = { readonly ref: string; readonly attribute: string };

/** A sum of whole numbers may be larger than one of them: SUM(x * 1.0) is right where SUM(x) is too large. */
function summed({ type, ...column }: PlanColumn): Scalar | undefined {
  const plain = columnExpr({ ...column, type });
  if (!isWhole(type)) return plain;
  const conversion = bindConversion(type, bigint, "explicit");
  if (conversion instanceof Failure) return undefined;
  return {
    kind: "cast",
    type: bigint,
    operand: plain,
    conversion,
    style: undefined,
    isTry: false,
  };
}

/** SUM and AVG of a column's multiple, such as `x * 1.0`: from the column's own sum, and from how many rows have it. */
export function sumOfLinear(
  one: Aggregation,
  argument: Scalar,
  root: Root,
  raws: Raws,
  context: RuleContext,
): MeasureValue | undefined {
  const linear = linearOf(argument);
  const whole = linear && summed(linear.column);
  if (!linear || !whole) return undefined;
  const { column } = linear;
  const of = { ref: column.origin?.ref ?? "", attribute: storedName(column), distinct: false };
  const ask = (
    name: "SUM" | "COUNT" | "MIN" | "MAX",
    args: readonly Scalar[],
    attribute: Parameters<Raws["add"]>[0]["attribute"],
  ): PlanColumn | undefined => {
    const made = aggregation(name, args, context);
    return made && raws.add({ attribute, aggregation: made });
  };
  const plain = [columnExpr(column)];
  const asked = [
    ask("SUM", [whole], { ...of, function: "sum" }),
    ask("COUNT", plain, { ...of, function: "countcolumn" }),
    ask("COUNT", [], { ...root, function: "count", distinct: false }),
  ];
  // Where the steps may leave their type, they do so at the least or the greatest value first.
  const ends = linear.mayOverflow
    ? [ask("MIN", plain, { ...of, function: "min" }), ask("MAX", plain, { ...of, function: "max" })]
    : [];
  if (![...asked, ...ends].every((made) => made !== undefined)) return undefined;
  const { type } = one.column;
  const run = runOf(one, linear, argument);
  return (standsFor) => {
    const args = [
      ...asked.map((made) => standsFor(made as PlanColumn)),
      ...ends.map((end) =>
        substitute(argument, new Map([[column.id, standsFor(end as PlanColumn)]])),
      ),
    ];
    const takes = args.map((arg) => arg.type);
    return {
      kind: "call",
      type,
      name: one.name,
      args,
      bound: { type, nullable: true, takes, run },
    };
  };
}

/** From the sum of the column, how many rows have it, and how many there are. */
function runOf({ name }: Aggregation, linear: Linear, { type }: Scalar) {
  const sum = sumType(type);
  const average = averageOf(type);
  return ([total = null, present = null, rows = null]: readonly Value[]): Value => {
    const [has, all] = [Number(present ?? 0), Number(rows ?? 0)];
    const count = linear.whenNull === undefined ? has : all;
    if (count === 0) return null;
    const made = checkedTotal(totalOf(linear, total, has, all, sum), sum) as Present;
    return name === "SUM" ? made : average(made, count);
  };
}

function totalOf(
  { times, plus, whenNull }: Linear,
  total: Value,
  present: number,
  rows: number,
  { kind }: ReturnType<typeof sumType>,
): bigint | number {
  // A float is the column as it stands.
  if (typeof total === "number") return total;
  const exact =
    BigInt(total ?? 0) * times + BigInt(present) * plus + BigInt(rows - present) * (whenNull ?? 0n);
  return kind === "int" || kind === "float" ? Number(exact) : exact;
}
