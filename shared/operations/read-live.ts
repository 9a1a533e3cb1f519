import type { Dataverse, Row } from "../dataverse";
import type { Change, Live } from "../policy/consequences/consequence";
import { columnsOf } from "../policy/consequences/read-change";
import { isToOwnCustomer, readMail } from "./mail-parties";

/** The id in `/incidents(…)`, as a reference to another row is written. */
const idIn = (value: unknown): string | undefined =>
  /\(([0-9a-f-]{36})\)$/i.exec(typeof value === "string" ? value : "")?.[1]?.toLowerCase();

/** The case that a change is about: the row itself, or the one that a resolution or an agent's order names. */
export function caseOf({ kind, table, id, action, body }: Change): string | undefined {
  if (table === "incident") return kind === "create" ? undefined : id;
  if (action === "msdyn_invokeCaseProcessingAgent")
    return typeof body.msdyn_incidentId === "string" ? body.msdyn_incidentId : undefined;
  const resolution =
    action === "CloseIncident" ? body.IncidentResolution : table === "incidentresolution" && body;
  if (typeof resolution !== "object" || resolution === null) return undefined;
  const bound = Object.entries(resolution).find(([name]) => /^incidentid@odata\.bind$/i.test(name));
  return idIn(bound?.[1]);
}

/**
 * What has to be known of a row to tell what a change does to it, and no more: most changes need nothing.
 *
 * @throws AppError where it cannot be read: then nothing is done
 */
export async function readLive(dataverse: Dataverse, change: Change): Promise<Live> {
  const { kind, table, id, action } = change;
  if (action === "SendEmail" && id !== undefined) {
    const mail = await readMail(dataverse, id);
    return { isToOwnCustomer: mail !== undefined && isToOwnCustomer(mail) };
  }
  const closes = caseOf(change);
  const touchesState = columnsOf(change.body).some((name) => /^(statecode|statuscode)$/.test(name));
  const isClosing = action === "CloseIncident" || table === "incidentresolution";
  if (!isClosing && !touchesState) return {};
  return {
    ...(closes === undefined ? {} : { openActivities: await countOpen(dataverse, closes) }),
    ...(touchesState && table !== undefined ? await readState(dataverse, table, kind, id) : {}),
  };
}

/** Undefined where the endpoint shows no activities. */
async function countOpen(dataverse: Dataverse, caseId: string): Promise<number | undefined> {
  if ((await dataverse.metadata.table("activitypointer")) === undefined) return undefined;
  const { rows } = await dataverse.query("activitypointer", {
    select: ["activityid"],
    filter: `_regardingobjectid_value eq ${caseId} and statecode ne 1 and statecode ne 2`,
    top: 50,
  });
  return rows.length;
}

async function readState(
  dataverse: Dataverse,
  table: string,
  kind: Change["kind"],
  id: string | undefined,
): Promise<Live> {
  const found = await dataverse.metadata.table(table);
  const options = found?.columnByName.get("statuscode")?.options ?? [];
  const stateOfStatus = new Map(
    options.flatMap(({ value, state }) => (state === undefined ? [] : [[value, state] as const])),
  );
  if (kind !== "update" || id === undefined) return { stateOfStatus };
  const row: Row | undefined = await dataverse.retrieve(table, id, { select: ["statecode"] });
  const state = row?.statecode;
  return { stateOfStatus, ...(typeof state === "number" ? { state } : {}) };
}
