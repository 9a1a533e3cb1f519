import type { Dataverse } from "../../dataverse";
import { AppError } from "../../errors";
import { escapeLike, escapeXml } from "../../text/markup";
import { findTable } from "../record/find-table";
import { tellApart } from "../record/lookups/tell-apart";

const most = 5;
/** Less of a number or of a title is in nearly all of them. */
const leastCharacters = 3;

/**
 * Cases that may be meant by a number that is none's: those whose number or title holds it. In the caller's rights.
 *
 * @returns what tells them apart; empty where there are none, or too many to choose from
 */
export async function nearCases(dataverse: Dataverse, said: string): Promise<readonly string[]> {
  // "CAS-4003" is CAS-04003-…: the figures are what people keep of a number.
  const figures = said.match(/\d+/g)?.sort((one, other) => other.length - one.length)[0];
  const number = figures !== undefined && figures.length >= leastCharacters ? figures : said;
  if (said.length < leastCharacters) return [];
  const like = (attribute: string, value: string) =>
    `<condition attribute="${attribute}" operator="like" value="%${escapeXml(escapeLike(value))}%"/>`;
  const xml = `<fetch top="${most + 1}"><entity name="incident"><attribute name="incidentid"/><order attribute="createdon" descending="true"/><order attribute="incidentid"/><filter type="or">${like("ticketnumber", number)}${like("title", said)}</filter></entity></fetch>`;
  const ids: string[] = [];
  try {
    for await (const page of dataverse.fetchXml("incident", xml))
      ids.push(...page.rows.map((row) => String(row.incidentid)));
  } catch (error) {
    // What helps to go on is left out where it cannot be read: that the number is nobody's stays true.
    if (error instanceof AppError) return [];
    throw error;
  }
  if (ids.length === 0 || ids.length > most) return [];
  const table = await findTable(dataverse.metadata, "incident");
  const candidates = ids.map((id) => ({ table, id }));
  const tell = await tellApart(dataverse, candidates);
  return candidates.map(tell);
}
