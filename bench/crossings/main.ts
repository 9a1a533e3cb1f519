// `npm run crossings`: people call at the same time while rights come and go, and nothing of one reaches another.
// `-- --calls <n> --people <n> --seed <n> --at-once <n>`.
import { parseArgs } from "node:util";
import { play } from "../../test/crossings/play";
import { startWholeEndpoint } from "../../test/support/whole-endpoint";

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      calls: { type: "string", default: "10000" },
      people: { type: "string", default: "50" },
      seed: { type: "string", default: "1" },
      "at-once": { type: "string", default: "16" },
    },
  });
  const endpoint = await startWholeEndpoint({}, { cases: 300 });
  const played = await play(endpoint, {
    calls: Number(values.calls),
    people: Number(values.people),
    seed: Number(values.seed),
    atOnce: Number(values["at-once"]),
    onProgress: (done) => console.log(`${done} calls`),
  });
  for (const line of played.wrong.slice(0, 50)) console.log(line);
  const tools = [...played.byTool].map(([tool, n]) => `${tool} ${n}`).join(", ");
  console.log(
    `${played.calls} calls of ${values.people} people (${tools}), ${played.changesOfRights} changes of rights between them, ${played.audited} records of the audit: ${played.wrong.length} wrong.`,
  );
  await endpoint.close();
  process.exitCode = played.wrong.length === 0 && played.calls > 0 ? 0 : 1;
}

void main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
