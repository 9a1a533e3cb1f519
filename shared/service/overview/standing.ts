import type { Dataverse } from "../../dataverse";
import { formattedValue } from "../../dataverse/annotations";
import { queryIfThere, textOf } from "../record/optional-read";

/** One promise of a service level about a case. */
export interface ServiceTime {
  /** Text from a record: data. */
  readonly name: string;
  /** When it is broken, as Dataverse writes it. */
  readonly due: string;
  readonly is: "running" | "nearing" | "late" | "paused" | "kept" | "cancelled";
}

/** Values of `slakpiinstance.status`. */
const kinds: Readonly<Record<number, ServiceTime["is"]>> = {
  0: "running",
  1: "late",
  2: "nearing",
  3: "paused",
  4: "kept",
  5: "cancelled",
};
/** A promise that is to be kept within this time counts as nearing, also before Dataverse says so. */
const nearMs = 24 * 3_600_000;

export async function readServiceTimes(
  dataverse: Dataverse,
  caseId: string,
  now: Date,
): Promise<readonly ServiceTime[]> {
  const { rows } = await queryIfThere(dataverse, "slakpiinstance", {
    select: ["slakpiinstanceid", "name", "status", "failuretime"],
    filter: `_regarding_value eq ${caseId}`,
    orderby: "failuretime",
    top: 10,
  });
  return rows.map((row) => {
    const due = textOf(row.failuretime) ?? "";
    const is = kinds[Number(row.status)] ?? "running";
    const left = due === "" ? undefined : new Date(due).getTime() - now.getTime();
    return {
      name: textOf(row.name) ?? "",
      due,
      is:
        is !== "running" || left === undefined
          ? is
          : left < 0
            ? "late"
            : left < nearMs
              ? "nearing"
              : is,
    };
  });
}

/** Where a case waits. Names are text from records: data. */
export interface QueuePlace {
  readonly itemId: string;
  readonly queueId: string;
  readonly queue: string;
  readonly since: string;
  /** Who has picked it; undefined while nobody has. */
  readonly worker: string | undefined;
  readonly workerId: string | undefined;
}

export async function readQueuePlace(
  dataverse: Dataverse,
  caseId: string,
  withinMs?: number,
): Promise<QueuePlace | undefined> {
  const { rows } = await queryIfThere(dataverse, "queueitem", {
    select: ["queueitemid", "_queueid_value", "_workerid_value", "enteredon"],
    filter: `_objectid_value eq ${caseId} and statecode eq 0`,
    top: 1,
    annotations: true,
    withinMs,
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const label = (property: string) => textOf(row[property + formattedValue]) ?? "";
  const workerId = textOf(row._workerid_value);
  return {
    itemId: String(row.queueitemid),
    queueId: String(row._queueid_value),
    queue: label("_queueid_value"),
    since: textOf(row.enteredon) ?? "",
    worker: workerId === undefined ? undefined : label("_workerid_value"),
    workerId,
  };
}
