/** How one job went. */
export interface Played {
  readonly words: string;
  readonly tools: readonly string[];
  readonly calls: number;
  /** o200k: arguments and the text of the answers. */
  readonly tokens: number;
  readonly isDone: boolean;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((left, right) => left - right)[Math.floor(numbers.length / 2)] ?? 0;

/** docs/jobs.md */
export const pageOf = (played: readonly Played[]): string =>
  [
    "# Jobs of a representative",
    "",
    "Made by `npm run jobs -- --write`: a script plays each job over MCP against the embedded Dataverse, and what stands there in the end is looked",
    "at. Tokens (o200k) are those of the arguments and of the text of the answers. It shows what a change of a tool costs; it does not show what a model",
    "would choose (`npm run tool-choice` asks one).",
    "",
    `Done: ${played.filter(({ isDone }) => isDone).length} of ${played.length}. Median: ${median(played.map(({ calls }) => calls))} call, ${median(played.map(({ tokens }) => tokens))} tokens.`,
    "",
    "| job | tools | calls | tokens | done |",
    "| --- | --- | --- | --- | --- |",
    ...played.map(
      ({ words, tools, calls, tokens, isDone }) =>
        `| ${words} | ${[...new Set(tools)].map((tool) => `\`${tool}\``).join(", ")} | ${calls} | ${tokens} | ${isDone ? "yes" : "**no**"} |`,
    ),
    "",
  ].join("\n");
