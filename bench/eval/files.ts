import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Article } from "../../shared/intelligence";

export interface Labelled {
  readonly text: string;
  readonly label: string;
  /** Answers of language models recorded for this text, by column. */
  readonly recorded: Readonly<Record<string, string>>;
}

/** Rows of a CSV text (RFC 4180) as objects. Rows of another width than the head are an error. */
export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^,\r\n]*)(,|\r?\n|$)/gy;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    const [whole, raw = "", end = ""] = match;
    if (whole === "" && rows.at(-1)?.length === 0) break;
    rows.at(-1)?.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === "") break;
    if (end !== ",") rows.push([]);
  }
  if (rows.at(-1)?.length === 0) rows.pop();
  const [head = [], ...body] = rows;
  return body.map((row, at) => {
    if (row.length !== head.length)
      throw new Error(`Row ${at + 2} has ${row.length} cells, not ${head.length}.`);
    return Object.fromEntries(head.map((name, column) => [name, row[column] ?? ""]));
  });
}

/** The labelled texts of a CSV file (also .gz), or undefined without one. Columns: text or narrative; label, category or product. */
export function readLabelled(folder: string, name: string): readonly Labelled[] | undefined {
  const file = [join(folder, `${name}.csv`), join(folder, `${name}.csv.gz`)].find(existsSync);
  if (file === undefined) return undefined;
  const bytes = readFileSync(file);
  return parseCsv((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")).map(
    (row) => ({
      text: row.text ?? row.narrative ?? "",
      label: row.label ?? row.category ?? row.product ?? "",
      recorded: Object.fromEntries(
        Object.entries(row).filter(([column]) => column.endsWith("_prediction")),
      ),
    }),
  );
}

export const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, "utf8")) as T;

export function readLines<T>(file: string): readonly T[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as T);
}

export interface Question {
  readonly question: string;
  /** An expert's answer; empty when there is none. */
  readonly answer: string;
  /** Ids of the articles that answer. */
  readonly gold: readonly string[];
  readonly isImpossible: boolean;
}

const pressed = (text: string) => text.replace(/\W+/g, " ").toLowerCase().trim();

/** articles.jsonl and questions.jsonl. A question without article ids is answered by the article that holds its answer. */
export function readRetrieval(folder: string): {
  readonly articles: readonly Article[];
  readonly questions: readonly Question[];
} {
  interface Row {
    id?: string;
    filename?: string;
    text: string;
    title?: string;
  }
  interface Asked {
    question: string;
    answer?: string;
    article_ids?: string[];
    is_impossible?: boolean;
  }
  const articles = readLines<Row>(join(folder, "articles.jsonl")).map((row) => articleOf(row));
  const bodies = articles.map(({ id, title, text }) => ({ id, body: pressed(`${title} ${text}`) }));
  const questions = readLines<Asked>(join(folder, "questions.jsonl")).map((row): Question => {
    const isImpossible = row.is_impossible ?? false;
    const answer = pressed(row.answer ?? "");
    const holds = (part: string) =>
      part === "" ? undefined : bodies.find(({ body }) => body.includes(part));
    const found = isImpossible ? undefined : (holds(answer) ?? holds(answer.slice(0, 80)));
    return {
      question: row.question,
      answer: isImpossible ? "" : (row.answer ?? ""),
      gold: row.article_ids ?? (found ? [found.id] : []),
      isImpossible,
    };
  });
  return { articles, questions };

  function articleOf({ id, filename = "", title, text }: Row): Article {
    const marked = /^Title:\s*(.*)\n/.exec(text);
    const end = marked ? marked[0].length : Math.max(0, text.indexOf("\n"));
    return {
      id: id ?? filename,
      title: title ?? marked?.[1] ?? text.slice(0, end),
      text: title ? text : text.slice(end).trim(),
    };
  }
}
