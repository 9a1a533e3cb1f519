import type { Dataverse, Table } from "../../dataverse";
import { AppError } from "../../errors";
import type { Fact } from "../../policy/preview";

/** Questions to Dataverse at most; where there would be more, the list says that it goes on. */
const mostCounts = 100;
/** So far down is looked: an account, its contacts, their cases, the mails of these. */
const deepest = 3;
/** Dataverse counts no further in a plain query. */
const mostCounted = 5_000;
/** Who took part in an activity is a part of it, and nobody would miss it by itself. */
const isPart = (table: string) => table === "activityparty";

/** Rows of `child` go with the row that their lookup `column` names. */
interface Cascade {
  readonly child: string;
  readonly column: string;
}

/** Rows of a table that go as well, as far as they could be counted. */
interface Sum {
  rows: number;
  /** There are more, or it cannot be told. */
  isOpen: boolean;
}

interface Counted {
  /** From the row itself down. */
  readonly path: readonly Cascade[];
  readonly rows: number | undefined;
}

/**
 * What Dataverse deletes with a row: rows of other tables whose relationship cascades, and what hangs on those (an account's cases,
 * and the mails of these), by table and number, as far as the caller may see them.
 */
export async function goesWith(dataverse: Dataverse, table: string, id: string): Promise<Fact[]> {
  const known = new Map(
    (await dataverse.metadata.tables()).map((each) => [each.logicalName, each] as const),
  );
  const cascades = async (of: string) =>
    (await cascadesOf(dataverse, of)).filter(({ child }) => known.has(child) && !isPart(child));
  const direct = await cascades(table);
  const sums = new Map<string, Sum>();
  let left = mostCounts;
  let isCut = false;
  let paths: (readonly Cascade[])[] = direct.map((cascade) => [cascade]);
  for (let depth = 1; paths.length > 0; depth++) {
    isCut ||= paths.length > left;
    const counted = await Promise.all(
      paths.slice(0, left).map(async (path): Promise<Counted> => {
        const rows = await countAt(dataverse, { path, id, direct, idOf });
        return { path, rows };
      }),
    );
    left -= counted.length;
    for (const each of counted) add(sums, each);
    if (depth === deepest) break;
    // Where many rows are, there is most to be told of.
    const there = counted
      .filter(({ rows }) => rows !== 0)
      .sort((one, other) => (other.rows ?? 0) - (one.rows ?? 0));
    const further = await Promise.all(
      there.map(async ({ path }) =>
        (await cascades(childOf(path)))
          .filter((next) => path.every((each) => !isSame(each, next)))
          .map((next) => [...path, next]),
      ),
    );
    paths = further.flat();
  }
  const values = [...sums]
    .filter(([, { rows, isOpen }]) => rows > 0 || isOpen)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, sum]) => `${nameOf(known.get(name), name)}: ${wordsOf(sum)}`);
  const more = isCut ? ["…"] : [];
  return values.length + more.length === 0
    ? []
    : [{ label: "goesWith", values: [...values, ...more] }];

  function idOf(name: string): string {
    return known.get(name)?.primaryId ?? `${name}id`;
  }
}

const childOf = (path: readonly Cascade[]): string => path.at(-1)?.child ?? "";
const isSame = (one: Cascade, other: Cascade) =>
  one.child === other.child && one.column === other.column;

function add(sums: Map<string, Sum>, { path, rows }: Counted): void {
  const sum = sums.get(childOf(path)) ?? { rows: 0, isOpen: false };
  sum.rows += rows ?? 0;
  sum.isOpen ||= rows === undefined || (path.length === 1 && rows === mostCounted);
  sums.set(childOf(path), sum);
}

/** The rows that a table is deleted with. */
export async function rowsOf(dataverse: Dataverse, table: Table): Promise<Fact> {
  const rows = await count(dataverse, table.logicalName);
  const sum = { rows: rows ?? 0, isOpen: rows === undefined || rows === mostCounted };
  return {
    label: "goesWith",
    values: [`${nameOf(table, table.logicalName)}: ${wordsOf(sum)}`],
  };
}

