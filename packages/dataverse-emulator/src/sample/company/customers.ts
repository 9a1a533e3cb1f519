import type { Draw } from "../draw";
import {
  type Company,
  type Country,
  companyOf,
  countriesOf,
  familyNames,
  givenNames,
  mailName,
} from "../people";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { isoTime } from "../writer";
import { serviceLevels, slaIdOf } from "./catalogue";
import { currencyId, type Organization, type User } from "./organization";

export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly accountId: string | undefined;
  readonly country: Country;
  readonly city: string;
  readonly phone: string | null;
  /** Of the service levels; the first is everybody's. */
  readonly serviceLevel: number;
  readonly entitlementId: string | null;
}

export interface Customers {
  readonly accounts: readonly {
    readonly id: string;
    readonly name: string;
    readonly contacts: readonly Contact[];
    readonly country: Country;
  }[];
  readonly contacts: readonly Contact[];
  /** Those who belong to no account. */
  readonly alone: readonly Contact[];
  /** The account of a case: a few have many cases, and some have none. */
  accountFor(draw: Draw): Customers["accounts"][number];
}

const dayMs = 86_400_000;
const phoneOf = (draw: Draw, pattern: string) =>
  pattern
    .replaceAll("#", "\0")
    .split("\0")
    .map((part, index) => (index === 0 ? part : `${draw.whole(`digit${index}`, 0, 9)}${part}`))
    .join("");

export function writeCustomers(plan: SamplePlan, organization: Organization): Customers {
  const accountCount = Math.max(20, Math.ceil(plan.cases / 20));
  const contactCount = Math.max(40, Math.ceil(plan.cases / 5));
  const accounts = Array.from({ length: accountCount }, (_, row) => ({
    ...accountFor(plan, row),
    contacts: [] as Contact[],
  }));
  const contacts: Contact[] = [];
  for (let row = 0; row < contactCount; row++) {
    const draw = plan.draw("contact", isTwin(plan, row) ? row - 7 : row);
    // Every account has somebody to speak for it.
    const account =
      row < accountCount
        ? accounts[row]
        : draw.chance("alone", alone)
          ? undefined
          : accounts[draw.whole("account", 0, accountCount - 1)];
    const contact = writeContact(plan, organization, row, account);
    contacts.push(contact);
    account?.contacts.push(contact);
  }
  accounts.forEach((account, row) => {
    writeAccount(plan, organization, row, account, account.contacts[0]);
    writeEntitlement(plan, organization, account);
  });
  // Fifteen of a hundred never call; those without a person cannot.
  const callers = accounts.filter(
    (account, row) => !neverCalls(row) && account.contacts.length > 0,
  );
  return {
    accounts,
    contacts,
    alone: contacts.filter((contact) => contact.accountId === undefined),
    accountFor: (draw) =>
      callers[Math.floor(callers.length * placeOf(draw.unit("rank")))] ?? fail(),
  };
}

/** Share of the contacts behind the first of each account that belong to none: 12 of a hundred over all. */
const alone = 0.16;

/** Two in a hundred contacts were entered twice: the same person under another id. */
const isTwin = (plan: SamplePlan, row: number): boolean =>
  isEnteredAgain(plan, row) && !isEnteredAgain(plan, row - 7);
const isEnteredAgain = (plan: SamplePlan, row: number): boolean =>
  row > 50 && plan.draw("contact", row).chance("duplicate", 0.021);

const neverCalls = (row: number): boolean => row % 20 >= 18;

/** A Pareto law of the second kind, from 0 to 1: its first twentieth gets four in ten. */
const placeOf = (unit: number): number => (unit * spread) / (1 + spread - unit);
const spread = 0.0857;

const fail = (): never => {
  throw new RangeError("There is no account to choose.");
};

interface PlannedAccount {
  readonly row: number;
  readonly id: string;
  readonly name: string;
  readonly company: Company;
  readonly country: Country;
  readonly city: string;
  readonly serviceLevel: number;
  readonly entitlementId: string | null;
}

function accountFor(plan: SamplePlan, row: number): PlannedAccount {
  const draw = plan.draw("account", row);
  const country = draw.weighted("country", countriesOf(plan.language));
  const company = companyOf(row, country.language);
  // One entitlement for each fifty cases: every second or third of the accounts that call.
  const isEntitled = !neverCalls(row) && row % 5 < 2;
  return {
    row,
    id: draw.guid("id"),
    name: company.name,
    company,
    country,
    city: draw.pick("city", country.cities),
    serviceLevel: isEntitled ? draw.whole("serviceLevel", 1, 2) : 0,
    entitlementId: isEntitled ? plan.draw("entitlement", row).guid("id") : null,
  };
}

const ownerOf = (draw: Draw, users: readonly User[]) => {
  const user = draw.pick("owner", users);
  return { id: user.id, type: "systemuser" as const, businessUnitId: user.businessUnitId };
};

