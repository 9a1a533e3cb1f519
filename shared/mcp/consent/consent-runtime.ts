import type { Approvals } from "../../approval";
import type { Caller } from "../../context";
import type { WriteDoor } from "../../dataverse";
import type { Permit } from "../../policy/consent";

export interface DoorWishes {
  readonly caller: Caller;
  readonly permit?: Permit | undefined;
  readonly isOneOfSeveral: boolean;
  readonly isDry: boolean;
}

/** How this deployment asks for somebody's yes. */
export interface ConsentRuntime {
  doorFor(wishes: DoorWishes): WriteDoor & { readonly isUsed: boolean };
  readonly approvals: Approvals;
  /** Where a person answers an approval; undefined where the deployment has no page. */
  linkTo(approvalId: string): string | undefined;
  /** The clients are trusted to ask: the model's yes is enough for nearly everything. */
  readonly trustsClient: boolean;
  /** Said of the page where it proves no person: on a developer's own machine. */
  readonly pageNote: string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}
