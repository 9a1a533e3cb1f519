import { appendFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { toolUses } from "./calls";
import { runMatrix } from "./matrix";

/** A part of the whole matrix, a process of its own, run by `main.ts`, which judges what all parts showed. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: "" },
      only: { type: "string", default: "" },
      at: { type: "string", default: "" },
      odd: { type: "string", default: "false" },
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
  await runMatrix({
    lanes: Number(values.lanes),
    uses,
    isWanted: (_, { spot, fault }) => cells.test(`${spot}: ${fault.name}`),
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
