// `npm run referee:tsql`: Microsoft's parser of T-SQL against ours, over statements made at random and mutants of them. What it
// rejects, ours must reject; what it takes for T-SQL, ours must read or refuse by name; and where both read, their trees must be
// of one shape. With --write-cases it writes the verdicts that `npm test` repeats without it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildMicrosoftParser, judgeAll } from "./microsoft.mjs";
import { here, loadOurs, out, root } from "./ours.mjs";
import { mutantOf, statementsOf } from "./statements.mjs";

const usage = "npm run referee:tsql -- [--count 100000] [--seed 1] [--write-cases]";
const cases = join(root, "test", "cases", "sql", "verdicts.generated.json");
/** Statements that are judged at once. */
const batch = 10_000;

function optionsOf() {
  try {
    const { values } = parseArgs({
      options: {
        count: { type: "string", default: "100000" },
        seed: { type: "string", default: "1" },
        "write-cases": { type: "boolean", default: false },
      },
    });
    const count = Number(values.count);
    const seed = Number(values.seed);
    if (!(Number.isInteger(count) && count > 0 && Number.isInteger(seed))) throw new Error(usage);
    return { count, seed, writeCases: values["write-cases"] };
  } catch (error) {
    console.error(error.message === usage ? usage : `${error.message}\n${usage}`);
    return process.exit(2);
  }
}

/** One third as they were made, two thirds mutants. */
function nextBatch(statements, size) {
  const made = [];
  while (made.length < size) {
    const sql = statements.next();
    made.push(sql, mutantOf(sql, statements.random), mutantOf(sql, statements.random));
  }
  return made.slice(0, size);
}

/** BETWEEN of a frame in parentheses before a predicate: Microsoft's parser takes the parentheses for a condition. */
const misread = /\(.*\bOVER \([^()]*\b(?:ROWS|RANGE) BETWEEN\b/is;

/** What is wrong with our verdict, in a few words. */
function faultOf(sql, theirs, ours) {
  if (theirs.verdict === "error") {
    const isMisread = theirs.message === "Incorrect syntax near ')'." && misread.test(sql);
    return ours.verdict === "select" && !isMisread ? "accepted" : undefined;
  }
  if (ours.verdict === "error") return "called an error";
  if (theirs.verdict === "other")
    return ours.verdict === "select" ? "taken for a SELECT" : undefined;
  if (ours.verdict !== "select" || !theirs.tree || !ours.tree) return undefined;
  return theirs.tree === ours.tree ? undefined : "read as another tree";
}

function report(sql, fault, theirs, ours) {
  console.log(`\n${fault}: ${sql}`);
  console.log(`  Microsoft: ${theirs.tree ?? theirs.message ?? theirs.verdict}`);
  console.log(`  ours:      ${ours.tree ?? ours.message ?? ours.verdict}`);
}

const { count, seed, writeCases } = optionsOf();
const program = buildMicrosoftParser(here, out);
const judge = await loadOurs();
const statements = statementsOf(seed);
const tally = { select: 0, other: 0, error: 0 };
const kept = [];
let trees = 0;
let refused = 0;
let faults = 0;
for (let done = 0; done < count; ) {
  const made = nextBatch(statements, Math.min(batch, count - done));
  const verdicts = await judgeAll(program, made);
  for (const [index, theirs] of verdicts.entries()) {
    const sql = made[index];
    const ours = judge(sql);
    const fault = faultOf(sql, theirs, ours);
    tally[theirs.verdict] += 1;
    if (theirs.verdict !== "error" && ours.verdict === "refused") refused += 1;
    if (theirs.tree && ours.tree) trees += 1;
    if (fault) faults += 1;
    if (fault && faults <= 20) report(sql, fault, theirs, ours);
    if (writeCases && sql.length <= 150) {
      kept.push([sql, theirs.verdict, ...(theirs.tree && ours.tree ? [theirs.tree] : [])]);
    }
  }
  done += made.length;
}
console.log(
  `${count} statements of seed ${seed}: Microsoft's parser reads ${tally.select} as one SELECT, ${tally.other} as other T-SQL, ` +
    `and rejects ${tally.error}. Ours refuses ${refused} of the valid ones by name. ${trees} trees compared. ${faults} differences.`,
);
if (writeCases) {
  const chosen = kept.filter(
    (_, index) => index % Math.max(1, Math.floor(kept.length / 2_000)) === 0,
  );
  const lines = chosen.slice(0, 2_000).map((one) => JSON.stringify(one));
  writeFileSync(cases, `[\n${lines.join(",\n")}\n]\n`);
  console.log(`${lines.length} verdicts written to ${cases}.`);
}
process.exit(faults === 0 ? 0 : 1);
