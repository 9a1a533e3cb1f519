import type { Column, Dataverse, Row, Table } from "../../../dataverse";
import { quote } from "../../../text/quote";
import { type Asked, type Found, isByName } from "./lookup-values";

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

const address = /^[^\s@<>"',;]+@[^\s@<>"',;.]+(?:\.[^\s@<>"',;.]+)+$/;
/** Of one column, by address or id. */
const mostParties = 500;
/** Of a whole activity: a list of names is a distribution list, and each name may be anybody's. */
const mostByName = 50;

/** What the parties of one column become, as soon as the records that they name are found. */
export interface PlannedParties {
  /** Records to find. */
  readonly asked: readonly Asked[];
  /** How many of them are searched for by name. */
  readonly byName: number;
  /** @param found what was found, in the order of `asked` */
  finish(found: readonly Found[]): Parties;
}

/** Rows of `activityparty`, without the path to the activity. */
export interface Parties {
  readonly rows: readonly Row[];
  readonly problems: readonly string[];
}

/**
 * Reads `from`, `to`, `cc`, `bcc` and attendees: one party or an array of them, each an e-mail address, a GUID, a name,
 * `{relatedTable, recordId | name}` or `{address}`.
 */
export async function planParties(
  dataverse: Dataverse,
  column: Column,
  value: unknown,
): Promise<PlannedParties> {
  const mask = masks[column.logicalName];
  const partyTable = await dataverse.metadata.table("activityparty");
  const partyId = partyTable?.columnByName.get("partyid");
  if (mask === undefined || partyId === undefined) {
    return refused(`${column.logicalName}: these parties cannot be written here.`);
  }
  const parties: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (parties.length > mostParties) {
    return refused(`${column.logicalName}: ${parties.length} parties; at most ${mostParties} fit.`);
  }
  const lookup = lookupFor(partyId, column);
  const read = parties.map((party) => readParty(lookup, party, mask));
  const asked = read.flatMap((each) => each.asked ?? []);
  return {
    asked,
    byName: asked.filter((each) => isByName(each.value)).length,
    finish(found) {
      let next = 0;
      const settled = read.map((each) =>
        each.asked === undefined ? each : rowOf(lookup, found[next++], mask),
      );
      return {
        rows: settled.flatMap(({ row }) => (row === undefined ? [] : [row])),
        problems: settled.flatMap((each) => each.problem ?? []),
      };
    },
  };
}

const refused = (problem: string): PlannedParties => ({
  asked: [],
  byName: 0,
  finish: () => ({ rows: [], problems: [problem] }),
});

/** What is wrong with so many names, or nothing. */
export function tooManyNames(
  planned: readonly { readonly column: string; readonly byName: number }[],
): string | undefined {
  const named = planned.filter(({ byName }) => byName > 0);
  const all = named.reduce((sum, { byName }) => sum + byName, 0);
  if (all <= mostByName) return undefined;
  const columns = named.map(({ column, byName }) => `${byName} in ${column}`).join(", ");
  return `${all} parties are given by name (${columns}); at most ${mostByName} may be. Give the others by e-mail address or recordId (up to ${mostParties} a column), or write several records.`;
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

/** One party: its row, the record that has to be found for it, or what is wrong. */
interface Party {
  readonly row?: Row;
  readonly asked?: Asked;
  readonly problem?: string;
}

function readParty(lookup: Column, party: unknown, mask: number): Party {
  const written = addressOf(party);
  if (written === undefined) {
    return { asked: { match: { column: lookup, isBind: false }, value: party } };
  }
  return address.test(written)
    ? { row: { addressused: written, participationtypemask: mask } }
    : { problem: `${lookup.logicalName}: ${quote(written)} is no e-mail address.` };
}

function rowOf(lookup: Column, found: Found | undefined, mask: number): Party {
  if (found === undefined) return { problem: `${lookup.logicalName}: a party was not looked up.` };
  if ("problem" in found) return { problem: found.problem };
  const property = lookup.navigation?.find((way) => way.target === found.table.logicalName);
  if (property === undefined) {
    return { problem: `${lookup.logicalName}: a ${found.table.logicalName} cannot be a party.` };
  }
  const row = {
    [`${property.property}@odata.bind`]: `/${found.table.setName}(${found.id})`,
    participationtypemask: mask,
  };
  return { row };
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
