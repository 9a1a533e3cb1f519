import type {
  Catalog,
  CatalogColumn,
  CatalogTable,
  ColumnKind,
  SourceValue,
} from "../../shared/sql";

/** Rows of tables by name, each by the names of its columns. */
export type Made = Readonly<Record<string, readonly Readonly<Record<string, SourceValue>>[]>>;

const id = (kind: number, n: number): string =>
  `${String(kind).padStart(8, "0")}-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** Cases of accounts, evenly spread. */
export function madeRows(cases: number, accounts: number): Made {
  return {
    account: Array.from({ length: accounts }, (_, n) => ({
      accountid: id(1, n),
      name: `Account ${n % 997}`,
      address1_city: `City ${n % 60}`,
    })),
    incident: Array.from({ length: cases }, (_, n) => ({
      incidentid: id(2, n),
      title: `Case ${(n * 7919) % 99_991}`,
      customerid: id(1, (n * 31) % accounts),
      statecode: n % 3,
      reopened: n % 7,
      createdon: 1_700_000_000_000 + n * 60_000,
    })),
  };
}

const column = (name: string, type: ColumnKind, primaryId: string): CatalogColumn => ({
  name,
  displayName: name,
  type,
  part: "value",
  base: name,
  onServer: true,
  isPrimaryId: name === primaryId,
});

const table = (name: string, kinds: Readonly<Record<string, ColumnKind>>): CatalogTable => ({
  name,
  displayName: name,
  otherNames: [],
  primaryId: `${name}id`,
  columns: Object.entries(kinds).map(([each, kind]) => column(each, kind, `${name}id`)),
});

const tables: readonly CatalogTable[] = [
  table("account", { accountid: "guid", name: "text", address1_city: "text" }),
  table("incident", {
    incidentid: "guid",
    title: "text",
    customerid: "lookup",
    statecode: "choice",
    reopened: "integer",
    createdon: "datetime",
  }),
];

export const catalog: Catalog = {
  tables: () => Promise.resolve(tables),
  table: (name) => Promise.resolve(tables.find((one) => one.name === name)),
};

const grouped =
  "SELECT a.address1_city, i.statecode, COUNT(*) AS n, SUM(i.reopened) AS s, COUNT(DISTINCT a.name) AS d FROM incident i JOIN account a ON a.accountid = i.customerid WHERE i.reopened < 6 GROUP BY a.address1_city, i.statecode ORDER BY";

export const query = {
  /** Means the same to both. */
  join: `${grouped} n DESC, a.address1_city, i.statecode`,
  sort: "SELECT LEFT(title, 7) AS kind, statecode, COUNT(*) AS n, MAX(createdon) AS last FROM incident WHERE reopened < 6 GROUP BY LEFT(title, 7), statecode ORDER BY n DESC, kind, statecode",
};
