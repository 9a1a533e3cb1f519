import type { Dataverse } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { queryIfThere, textOf } from "../record/optional-read";

/** How a case was resolved. */
export interface Resolution {
  /** Texts from the record: data. */
  readonly subject: string;
  readonly note: string;
  /** The person; the id is undefined where the column may not be read. */
  readonly byId: string | undefined;
  readonly by: string;
  /** As Dataverse writes it: `2026-01-31T14:00:00Z`. */
  readonly at: string;
}

/**
 * The resolution that a case has now; undefined where there is none that the caller may read.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/incidentresolution
 */
export async function readResolution(
  dataverse: Dataverse,
  caseId: string,
  withinMs?: number,
): Promise<Resolution | undefined> {
  const { rows } = await queryIfThere(dataverse, "incidentresolution", {
    select: ["subject", "description", "createdon", "_createdby_value"],
    filter: `_incidentid_value eq ${caseId}`,
    // A case that was reopened has earlier ones, of the same second perhaps.
    orderby: "createdon desc,versionnumber desc",
    top: 1,
    annotations: true,
    withinMs,
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    subject: textOf(row.subject) ?? "",
    note: textOf(row.description) ?? "",
    byId: textOf(row._createdby_value),
    by: textOf(row[`_createdby_value${formattedValue}`]) ?? "",
    at: textOf(row.createdon) ?? "",
  };
}
