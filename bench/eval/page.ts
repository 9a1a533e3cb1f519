import { judge } from "./bars";
import type { Kind, Row } from "./scores";

/** One run of the evaluation, as it is kept in docs/quality.json. */
export interface Run {
  /** ISO 8601 date. */
  readonly measuredOn: string;
  /** Node version and processors: times are of this machine. */
  readonly machine: string;
  readonly rows: readonly Row[];
}

/** A run, and of an older one what it did not measure itself. */
export function withKept(run: Run, older: Run): Run {
  const nameOf = ({ kind, set, provider }: Row) => JSON.stringify([kind, set, provider]);
  const measured = new Set(run.rows.map(nameOf));
  const kept = older.rows
    .filter((row) => !measured.has(nameOf(row)))
    .map((row) => ({ ...row, measuredOn: row.measuredOn ?? older.measuredOn }));
  return { ...run, rows: [...kept, ...run.rows] };
}

const heads: Readonly<Record<Kind, readonly [title: string, about: string]>> = {
  fields: [
    "Fields",
    "Values predicted from the text of a case. `accuracy`, `macroF1`, `top3`, `coverage` (share written automatically at a target of 95 %) and `precision` (of those, the share that is right) in percent; `sureAt90` and `sureAt50` are the shares predicted with such a confidence. `replay:` rows are answers of language models, recorded without examples; `embedded + replay:` is what the product makes of both.",
  ],
  scope: [
    "Out of scope",
    "`accuracy`: texts of a known intent that were predicted right and not held back. `recall`: texts of no known intent that were held back.",
  ],
  chance: [
    "Checks of the measure",
    "With labels dealt out at random, accuracy must fall to that of the commonest label. `flagged`: clean texts taken for orders to a machine.",
  ],
  retrieval: [
    "Knowledge retrieval",
    "`auroc`: how well the answerable questions are told from the others. `rightAtHalf`: percent right among the surer half.",
  ],
  drafts: [
    "Drafts",
    "`shared`: drafts that share a solution, percent; the others ask. `standing`: citations that stand in their source word for word, percent. `wordF1`: words shared with an expert's answer. The embedded provider extracts, so this is low by nature.",
  ],
  sample: [
    "Sample service desk",
    "Through the tools, over HTTP, against the faults that the sample data keeps in a file beside the database. `top3`: an article for the real fault is among the first three suggestions. `rightCitations`: articles cited in drafts that are for the real fault.",
  ],
  words: [
    "People's words",
    "Hand-written cases and questions in nine languages, with the truth beside them, on the sample service desk. Suggestions: the right article is among the first three steps; `retrieve_knowledge`: among the first five passages; `sure`: said to be convincing, `outsideSure` so for what is out of scope. Who wrote the support vocabulary knew most of them, and what is compared was fitted on some, so new cases do less well: of 22 English cases and 11 questions written afterwards and tried once, 20 and 11 came out right, and one of 8 cases out of scope, an order, was taken for sure.",
  ],
  cost: [
    "Cost",
    "Learning from 2,000 cases, loading what was learned, predicting with evidence; in ms of processor time, because other work ran on the machine. The table of word vectors is loaded once more, in about 40 ms.",
  ],
};

const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;

/** The page docs/quality.md of a run. */
export function qualityPage({ measuredOn, machine, rows }: Run): string {
  const tables = (Object.keys(heads) as Kind[]).flatMap((kind) => {
    const some = rows.filter((row) => row.kind === kind);
    if (some.length === 0) return [];
    const [title, about] = heads[kind];
    return [`## ${title}\n\n${about}\n\n${tableOf(some)}`];
  });
  const verdicts = judge(rows).map(({ bar, value, isMet }) =>
    line([
      bar.set,
      bar.provider,
      bar.measure,
      bar.least === undefined ? `≤ ${bar.most}` : `≥ ${bar.least}`,
      value,
      isMet ? "met" : bar.isBeyond ? "not yet (aim)" : "**missed**",
    ]),
  );
  return `# Quality of case intelligence

Generated from [quality.json](quality.json) by \`npm run eval\`; do not edit. Measured on ${measuredOn} (${machine}).

    npm run eval -- --data <folder> --out docs/quality.json
    npm run eval -- --set words,drafts --out docs/quality.json --keep

The test rows are a seeded part of the development data that training never saw, so a set has a tenth fewer rows to learn
from than in its published split. Settings of the predictor were compared on these sets, so the figures flatter a little
and those of other splits differ by a point either way. No live language model was asked: recorded answers stand in for one, and the loopback
service that tests the wire says nothing about the quality of a model. Retrieval is measured on small pools of articles
(hundreds): good for comparing versions, not for claims about large knowledge bases.

## Bars

${[line(["set", "provider", "measure", "bar", "measured", ""]), line(["---", "---", "---", "---", "---", "---"]), ...verdicts].join("\n")}

${tables.join("\n\n")}
`;
}

/** A table with the columns that the rows have, in the order of their first appearance; the day beside rows of an older run. */
function tableOf(rows: readonly Row[]): string {
  const measures = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const isMixed = rows.some(({ measuredOn }) => measuredOn !== undefined);
  return [
    line(["set", "provider", ...measures, ...(isMixed ? ["older run of"] : [])]),
    line(["---", "---", ...measures.map(() => "---:"), ...(isMixed ? ["---"] : [])]),
    ...rows.map(({ set, provider, values, measuredOn = "" }) =>
      line([
        set,
        provider,
        ...measures.map((measure) => values[measure] ?? ""),
        ...(isMixed ? [measuredOn] : []),
      ]),
    ),
  ].join("\n");
}
