import { code, table } from "../../docs/generate/markdown";
import type { Spot } from "./cells";
import { faultsOfIdentity, faultsOfReads, faultsOfWrites } from "./faults";
import type { Result } from "./try-use";

/** What one use of a tool says to a person, and after which faults. */
export interface Told {
  readonly claim: string;
  /** The beginning of the answer, without ids. */
  readonly words: string;
  /** Names of the faults, by the request that was struck. */
  readonly faults: Partial<Record<Spot, readonly string[]>>;
}

export interface UseTold {
  readonly tool: string;
  readonly use: string;
  readonly told: readonly Told[];
}

/** What the matrix showed, as it is kept beside the page. */
export interface FaultsRun {
  readonly cells: number;
  readonly uses: readonly UseTold[];
}

const longestWords = 420;

/** Ids, versions, times and numbers of cases are drawn anew in each run; data of records are no matter here. */
const plain = (text: string): string =>
  text
    .replace(/\[\[data \w+: .*?\]\]/gs, "…")
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "…")
    .replace(/W\/"\d+"/g, "…")
    .replace(/CAS-[\w-]+/g, "CAS-…")
    .replace(/\b(?:\w+_)?visit\w*/gi, "visit")
    .replace(/\bzq\w+/g, "…")
    .replace(/after \d+ s\b/g, "after some seconds")
    .replace(/\n/g, " ");

/** Of what went well, the first line; of anything else, all that is said. */
function wordsOf({ claim, text }: Result): string {
  if (claim === "answered") return "The answer, as if nothing had been.";
  const isWell = claim === "done";
  const whole = plain(isWell ? (text.split("\n")[0] ?? "") : text).trim();
  return whole.length > longestWords ? `${whole.slice(0, longestWords)}…` : whole;
}

/** Groups cells by what is said. */
export function runOf(results: readonly Result[]): FaultsRun {
  const struck = results.filter(({ isStruck }) => isStruck);
  const names = new Map(struck.map(({ tool, use }) => [`${tool} ${use}`, { tool, use }]));
  const uses = [...names.values()].map(({ tool, use }) => {
    const told = new Map<string, { claim: string; words: string; faults: Map<Spot, string[]> }>();
    for (const result of struck) {
      if (result.tool !== tool || result.use !== use) continue;
      const words = wordsOf(result);
      const key = `${result.claim}\n${words}`;
      const group = told.get(key) ?? { claim: result.claim, words, faults: new Map() };
      told.set(key, group);
      const names = group.faults.get(result.spot) ?? [];
      group.faults.set(result.spot, [...names, result.fault]);
    }
    return {
      tool,
      use,
      told: [...told.values()].map(({ faults, ...rest }) => ({
        ...rest,
        faults: Object.fromEntries(faults),
      })),
    };
  });
  return { cells: struck.length, uses };
}

const isSo: Readonly<Record<string, string>> = {
  answered: "answered",
  refused: "not answered",
  done: "**done**",
  "not done": "**not done**",
  "not known": "**not known**",
  part: "**done in part**",
};

const introduction = (run: FaultsRun) => `<!-- generated (npm run faults -- --write) -->

# What is said when something fails

A representative acts on what an answer says, so each answer says what is so: done, not done, or not known and how to find out.
Between the app and the embedded Dataverse stood a server that spoiled single requests, each in every way of the list below, and
the database was read before and after. ${run.cells} cells were tried in the last run; in none of them was an answer untrue, a thing
written twice, or a second thing made when the same call was made again.

- **done**: the change stands in Dataverse, whatever the connection said of it. The tool has looked.
- **not done**: nothing was changed, and nothing will be. The same call can be made again.
- **not known**: the change was sent, its answer was lost, and looking failed, too. The answer names what to look for; the same call, with
  the id that the answer names, makes no second one.

\`npm run faults\` runs all cells (a deadline of 45 seconds passes there in ${Math.round((45 / 20) * 10) / 10}), and \`npm test\` a share. The words are those of the answer
without ids and texts of records; of what went well, the first line.
`;

const requests = `Which request was struck: \`identity\` is the token's, \`definitions\` that of tables and columns, \`first read\` and \`later read\` are what a
tool reads before it writes, \`write\`, \`second write\` and \`last write\` what it changes, and \`check\` is what it reads afterwards.`;

function legend(): string {
  const all = new Map(
    [...faultsOfIdentity, ...faultsOfReads, ...faultsOfWrites].map(({ name, words }) => [
      name,
      words,
    ]),
  );
  return table(
    ["fault", "what happens"],
    [...all].map(([name, words]) => [code(name), words]),
  );
}

function toldTable({ told }: UseTold): string {
  return table(
    ["so it is", "what is said", "after"],
    told.map(({ claim, words, faults }) => [
      isSo[claim] ?? claim,
      words,
      Object.entries(faults)
        .map(([spot, names]) => `${spot}: ${names.map(code).join(", ")}`)
        .join("; "),
    ]),
  );
}

/** `docs/faults.md`. */
export const pageOf = (run: FaultsRun): string =>
  [
    introduction(run),
    "## The faults",
    requests,
    legend(),
    "## The answers",
    ...run.uses.flatMap((each) => [`### ${each.tool}: ${each.use}`, toldTable(each)]),
  ]
    .join("\n\n")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd()
    .concat("\n");
