// `npm run sql-logic -- <file or folder> …`: public SQL logic tests, in the form of sqllogictest, over our engine.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Judged, judgeFile, type Verdict } from "./judge";
import { madeTests } from "./made";

const usage =
  "npm run sql-logic -- [--made 20000] [--seed 1] [--all] [<file or folder> …]\n" +
  "  Judges the files, or as many tests as are to be made at random in their manner; --all tells also what was not answered.";

function optionsOf() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        made: { type: "string", default: "20000" },
        seed: { type: "string", default: "1" },
        all: { type: "boolean", default: false },
      },
    });
    const [made, seed] = [Number(values.made), Number(values.seed)];
    if (!(Number.isInteger(made) && made > 0 && Number.isInteger(seed)))
      throw new Error("No number.");
    return { made, seed, isAll: values.all, paths: positionals };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    return process.exit(2);
  }
}

const filesOf = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path, { withFileTypes: true, recursive: true })
        .filter((one) => one.isFile() && /\.(test|slt|txt)$/.test(one.name))
        .map((one) => join(one.parentPath ?? one.path, one.name))
        .sort()
    : [path];

const { made, seed, isAll, paths } = optionsOf();
const testsOf = (): { readonly file: string; readonly text: () => string }[] =>
  paths.length > 0
    ? paths.flatMap(filesOf).map((file) => ({ file, text: () => readFileSync(file, "utf8") }))
    : [{ file: `made of seed ${seed}`, text: () => madeTests(made, seed) }];

const total: Record<Verdict, number> = { equal: 0, different: 0, refused: 0, skipped: 0 };
const reasons = new Map<string, number>();
/** Names and places do not make another reason. */
const kindOfReason = ({ verdict, why }: Judged): string =>
  `${verdict}: ${why
    .replace(/'[^']*'/g, "'…'")
    .replace(/\d+/g, "0")
    .slice(0, 100)}`;

async function main(): Promise<number> {
  let failed = 0;
  for (const { file, text } of testsOf()) {
    try {
      for await (const judged of judgeFile(text())) {
        total[judged.verdict] += 1;
        if (judged.verdict === "equal") continue;
        if (judged.verdict !== "different")
          reasons.set(kindOfReason(judged), (reasons.get(kindOfReason(judged)) ?? 0) + 1);
        if (isAll || judged.verdict === "different")
          console.log(
            `\n${file}:${judged.query.line} ${judged.verdict}\n  ${judged.query.sql.replaceAll("\n", "\n  ")}\n  ${judged.why}`,
          );
      }
    } catch (error) {
      failed += 1;
      console.log(`\n${file} could not be read: ${(error as Error).message}`);
    }
  }
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]))
    console.log(`${String(count).padStart(6)} ${reason}`);
  console.log(
    `${total.equal} equal, ${total.different} different, ${total.refused} refused, ${total.skipped} skipped as no T-SQL, ${failed} files not read.`,
  );
  return total.different + failed === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
