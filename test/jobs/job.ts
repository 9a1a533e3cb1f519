import type { ServiceDesk, ToolAnswer } from "../support/service-desk";

export type Row = Record<string, unknown>;

/** What a job's script has at hand. */
export interface Bench {
  /** A call as an agent makes it; its words and arguments are counted. */
  call(tool: string, args: Row): Promise<ToolAnswer>;
  /** One row of Dataverse itself, past the tools; not counted. */
  read(path: string): Promise<Row>;
  rows(path: string): Promise<Row[]>;
  /** A case of its own: id and number. */
  newCase(values?: Row): Promise<{ id: string; number: string }>;
  made(set: string, body: Row): Promise<string>;
  readonly desk: ServiceDesk;
}

/** One job of a representative. */
export interface Job {
  /** As a representative asks for it. */
  readonly words: string;
  /** Plays it, and tells whether what stands in Dataverse, or was answered, is right. */
  play(bench: Bench): Promise<boolean>;
}

export const job = (words: string, play: Job["play"]): Job => ({ words, play });
