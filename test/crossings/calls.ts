import type { Answer } from "../support/whole-endpoint";
import type { Worker } from "./company";

/** One call of a person, and what its answer must be whatever others do meanwhile. */
export interface Call {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** Why the answer cannot be right; undefined where it may be. */
  judge(answer: Answer): string | undefined;
  /** The call names another person's word, so that the answer may repeat it. */
  readonly repeats?: string;
}

export interface Scene {
  readonly me: Worker;
  /** Anybody else. */
  readonly other: Worker;
  /** A number of the call, below 2^32, drawn for it. */
  readonly draw: number;
  /** A cursor that this person was given, and one of somebody else. */
  readonly cursors: { readonly mine: string | undefined; readonly foreign: string | undefined };
  /** Titles that this person wrote last, by case. */
  readonly written: Map<string, string>;
}

const pick = <T>(from: readonly T[], draw: number): T => from[draw % from.length] as T;
const well = ({ isError, text }: Answer) =>
  isError ? `refused: ${text.slice(0, 300)}` : undefined;
const refused = ({ isError, text }: Answer) =>
  isError ? undefined : `not refused: ${text.slice(0, 300)}`;
const rows = (answer: Answer): readonly Record<string, unknown>[] => answer.structured?.rows ?? [];
const visible = ({ own, resolved, shared }: Worker) => own.length + resolved.length + shared.size;
const count = (answer: Answer, n: number) =>
  well(answer) ??
  (Number(rows(answer)[0]?.n) === n ? undefined : `counted ${rows(answer)[0]?.n}, not ${n}`);

const query = (querytext: string, judge: Call["judge"], repeats?: string): Call => ({
  tool: "read_query",
  args: { querytext },
  judge,
  ...(repeats === undefined ? {} : { repeats }),
});
/** Must be nothing: notes of another's cases are seen by whom such a case is shared with, and by nobody else. */
const noneOf = (me: Worker, other: Worker) => (answer: Answer) => {
  const isShared = [...me.shared.values()].includes(other);
  return (
    well(answer) ??
    (isShared || rows(answer).length === 0 ? undefined : `${rows(answer).length} rows`)
  );
};

/** Rows that are too long for one answer, so that there is a cursor. */
const pagedQuery =
  "SELECT incidentid, title, REPLICATE(title, 150) AS long FROM incident ORDER BY createdon, incidentid";

/** Each kind of call, by how often of a hundred it is made. */
export const kinds: readonly (readonly [
  often: number,
  make: (scene: Scene) => Call | undefined,
])[] = [
  [
    14,
    ({ me }) => query("SELECT COUNT(*) AS n FROM incident", (answer) => count(answer, visible(me))),
  ],
  [
    12,
    ({ me }) =>
      query(
        "SELECT incidentid, title, description FROM incident WHERE statecode = 'Active'",
        (answer) => {
          const ids = rows(answer)
            .map(({ incidentid }) => String(incidentid))
            .sort();
          const right = [...me.own, ...me.shared.keys()].sort();
          return (
            well(answer) ??
            (String(ids) === String(right) ? undefined : `cases ${ids} in place of ${right}`)
          );
        },
      ),
  ],
  [
    8,
    ({ me }) =>
      query("SELECT title, COUNT(*) AS n FROM incident GROUP BY title ORDER BY title", (answer) => {
        const sum = rows(answer).reduce((total, { n }) => total + Number(n), 0);
        return (
          well(answer) ?? (sum === visible(me) ? undefined : `groups of ${sum}, not ${visible(me)}`)
        );
      }),
  ],
  [
    8,
    ({ me, other }) => {
      const theirs = [...me.shared.values()].filter((each) => each === other).length;
      return query(
        `SELECT COUNT(*) AS n FROM incident WHERE title LIKE '%${other.word}%'`,
        (answer) => count(answer, theirs),
        other.word,
      );
    },
  ],
  [
    6,
    ({ me, other }) =>
      query(
        `SELECT i.title, a.notetext FROM incident i JOIN annotation a ON a.objectid = i.incidentid WHERE a.notetext LIKE '%${other.word}%'`,
        noneOf(me, other),
        other.word,
      ),
  ],
  [
    6,
    ({ me }) =>
      query(
        "SELECT i.title, (SELECT COUNT(*) FROM annotation a WHERE a.objectid = i.incidentid) AS notes FROM incident i WHERE EXISTS (SELECT 1 FROM annotation b WHERE b.objectid = i.incidentid)",
        (answer) =>
          well(answer) ?? (rows(answer).length >= 1 ? undefined : `no case of ${me.at} has notes`),
      ),
  ],
  // Pages, and a cursor that was given to somebody else.
  [8, () => ({ ...query(pagedQuery, well) })],
  [
    5,
    ({ cursors }) =>
      cursors.mine === undefined
        ? undefined
        : {
            tool: "read_query",
            args: { querytext: pagedQuery, cursor: cursors.mine },
            judge: well,
          },
  ],
  [
    5,
    ({ cursors }) =>
      cursors.foreign === undefined
        ? undefined
        : {
            tool: "read_query",
            args: { querytext: pagedQuery, cursor: cursors.foreign },
            judge: refused,
          },
  ],
  [
    6,
    ({ me, draw, written }) => {
      const recordId = pick(me.own, draw);
      const title = `The router drops the connection: ${me.word} (${draw})`;
      return {
        tool: "update_record",
        args: { tablename: "incident", recordId, item: { title } },
        judge(answer) {
          if (!answer.isError) written.set(recordId, title);
          return well(answer);
        },
      };
    },
  ],
  [
    6,
    ({ me, other, draw }) => {
      const recordId = pick(other.own, draw);
      return {
        tool: "update_record",
        args: { tablename: "incident", recordId, item: { title: `Taken by ${me.word}` } },
        judge: refused,
      };
    },
  ],
  [
    4,
    ({ other, draw }) => ({
      tool: "get_next_suggestion_on_case",
      args: { incidentId: pick(other.resolved, draw) },
      judge: refused,
    }),
  ],
  [
    4,
    ({ me, draw }) => ({
      tool: "get_next_suggestion_on_case",
      args: { incidentId: pick(me.own, draw) },
      judge: well,
    }),
  ],
  [
    2,
    ({ me, draw }) => ({
      tool: "enrich_case",
      args: { incidentId: pick(me.own, draw), dryRun: true },
      judge: well,
    }),
  ],
  [
    3,
    ({ other }) => ({
      tool: "retrieve_knowledge",
      args: { question: `How was ${other.word} solved, whose router drops?` },
      judge: well,
      repeats: other.word,
    }),
  ],
  [
    3,
    ({ me, draw }) => ({
      tool: "create_record",
      args: {
        tablename: "annotation",
        item: {
          subject: `Note ${me.word}`,
          notetext: `${me.word} ${draw}`,
          objectid: { relatedTable: "incident", recordId: pick(me.own, draw) },
        },
      },
      judge: well,
    }),
  ],
];
