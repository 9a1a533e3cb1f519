import {
  DataverseError,
  type SqlRow,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { demandRow, invalidArgument } from "../access";
import { isObject, type Json, parametersOf, targetOf } from "../reference";

/** Columns that an account and a contact take over from the lead, where they have them. */
const ADDRESS = [
  "address1_line1",
  "address1_line2",
  "address1_city",
  "address1_stateorprovince",
  "address1_postalcode",
  "address1_country",
  "telephone1",
  "fax",
  "websiteurl",
  "emailaddress1",
  "description",
] as const;
const PERSON = [
  "firstname",
  "middlename",
  "lastname",
  "salutation",
  "jobtitle",
  "mobilephone",
] as const;

const taken = (lead: SqlRow, names: readonly string[]): Json =>
  Object.fromEntries(names.flatMap((name) => (lead[name] == null ? [] : [[name, lead[name]]])));

/**
 * POST leads(id)/Microsoft.Dynamics.CRM.QualifyLead → the rows that were made of it. The lead becomes qualified and
 * points to them.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/qualifylead
 */
export function qualifyLead(request: WebRequest, world: World, id: string): WebResponse {
  const { principal, serviceRoot } = request;
  const body = parametersOf(request.body);
  const lead = demandRow(world, principal, "Write", "lead", id);
  if (lead.statecode !== 0)
    throw new DataverseError(400, "0x80040227", "The lead is already closed.");
  const status = statusOf(world, body.Status, id);
  const made: { table: string; id: string }[] = [];
  const create = (table: string, values: Json): string => {
    const row = world.records.create(table, values, principal);
    made.push({ table, id: row });
    return row;
  };
  world.db.transaction(() => {
    const origin = { "originatingleadid@odata.bind": `/leads(${id})` };
    const customer = customerOf(world, body.OpportunityCustomerId);
    const account =
      body.CreateAccount === true
        ? create("account", {
            ...taken(lead, ADDRESS),
            name: lead.companyname ?? lead.fullname ?? lead.subject,
            ...origin,
          })
        : undefined;
    const contact =
      body.CreateContact === true
        ? create("contact", {
            ...taken(lead, [...ADDRESS, ...PERSON]),
            ...(account === undefined
              ? {}
              : { "parentcustomerid_account@odata.bind": `/accounts(${account})` }),
            ...origin,
          })
        : undefined;
    const opportunity =
      body.CreateOpportunity === true
        ? create("opportunity", {
            name: lead.subject ?? lead.fullname,
            ...(customer ?? ownCustomer(account, contact)),
            ...currencyOf(world, body.OpportunityCurrencyId),
            ...origin,
          })
        : undefined;
    world.records.update(
      "lead",
      id,
      {
        statecode: 1,
        statuscode: status,
        ...(account && { "parentaccountid@odata.bind": `/accounts(${account})` }),
        ...(contact && { "parentcontactid@odata.bind": `/contacts(${contact})` }),
        ...(opportunity && {
          "qualifyingopportunityid@odata.bind": `/opportunities(${opportunity})`,
        }),
      },
      principal,
      { internal: true },
    );
  });
  return {
    status: 200,
    body: {
      "@odata.context": `${serviceRoot}$metadata#Collection(Microsoft.Dynamics.CRM.crmbaseentity)`,
      value: made.map(({ table, id: row }) => {
        const key = world.catalog.byName(table)?.primaryIdAttribute ?? `${table}id`;
        return { "@odata.type": `#Microsoft.Dynamics.CRM.${table}`, [key]: row };
      }),
    },
  };
}

function statusOf(world: World, status: unknown, id: string): number {
  const options = world.catalog.byName("lead")?.attribute("statuscode")?.options ?? [];
  const qualified = options.filter((option) => option.state === 1);
  const found = status === -1 ? qualified[0] : qualified.find(({ value }) => value === status);
  if (found !== undefined) return found.value;
  throw new DataverseError(
    400,
    "0x80048408",
    `${String(status)} is not a valid status code on lead with Id ${id}.`,
  );
}

const ownCustomer = (account: string | undefined, contact: string | undefined): Json => {
  if (account !== undefined) return { "customerid_account@odata.bind": `/accounts(${account})` };
  return contact === undefined ? {} : { "customerid_contact@odata.bind": `/contacts(${contact})` };
};

function customerOf(world: World, value: unknown): Json | undefined {
  if (!isObject(value)) return undefined;
  const { entity, id } = targetOf(world, value, "OpportunityCustomerId");
  if (entity.logicalName !== "account" && entity.logicalName !== "contact")
    throw invalidArgument(
      `OpportunityCustomerId must be an account or a contact, not ${entity.logicalName}.`,
    );
  return { [`customerid_${entity.logicalName}@odata.bind`]: `/${entity.entitySetName}(${id})` };
}

function currencyOf(world: World, value: unknown): Json {
  if (!isObject(value)) return {};
  const type = value["@odata.type"] ?? "Microsoft.Dynamics.CRM.transactioncurrency";
  const { id } = targetOf(world, { ...value, "@odata.type": type }, "OpportunityCurrencyId");
  return { "transactioncurrencyid@odata.bind": `/transactioncurrencies(${id})` };
}
