// `npm run fuzz`: whatever our parser of T-SQL is given, it reads it or refuses it by an error of its own, within 50 ms of CPU:
// statements made at random with words left out, doubled or put in, rows of stray words, rows of stray signs, and deep nests.
import { parseArgs } from "node:util";
import { loadOurs } from "./ours.mjs";
import { mutantOf, statementsOf, strays } from "./statements.mjs";

const usage = "npm run fuzz -- [--count 1000000] [--seed 1]";
const { values } = parseArgs({
  options: {
    count: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
  },
});
const count = Number(values.count);
const seed = Number(values.seed);
if (!(Number.isInteger(count) && count > 0 && Number.isInteger(seed))) {
  console.error(usage);
  process.exit(2);
}
const mostCpu = 50;
const judge = await loadOurs();
const statements = statementsOf(seed);
const { random } = statements;
const { chance, pick, upTo } = random;

const signs = [
  ..."()[]{}'\"-/*+%&|^~=<>!.,;:@#$\\`\n\t 0123456789eExXNnaAéß€\u{1f600}\u0000\u200b",
];
const rowOf = (list, most, between) =>
  Array.from({ length: upTo(most) }, () => pick(list)).join(between);
const nests = [
  ["(", ")"],
  ["(SELECT ", ")"],
  ["NOT ", ""],
  ["-", ""],
  ["CASE WHEN 1=1 THEN ", " END"],
  ["f(", ")"],
  ["a + ", ""],
  ["a = 1 AND ", ""],
  ["x IN (", ")"],
  ["{fn f(", ")}"],
  ["[", "]"],
  ["/*", "*/"],
  ["'", "'"],
];
function nest() {
  const [open, close] = pick(nests);
  const depth = upTo(chance(0.02) ? 20_000 : 300);
  return `SELECT ${open.repeat(depth)}1${close.repeat(depth)} FROM t`;
}

let last = "";
function next() {
  switch (upTo(10)) {
    case 0:
      return rowOf(signs, 80, "");
    case 1:
      return rowOf(strays, 40, " ");
    case 2:
      return `SELECT ${rowOf(strays, 20, " ")} FROM incident ${rowOf(strays, 10, " ")}`;
    case 3:
      return last.slice(0, upTo(last.length));
    case 4:
      return chance(0.1) ? nest() : mutantOf(mutantOf(last, random), random);
    case 5:
      last = statements.next();
      return last;
    default:
      return mutantOf(last, random);
  }
}

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** CPU of one parse in milliseconds: the least of a few, so that a collection of garbage is not taken for work. */
function costOf(sql) {
  let least = Number.POSITIVE_INFINITY;
  for (let times = 0; times < 5 && least > mostCpu; times += 1) {
    const start = cpu();
    judge(sql);
    least = Math.min(least, cpu() - start);
  }
  return least;
}

const tally = { select: 0, refused: 0, error: 0 };
let faults = 0;
let slowest = 0;
for (let done = 0; done < count; done += 1) {
  const sql = next();
  const start = cpu();
  try {
    tally[judge(sql).verdict] += 1;
  } catch (error) {
    faults += 1;
    console.log(
      `\nAn error that is not ours, for ${JSON.stringify(sql.slice(0, 500))}\n${error.stack}`,
    );
  }
  const cost = cpu() - start;
  if (cost > mostCpu) {
    const sure = costOf(sql);
    slowest = Math.max(slowest, sure);
    if (sure > mostCpu) {
      faults += 1;
      console.log(`\n${sure.toFixed(0)} ms of CPU for ${JSON.stringify(sql.slice(0, 500))}`);
    }
  } else {
    slowest = Math.max(slowest, cost);
  }
  if (faults >= 20) break;
}
console.log(
  `${count} inputs of seed ${seed}: ${tally.select} read, ${tally.refused} refused by name, ${tally.error} errors of syntax or size; ` +
    `the slowest took ${slowest.toFixed(1)} ms of CPU. ${faults} faults.`,
);
process.exit(faults === 0 ? 0 : 1);
