import type { Column, Dataverse, Row, Table } from "../dataverse";
import { findReference } from "./lookup-values";
import { quote } from "./quote";

/**
 * ParticipationTypeMask by the party column it fills.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/activityparty-entity
 */
const masks: Readonly<Record<string, number>> = {
  from: 1,
  to: 2,
  cc: 3,
  bcc: 4,
  requiredattendees: 5,
  optionalattendees: 6,
  organizer: 7,
  resources: 10,
  customers: 11,
};

const address = /^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+$/;
const mostParties = 500;

/** What the parties of one column become: rows of `activityparty`, without the path to the activity. */
export interface Parties {
  readonly rows: readonly Row[];
  readonly problems: readonly string[];
}

/**
 * Reads `from`, `to`, `cc`, `bcc` and attendees: one party or an array of them, each an e-mail address, a GUID, a name,
 * `{relatedTable, recordId | name}` or `{address}`.
 */
export async function readParties(
  dataverse: Dataverse,
  column: Column,
  value: unknown,
): Promise<Parties> {
  const mask = masks[column.logicalName];
  const partyTable = await dataverse.metadata.table("activityparty");
  const partyId = partyTable?.columnByName.get("partyid");
  if (mask === undefined || partyId === undefined) {
    return { rows: [], problems: [`${column.logicalName}: these parties cannot be written here.`] };
  }
  const parties: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (parties.length > mostParties) {
    return {
      rows: [],
      problems: [`${column.logicalName}: ${parties.length} parties; at most ${mostParties} fit.`],
    };
  }
  const lookup = lookupFor(partyId, column);
  const read = await Promise.all(parties.map((party) => readParty(dataverse, lookup, party, mask)));
  return {
    rows: read.filter((each) => typeof each !== "string"),
    problems: read.filter((each) => typeof each === "string"),
  };
}

/** `partyid`, narrowed to what may stand in this column, under this column's name. */
function lookupFor(partyId: Column, column: Column): Column {
  const people = ["contact", "account", "systemuser", "queue", "lead"];
  const ways = partyId.navigation ?? [];
  const allowed = column.targets?.length ? column.targets : people;
  const targets = ways
    .map((way) => way.target)
    .filter((target) => allowed.includes(target) && people.includes(target));
  return { ...partyId, logicalName: column.logicalName, targets };
}

async function readParty(
  dataverse: Dataverse,
  lookup: Column,
  party: unknown,
  mask: number,
): Promise<Row | string> {
  const written = addressOf(party);
  if (written !== undefined) {
    return address.test(written)
      ? { addressused: written, participationtypemask: mask }
      : `${lookup.logicalName}: ${quote(written)} is no e-mail address.`;
  }
  const found = await findReference(dataverse, { column: lookup, isBind: false }, party);
  if ("problem" in found) return found.problem;
  const property = lookup.navigation?.find((way) => way.target === found.table.logicalName);
  if (property === undefined) {
    return `${lookup.logicalName}: a ${found.table.logicalName} cannot be a party.`;
  }
  return {
    [`${property.property}@odata.bind`]: `/${found.table.setName}(${found.id})`,
    participationtypemask: mask,
  };
}

function addressOf(party: unknown): string | undefined {
  if (typeof party === "string") return party.includes("@") ? party.trim() : undefined;
  if (typeof party !== "object" || party === null) return undefined;
  const said = party as Record<string, unknown>;
  const found = said.address ?? said.addressused ?? said.emailaddress ?? said.email;
  return typeof found === "string" ? found.trim() : undefined;
}

/** The collection of an activity's parties (`email_activity_parties`), from metadata. */
export function partyCollection(table: Table): string | undefined {
  return table.oneToMany.find(
    (each) => each.referencingTable === "activityparty" && each.referencingColumn === "activityid",
  )?.collectionProperty;
}
