import type { Catalog } from "../model";
import { type Draw, drawsFrom } from "./draw";
import type { Language } from "./people";
import type { Writer } from "./writer";

/** What every part of the generator works with. */
export interface SamplePlan {
  readonly seed: number;
  readonly cases: number;
  /** The present of the data, in ms: start of the day of `--as-of`. */
  readonly asOf: number;
  /** What nearly nine of ten customers write in. */
  readonly language: Language;
  readonly catalog: Catalog;
  readonly writer: Writer;
  /**
   * A desk that people look at: the lists of the personas are kept, hostile texts are a colleague's, articles are translated.
   * Smaller sets are for tests, which need some of everything and in the hands of who is signed in.
   */
  readonly isShown: boolean;
  draw(table: string, row: number): Draw;
  /** An id that many rows point to, drawn once. */
  idOf(table: string, row: number): string;
}

const shownFrom = 1_000;

export function createPlan(options: Omit<SamplePlan, "draw" | "idOf" | "isShown">): SamplePlan {
  const draw = drawsFrom(options.seed);
  const ids = new Map<string, string[]>();
  return {
    ...options,
    isShown: options.cases >= shownFrom,
    draw,
    idOf(table, row) {
      const known = ids.get(table) ?? [];
      ids.set(table, known);
      known[row] ??= draw(table, row).guid("id");
      return known[row];
    },
  };
}

/** Who owns a row, and in which business unit. */
export interface Owner {
  readonly id: string;
  readonly type: "systemuser" | "team";
  readonly businessUnitId: string;
}

/** The columns that every owned row has. */
export const ownedBy = (owner: Owner) => ({
  ownerid: owner.id,
  ownerid__type: owner.type,
  owninguser: owner.type === "systemuser" ? owner.id : null,
  owningteam: owner.type === "team" ? owner.id : null,
  owningbusinessunit: owner.businessUnitId,
});

/** The same for a table whose rows have no owning team. */
export const ownedByPart = (owner: Owner) => {
  const { owningteam: _, ...rest } = ownedBy(owner);
  return rest;
};

/** Who made a row and when, and who changed it last. */
export const stamped = (
  by: string,
  createdOn: string,
  modifiedOn = createdOn,
  modifiedBy = by,
) => ({
  createdby: by,
  createdon: createdOn,
  modifiedby: modifiedBy,
  modifiedon: modifiedOn,
});
