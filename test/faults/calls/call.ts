import type { Persona } from "../../../packages/dataverse-emulator/src/sample/identities";
import type { ServiceDesk, ToolAnswer } from "../../support/service-desk";

export type Item = Record<string, unknown>;

/** What an answer says was done, or the database says. */
export type Done = "done" | "not done" | "part";
export type Claim = Done | "not known";

/** How things stand in the database. */
export interface Truth {
  readonly done: Done;
  /** How many of what the call makes there are: more than one is one too many. */
  readonly things: number;
}

/** What one call of a tool is about: made anew for each cell. */
export interface Subject {
  readonly args: Item;
  /** Undefined for what only reads. */
  truth?(): Promise<Truth>;
  /** Takes away what would slow down the cells behind. */
  clean?(): Promise<void>;
}

/** `all` faults also where all tools are alike: at definitions, and at reads before a write. */
export type Extent = "all" | "usual";

/** A use of a tool that the matrix tries; a tool that acts has several. */
export interface ToolUse {
  readonly tool: string;
  /** What of the tool is used. */
  readonly use: string;
  readonly as: Persona["key"];
  prepare(desk: ServiceDesk): Promise<Subject>;
  /** What an answer claims that is no error; that it was done, unless told. */
  claimOf?(answer: ToolAnswer): Claim;
  /** What a success must say in its structured part, when it was this call that did it. */
  readonly says?: Item;
  /** With how many faults it is tried; `usual` unless told. */
  readonly extent?: Extent;
  /** The same call once more makes no second thing, even after it succeeded. */
  readonly isRepeatable?: boolean;
}

export const representative = "0a000000-0000-4000-8000-000000000001";

let last = 0;
/** A word that stands nowhere else. */
export const mark = () =>
  `zq${(++last).toString(36).padStart(4, "0")}${crypto.randomUUID().slice(0, 4)}`;

export const to = (relatedTable: string, recordId: string) => ({ relatedTable, recordId });

/** What an answer about several records claims. */
export function claimOfSeveral({ structured }: ToolAnswer): Claim {
  const outcomes = (structured.records as readonly { outcome: string }[]).map(
    ({ outcome }) => outcome,
  );
  if (outcomes.includes("not known")) return "not known";
  const isLeft = (outcome: string) => outcome === "not done" || outcome === "not tried";
  if (!outcomes.some(isLeft)) return "done";
  return outcomes.every(isLeft) ? "not done" : "part";
}

/** Of two things so many are as they were to be. */
export const ofTwo = (done: number): Done =>
  (["not done", "part", "done"] as const)[done] ?? "done";

/** Makes a row past the tools. */
export async function made(desk: ServiceDesk, set: string, body: Item): Promise<string> {
  const id = crypto.randomUUID();
  await desk.write("PATCH", `${set}(${id})`, body);
  return id;
}

export async function rows(desk: ServiceDesk, path: string): Promise<readonly Item[]> {
  return (await desk.read(path)).value as readonly Item[];
}

/** One thing is done when it is there. */
export const counted = (things: number): Truth => ({
  done: things > 0 ? "done" : "not done",
  things,
});

/** Of each desk once: rows that subjects point to. */
export function once<T>(
  make: (desk: ServiceDesk) => Promise<T>,
): (desk: ServiceDesk) => Promise<T> {
  const known = new WeakMap<ServiceDesk, Promise<T>>();
  return (desk) => {
    const before = known.get(desk) ?? make(desk);
    known.set(desk, before);
    return before;
  };
}

export const account = once((desk) => made(desk, "accounts", { name: "Halvren Tools" }));
export const contact = once((desk) =>
  made(desk, "contacts", { lastname: "Marlow", emailaddress1: "ada@example.com" }),
);

export const newCase = async (desk: ServiceDesk, more: Item = {}) =>
  made(desk, "incidents", {
    title: `The router drops ${mark()}`,
    "customerid_contact@odata.bind": `/contacts(${await contact(desk)})`,
    "ownerid@odata.bind": `/systemusers(${representative})`,
    ...more,
  });
