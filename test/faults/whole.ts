import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type ToolUse, toolUses } from "./calls";
import { runMatrix } from "./matrix";

/** A part of the whole matrix, a process of its own, run by `main.ts`, which judges what all parts showed. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: "" },
      only: { type: "string", default: "" },
      at: { type: "string", default: "" },
      odd: { type: "string", default: "false" },
      every: { type: "string", default: "1" },
      lanes: { type: "string", default: "" },
      part: { type: "string", default: "" },
      parts: { type: "string", default: "" },
    },
  });
  const only = new RegExp(values.only);
  const cells = new RegExp(values.at);
  const uses = toolUses.filter(
    ({ tool, use }, at) =>
      at % Number(values.parts) === Number(values.part) && only.test(`${tool} (${use})`),
  );
  const every = Number(values.every);
  const seen = new Map<ToolUse, number>();
  /** Of each use every so many cells, of one use others than of the next. */
  const isInShare = (use: ToolUse): boolean => {
    const count = seen.get(use) ?? toolUses.indexOf(use);
    seen.set(use, count + 1);
    return count % every === 0;
  };
  await runMatrix({
    lanes: Number(values.lanes),
    uses,
    isWanted: (use, { spot, fault }) => cells.test(`${spot}: ${fault.name}`) && isInShare(use),
    set: values.odd === "true" ? "odd" : "list",
    onResult: (result) => appendFileSync(values.out, `${JSON.stringify(result)}\n`),
  });
}

void main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
