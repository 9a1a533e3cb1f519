import type { Dataverse } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import type { Fact } from "../../policy/preview";

interface Found {
  readonly facts: readonly Fact[];
  readonly versions: readonly string[];
}

/** What a person knows a record by, beside its primary name. */
const telling = ["ticketnumber", "_customerid_value", "statuscode", "emailaddress1"];

/** Table, name and what else tells a record, and its version. Of a row that is yet to be made the table alone. */
export async function recordFacts(
  dataverse: Dataverse,
  name: string | undefined,
  id: string | undefined,
): Promise<Found> {
  const table = name === undefined ? undefined : await dataverse.metadata.table(name);
  if (table === undefined) return { facts: [], versions: [] };
  const facts: Fact[] = [
    { label: "table", values: [`${table.displayName} (${table.logicalName})`] },
  ];
  if (id === undefined) return { facts, versions: [] };
  const columns = telling.filter((each) => {
    const column = table.columnByName.get(each.replace(/^_(\w+)_value$/, "$1"));
    return column?.canRead === true;
  });
  const own = table.primaryName === undefined ? [] : [table.primaryName];
  const row = await dataverse.retrieve(table.logicalName, id, {
    select: [...new Set([table.primaryId, ...own, ...columns])],
    annotations: true,
  });
  if (row === undefined)
    return { facts: [...facts, { label: "record", values: [id] }], versions: [] };
  const of = (column: string) => {
    const value = row[`${column}${formattedValue}`] ?? row[column];
    return value === undefined || value === null || value === "" ? [] : [String(value)];
  };
  const [customer, status] = ["_customerid_value", "statuscode"].map((each) =>
    columns.includes(each) ? of(each) : [],
  );
  const named = [...own, "ticketnumber", "emailaddress1"].flatMap((each) =>
    each in row ? of(each) : [],
  );
  facts.push({ label: "record", values: [...named, id] });
  if (customer?.length) facts.push({ label: "customer", values: customer });
  if (status?.length) facts.push({ label: "status", values: status });
  return { facts, versions: [String(row["@odata.etag"] ?? "")] };
}
