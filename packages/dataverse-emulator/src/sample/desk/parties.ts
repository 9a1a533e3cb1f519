import type { Draw } from "../draw";
import { ownedByPart, type SamplePlan } from "../plan";
import type { PlannedCase } from "./planned-case";

/** What an activity is about, and the flags that every activity has. */
export const about = (planned: PlannedCase) => ({
  regardingobjectid: planned.id,
  regardingobjectid__type: "incident",
});
export const flags = { isbilled: 0, isregularactivity: 1, isworkflowcreated: 0 };

export interface Party {
  readonly id: string;
  readonly type: string;
  /** Mail address or telephone number. */
  readonly address: string | null;
}

/** `activityparty.participationtypemask` */
const masks = { sender: 1, to: 2 } as const;

/** Who an activity is from and who it is to. */
export function writeParties(
  plan: SamplePlan,
  planned: PlannedCase,
  activity: { readonly id: string; readonly type: string; readonly draw: Draw },
  from: Party,
  to: Party,
): void {
  const owner = ownedByPart(planned.owner);
  for (const [party, mask] of [
    [from, masks.sender],
    [to, masks.to],
  ] as const) {
    plan.writer.write("activityparty", {
      activitypartyid: activity.draw.guid(`party${mask}`),
      activityid: activity.id,
      activityid__type: activity.type,
      partyid: party.id,
      partyid__type: party.type,
      participationtypemask: mask,
      addressused: party.address,
      instancetypecode: 0,
      ispartydeleted: 0,
      ...owner,
    });
  }
}
