import { randomUUID } from "node:crypto";
import {
  DataverseError,
  type EntityDefinition,
  type SqlRow,
  type SqlValue,
  type World,
} from "./model";

/**
 * A rule of the company's own, as a plug-in that throws InvalidPluginExecutionException: tenants have them, and what they say
 * is meant for the person who works there.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/handle-exceptions
 */
export interface PlugIn {
  /** What it runs on: `Create`, `Update`, `Delete`, or an action by its name in the Web API (`CloseIncident`, `SendEmail`). */
  readonly message: string;
  /** Logical name of the table that is written, or that the action is about. */
  readonly table: string;
  /** Update: runs only when one of these columns is written. Every update unless told. */
  readonly filteringAttributes?: readonly string[];
  /** Runs only on rows that hold these values after the write; a list holds any of them. Choices are numbers, lookups ids. */
  readonly when?: Readonly<Record<string, Wanted | readonly Wanted[]>>;
  /** The sentence that it refuses with. */
  readonly error: string;
  /** Class that throws; shown to those who ask for annotations. */
  readonly name?: string;
}

type Wanted = string | number | boolean | null;
type Place = Pick<World, "db">;

interface Step extends PlugIn {
  readonly stepId: string;
}

/** A rule that cannot be registered, in words for whoever wrote it. */
export class PlugInError extends TypeError {}

/** 400 0x80040265 IsvAborted: somebody's code refused, in its own words. */
export class PlugInRefusal extends DataverseError {
  readonly source: string;
  readonly stepId: string;

  constructor({ error, name = "Company.PlugIns.Rule", stepId }: Step) {
    super(400, "0x80040265", error);
    this.source = name;
    this.stepId = stepId;
  }
}

const registered = new WeakMap<World["db"], Step[]>();

/** Those of one emulator, in the order in which they run. */
export const plugInsOf = ({ db }: Place): readonly PlugIn[] => registered.get(db) ?? [];

/** Registers one more. @throws PlugInError */
export function addPlugIn({ db, catalog }: Pick<World, "db" | "catalog">, plugIn: PlugIn): void {
  const entity = catalog.byName(plugIn.table);
  if (entity === undefined) throw new PlugInError(`There is no table '${plugIn.table}'.`);
  const columns = [...(plugIn.filteringAttributes ?? []), ...Object.keys(plugIn.when ?? {})];
  const unknown = columns.find((name) => entity.attribute(name) === undefined);
  if (unknown !== undefined)
    throw new PlugInError(`The table '${plugIn.table}' has no column '${unknown}'.`);
  const steps = registered.get(db);
  const step = { ...plugIn, stepId: randomUUID() };
  if (steps === undefined) registered.set(db, [step]);
  else steps.push(step);
}

/** Takes all of them away. */
export function removePlugIns({ db }: Place): void {
  registered.delete(db);
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isWanted = (value: unknown): value is Wanted =>
  value === null || ["string", "number", "boolean"].includes(typeof value);
const members = ["message", "table", "filteringAttributes", "when", "error", "name"];

/** What a JSON object asks for. @throws PlugInError */
export function readPlugIn(body: Readonly<Record<string, unknown>>): PlugIn {
  const { message, table, error, name, filteringAttributes, when } = body;
  const unknown = Object.keys(body).find((member) => !members.includes(member));
  if (unknown !== undefined)
    throw new PlugInError(`A plug-in has no '${unknown}'. It has: ${members.join(", ")}.`);
  if (!isText(message) || !isText(table) || !isText(error))
    throw new PlugInError("A plug-in needs 'message', 'table' and 'error', each a text.");
  if (name !== undefined && !isText(name)) throw new PlugInError("'name' must be a text.");
  if (
    filteringAttributes !== undefined &&
    !(Array.isArray(filteringAttributes) && filteringAttributes.every(isText))
  )
    throw new PlugInError("'filteringAttributes' must be a list of columns.");
  if (when !== undefined && !isCondition(when))
    throw new PlugInError("'when' must hold columns with a value, or a list of values, each.");
  return {
    message,
    table,
    error,
    ...(name === undefined ? {} : { name }),
    ...(filteringAttributes === undefined ? {} : { filteringAttributes }),
    ...(when === undefined ? {} : { when }),
  };
}

function isCondition(value: unknown): value is NonNullable<PlugIn["when"]> {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) =>
      Array.isArray(each) ? each.every(isWanted) : isWanted(each),
    )
  );
}

/** A stored value against one that a person wrote: yes and no are kept as 1 and 0, ids in lower case. */
function fits(stored: SqlValue | undefined, wanted: Wanted): boolean {
  if (wanted === null || stored === null || stored === undefined)
    return wanted === (stored ?? null);
  if (typeof wanted === "string") return String(stored).toLowerCase() === wanted.toLowerCase();
  return Number(stored) === Number(wanted);
}

const runsOn = (
  { filteringAttributes, when = {} }: PlugIn,
  row: SqlRow,
  written: readonly string[] | undefined,
): boolean =>
  (filteringAttributes === undefined ||
    written === undefined ||
    filteringAttributes.some((name) => written.includes(name))) &&
  Object.entries(when).every(([name, wanted]) =>
    [wanted].flat().some((each) => fits(row[name], each)),
  );

/**
 * Lets the company's code run before something is done.
 *
 * @param row the values that it will hold
 * @param written names of the columns that are written; undefined for what is no update
 * @throws PlugInRefusal
 */
export function runPlugIns(
  { db }: Place,
  message: string,
  { logicalName }: Pick<EntityDefinition, "logicalName">,
  row: SqlRow,
  written?: readonly string[],
): void {
  const step = registered
    .get(db)
    ?.find(
      (each) =>
        each.message === message && each.table === logicalName && runsOn(each, row, written),
    );
  if (step !== undefined) throw new PlugInRefusal(step);
}

export const hasPlugIns = ({ db }: Place): boolean => registered.has(db);
