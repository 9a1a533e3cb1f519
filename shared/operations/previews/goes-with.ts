import type { Dataverse } from "../../dataverse";
import { AppError } from "../../errors";
import type { Fact } from "../../policy/preview";

/** Tables whose rows are counted at most; the rest of a long list says that there are more. */
const mostTables = 60;
const mostCounted = 5_000;

/**
 * What Dataverse deletes with a row: rows of other tables whose relationship cascades, by table and number, as far as the caller
 * may see them.
 */
export async function goesWith(dataverse: Dataverse, table: string, id: string): Promise<Fact[]> {
  const { body } = await dataverse.send({
    method: "GET",
    path: `EntityDefinitions(LogicalName='${table}')/OneToManyRelationships`,
    query: { $select: "SchemaName,ReferencingEntity,ReferencingAttribute,CascadeConfiguration" },
    expects: "page",
  });
  const { value } = body as { readonly value: readonly Relationship[] };
  const cascading = value.filter(
    ({ CascadeConfiguration }) => CascadeConfiguration?.Delete === "Cascade",
  );
  const known = new Set((await dataverse.metadata.tables()).map(({ logicalName }) => logicalName));
  const counted = cascading.filter(({ ReferencingEntity }) => known.has(ReferencingEntity));
  const found = await Promise.all(
    counted.slice(0, mostTables).map(async ({ ReferencingEntity, ReferencingAttribute }) => ({
      name: ReferencingEntity,
      count: await count(dataverse, ReferencingEntity, `_${ReferencingAttribute}_value eq ${id}`),
    })),
  );
  const values = found
    .filter(({ count: number }) => number !== 0)
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, count: number }) => `${name}: ${wordsOf(number)}`);
  const more = counted.length > mostTables ? ["…"] : [];
  return values.length + more.length === 0
    ? []
    : [{ label: "goesWith", values: [...values, ...more] }];
}

/** The rows that a table is deleted with. */
export const rowsOf = async (dataverse: Dataverse, table: string): Promise<Fact> => ({
  label: "goesWith",
  values: [`${table}: ${wordsOf(await count(dataverse, table))}`],
});

interface Relationship {
  readonly ReferencingEntity: string;
  readonly ReferencingAttribute: string;
  readonly CascadeConfiguration?: { readonly Delete?: string };
}

const wordsOf = (number: number | undefined) =>
  number === undefined ? "?" : number >= mostCounted ? `${mostCounted}+` : String(number);

/** Undefined where it cannot be told: rows that the caller may not read go all the same. */
async function count(
  dataverse: Dataverse,
  table: string,
  filter?: string,
): Promise<number | undefined> {
  try {
    const { count: number } = await dataverse.query(table, {
      top: 1,
      count: true,
      ...(filter === undefined ? {} : { filter }),
    });
    return number;
  } catch (error) {
    if (error instanceof AppError && error.kind !== "timeout" && error.kind !== "cancelled")
      return undefined;
    throw error;
  }
}
