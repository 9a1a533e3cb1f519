import type { Column, Dataverse, Row, Table } from "../../../dataverse";
import { withArticle } from "../../../text/english/article";
import type { ColumnMatch } from "../lookups/column-match";
import { type Found, findReferences, wayTo } from "../lookups/lookup-values";
import { participationMasks } from "../parties/participation";
import { readPartyForms } from "../parties/party-forms";
import {
  type PlannedParties,
  partyCollection,
  planParties,
  planWritten,
  tooManyNames,
} from "../parties/party-values";
import { clear, type Part, type PendingPart, refusal } from "./record-part";

/**
 * Finds the records that all keys name, together: a request for each table, not for each name.
 *
 * @throws AppError `invalid` when too many parties are given by name; then nothing was read
 */
export async function settle(
  dataverse: Dataverse,
  table: Table,
  parts: readonly (Part | PendingPart)[],
): Promise<Part[]> {
  const pending = parts.filter((part) => "asked" in part);
  const tooMany = tooManyNames(pending);
  if (tooMany !== undefined) {
    const known = parts.flatMap((part) => ("asked" in part ? [] : (part.problems ?? [])));
    throw refusal(table, [tooMany, ...known]);
  }
  const found = await findReferences(
    dataverse,
    pending.flatMap((part) => part.asked),
  );
  let next = 0;
  return parts.map((part) => {
    if (!("asked" in part)) return part;
    const own = found.slice(next, next + part.asked.length);
    next += part.asked.length;
    return part.finish(own);
  });
}

export function readLookup(match: ColumnMatch, value: unknown): Part | PendingPart {
  const { column, navigation } = match;
  const name = column.logicalName;
  if (value === null || value === undefined || value === "") {
    const way = navigation ?? column.navigation?.[0];
    if (column.type === "Owner" || way === undefined) {
      return { column: name, problems: [`${name} cannot be cleared.`] };
    }
    return { column: name, ...clear(column, { [`${way.property}@odata.bind`]: null }) };
  }
  return {
    column: name,
    asked: [{ match, value }],
    byName: 0,
    finish: ([found]) => ({ column: name, ...bindTo(column, found) }),
  };
}

function bindTo(column: Column, found: Found | undefined): Part {
  if (found === undefined) return { problems: [`${column.logicalName} was not looked up.`] };
  if ("problem" in found) return { problems: [found.problem] };
  const target = found.table.logicalName;
  const way = wayTo(column, target);
  if (way === undefined) {
    return { problems: [`${column.logicalName}: ${withArticle(target)} cannot be set here.`] };
  }
  return {
    body: { [`${way.property}@odata.bind`]: `/${found.table.setName}(${found.id})` },
    notes: found.byName ? [`${column.logicalName}: found ${target} ${found.id} by name.`] : [],
    people:
      column.type === "Owner"
        ? [{ column: column.logicalName, table: found.table, id: found.id }]
        : [],
  };
}

export async function readPartyPart(
  dataverse: Dataverse,
  column: Column,
  value: unknown,
  mode: "create" | "update",
): Promise<Part | PendingPart> {
  const name = column.logicalName;
  if (mode === "update") return onlyOnCreate(name);
  if (value === null || value === undefined) return { column: name };
  return pendingParties(name, await planParties(dataverse, column, value));
}

const onlyOnCreate = (name: string): Part => ({
  column: name,
  problems: [`${name} can be set only when the activity is created; create a new draft.`],
});

const pendingParties = (name: string, { asked, byName, finish }: PlannedParties): PendingPart => ({
  column: name,
  asked,
  byName,
  finish(found) {
    const { rows, people, problems } = finish(found);
    return { column: name, parties: rows, people, problems };
  },
});

/**
 * `email_activity_parties`, as the Web API and Power Automate write parties: each says itself what it is. Undefined when `key`
 * is not that property.
 */
export async function readPartyRows(
  dataverse: Dataverse,
  table: Table,
  key: string,
  value: unknown,
  mode: "create" | "update",
): Promise<readonly (Part | PendingPart)[] | undefined> {
  if (partyCollection(table)?.toLowerCase() !== key.trim().toLowerCase()) return undefined;
  if (mode === "update") return [onlyOnCreate(key)];
  const written = readPartyForms(value);
  const columns = table.columns.filter((column) => column.type === "PartyList");
  const parts: PendingPart[] = [];
  let known = 0;
  for (const column of columns) {
    const wanted = participationMasks[column.logicalName];
    const own = written.filter(({ mask }) => mask !== undefined && mask === wanted);
    known += own.length;
    if (own.length === 0) continue;
    parts.push(pendingParties(column.logicalName, await planWritten(dataverse, column, own)));
  }
  if (known === written.length) return parts;
  const masks = columns.flatMap(({ logicalName }) => {
    const mask = participationMasks[logicalName];
    return mask === undefined ? [] : [`${mask} (${logicalName})`];
  });
  const problem = `${key}: each party needs a participationtypemask of ${masks.join(", ")}.`;
  return [...parts, { problems: [problem] }];
}

/** Of these, one that goes out and names no sender comes from whoever writes it. */
const fromWriter: ReadonlySet<string> = new Set(["email", "phonecall"]);

/** Puts the parties into the activity, with the writer as sender where nobody else is. */
export async function addParties(
  dataverse: Dataverse,
  table: Table,
  parties: readonly Row[],
  body: Record<string, unknown>,
  notes: string[],
  problems: string[],
): Promise<void> {
  const property = partyCollection(table);
  if (property === undefined) {
    problems.push(`${table.logicalName} has no list of parties.`);
    return;
  }
  const hasSender = parties.some((party) => party.participationtypemask === 1);
  const isOutgoing = body.directioncode !== false;
  if (!fromWriter.has(table.logicalName) || !isOutgoing || hasSender) {
    body[property] = parties;
    return;
  }
  const { userId } = await dataverse.whoAmI();
  body[property] = [
    { "partyid_systemuser@odata.bind": `/systemusers(${userId})`, participationtypemask: 1 },
    ...parties,
  ];
  notes.push("from: you.");
}
