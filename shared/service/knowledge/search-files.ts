import type { ToolSettings } from "../../config/tool-settings";
import type { Dataverse, Row } from "../../dataverse";
import { readAhead } from "../../text";
import { queryIfThere, textOf } from "../record/optional-read";
import { type Candidate, type FoundRows, plain } from "./candidate";
import { recordAddress } from "./knowledge-articles";
import type { KnowledgeSource } from "./knowledge-sources";

/** Rows that hold what stands in files. */
export const fileRecords = "unstructuredfilesearchrecord";

/** Files are kept as their text, in pieces, each with a link to cite. */
export async function searchFiles(
  dataverse: Dataverse,
  settings: ToolSettings,
  source: KnowledgeSource,
  foundRows: FoundRows,
): Promise<Candidate[]> {
  const table = await dataverse.metadata.table(fileRecords);
  if (table === undefined) return [];
  const found = foundRows.get(table.logicalName) ?? [];
  if (found.length === 0) return [];
  const { rows } = await queryIfThere(dataverse, table.logicalName, {
    select: [
      table.primaryId,
      "content",
      "citationlink",
      "filename",
      "_unstructuredfilesearchentityid_value",
    ],
    filter: found.map((row) => `${table.primaryId} eq ${row.id}`).join(" or "),
    top: found.length,
  });
  await readAhead(rows.map((row) => textOf(row.content)));
  const isOwn = (row: Row) => {
    const set = textOf(row._unstructuredfilesearchentityid_value);
    return set === undefined
      ? source.fileSets === undefined
      : source.fileSets?.includes(set) === true;
  };
  return rows.filter(isOwn).map((row) => ({
    source: source.name,
    table: table.logicalName,
    id: String(row[table.primaryId]),
    number: undefined,
    ...plain(textOf(row.filename) ?? fileName(textOf(row.citationlink)), textOf(row.content) ?? ""),
    link:
      textOf(row.citationlink) ??
      recordAddress(settings, table.logicalName, String(row[table.primaryId])),
    isInternal: true,
  }));
}

const fileName = (link: string | undefined): string =>
  link !== undefined && URL.canParse(link)
    ? decodeURIComponent(new URL(link).pathname.split("/").at(-1) ?? "")
    : "";
