import type { Column, Dataverse, Row, Table } from "../../../dataverse";
import { withArticle } from "../../../text/english/article";
import { type Asked, type Found, isByName } from "../lookups/lookup-values";
import { participationMasks, singleParties } from "./participation";
import { readPartyForms, type WrittenParty } from "./party-forms";

/** Of one column, by address or id. */
const mostParties = 500;
/** Of a whole activity: a list of names is a distribution list, and each name may be anybody's. */
const mostByName = 50;

/** A record that takes part, and the column that names it. */
export interface Person {
  readonly column: string;
  readonly table: Table;
  readonly id: string;
  /** The address that was chosen for this mail, whatever the record has. */
  readonly address?: string;
}

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
  readonly people: readonly Person[];
  readonly problems: readonly string[];
}

/**
 * Reads `from`, `to`, `cc`, `bcc` and attendees: one party or an array of them, each an e-mail address, a GUID, a name,
 * `{relatedTable, recordId | name}`, `{address}`, or whatever else `readPartyForms` understands.
 */
export const planParties = (
  dataverse: Dataverse,
  column: Column,
  value: unknown,
): Promise<PlannedParties> => planWritten(dataverse, column, readPartyForms(value));

/** As `planParties`, for parties that are read already. */
export async function planWritten(
  dataverse: Dataverse,
  column: Column,
  parties: readonly WrittenParty[],
): Promise<PlannedParties> {
  const mask = participationMasks[column.logicalName];
  const partyTable = await dataverse.metadata.table("activityparty");
  const partyId = partyTable?.columnByName.get("partyid");
  if (mask === undefined || partyId === undefined) {
    return refused(`${column.logicalName}: these parties cannot be written here.`);
  }
  if (parties.length > mostParties) {
    return refused(`${column.logicalName}: ${parties.length} parties; at most ${mostParties} fit.`);
  }
  const single = singleParties[column.logicalName];
  if (single !== undefined && parties.length > 1) {
    return refused(
      `${column.logicalName}: ${parties.length} parties; an activity has one ${single}. Choose one, and name the others in its description.`,
    );
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
        each.asked === undefined ? each : rowOf(lookup, found[next++], each.row ?? {}),
      );
      return {
        rows: settled.flatMap(({ row }) => (row === undefined ? [] : [row])),
        people: settled.flatMap(({ person }) => (person === undefined ? [] : [person])),
        problems: settled.flatMap((each) => each.problem ?? []),
      };
    },
  };
}

const refused = (problem: string): PlannedParties => ({
  asked: [],
  byName: 0,
  finish: () => ({ rows: [], people: [], problems: [problem] }),
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

/** One party: its row (or what is known of it), the record that has to be found for it, or what is wrong. */
interface Party {
  readonly row?: Row;
  readonly asked?: Asked;
  readonly person?: Person;
  readonly problem?: string;
}

function readParty(
  lookup: Column,
  { address, record, problem }: WrittenParty,
  mask: number,
): Party {
  if (problem !== undefined) return { problem: `${lookup.logicalName}: ${problem}` };
  const row = {
    ...(address === undefined ? {} : { addressused: address }),
    participationtypemask: mask,
  };
  return record === undefined
    ? { row }
    : { row, asked: { match: { column: lookup, isBind: false }, value: record } };
}

function rowOf(lookup: Column, found: Found | undefined, known: Row): Party {
  const column = lookup.logicalName;
  if (found === undefined) return { problem: `${column}: a party was not looked up.` };
  if ("problem" in found) return { problem: found.problem };
  const { table, id } = found;
  const property = lookup.navigation?.find((way) => way.target === table.logicalName);
  if (property === undefined) {
    return { problem: `${column}: ${withArticle(table.logicalName)} cannot be a party.` };
  }
  return {
    row: { [`${property.property}@odata.bind`]: `/${table.setName}(${id})`, ...known },
    person: {
      column,
      table,
      id,
      ...(typeof known.addressused === "string" ? { address: known.addressused } : {}),
    },
  };
}

/** The collection of an activity's parties (`email_activity_parties`), from metadata. */
export function partyCollection(table: Table): string | undefined {
  return table.oneToMany.find(
    (each) => each.referencingTable === "activityparty" && each.referencingColumn === "activityid",
  )?.collectionProperty;
}
