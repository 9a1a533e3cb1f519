import type { Dataverse, Row, Table } from "../../../dataverse";
import { AppError } from "../../../errors";
import { type CallTime, msToLook } from "../../outcome/call-time";
import { mayBeDone, type Settled, settle } from "../../outcome/settle";
import { comparedProperties, compareRow } from "./compare-row";

/** What stands in the row after a change of it. */
export type Standing =
  | {
      readonly is: "ours";
      /** Columns that read otherwise: a rule of the environment, or somebody after us, changed them. */
      readonly otherwise: readonly string[];
    }
  | {
      readonly is: "others";
      /** Version that stands there; undefined when the row is gone. */
      readonly version: string | undefined;
    };

/** "The record was changed since it was read." */
const versionIsOld = "0x80060882";
/** So often somebody may be faster before the row is changed whatever its version. */
const mostRounds = 4;

const ours: Standing = { is: "ours", otherwise: [] };

/**
 * Changes a row. Each try names the version that it changes, so that a repeat of it, by us or by the network, does nothing
 * twice and overwrites nothing that another wrote in between. Without `etag` any version is meant: when somebody was faster,
 * and nothing of ours was lost, the row is read and changed again.
 *
 * @throws AppError `not_found`
 */
export async function updateRow(
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
  body: Row,
  etag?: string,
): Promise<Settled<Standing>> {
  for (let round = 1; ; round += 1) {
    const isLast = round > mostRounds;
    const version =
      etag ?? (isLast ? undefined : await versionOf(dataverse, table, id, msToLook(time)));
    const settled = await settle<Standing>(time, {
      async send(withinMs) {
        const condition = version === undefined ? {} : { etag: version };
        await dataverse.update(table.logicalName, id, body, { ...condition, withinMs });
        return ours;
      },
      look: (withinMs) => look(dataverse, table, id, body, version, withinMs),
    });
    if (settled.outcome !== "notDone" || etag !== undefined || isLast) return settled;
    if (!isOld(settled.failure) || mayBeDone(settled.failure)) return settled;
  }
}

const isOld = ({ kind, code }: AppError): boolean => kind === "conflict" && code === versionIsOld;

async function versionOf(
  dataverse: Dataverse,
  table: Table,
  id: string,
  withinMs: number,
): Promise<string | undefined> {
  const row = await dataverse.retrieve(table.logicalName, id, {
    select: [table.primaryId],
    withinMs,
  });
  if (row === undefined) throw noSuchRow(table, id);
  const version = row["@odata.etag"];
  return typeof version === "string" ? version : undefined;
}

/** Undefined while the row stands at the version that was to be changed, and does not hold the new values. */
async function look(
  dataverse: Dataverse,
  table: Table,
  id: string,
  body: Row,
  version: string | undefined,
  withinMs: number,
): Promise<Standing | undefined> {
  const hasWriter = table.columnByName.get("modifiedby")?.canRead === true;
  const row = await dataverse.retrieve(table.logicalName, id, {
    select: [
      ...new Set([
        table.primaryId,
        ...comparedProperties(table, body),
        ...(hasWriter ? ["_modifiedby_value"] : []),
      ]),
    ],
    withinMs,
  });
  if (row === undefined) return { is: "others", version: undefined };
  const { same, different } = compareRow(table, body, row);
  if (different.length === 0 && same.length > 0) return ours;
  const now = row["@odata.etag"];
  if (version === undefined || typeof now !== "string" || now === version) return undefined;
  // A row that we wrote last and that holds some of our values was changed by us; a rule may have made others of the rest.
  const isByUs = hasWriter && row._modifiedby_value === (await dataverse.whoAmI()).userId;
  const isOurs = isByUs && (same.length > 0 || different.length === 0);
  return isOurs ? { is: "ours", otherwise: different } : { is: "others", version: now };
}

export const noSuchRow = (table: Table, id: string, cause?: AppError): AppError =>
  new AppError(
    "not_found",
    `There is no ${table.logicalName} with the id ${id} that you may see. Nothing was written.`,
    { hint: "Find the record with read_query.", code: cause?.code, cause },
  );
