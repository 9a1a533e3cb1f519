import {
  type Database,
  DataverseError,
  type EntityDefinition,
  type SqlRow,
  type SqlValue,
} from "../../model";

type Columns = Record<string, SqlValue>;

/** The status reason that a state takes when none is named: the column's default, else the lowest of that state. */
function defaultReason(entity: EntityDefinition, state: number): number | undefined {
  const status = entity.attribute("statuscode");
  const own = (status?.options ?? [])
    .filter((option) => option.state === state)
    .map((option) => option.value);
  const byDefault = status?.defaultValue;
  return byDefault !== undefined && own.includes(byDefault)
    ? byDefault
    : own.sort((a, b) => a - b)[0];
}

/** Gives a new row its first state; checks the pair when the caller named one. */
export function firstState(
  entity: EntityDefinition,
  id: string,
  columns: Columns,
  isInternal: boolean,
): void {
  if (entity.attribute("statecode") === undefined) return;
  const states = entity.attribute("statecode")?.options?.map((option) => option.value) ?? [0];
  // A row begins in its first state, whatever the caller would like: others are reached by a change.
  if (columns.statecode === undefined || !isInternal) columns.statecode = Math.min(...states);
  columns.statuscode ??= defaultReason(entity, Number(columns.statecode)) ?? null;
  checkPair(entity, id, columns);
}

/** Brings state and status reason of a change into step with each other. */
export function changeState(
  entity: EntityDefinition,
  id: string,
  before: SqlRow,
  columns: Columns,
): void {
  if (columns.statecode === undefined && columns.statuscode === undefined) return;
  if (columns.statecode === undefined) columns.statecode = before.statecode ?? null;
  else if (columns.statuscode === undefined) {
    columns.statuscode =
      columns.statecode === before.statecode
        ? (before.statuscode ?? null)
        : (defaultReason(entity, Number(columns.statecode)) ?? null);
  }
  checkPair(entity, id, columns);
}

const stateOf = (entity: EntityDefinition, reason: number): number | undefined =>
  entity.attribute("statuscode")?.options?.find((option) => option.value === reason)?.state;

function checkPair(entity: EntityDefinition, id: string, columns: Columns): void {
  const reason = columns.statuscode;
  if (reason === null || reason === undefined) return;
  if (stateOf(entity, Number(reason)) === Number(columns.statecode)) return;
  if ((entity.attribute("statuscode")?.options ?? []).length === 0) return;
  throw new DataverseError(
    400,
    "0x80048408",
    `${reason} is not a valid status code on ${entity.logicalName} with Id ${id}.`,
  );
}

/** What a case allows in its state: it is resolved by CloseIncident alone, and a closed one is only opened again. */
export function checkIncident(db: Database, id: string, before: SqlRow, columns: Columns): void {
  const [from, to] = [Number(before.statecode), columns.statecode];
  if (to === 1 && from !== 1) {
    throw new DataverseError(
      400,
      "0x80040203",
      "This message can not be used to set the state of incident to Resolved. In order to set state of incident to Resolved, use the CloseIncidentRequest message instead.",
    );
  }
  if (from !== 0 && (to === undefined || to === before.statecode)) {
    throw new DataverseError(
      400,
      "0x80044411",
      "This case has already been resolved. Close and reopen the case record to see the updates.",
    );
  }
  if (from !== 0 && to !== 0)
    throw new DataverseError(400, "0x80044411", "Already Closed or Canceled");
  if (to === 2 && from === 0) demandNoOpenActivities(db, id);
}

function demandNoOpenActivities(db: Database, caseId: string): void {
  const open = db
    .prepare(
      "SELECT 1 AS there FROM activitypointer WHERE regardingobjectid = ? AND statecode IN (0, 3) LIMIT 1",
    )
    .get(caseId);
  if (open === undefined) return;
  throw new DataverseError(
    400,
    "0x8004440e",
    "The incident can not be cancelled because there are open activities for this incident.",
  );
}

/** A completed or cancelled activity is read only, save for its state. */
export function checkActivity(entity: EntityDefinition, before: SqlRow, columns: Columns): void {
  const isClosed = Number(before.statecode) === 1 || Number(before.statecode) === 2;
  if (!entity.isActivity || !isClosed || columns.statecode !== undefined) return;
  throw new DataverseError(
    400,
    "0x80040203",
    `This ${entity.logicalName} is closed and cannot be changed.`,
  );
}
