import type { World } from "./model";

/**
 * What can be switched while the emulator runs, how it stands at the start, and what it means; README lists it from here.
 * A switch makes the environment another one, for all requests until it is switched back, so that callers' degradation can
 * be tried; what spoils single answers is a fault instead (`web/faults/`).
 */
const described = {
  intelligence: [
    true,
    "the AI actions answer; off, they refuse as an environment without AI capacity does",
  ],
  search: [
    true,
    "Dataverse search answers; off, it refuses as an environment where it is not enabled does",
  ],
  searchesPerSecond: [1, "searches that one user may send in a second; 0 sets no limit"],
  caseManagementAgent: [
    true,
    "the Case Management Agent is set up: it enriches cases and suggests next actions",
  ],
  customizationLocks: [
    0,
    "changes of definitions that are refused next because another customization is running (0x80071151)",
  ],
  metadataDelaySeconds: [
    0,
    "seconds until a new table or column is known to everybody; asked with `Consistency: Strong` it is known at once",
  ],
  backgroundDelaySeconds: [
    0.5,
    "seconds that an action waits which was sent with `Prefer: respond-async`, and can be canceled",
  ],
} satisfies Readonly<Record<string, [start: boolean | number, meaning: string]>>;

type Described = typeof described;
export type SwitchName = keyof Described;
export type Switches = {
  -readonly [Name in SwitchName]: Described[Name][0] extends boolean ? boolean : number;
};

const names = Object.keys(described) as SwitchName[];

/** How each stands at the start. */
const initial = Object.fromEntries(names.map((name) => [name, described[name][0]])) as Switches;

/** Name, how it stands at the start, and what it means. */
export const switchMeanings: readonly (readonly [SwitchName, boolean | number, string])[] =
  names.map((name) => [name, described[name][0], described[name][1]]);

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
      throw new TypeError(`There is no switch '${name}'. There are: ${names.join(", ")}.`);
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
