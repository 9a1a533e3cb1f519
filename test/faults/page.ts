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
  /** Place of the use in the list of uses. */
  readonly at: number;
  readonly tool: string;
  readonly use: string;
  readonly cells: number;
  /** Cells whose answer was not right, and why. */
  readonly wrong: readonly string[];
  readonly told: readonly Told[];
}

/** What the matrix showed, as it is kept beside the page (`docs/faults.json`). */
export type FaultsRun = readonly UseTold[];

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
  const uses = new Map<number, Result[]>();
  for (const result of results)
    if (result.isStruck) uses.set(result.at, [...(uses.get(result.at) ?? []), result]);
  return [...uses.values()].map((cells) => {
    const [{ at, tool, use }] = cells as [Result];
    const told = new Map<string, { claim: string; words: string; faults: Map<Spot, string[]> }>();
    for (const cell of cells) {
      const words = wordsOf(cell);
      const key = `${cell.claim}\n${words}`;
      const group = told.get(key) ?? { claim: cell.claim, words, faults: new Map() };
      told.set(key, group);
      group.faults.set(cell.spot, [...(group.faults.get(cell.spot) ?? []), cell.fault]);
    }
    return {
      at,
      tool,
      use,
      cells: cells.length,
      wrong: cells
        .filter(({ findings }) => findings.length > 0)
        .map(({ spot, fault, findings }) => `${spot}, ${fault}: ${findings[0]?.wrong}`),
      told: [...told.values()].map(({ faults, ...rest }) => ({
        ...rest,
        faults: Object.fromEntries(faults),
      })),
    };
  });
}

/** What a run of some uses leaves of the others. */
export const merged = (before: FaultsRun, now: FaultsRun): FaultsRun =>
  [
    // A use keeps its name; its place moves with those that come before it.
    ...before.filter(({ tool, use }) =>
      now.every((each) => each.tool !== tool || each.use !== use),
    ),
    ...now,
  ].sort((a, b) => a.at - b.at);

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
the database was read before and after. ${run.reduce((sum, { cells }) => sum + cells, 0)} cells were tried in the last run; ${wrongWords(run)}.

- **done**: the change stands in Dataverse, whatever the connection said of it. The tool has looked.
- **not done**: nothing was changed, and nothing will be. The same call can be made again.
- **not known**: the change was sent, its answer was lost, and looking failed, too. The answer names what to look for; the same call, with
  the id that the answer names, makes no second one.

\`npm run faults\` runs all cells (a deadline of 45 seconds passes there in ${Math.round((45 / 20) * 10) / 10}). The words are those of the answer
without ids and texts of records; of what went well, the first line.
`;

function wrongWords(run: FaultsRun): string {
  const wrong = run.flatMap((each) =>
    each.wrong.map((cell) => `${each.tool} (${each.use}), ${cell}`),
  );
  return wrong.length === 0
    ? "in none of them was an answer untrue, a thing written twice, or a second thing made when the same call was made again"
    : `in all but these an answer was true, nothing was written twice, and the same call again made no second thing: ${wrong.join("; ")}`;
}

const requests = `Which request was struck: \`identity\` is the token's, \`definitions\` that of tables and columns, \`first read\` and \`later read\` are what a
tool reads before it writes, \`write\`, \`second write\` and \`last write\` what it changes, and \`check\` is what it reads afterwards. Where a
change takes somebody's yes, \`asking\` is the first read of the call that asks for it and \`page\` that of the approval page as it is
opened, each with its last one; what comes before a struck request went well.`;

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
    ...run.flatMap((each) => [`### ${each.tool}: ${each.use}`, toldTable(each)]),
  ]
    .join("\n\n")
    .replace(/\n{3,}/g, "\n\n")
    .trimEnd()
    .concat("\n");
