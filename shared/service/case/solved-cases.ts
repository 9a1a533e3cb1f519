import type { Dataverse } from "../../dataverse";
import { readAhead, redact, sanitise } from "../../text";
import type { SolvedCase } from "../knowledge/knowledge-search";
import { readResolved } from "./case-history";
import { asCaseTable } from "./case-table";
import { withoutNames } from "./similar-cases";

/**
 * Resolved cases by id, as the caller may read them and as anybody may be shown them: the resolution, without names and
 * contact details of whoever it was for. Open and cancelled ones are not among them.
 */
export async function readSolvedCases(
  dataverse: Dataverse,
  ids: readonly string[],
): Promise<readonly SolvedCase[]> {
  const table = await dataverse.metadata.table("incident");
  if (table === undefined || ids.length === 0) return [];
  const found = await readResolved(dataverse, asCaseTable(table), [], ids);
  await readAhead(
    found.flatMap(({ title, description, resolution }) => [title, description, resolution]),
  );
  return found.map(({ ref, title, description = "", resolution = "", people = [] }) => ({
    id: ref.id,
    number: ref.number,
    resolution: redact(withoutNames(sanitise(resolution).text, people)),
    foundBy: `${sanitise(title).text}\n${sanitise(description).text}`,
  }));
}
