import { deskOffsetOf, type Organization } from "../company/organization";
import type { Draw } from "../draw";
import { deskTime, hourMs } from "../hours";
import { demoCases, type Persona } from "../identities";
import type { SamplePlan } from "../plan";
import { type Outcome, openOutcome, outcomeOf } from "./outcome";
import { type Assigned, ownerOf, personaOwner, teamOwner } from "./owners";
import { arrivalOf, listedAt } from "./worklist";

/** What is known of a case before its beginning is. */
export interface Given {
  readonly row: number;
  /** Draws of the case itself, and of the story that it tells, which may be an earlier case's. */
  readonly own: Draw;
  readonly draw: Draw;
  readonly isRepeat: boolean;
  /** When the customer wrote or called, in ms. */
  readonly at: number;
  /** Nobody takes calls when the desk is closed; on the day of an outage somebody does. */
  readonly hasHours: boolean;
  readonly level: number;
  readonly priority: 1 | 2 | 3;
}

export interface Beginning extends Outcome {
  readonly assigned: Assigned;
  /** The persona whose list it stands in; undefined when it is anybody's. */
  readonly whose: Persona["key"] | undefined;
  /** In ms. */
  readonly createdAt: number;
  readonly isBare: boolean;
}

/** Who has the case, when it came in, and what is to become of it. */
export function beginningOf(plan: SamplePlan, organization: Organization, given: Given): Beginning {
  const { row, own } = given;
  if (demoCases[row] !== undefined) return demoBeginning(plan, organization, row);
  const listed = listedAt(plan, row);
  if (listed === undefined) return drawnBeginning(plan, organization, given);
  const { whose, index, isBare } = listed;
  const isPersona = whose === "representative" || whose === "manager";
  return {
    assigned: isPersona
      ? personaOwner(organization, whose)
      : whose === "team"
        ? teamOwner(organization, own, index)
        : ownerOf(organization, own),
    whose: isPersona ? whose : undefined,
    createdAt: arrivalOf(plan, listed, given.level, given.priority),
    isBare,
    ...openOutcome(own),
  };
}

const demoBeginning = (plan: SamplePlan, organization: Organization, row: number): Beginning => ({
  assigned: personaOwner(organization, "representative"),
  whose: "representative",
  createdAt: plan.asOf - ((row + 2) * 24 + 5) * hourMs,
  isBare: false,
  wanted: 0,
  reason: 1,
});

function drawnBeginning(
  plan: SamplePlan,
  organization: Organization,
  { own, draw, isRepeat, at, hasHours }: Given,
): Beginning {
  const assigned = ownerOf(organization, own);
  const first = isRepeat ? ownerOf(organization, draw) : assigned;
  const arrivedAt = hasHours ? deskTime(at, deskOffsetOf(first.agent.businessUnitId)) : at;
  const createdAt = Math.min(arrivedAt + (isRepeat ? hourMs : 0), plan.asOf - hourMs / 2);
  return {
    assigned,
    whose: undefined,
    createdAt,
    isBare: false,
    ...outcomeOf(plan, own, plan.asOf - createdAt, isRepeat),
  };
}
