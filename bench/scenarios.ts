import { applicationUser, personas } from "../packages/dataverse-emulator/src/sample/identities";
import type { BenchRequest } from "./load";

/** What the requests of a run are made from. */
export interface Material {
  readonly authorization: string;
  /** Ids of cases, drawn from the whole set. */
  readonly caseIds: readonly string[];
  readonly accountId: string;
}

export interface Scenario {
  readonly name: string;
  /** Least answers per second of the emulator's CPU time; undefined where nothing was promised. */
  readonly bar?: number;
  request(material: Material, n: number): BenchRequest;
  /** The same work of the bare loop: its name there, and its body. */
  readonly bare?: (material: Material, n: number) => BenchRequest;
}

const root = "/api/data/v9.2/";
const at = (list: readonly string[], n: number) => list[n % list.length] ?? "";
const brief = "$select=ticketnumber,title,statecode,prioritycode,createdon";
const newest =
  "incidents?$select=ticketnumber,title,statecode,prioritycode,createdon&$filter=statecode eq 0 and prioritycode eq 1&$orderby=createdon desc&$top=50";
const byMonth =
  '<fetch aggregate="true"><entity name="incident"><attribute name="incidentid" aggregate="count" alias="n"/><attribute name="createdon" groupby="true" dategrouping="month" alias="month"/><attribute name="createdon" groupby="true" dategrouping="year" alias="year"/></entity></fetch>';

const get = ({ authorization }: Material, path: string, headers = {}): BenchRequest => ({
  path: `${root}${path.replaceAll(" ", "%20")}`,
  headers: { Authorization: authorization, Accept: "application/json", ...headers },
});
const everything = { Prefer: 'odata.include-annotations="*"' };
const asRepresentative = { CallerObjectId: personas[0]?.objectId ?? "" };

export const scenarios: readonly Scenario[] = [
  {
    name: "get by id",
    bar: 4_000,
    request: (material, n) => get(material, `incidents(${at(material.caseIds, n * 7)})?${brief}`),
    bare: ({ caseIds }, n) => ({ path: `/one/${at(caseIds, n * 7)}` }),
  },
  {
    name: "get by id, all columns",
    request: (material, n) => get(material, `incidents(${at(material.caseIds, n * 7)})`),
  },
  {
    name: "get by id, annotated, as an administrator",
    request: (material, n) =>
      get(
        material,
        `incidents(${at(material.caseIds, n * 7)})?$select=title,_customerid_value,_ownerid_value,statuscode,createdon`,
        { ...everything, CallerObjectId: personas[2]?.objectId ?? "" },
      ),
  },
  {
    name: "top 50, filtered and ordered",
    bar: 1_500,
    request: (material) => get(material, newest),
    bare: () => ({ path: "/top" }),
  },
  {
    name: "top 50, filtered, annotated, as a representative",
    request: (material) => get(material, newest, { ...everything, ...asRepresentative }),
  },
  {
    name: "top 10 with the customer expanded",
    request: (material) =>
      get(
        material,
        "incidents?$select=title&$expand=customerid_account($select=name)&$orderby=createdon desc&$top=10",
      ),
  },
  {
    name: "customers with an open case",
    request: (material) =>
      get(
        material,
        "accounts?$select=name&$filter=incident_customer_accounts/any(o:o/statecode eq 0)&$top=10",
      ),
  },
  {
    name: "create",
    bar: 2_000,
    request: (material, n) => ({
      ...get(material, "incidents"),
      method: "POST",
      body: newCase(material.accountId, n),
    }),
    bare: ({ accountId }, n) => ({ method: "POST", path: "/insert", body: newCase(accountId, n) }),
  },
  {
    name: "FetchXML, group by month",
    bar: 15,
    request: (material) =>
      get(material, `incidents?fetchXml=${encodeURIComponent(byMonth)}`, everything),
    bare: () => ({ path: "/months" }),
  },
  {
    name: "page of 5,000 rows",
    bar: 40,
    request: (material) => get(material, `incidents?${brief}`),
    bare: () => ({ path: "/page" }),
  },
];

const newCase = (accountId: string, n: number) => ({
  title: `Scooter does not charge, report ${n}`,
  description: "The light of the charger stays green, whatever the socket.",
  prioritycode: 2,
  caseorigincode: 3,
  "customerid_account@odata.bind": `/accounts(${accountId})`,
});

/** Signs in as the application user and collects what the scenarios need. */
export async function prepare(
  url: string,
  read: (url: string, wanted: BenchRequest) => Promise<string>,
): Promise<Material> {
  const token = JSON.parse(
    await read(url, {
      path: `/msi/token?api-version=2019-08-01&resource=${encodeURIComponent(url)}&client_id=${applicationUser.applicationId}`,
      headers: { "X-IDENTITY-HEADER": "bench" },
    }),
  ) as { access_token: string };
  const authorization = `Bearer ${token.access_token}`;
  const rows = async <Row>(path: string) =>
    (
      JSON.parse(
        await read(url, { path: `${root}${path}`, headers: { Authorization: authorization } }),
      ) as { value: Row[] }
    ).value;
  const cases = await rows<{ incidentid: string }>("incidents?$select=incidentid&$top=5000");
  const [account] = await rows<{ accountid: string }>("accounts?$select=accountid&$top=1");
  if (account === undefined || cases.length === 0) throw new Error("The sample data is empty.");
  return {
    authorization,
    caseIds: cases.map((each) => each.incidentid),
    accountId: account.accountid,
  };
}
