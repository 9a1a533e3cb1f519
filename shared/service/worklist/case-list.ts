import type { Dataverse, Row, Table } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { AppError } from "../../errors";
import { textOf } from "../record/optional-read";
import type { CaseFilters } from "./case-filters";

/** One line of a list. Texts are from records: data. */
export interface ListedCase {
  readonly incidentId: string;
  readonly caseNumber: string;
  readonly title: string;
  readonly customer: string;
  readonly owner: string;
  readonly priority: string;
  readonly status: string;
  /** When it is to be resolved, as Dataverse writes it, and whether that is `late`; undefined where nothing says. */
  readonly due: string | undefined;
  readonly isLate: boolean;
}

export interface CaseList {
  readonly cases: readonly ListedCase[];
  /** Of all that fit; undefined where there are more than Dataverse counts. */
  readonly total: number | undefined;
}

/** "The maximum record limit of an aggregate query is exceeded." */
const tooMany = "0x8004e023";
const breached = 1;
const running: ReadonlySet<unknown> = new Set([0, 2]);

const columns = [
  "incidentid",
  "ticketnumber",
  "title",
  "customerid",
  "ownerid",
  "prioritycode",
  "statuscode",
  "createdon",
  "resolveby",
] as const;

/**
 * The cases that fit, those that are due first, or the most pressing and oldest first, and how many there are: two requests.
 *
 * @param top at most so many
 */
export async function readCaseList(
  dataverse: Dataverse,
  table: Table,
  filters: CaseFilters,
  top: number,
  now: Date,
): Promise<CaseList> {
  const isDue = filters.due.length > 0;
  const hasTimes =
    table.columnByName.has("resolvebykpiid") &&
    (await dataverse.metadata.table("slakpiinstance")) !== undefined;
  if (isDue && !hasTimes)
    throw new AppError("unsupported", "This environment does not show when cases are due.", {
      hint: "Leave sla out.",
    });
  const read = async (withTimes: boolean): Promise<CaseList> => {
    const query = caseQuery(table, filters, withTimes);
    const [rows, total] = await Promise.all([
      readRows(dataverse, query.rows(top)),
      count(dataverse, query.count),
    ]);
    return { cases: rows.map((row) => asListed(row, now)), total };
  };
  try {
    return await read(hasTimes);
  } catch (error) {
    // Who may not read when cases are due may read the cases.
    if (isDue || !hasTimes || !(error instanceof AppError) || error.kind !== "forbidden")
      throw error;
    return read(false);
  }
}

function caseQuery(table: Table, filters: CaseFilters, withTimes: boolean) {
  const shown = columns.filter((name) => table.columnByName.has(name));
  const attributes = shown.map((name) => `<attribute name="${name}"/>`).join("");
  const isDue = filters.due.length > 0;
  const inQueue = [
    ...(filters.queueId === undefined
      ? []
      : [`<condition attribute="queueid" operator="eq" value="${filters.queueId}"/>`]),
    ...(filters.isWaiting ? ['<condition attribute="workerid" operator="null"/>'] : []),
  ];
  const queue =
    inQueue.length === 0
      ? ""
      : `<link-entity name="queueitem" from="objectid" to="incidentid" alias="item"><filter>${inQueue.join("")}<condition attribute="statecode" operator="eq" value="0"/></filter></link-entity>`;
  const filter =
    filters.conditions.length === 0 ? "" : `<filter>${filters.conditions.join("")}</filter>`;
  const times = (inner: string, isOuter: boolean) =>
    `<link-entity name="slakpiinstance" from="slakpiinstanceid" to="resolvebykpiid" alias="kpi"${isOuter ? ' link-type="outer"' : ""}>${inner}${isDue ? `<filter>${filters.due.join("")}</filter>` : ""}</link-entity>`;
  const kpi = withTimes
    ? times('<attribute name="failuretime"/><attribute name="status"/>', !isDue)
    : "";
  const order = isDue
    ? '<order entityname="kpi" attribute="failuretime"/>'
    : '<order attribute="prioritycode"/><order attribute="createdon"/>';
  return {
    rows: (top: number) =>
      `<fetch top="${top}" useraworderby="true"><entity name="incident">${attributes}${order}<order attribute="incidentid"/>${filter}${queue}${kpi}</entity></fetch>`,
    count: `<fetch aggregate="true"><entity name="incident"><attribute name="incidentid" alias="total" aggregate="count"/>${filter}${queue}${isDue ? times("", false) : ""}</entity></fetch>`,
  };
}

async function readRows(dataverse: Dataverse, xml: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const page of dataverse.fetchXml("incident", xml)) rows.push(...page.rows);
  return rows;
}

async function count(dataverse: Dataverse, xml: string): Promise<number | undefined> {
  try {
    const [row] = await readRows(dataverse, xml);
    return Number(row?.total ?? 0);
  } catch (error) {
    if (error instanceof AppError && error.code?.toLowerCase() === tooMany) return undefined;
    throw error;
  }
}

function asListed(row: Row, now: Date): ListedCase {
  const label = (property: string) => textOf(row[property + formattedValue]) ?? "";
  const due = textOf(row["kpi.failuretime"]) ?? textOf(row.resolveby);
  const status = row["kpi.status"];
  const isPast = due !== undefined && new Date(due) < now;
  return {
    incidentId: String(row.incidentid),
    caseNumber: textOf(row.ticketnumber) ?? "",
    title: textOf(row.title) ?? "",
    customer: label("_customerid_value"),
    owner: label("_ownerid_value"),
    priority: label("prioritycode"),
    status: label("statuscode"),
    due,
    isLate: status === breached || (isPast && (status === undefined || running.has(status))),
  };
}