function writeAccount(
  plan: SamplePlan,
  organization: Organization,
  row: number,
  account: PlannedAccount,
  primary: Contact | undefined,
): void {
  const draw = plan.draw("account", row);
  const made = isoTime(plan.asOf - draw.whole("age", 731, 1_000) * dayMs);
  const owner = ownerOf(draw, organization.representatives);
  const revenue = draw.chance("hasRevenue", 0.6) ? draw.whole("revenue", 1, 900) * 25_000 : null;
  plan.writer.write("account", {
    accountid: account.id,
    name: account.name,
    accountnumber: `A-${10_000 + row}`,
    emailaddress1: `info@${account.company.domain}`,
    telephone1: phoneOf(draw, account.country.phone),
    websiteurl: `https://www.${account.company.domain}`,
    address1_city: account.city,
    address1_country: account.country.name,
    primarycontactid: primary?.id ?? null,
    customertypecode: 3,
    industrycode: draw.whole("industry", 1, 33),
    numberofemployees: draw.whole("employees", 2, 4_000),
    revenue,
    revenue_base: revenue,
    exchangerate: 1,
    transactioncurrencyid: currencyId,
    statecode: row % 50 === 49 ? 1 : 0,
    statuscode: row % 50 === 49 ? 2 : 1,
    ...ownedBy(owner),
    ...stamped(owner.id, made),
  });
}

/** What the customer has paid for: so many cases a year, or hours around the clock. */
function writeEntitlement(
  plan: SamplePlan,
  organization: Organization,
  account: PlannedAccount,
): void {
  if (account.entitlementId === null) return;
  const draw = plan.draw("entitlement", account.row);
  const owner = ownerOf(draw, organization.representatives);
  const start = plan.asOf - draw.whole("started", 20, 340) * dayMs;
  const total = draw.pick("terms", [50, 100, 250, 1_000]);
  const level = serviceLevels[account.serviceLevel] ?? serviceLevels[0];
  plan.writer.write("entitlement", {
    entitlementid: account.entitlementId,
    name: `${level.name} ${account.name}`.slice(0, 100),
    customerid: account.id,
    customerid__type: "account",
    accountid: account.id,
    slaid: slaIdOf(plan, account.serviceLevel),
    allocationtypecode: 0,
    decreaseremainingon: 0,
    entitytype: 0,
    isdefault: 1,
    kbaccesslevel: account.serviceLevel === 2 ? 1 : 0,
    totalterms: total,
    remainingterms: total - draw.whole("used", 0, Math.floor(total / 2)),
    restrictcasecreation: 0,
    startdate: isoTime(start - (start % dayMs)),
    enddate: isoTime(start - (start % dayMs) + 365 * dayMs),
    exchangerate: 1,
    transactioncurrencyid: currencyId,
    statecode: 1,
    statuscode: 1,
    ...ownedBy(owner),
    ...stamped(owner.id, isoTime(start - 3 * dayMs)),
  });
}

function writeContact(
  plan: SamplePlan,
  organization: Organization,
  row: number,
  account: PlannedAccount | undefined,
): Contact {
  const draw = plan.draw("contact", isTwin(plan, row) ? row - 7 : row);
  const own = plan.draw("contact", row);
  const first = draw.pick("first", givenNames);
  const last = draw.pick("last", familyNames);
  const country = account?.country ?? draw.weighted("country", countriesOf(plan.language));
  const domain = account?.company.domain ?? "postbox.example";
  const email = `${mailName(first, last)}${account ? "" : draw.whole("mail", 1, 99)}@${domain}`;
  const contact: Contact = {
    id: own.guid("id"),
    name: `${first} ${last}`,
    email,
    accountId: account?.id,
    country,
    city: account?.city ?? draw.pick("city", country.cities),
    phone: draw.chance("noPhone", 0.3) ? null : phoneOf(draw, country.phone),
    serviceLevel: account?.serviceLevel ?? 0,
    entitlementId: account?.entitlementId ?? null,
  };
  const owner = ownerOf(own, organization.representatives);
  const made = isoTime(plan.asOf - own.whole("age", 731, 1_000) * dayMs);
  plan.writer.write("contact", {
    contactid: contact.id,
    firstname: first,
    lastname: last,
    fullname: contact.name,
    emailaddress1: email,
    telephone1: contact.phone,
    jobtitle: account
      ? draw.pick("job", [
          "Office manager",
          "Head of operations",
          "Buyer",
          "Technician",
          "Owner",
          "IT lead",
        ])
      : null,
    address1_city: contact.city,
    address1_country: country.name,
    parentcustomerid: account?.id ?? null,
    parentcustomerid__type: account ? "account" : null,
    accountid: account?.id ?? null,
    exchangerate: 1,
    transactioncurrencyid: currencyId,
    statecode: 0,
    statuscode: 1,
    ...ownedBy(owner),
    ...stamped(owner.id, made),
  });
  return contact;
}
