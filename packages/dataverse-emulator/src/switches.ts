import type { World } from "./model";

/** What can be switched while the emulator runs, so that callers' degradation can be tried. */
export interface Switches {
  /** The AI actions answer; off, they refuse as an environment without AI capacity does. */
  intelligence: boolean;
  /** Dataverse search answers; off, it refuses as an environment where it is not enabled does. */
  search: boolean;
  /** Searches that one user may send in a second; 0 sets no limit. */
  searchesPerSecond: number;
  /** The Case Management Agent is set up: it enriches cases and suggests next actions. */
  caseManagementAgent: boolean;
  /** Changes of definitions that are refused next because another customization is running (0x80071151). */
  customizationLocks: number;
  /** Seconds until a new table or column is known to everybody; asked with `Consistency: Strong` it is known at once. */
  metadataDelaySeconds: number;
  /** Seconds that an action waits which was sent with `Prefer: respond-async`, and can be canceled. */
  backgroundDelaySeconds: number;
}

const initial: Switches = {
  intelligence: true,
  search: true,
  searchesPerSecond: 1,
  caseManagementAgent: true,
  customizationLocks: 0,
  metadataDelaySeconds: 0,
  backgroundDelaySeconds: 0.5,
};

/** How each stands at the start. */
export const initialSwitches: Readonly<Switches> = initial;

const switches = new WeakMap<World["db"], Switches>();

/** The switches of one emulator. */
export function switchesOf({ db }: Pick<World, "db">): Switches {
  let known = switches.get(db);
  if (known === undefined) {
    known = { ...initial };
    switches.set(db, known);
  }
  return known;
}

/** Sets the switches that `changes` names; none at all when one of them is wrong. Throws TypeError in words. */
export function setSwitches(world: Pick<World, "db">, changes: Record<string, unknown>): Switches {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(initial, name)) {
      throw new TypeError(
        `There is no switch '${name}'. There are: ${Object.keys(initial).join(", ")}.`,
      );
    }
    const wanted = typeof initial[name as keyof Switches];
    const isRight =
      typeof value === wanted &&
      (typeof value !== "number" || (Number.isFinite(value) && value >= 0));
    if (!isRight) throw new TypeError(`The switch '${name}' takes a ${wanted}.`);
  }
  return Object.assign(switchesOf(world), changes);
}

/** Puts every switch back as it was at the start. */
export function resetSwitches(world: Pick<World, "db">): void {
  Object.assign(switchesOf(world), initial);
}
