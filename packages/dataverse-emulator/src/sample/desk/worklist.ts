import { serviceLevels } from "../company/catalogue";
import { hourMs, workdaysEarlier, workdaysLater } from "../hours";
import type { SamplePlan } from "../plan";
import { isSentAgain, repeatDistance } from "./repeats";

/**
 * What somebody sees who signs in for the first time: open cases of the representative, of the manager, of teams, and of
 * colleagues. All came in within the last days; a few are past their time, some are due today or tomorrow, the rest later.
 * Whatever else the first two were given and is open goes to colleagues.
 */
export interface Listed {
  readonly whose: "representative" | "manager" | "team" | "colleague";
  /** Place in its list. */
  readonly index: number;
  /** Hours of workdays from the present to when it is due; below zero when it is late. */
  readonly left: number;
  /** Nobody has said yet what it is about: no product, no subject, no type. */
  readonly isBare: boolean;
}

const day = 24;
/** Hours of workdays from the present: within the hours of the desk, as nobody promises a time at night. */
const representative = [
  10.5, 33.5, 83, 62, -14, 39, 81, 106, 35, 16, 57.5, 111.5, -7.5, 88, 37, 64.5, 14.5, 86, 40.5,
  108, -62, 59, 9.25, 84, 34,
];
const manager = [15, 34, -9, 59, 82, 40, 11];

/** The rows in which the lists stand. */
const lists = [
  { whose: "representative", first: 200, step: 8, dues: representative },
  { whose: "manager", first: 204, step: 32, dues: manager },
  { whose: "team", first: 206, step: 16, dues: [...manager, ...manager.slice(0, 5)] },
  { whose: "colleague", first: 400, step: 8, dues: representative },
] as const;

export function listedAt(plan: SamplePlan, row: number): Listed | undefined {
  if (!plan.isShown) return undefined;
  // What was sent twice keeps its time: the second follows the first.
  if (isSentAgain(plan, row) || isSentAgain(plan, row + repeatDistance)) return undefined;
  for (const { whose, first, step, dues } of lists) {
    const index = (row - first) / step;
    const left = dues[index];
    if (left !== undefined) return { whose, index, left, isBare: index % 4 === 1 };
  }
  return undefined;
}

/** When a case must have come in to be due when it is to be, in ms; before the present, whatever its level allows. */
export function arrivalOf(
  plan: SamplePlan,
  { left }: Listed,
  level: number,
  priority: 1 | 2 | 3,
): number {
  const hours = (serviceLevels[level] ?? serviceLevels[0]).hours[priority - 1] ?? day;
  let wanted = left;
  // The same hour of an earlier day.
  while (wanted > hours - 6) wanted -= day;
  const shift = level === 2 ? plainly : workdays;
  return shift(shift(plan.asOf, wanted), -hours);
}

const plainly = (at: number, hours: number) => at + hours * hourMs;
const workdays = (at: number, hours: number) =>
  hours < 0 ? workdaysEarlier(at, -hours) : workdaysLater(at, hours);
