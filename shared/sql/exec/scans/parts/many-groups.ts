import { stepOf } from "../../../account/step";
import { errorOfQuery, type SqlError } from "../../../errors";
import type { FetchAggregate } from "../../../fetchxml/model";
import type { Scan } from "../../../plan/nodes";
import { int } from "../../../types/sql-type";
import type { Execution } from "../../execution";
import { mostCounted } from "../count";
import { pages } from "../pages";
import { mostGroups, ofSpan, type Span } from "./spans";

/** Parts are never alike: each is meant to have so much of what the service gives at once. */
const filling = 0.8;
/** An estimate is no count: only what is clearly too much is refused for it. */
const doubt = 1.25;
/** The first requests tell little of how long others take. */
const doubtOfTime = 2;
const requestsTimed = 6;

/** Columns of which every value makes groups. */
const keysOf = ({ fetch: { aggregate = [] } }: Scan): readonly FetchAggregate[] =>
  aggregate.filter(({ groupBy, dateGrouping }) => groupBy && dateGrouping === undefined);

/** Rows of a part, and different values of that column of its groups which has most. */
export interface Density {
  readonly rows: number;
  readonly values: number;
  readonly column: string;
}

/** Asks in one request; undefined where the groups are of parts of dates alone, or too many rows. */
export async function densityOf(
  scan: Scan,
  span: Span,
  execution: Execution,
): Promise<Density | undefined> {
  const keys = keysOf(scan);
  if (keys.length === 0) return undefined;
  const { ref, primaryId } = scan.fetch;
  const counted = { groupBy: false, dateGrouping: undefined } as const;
  const aggregate: FetchAggregate[] = [
    { ref, attribute: primaryId, alias: "n", ...counted, function: "count", distinct: false },
    ...keys.map(
      ({ ref: of, attribute }, at): FetchAggregate => ({
        ref: of,
        attribute,
        alias: `v${at}`,
        ...counted,
        function: "countcolumn",
        distinct: true,
      }),
    ),
  ];
  const counting: Scan = {
    kind: "scan",
    fetch: { ...ofSpan(scan.fetch, span), aggregate, orders: [] },
    columns: aggregate.map(({ alias }, id) => ({ column: { id, name: alias, type: int }, alias })),
    alsoAbove: [],
  };
  try {
    for await (const [row] of pages(counting, execution)) {
      const [rows = 0, ...values] = (row ?? []).map(Number);
      const most = Math.max(...values);
      return { rows, values: most, column: keys[values.indexOf(most)]?.attribute ?? "" };
    }
  } catch (error) {
    if (!execution.source.isAggregateLimit(error)) throw error;
  }
  return undefined;
}

/** How many different values there are, where these were found among so many rows that have them by chance. */
export function valuesInAll({ rows, values }: Density): number {
  let [low, high] = [values, values * 1e6];
  for (let turn = 0; turn < 60; turn += 1) {
    const all = Math.sqrt(low * high);
    if (all * -Math.expm1(-rows / all) < values) low = all;
    else high = all;
  }
  return high;
}

/**
 * Into how many parts rows must be cut so that each has fewer different values than the service gives groups at once. Rows are
 * taken to have their values by chance: of `all` values, n rows have about `all * (1 - exp(-n / all))`.
 */
export function partsFor(density: Density): number {
  const { rows, values } = density;
  const most = mostGroups * filling;
  if (values <= most) return 1;
  const all = valuesInAll(density);
  return Math.ceil(rows / (-all * Math.log1p(-most / all)));
}

/** Into how many parts rows must be cut, of which each has all rows of its values. */
export const partsByValue = (density: Density, rows: number): number =>
  Math.ceil(
    Math.max(valuesInAll(density) / (mostGroups * filling), rows / (mostCounted * filling)),
  );

/** The refusal where so many requests more are clearly too many, or would take too long; undefined where they are not. */
export function refusalOfRequests(
  needed: number,
  scan: Scan,
  { account, source }: Execution,
  sent: { readonly requests: number; readonly milliseconds: number },
  density?: Density,
): SqlError | undefined {
  const left = Math.min(account.requestsLeft, source.requestsLeft?.() ?? Number.POSITIVE_INFINITY);
  const pace = sent.requests < requestsTimed ? 0 : sent.milliseconds / sent.requests;
  const isLate = density !== undefined && needed * pace > account.millisecondsLeft * doubtOfTime;
  if (needed <= left * doubt && !isLate) return undefined;
  return tooManyParts(scan, needed, left, density);
}

function tooManyParts(scan: Scan, needed: number, left: number, density?: Density): SqlError {
  const { table } = scan.fetch;
  const count = (value: number) => Math.round(value).toLocaleString("en-US");
  const many = density
    ? ` (${count(density.values)} different values of ${density.column} in ${count(density.rows)} rows)`
    : "";
  const room =
    needed > left * doubt
      ? `one query can send ${count(left)} more`
      : "these would take longer than one query may";
  const { edits } = stepOf(scan);
  return errorOfQuery(
    "budget",
    `${table} has more rows than Dataverse aggregates at once, and its parts have too many groups for one answer each${many}: that needs about ${count(needed)} requests, and ${room}. No row was read.`,
    {
      hint: `Either ${edits.find((edit) => edit.startsWith("narrow")) ?? edits[0]}, or group by ${density ? `columns with fewer different values than ${density.column}` : "fewer columns"}.`,
    },
  );
}
