import type { Compared } from "./beside/compare";

/** How one job went. */
export interface Played {
  readonly words: string;
  readonly tools: readonly string[];
  readonly calls: number;
  /** Of a person at the approval page. */
  readonly clicks: number;
  /** o200k: arguments and the text of the answers. */
  readonly tokens: number;
  readonly isDone: boolean;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? 0;

/** docs/jobs.md */
export const pageOf = (played: readonly Played[], compared: Compared | undefined): string =>
  [
    "# Jobs of a representative",
    "",
    "Made by `npm run jobs -- --beside --write`: a script plays each job over MCP against the embedded Dataverse, and what stands there in the end is",
    "looked at. Tokens (o200k) are those of the arguments and of the text of the answers, the repeated call of what takes a yes among them; clicks are a",
    "person's at the approval page. It shows what a change of a tool costs; it does not show what a model would choose (`npm run tool-choice` asks one).",
    "",
    `Done: ${played.filter(({ isDone }) => isDone).length} of ${played.length}. Median: ${median(played.map(({ calls }) => calls))} call, ${median(played.map(({ tokens }) => tokens))} tokens.`,
    "",
    "| job | tools | calls | clicks | tokens | done |",
    "| --- | --- | --- | --- | --- | --- |",
    ...played.map(
      ({ words, tools, calls, clicks, tokens, isDone }) =>
        `| ${words} | ${[...new Set(tools)].map((tool) => `\`${tool}\``).join(", ")} | ${calls} | ${clicks} | ${tokens} | ${isDone ? "yes" : "**no**"} |`,
    ),
    "",
    ...(compared === undefined ? [] : besideLines(compared)),
  ].join("\n");

const besideLines = ({ list, tasks }: Compared): string[] => [
  "## Beside mcp-dataverse",
  "",
  "The same tasks on the same data with `mcp-dataverse`, a server of others for the same service, each by the fewest and shortest calls that we know;",
  `it is given the ids of tables, columns and choices, which it would have to look up. Its list of tools costs a model ${list.theirs} tokens, ours ${list.ours}.`,
  "It acts as the application, not as the person, and asks nobody.",
  "",
  "| task | our calls | our tokens | its calls | its tokens | done by both |",
  "| --- | --- | --- | --- | --- | --- |",
  ...tasks.map(
    ({ words, ours, theirs, isDone }) =>
      `| ${words} | ${ours.calls} | ${ours.tokens} | ${theirs.calls} | ${theirs.tokens} | ${isDone ? "yes" : "**no**"} |`,
  ),
  "",
];
