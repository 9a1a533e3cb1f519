import type {
  Catalog,
  CatalogColumn,
  CatalogTable,
  ColumnKind,
  SourceValue,
} from "../../../../shared/sql";

/** A small world with every kind of column, NULLs, shared labels and look-alike texts. */
type Definition = Partial<CatalogColumn> & { readonly type: ColumnKind };

const columnsOf = (primaryId: string, definitions: Record<string, Definition>): CatalogColumn[] => {
  const columns: CatalogColumn[] = [];
  for (const [name, definition] of Object.entries(definitions)) {
    const stored: CatalogColumn = {
      name,
      displayName: name,
      part: "value",
      base: name,
      onServer: true,
      isPrimaryId: name === primaryId,
      ...definition,
    };
    columns.push(stored);
    const shadow = (suffix: string, part: CatalogColumn["part"]): CatalogColumn => ({
      ...stored,
      name: name + suffix,
      displayName: `${stored.displayName} (${suffix})`,
      type: "text",
      part,
    });
    if (stored.type === "lookup") columns.push(shadow("name", "name"), shadow("type", "type"));
    if (stored.type === "choice" || stored.type === "boolean")
      columns.push(shadow("name", "label"));
    if (stored.type === "choices") columns.push({ ...shadow("name", "label"), ofChoices: true });
  }
  return columns.sort((a, b) => (a.name < b.name ? -1 : 1));
};

const table = (
  name: string,
  displayName: string,
  otherNames: readonly string[],
  definitions: Record<string, Definition>,
): CatalogTable => ({
  name,
  displayName,
  otherNames,
  primaryId: `${name}id`,
  typeCode: { account: 1, contact: 2, systemuser: 8, incident: 112 }[name] ?? 10_000,
  columns: columnsOf(`${name}id`, definitions),
});

const states = [
  { value: 0, label: "Active" },
  { value: 1, label: "Resolved" },
  { value: 2, label: "Cancelled" },
];
const yesNo = [
  { value: 1, label: "Yes" },
  { value: 0, label: "No" },
];

/** The label of one is part of another's, and one is used twice. */
const topics = [
  { value: 1, label: "Noise" },
  { value: 2, label: "Heat" },
  { value: 3, label: "Loud noise" },
  { value: 4, label: "heat" },
  { value: 11, label: "Other, unknown" },
];

export const tables: readonly CatalogTable[] = [
  table("incident", "Case", ["incidents", "Incident", "Cases"], {
    incidentid: { type: "guid" },
    title: { type: "text", displayName: "Case Title" },
    ticketnumber: { type: "text", displayName: "Case Number" },
    description: { type: "memo" },
    statecode: { type: "choice", options: states },
    // Labels out of order with values, one of them used twice.
    prioritycode: {
      type: "choice",
      options: [
        { value: 1, label: "High" },
        { value: 2, label: "Normal" },
        { value: 3, label: "Low" },
        { value: 4, label: "normal" },
      ],
    },
    customerid: {
      type: "lookup",
      targets: ["account", "contact"],
      navigation: ["customerid_account", "customerid_contact"],
    },
    ownerid: { type: "lookup", targets: ["systemuser"] },
    isescalated: { type: "boolean", options: yesNo },
    reopened: { type: "integer" },
    satisfaction: { type: "decimal" },
    cost: { type: "money" },
    createdon: { type: "datetime", displayName: "Created On" },
    followup: { type: "date" },
    topics: { type: "choices", options: topics },
  }),
  table("account", "Account", ["accounts", "Account"], {
    accountid: { type: "guid" },
    name: { type: "text", displayName: "Account Name" },
    address1_city: { type: "text" },
    revenue: { type: "money" },
    employees: { type: "integer" },
    ownerid: { type: "lookup", targets: ["systemuser"] },
    parentaccountid: { type: "lookup", targets: ["account"] },
    statecode: { type: "choice", options: states.slice(0, 2) },
  }),
  table("systemuser", "User", ["systemusers", "Users"], {
    systemuserid: { type: "guid" },
    fullname: { type: "text" },
    isdisabled: { type: "boolean", options: yesNo },
  }),
];

export const catalog: Catalog = {
  tables: () => Promise.resolve(tables),
  table: (name) => Promise.resolve(tables.find((one) => one.name === name)),
};

export type SampleRow = Readonly<Record<string, SourceValue>>;

const id = (kind: number, n: number): string =>
  `${String(kind).padStart(8, "0")}-0000-4000-8000-${String((n * 7919) % 9973).padStart(12, "0")}`;

export const me = id(3, 1);
const day = 86_400_000;
export const now = new Date("2026-06-15T12:00:00.250Z");
const start = Date.UTC(2026, 5, 15);

const pick = <T>(n: number, values: readonly T[]): T => values[n % values.length] as T;

export const data: Readonly<Record<string, readonly SampleRow[]>> = {
  systemuser: [1, 2, 3, 4].map((n) => ({
    systemuserid: id(3, n),
    fullname: pick(n, ["Zoë", "ada", "Bob", "Ada"]),
    isdisabled: n === 4,
  })),
  account: Array.from({ length: 12 }, (_, n) => ({
    accountid: id(2, n),
    name: pick(n, [
      "Contoso",
      "contoso ",
      "Fabrikam",
      "A_B",
      "100% Fun",
      null,
      "Ålpha",
      "O'Brien & <Co>",
    ]),
    address1_city: pick(n, ["Oslo", null, "paris", "Paris"]),
    revenue: pick(n, [null, 0.1, 0.2, 1000, 2.5]),
    employees: pick(n, [5, 10, null]),
    ownerid: id(3, 1 + (n % 4)),
    parentaccountid: n % 3 === 0 ? null : id(2, Math.floor(n / 3)),
    statecode: n % 5 === 4 ? 1 : 0,
  })),
  incident: Array.from({ length: 60 }, (_, n) => ({
    incidentid: id(1, n),
    title: pick(n, [
      "Broken fan",
      "broken FAN",
      "No sound",
      null,
      "[x] left",
      "Fan%",
      "Café closed",
    ]),
    ticketnumber: `CAS-${String(n).padStart(3, "0")}`,
    description: n % 4 === 0 ? null : `text ${n % 3}`,
    statecode: pick(n, [0, 0, 1, 2]),
    prioritycode: pick(n, [1, 2, 3, 4, null]),
    customerid: n % 7 === 6 ? null : id(2, n % 12),
    ownerid: n % 11 === 10 ? null : id(3, 1 + (n % 4)),
    isescalated: pick(n, [true, false, null]),
    reopened: pick(n, [0, 1, 2, 3, null, -4]),
    satisfaction: pick(n, [null, 0.1, 0.2, 0.3, 4.5]),
    cost: pick(n, [null, 10.5, 20]),
    createdon: start - n * day * 3 + 36_000_000,
    followup: n % 6 === 0 ? null : start + (n % 5) * day,
    topics: pick(n, [null, "1,3", "1", null, "3", "11", "1,3,11", "2,4"]),
  })),
};

/** Table behind a lookup value: the sample gives each table its own first GUID group. */
export const tableOfId = (value: string): string =>
  ({ 2: "account", 3: "systemuser" })[Number(value.slice(0, 8))] ?? "incident";

export const nameOfRow = (value: string): SourceValue => {
  const name = tableOfId(value);
  const row = data[name]?.find((one) => one[`${name}id`] === value);
  return row?.name ?? row?.fullname ?? null;
};
