import { personas, rootBusinessUnitId } from "../identities";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { isoTime } from "../writer";

interface View {
  readonly name: string;
  readonly table: string;
  readonly columns: readonly string[];
  readonly order: string;
  /** FetchXML of the filter, and of what else the view needs. */
  readonly body: string;
  readonly isDefault?: boolean;
  readonly id?: string;
}

const active =
  '<filter type="and"><condition attribute="statecode" operator="eq" value="0"/></filter>';
const mine =
  '<filter type="and"><condition attribute="statecode" operator="eq" value="0"/><condition attribute="ownerid" operator="eq-userid"/></filter>';
const caseColumns = [
  "title",
  "ticketnumber",
  "prioritycode",
  "caseorigincode",
  "customerid",
  "ownerid",
  "statuscode",
  "createdon",
];
const customer =
  '<link-entity name="contact" from="contactid" to="primarycontactid" link-type="outer" alias="primarycontact"><attribute name="emailaddress1"/></link-entity>';

/** The views that a new environment has for the tables of a service desk; queryType 0 is a public view. */
const views: readonly View[] = [
  {
    name: "Active Cases",
    table: "incident",
    columns: caseColumns,
    order: "createdon",
    body: active,
    isDefault: true,
  },
  {
    name: "My Active Cases",
    table: "incident",
    columns: caseColumns,
    order: "createdon",
    body: mine,
  },
  {
    name: "My Resolved Cases",
    table: "incident",
    columns: caseColumns,
    order: "modifiedon",
    body: '<filter type="and"><condition attribute="statecode" operator="eq" value="1"/><condition attribute="ownerid" operator="eq-userid"/></filter>',
  },
  { name: "All Cases", table: "incident", columns: caseColumns, order: "createdon", body: "" },
  {
    name: "Active Accounts",
    table: "account",
    columns: ["name", "telephone1", "address1_city", "primarycontactid"],
    order: "name",
    body: active + customer,
    isDefault: true,
    // The id that every environment has.
    id: "00000000-0000-0000-00aa-000010001002",
  },
  {
    name: "My Active Accounts",
    table: "account",
    columns: ["name", "telephone1", "address1_city"],
    order: "name",
    body: mine,
  },
  {
    name: "Active Contacts",
    table: "contact",
    columns: ["fullname", "emailaddress1", "telephone1", "parentcustomerid"],
    order: "fullname",
    body: active,
    isDefault: true,
  },
  {
    name: "Published Articles",
    table: "knowledgearticle",
    columns: ["title", "articlepublicnumber", "keywords", "modifiedon"],
    order: "modifiedon",
    body: '<filter type="and"><condition attribute="statecode" operator="eq" value="3"/></filter>',
    isDefault: true,
  },
  {
    name: "All Activities",
    table: "activitypointer",
    columns: ["subject", "activitytypecode", "regardingobjectid", "statecode", "createdon"],
    order: "createdon",
    body: "",
    isDefault: true,
  },
];

const fetchOf = ({ table, columns, order, body }: View): string =>
  `<fetch version="1.0" output-format="xml-platform" mapping="logical"><entity name="${table}">${columns.map((name) => `<attribute name="${name}"/>`).join("")}<order attribute="${order}" descending="${order.endsWith("on")}"/>${body}</entity></fetch>`;

const layoutOf = ({ columns }: View, key: string): string =>
  `<grid name="resultset" object="1" jump="${columns[0] ?? ""}" select="1" icon="1" preview="1"><row name="result" id="${key}">${columns.map((name) => `<cell name="${name}" width="150"/>`).join("")}</row></grid>`;

/** System views, and one that a representative and a manager each saved for themselves. */
export function writeViews(plan: SamplePlan): void {
  const { catalog, writer } = plan;
  const administrator = personas[2]?.systemUserId ?? "";
  const made = isoTime(plan.asOf - 720 * 86_400_000);
  const keyOf = (table: string) => catalog.byName(table)?.primaryIdAttribute ?? `${table}id`;
  views.forEach((view, row) => {
    writer.write("savedquery", {
      savedqueryid: view.id ?? plan.draw("savedquery", row).guid("id"),
      name: view.name,
      returnedtypecode: view.table,
      querytype: 0,
      isdefault: view.isDefault === true ? 1 : 0,
      isquickfindquery: 0,
      isuserdefined: 0,
      ismanaged: 1,
      statecode: 0,
      statuscode: 1,
      fetchxml: fetchOf(view),
      layoutxml: layoutOf(view, keyOf(view.table)),
      ...stamped(administrator, made),
    });
  });
  personas.slice(0, 2).forEach(({ systemUserId }, row) => {
    const view: View = {
      name: "High priority, newest first",
      table: "incident",
      columns: ["title", "customerid", "createdon"],
      order: "createdon",
      body: '<filter type="and"><condition attribute="prioritycode" operator="eq" value="1"/><condition attribute="statecode" operator="eq" value="0"/></filter>',
    };
    writer.write("userquery", {
      userqueryid: plan.draw("userquery", row).guid("id"),
      name: view.name,
      returnedtypecode: view.table,
      querytype: 0,
      fetchxml: fetchOf(view),
      layoutxml: layoutOf(view, keyOf(view.table)),
      ...ownedBy({ id: systemUserId, type: "systemuser", businessUnitId: rootBusinessUnitId }),
      ...stamped(systemUserId, made),
    });
  });
}
