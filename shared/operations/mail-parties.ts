import type { Dataverse, Row } from "../dataverse";
import { formattedValue, lookupTable } from "../dataverse/annotations";
import { AppError } from "../errors";

/** Somebody whom a mail comes from or goes to. */
export interface Party {
  readonly role: "from" | "to" | "cc" | "bcc";
  /** As Dataverse has it; "" where it has none. */
  readonly address: string;
  /** Text of a record. */
  readonly name: string;
  readonly id: string | undefined;
}

/** A mail as it would go out, with whose case it is about. */
export interface Mail {
  readonly etag: string;
  readonly subject: string;
  /** As stored. */
  readonly body: string;
  readonly parties: readonly Party[];
  readonly attachments: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly id: string;
  }[];
  /** The case that it is about; undefined for a mail about something else. */
  readonly about:
    | { readonly number: string; readonly title: string; readonly customer: string }
    | undefined;
  /** Ids and addresses of that case's customer and contact. */
  readonly own: { readonly ids: ReadonlySet<string>; readonly addresses: ReadonlySet<string> };
}

const roles: Readonly<Record<number, Party["role"]>> = { 1: "from", 2: "to", 3: "cc", 4: "bcc" };
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const addressColumns = ["emailaddress1", "emailaddress2", "emailaddress3"];

/** @returns undefined where there is no such mail that the caller may see */
export async function readMail(dataverse: Dataverse, id: string): Promise<Mail | undefined> {
  const row = await dataverse.retrieve("email", id, {
    select: ["subject", "description", "_regardingobjectid_value"],
    expand: "email_activity_parties($select=participationtypemask,addressused,_partyid_value)",
    annotations: true,
  });
  if (row === undefined) return undefined;
  const parties = Array.isArray(row.email_activity_parties)
    ? (row.email_activity_parties as readonly Row[])
    : [];
  const isCase = row[`_regardingobjectid_value${lookupTable}`] === "incident";
  const [about, attachments] = await Promise.all([
    isCase ? readCase(dataverse, text(row._regardingobjectid_value)) : undefined,
    readAttachments(dataverse, id),
  ]);
  return {
    etag: text(row["@odata.etag"]),
    subject: text(row.subject),
    body: text(row.description),
    parties: parties.flatMap(partyOf),
    attachments,
    about: about?.about,
    own: about?.own ?? { ids: new Set(), addresses: new Set() },
  };
}

function partyOf(row: Row): Party[] {
  const role = roles[Number(row.participationtypemask)];
  if (role === undefined) return [];
  const id = text(row._partyid_value).toLowerCase();
  return [
    {
      role,
      address: text(row.addressused),
      name: text(row[`_partyid_value${formattedValue}`]),
      id: id === "" ? undefined : id,
    },
  ];
}

async function readCase(dataverse: Dataverse, id: string) {
  const table = await dataverse.metadata.table("incident");
  const lookups = ["customerid", "primarycontactid", "responsiblecontactid"].filter(
    (name) => table?.columnByName.get(name)?.canRead === true,
  );
  const row = await dataverse.retrieve("incident", id, {
    select: ["ticketnumber", "title", ...lookups.map((name) => `_${name}_value`)],
    annotations: true,
  });
  if (row === undefined) return undefined;
  const people = lookups.flatMap((name) => {
    const target = text(row[`_${name}_value${lookupTable}`]);
    const person = text(row[`_${name}_value`]);
    return person === "" || target === "" ? [] : [{ target, id: person }];
  });
  const addresses = await Promise.all(
    people.map((person) => readAddresses(dataverse, person.target, person.id)),
  );
  return {
    about: {
      number: text(row.ticketnumber),
      title: text(row.title),
      customer: text(row[`_customerid_value${formattedValue}`]),
    },
    own: {
      ids: new Set(people.map((person) => person.id.toLowerCase())),
      addresses: new Set(addresses.flat()),
    },
  };
}

async function readAddresses(dataverse: Dataverse, name: string, id: string): Promise<string[]> {
  const table = await dataverse.metadata.table(name);
  const select = addressColumns.filter((each) => table?.columnByName.get(each)?.canRead === true);
  if (select.length === 0) return [];
  const row = await readIfAllowed(dataverse, name, id, select);
  return select.flatMap((each) => text(row?.[each]).trim().toLowerCase() || []);
}

/** Of a record that the caller may not read no address is known, so a mail to it is one to a stranger. */
async function readIfAllowed(
  dataverse: Dataverse,
  name: string,
  id: string,
  select: readonly string[],
): Promise<Row | undefined> {
  try {
    return await dataverse.retrieve(name, id, { select });
  } catch (error) {
    if (error instanceof AppError && error.kind === "forbidden") return undefined;
    throw error;
  }
}

async function readAttachments(dataverse: Dataverse, id: string): Promise<Mail["attachments"]> {
  if ((await dataverse.metadata.table("activitymimeattachment")) === undefined) return [];
  const { rows } = await dataverse.query("activitymimeattachment", {
    select: ["activitymimeattachmentid", "filename", "filesize"],
    filter: `_objectid_value eq ${id}`,
    top: 100,
  });
  return rows.map((row) => ({
    id: `${text(row.activitymimeattachmentid)} ${text(row["@odata.etag"])}`,
    name: text(row.filename),
    bytes: Number(row.filesize ?? 0),
  }));
}

const recipientsOf = ({ parties }: Mail) => parties.filter(({ role }) => role !== "from");

/**
 * True when every recipient is the customer or the contact of the case that the mail is about, at an address that stands in their
 * record, and there is one at least. What a mail itself says of its case counts for nothing else.
 */
export function isToOwnCustomer(mail: Mail): boolean {
  const recipients = recipientsOf(mail);
  const isOwn = ({ id, address }: Party) =>
    (id === undefined || mail.own.ids.has(id)) &&
    address !== "" &&
    mail.own.addresses.has(address.trim().toLowerCase());
  return recipients.length > 0 && recipients.every(isOwn);
}

/** Addresses outside of the domains of the case's customer. */
export function strangeAddresses(mail: Mail): readonly string[] {
  const domain = (address: string) => address.trim().toLowerCase().split("@").at(-1) ?? "";
  const own = new Set([...mail.own.addresses].map(domain));
  return recipientsOf(mail).flatMap(({ address }) => (own.has(domain(address)) ? [] : [address]));
}
