import type { Draw } from "./draw";
import { currencyId, type Organization, type User } from "./organization";
import {
  type Company,
  type Country,
  companyOf,
  countriesOf,
  familyNames,
  givenNames,
  mailName,
} from "./people";
import { ownedBy, type SamplePlan, stamped } from "./plan";
import { isoTime } from "./writer";

export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly accountId: string | undefined;
  readonly country: Country;
  readonly city: string;
}

export interface Customers {
  readonly accounts: readonly {
    readonly id: string;
    readonly name: string;
    readonly contacts: readonly Contact[];
    readonly country: Country;
  }[];
  readonly contacts: readonly Contact[];
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
    const draw = plan.draw("contact", row);
    const account = draw.chance("alone", 0.12)
      ? undefined
      : accounts[draw.whole("account", 0, accountCount - 1)];
    const contact = writeContact(plan, organization, row, account);
    contacts.push(contact);
    account?.contacts.push(contact);
  }
  accounts.forEach((account, row) => {
    writeAccount(plan, organization, row, account, account.contacts[0]);
  });
  // Fifteen of a hundred never call; of the others, the first twentieth has four cases in ten.
  const callers = accounts.filter((_, row) => row % 20 < 17);
  return {
    accounts,
    contacts,
    accountFor: (draw) => callers[Math.floor(callers.length * draw.unit("rank") ** 3.3)] ?? fail(),
  };
}

const fail = (): never => {
  throw new RangeError("There is no account to choose.");
};

interface PlannedAccount {
  readonly id: string;
  readonly name: string;
  readonly company: Company;
  readonly country: Country;
  readonly city: string;
}

function accountFor(plan: SamplePlan, row: number): PlannedAccount {
  const draw = plan.draw("account", row);
  const company = companyOf(row);
  const country = draw.weighted("country", countriesOf(plan.language));
  return {
    id: draw.guid("id"),
    name: company.name,
    company,
    country,
    city: draw.pick("city", country.cities),
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

function writeContact(
  plan: SamplePlan,
  organization: Organization,
  row: number,
  account: PlannedAccount | undefined,
): Contact {
  // Two in a hundred were entered twice: the same person under another id.
  const isDuplicate = row > 50 && plan.draw("contact", row).chance("duplicate", 0.02);
  const draw = plan.draw("contact", isDuplicate ? row - 7 : row);
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
  };
  const owner = ownerOf(own, organization.representatives);
  const made = isoTime(plan.asOf - own.whole("age", 731, 1_000) * dayMs);
  plan.writer.write("contact", {
    contactid: contact.id,
    firstname: first,
    lastname: last,
    fullname: contact.name,
    emailaddress1: email,
    telephone1: draw.chance("noPhone", 0.3) ? null : phoneOf(draw, country.phone),
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
