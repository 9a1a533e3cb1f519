import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { bundleProgram } from "../support/bundle-program";

/** What a megabyte of a shape costs, in milliseconds of CPU on a quiet machine. */
export interface HtmlCost {
  readonly shape: string;
  /** To make it safe. */
  readonly safe: number;
  /** Of that the most between two turns of the event loop. */
  readonly held: number;
  /** To read its words. */
  readonly read: number;
}

export async function costsOfHtml(): Promise<readonly HtmlCost[]> {
  const program = await bundleProgram(resolve(), "html-cost");
  const said = execFileSync(process.execPath, ["--disable-warning=ExperimentalWarning", program], {
    encoding: "utf8",
  });
  return JSON.parse(said);
}
