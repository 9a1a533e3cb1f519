import type { Dataverse, Row } from "../../../dataverse";
import { formattedValue } from "../../../dataverse/annotations";
import { queryIfThere, textOf } from "../../record/optional-read";

/** An intent of the library. Names are text from records: data. */
export interface Intent {
  readonly id: string;
  readonly name: string;
  /** The intent in a sentence, as the library has it. */
  readonly description: string;
  /** The group it stands in: its category. */
  readonly group: string | undefined;
  readonly lineOfBusiness: string | undefined;
}

export interface CaseIntent extends Intent {
  /**
   * `case`: the case points at it. `predicted`: by the library's words and by what similar cases point at. `article`: the library
   * answers it with the article that answers the case.
   */
  readonly from: "case" | "predicted" | "article";
  /** 0 to 1; 1 when the case says so. */
  readonly confidence: number;
  /** The intent that the customer's words speak for, where one is set that they speak against. */
  readonly contradictedBy?: (Intent & { readonly confidence: number }) | undefined;
}

/** The intent that is worked with: what is set, unless the customer's words contradict it. */
export const workingIntent = (intent: CaseIntent | undefined): CaseIntent | undefined =>
  intent?.contradictedBy === undefined
    ? intent
    : { ...intent.contradictedBy, from: "predicted", contradictedBy: undefined };

export const approved = 192350001;
export const discarded = 192350008;
const mostIntents = 1_000;

/** Groups and families by id come with the rows: a lookup's label is its name. */
export const labelOf = (row: Row, property: string) => textOf(row[`${property}${formattedValue}`]);

const intentColumns = [
  "msdyn_intentid",
  "msdyn_name",
  "msdyn_intentstring",
  "msdyn_description",
  "msdyn_isgroup",
  "msdyn_reviewstate",
  "_msdyn_parentgroupid_value",
  "_msdyn_intentfamilyid_value",
];

const asIntent = (row: Row): Intent => ({
  id: String(row.msdyn_intentid),
  name: textOf(row.msdyn_name) ?? textOf(row.msdyn_intentstring) ?? "",
  description: [textOf(row.msdyn_intentstring), textOf(row.msdyn_description)]
    .filter((part) => part !== undefined)
    .join(" "),
  group: labelOf(row, "_msdyn_parentgroupid_value"),
  lineOfBusiness: labelOf(row, "_msdyn_intentfamilyid_value"),
});

/** The intent that the case points at, the newest that was not discarded. */
export async function readCaseIntent(
  dataverse: Dataverse,
  caseId: string,
): Promise<CaseIntent | undefined> {
  const { rows } = await queryIfThere(dataverse, "msdyn_intententity", {
    select: ["msdyn_intententityid", "_msdyn_intentid_value", "msdyn_intentstate"],
    filter: `_msdyn_objectid_value eq ${caseId} and statecode eq 0`,
    orderby: "createdon desc",
    top: 10,
  });
  const link = rows.find(
    (row) => row.msdyn_intentstate !== discarded && textOf(row._msdyn_intentid_value) !== undefined,
  );
  const id = textOf(link?._msdyn_intentid_value);
  if (id === undefined) return undefined;
  const found = await queryIfThere(dataverse, "msdyn_intent", {
    select: intentColumns,
    filter: `msdyn_intentid eq ${id}`,
    top: 1,
    annotations: true,
  });
  const [row] = found.rows;
  return row === undefined ? undefined : { ...asIntent(row), from: "case", confidence: 1 };
}

/** Approved intents that are no groups. */
export async function readIntentLibrary(dataverse: Dataverse): Promise<readonly Intent[]> {
  const { rows } = await queryIfThere(dataverse, "msdyn_intent", {
    select: intentColumns,
    filter: `statecode eq 0 and msdyn_reviewstate eq ${approved} and msdyn_isgroup eq false`,
    orderby: "msdyn_intentid",
    top: mostIntents,
    annotations: true,
  });
  return rows.map(asIntent);
}