const nameOf = (
  table: Pick<Table, "displayCollectionName"> | undefined,
  logicalName: string,
): string =>
  table === undefined ? logicalName : `${table.displayCollectionName} (${logicalName})`;

const wordsOf = ({ rows, isOpen }: Sum): string =>
  isOpen ? (rows === 0 ? "?" : `${rows}+`) : String(rows);

interface Relationship {
  readonly ReferencingEntity: string;
  readonly ReferencingAttribute: string;
  readonly CascadeConfiguration?: { readonly Delete?: string };
}

async function cascadesOf(dataverse: Dataverse, table: string): Promise<Cascade[]> {
  const { body } = await dataverse.send({
    method: "GET",
    path: `EntityDefinitions(LogicalName='${table}')/OneToManyRelationships`,
    query: { $select: "SchemaName,ReferencingEntity,ReferencingAttribute,CascadeConfiguration" },
    expects: "page",
  });
  const { value } = body as { readonly value: readonly Relationship[] };
  return value
    .filter(({ CascadeConfiguration }) => CascadeConfiguration?.Delete === "Cascade")
    .map((each) => ({ child: each.ReferencingEntity, column: each.ReferencingAttribute }));
}

const count = (dataverse: Dataverse, table: string, filter?: string) =>
  ifTold(async () => {
    const { count: number } = await dataverse.query(table, {
      top: 1,
      count: true,
      ...(filter === undefined ? {} : { filter }),
    });
    return number;
  });

interface Place {
  readonly path: readonly Cascade[];
  readonly id: string;
  /** Rows that hang on the row itself are counted there, whatever else they hang on. */
  readonly direct: readonly Cascade[];
  /** The column with a table's ids. */
  idOf(table: string): string;
}

function countAt(dataverse: Dataverse, place: Place): Promise<number | undefined> {
  const { path, id } = place;
  const [first] = path;
  if (first !== undefined && path.length === 1)
    return count(dataverse, first.child, `_${first.column}_value eq ${id}`);
  const table = childOf(path);
  return ifTold(async () => {
    const pages = dataverse.fetchXml(table, countingXml(place), { annotations: [] });
    for await (const { rows } of pages) return Number(rows[0]?.rows ?? 0);
    return 0;
  });
}

/** Counts the rows at the end of a path: each table is joined to the one above it, and the topmost hangs on the row itself. */
function countingXml({ path, id, direct, idOf }: Place): string {
  const table = childOf(path);
  const elsewhere = direct
    .filter(({ child }) => child === table)
    .map(
      ({ column }) =>
        `<filter type="or"><condition attribute="${column}" operator="ne" value="${id}"/><condition attribute="${column}" operator="null"/></filter>`,
    );
  const [first, ...rest] = path;
  let inside = `<filter><condition attribute="${first?.column}" operator="eq" value="${id}"/></filter>`;
  let above = first?.child ?? "";
  for (const { child, column } of rest) {
    const link = `<link-entity name="${above}" from="${idOf(above)}" to="${column}" link-type="inner">${inside}</link-entity>`;
    inside = link;
    above = child;
  }
  const own = elsewhere.length === 0 ? "" : `<filter>${elsewhere.join("")}</filter>`;
  return `<fetch aggregate="true"><entity name="${table}"><attribute name="${idOf(table)}" alias="rows" aggregate="count"/>${own}${inside}</entity></fetch>`;
}

/** Kinds of refusals that say no more the next time either. */
const lasting: readonly string[] = ["forbidden", "not_found", "invalid"];

/**
 * Undefined where it cannot be told: rows that the caller may not read go all the same. A failure that passes is none of that: what
 * is shown would differ the next time, and nobody's yes would count.
 */
async function ifTold(counting: () => Promise<number | undefined>): Promise<number | undefined> {
  try {
    return await counting();
  } catch (error) {
    if (error instanceof AppError && lasting.includes(error.kind)) return undefined;
    throw error;
  }
}
