import type { Dataverse } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { AppError } from "../../errors";
import { textOf } from "../record/optional-read";
import type { CaseHead, Named } from "./case-head";

/** How somebody is reached. Texts are from the record: data. */
export interface Reach {
  readonly mail: string;
  readonly phone: string;
  readonly town: string;
}

export interface OtherCase {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly status: string;
  readonly createdOn: string;
}

/** Cases of the same customer beside the one that is shown. */
export interface OtherCases {
  readonly total: number;
  readonly open: number;
  /** Open ones first, then the newest. */
  readonly shown: readonly OtherCase[];
}

const mostShown = 3;
const columns = [
  "emailaddress1",
  "telephone1",
  "address1_telephone1",
  "mobilephone",
  "address1_city",
];

/** Undefined where the caller may not see the row. */
export async function readReach(
  dataverse: Dataverse,
  who: Named | undefined,
): Promise<Reach | undefined> {
  const table = who && (await dataverse.metadata.table(who.table));
  if (who === undefined || table === undefined) return undefined;
  const select = columns.filter((name) => table.columnByName.has(name));
  try {
    const row = await dataverse.retrieve(who.table, who.id, {
      select: [table.primaryId, ...select],
    });
    if (row === undefined) return undefined;
    return {
      mail: textOf(row.emailaddress1) ?? "",
      phone:
        textOf(row.telephone1) ?? textOf(row.mobilephone) ?? textOf(row.address1_telephone1) ?? "",
      town: textOf(row.address1_city) ?? "",
    };
  } catch (error) {
    if (error instanceof AppError && error.kind === "forbidden") return undefined;
    throw error;
  }
}

/** Undefined for a case without a customer. */
export async function readOtherCases(
  dataverse: Dataverse,
  head: CaseHead,
): Promise<OtherCases | undefined> {
  if (head.customer === undefined) return undefined;
  const filter = `_customerid_value eq ${head.customer.id} and incidentid ne ${head.id}`;
  const [all, open] = await Promise.all([
    dataverse.query("incident", {
      select: ["incidentid", "ticketnumber", "title", "statuscode", "createdon"],
      filter,
      orderby: "statecode,createdon desc",
      top: mostShown,
      count: true,
      annotations: true,
    }),
    dataverse.query("incident", {
      select: ["incidentid"],
      filter: `${filter} and statecode eq 0`,
      top: 1,
      count: true,
    }),
  ]);
  return {
    total: all.count ?? all.rows.length,
    open: open.count ?? open.rows.length,
    shown: all.rows.map((row) => ({
      id: String(row.incidentid),
      number: textOf(row.ticketnumber) ?? "",
      title: textOf(row.title) ?? "",
      status: textOf(row[`statuscode${formattedValue}`]) ?? "",
      createdOn: textOf(row.createdon) ?? "",
    })),
  };
}
