import { existsSync } from "node:fs";
import { join } from "node:path";
import type { CaseIntelligence } from "../../shared/intelligence";
import { measureCost } from "./cost";
import {
  fewOfEach,
  learn,
  measureFalseFlags,
  measureFields,
  measureFolds,
  measureScope,
  measureShuffled,
  mixed,
  rowsOf,
} from "./fields";
import { type Labelled, readJson, readLabelled, readRetrieval } from "./files";
import { measureOrders } from "./orders";
import { measureChain } from "./provider";
import { measureDrafts, measureRetrieval } from "./retrieval";
import { type Row, round } from "./scores";

/** A provider that costs something to ask, and on how many texts of a set it may be asked. */
export interface LiveProvider {
  readonly name: string;
  readonly chain: CaseIntelligence;
  readonly most: number;
}

/** All rows of one folder; none when it holds no set that is known here. */
export async function measureFolder(
  name: string,
  folder: string,
  live: readonly LiveProvider[] = [],
): Promise<readonly Row[]> {
  if (existsSync(join(folder, "articles.jsonl"))) {
    const { articles, questions } = readRetrieval(folder);
    return [
      ...(await measureRetrieval(name, articles, questions)),
      await measureDrafts(name, articles, questions),
    ];
  }
  if (existsSync(join(folder, "text_attack_train.json"))) return measureOrders(name, folder);
  if (existsSync(join(folder, "train_val.json")))
    return measureIntents(name, join(folder, "train_val.json"));
  const folds = readLabelled(folder, "half");
  if (folds)
    return [
      ...(await measureFolds(`${name}, 10-fold`, folds)),
      ...(await asked(name, live, folds.slice(50), folds.slice(0, 50))),
    ];
  const training = readLabelled(folder, "train");
  return training ? measureLabelled(name, training, readLabelled(folder, "test"), live) : [];
}

/** Who costs something to ask gets the first texts only. */
async function asked(
  set: string,
  live: readonly LiveProvider[],
  training: readonly Labelled[],
  test: readonly Labelled[],
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { name, chain, most } of live)
    rows.push(await measureChain(set, name, chain, training.slice(0, 2000), test.slice(0, most)));
  return rows;
}

/** With a test.csv beside train.csv that is the test; else a seeded part of the training rows (5,000 at most) is. */
async function measureLabelled(
  name: string,
  all: readonly Labelled[],
  given: readonly Labelled[] | undefined,
  live: readonly LiveProvider[],
): Promise<readonly Row[]> {
  const order = mixed(all, 5);
  const size = given ? 0 : Math.min(5000, Math.floor(all.length / 10));
  const test = given ?? order.slice(0, size);
  const training = order.slice(size);
  const found: Row[] = [];
  if (new Set(all.map(({ label }) => label)).size > 20) {
    for (const count of [3, 10]) {
      const seeds: Row[][] = [];
      for (const seed of [0, 1, 2]) {
        // Who learns from so few has all the others to be tested by.
        const [few, rest] = given
          ? [fewOfEach(all, count, seed)[0], given]
          : fewOfEach(all, count, seed);
        seeds.push([
          ...(await measureFields(`${name}, ${count} of each`, few, mixed(rest, 1).slice(0, 3000))),
        ]);
      }
      found.push(...meanOf(seeds, `${name}, ${count} of each, mean of 3`));
    }
  }
  if (training.length > 10_000) {
    const draws: Row[][] = [];
    for (const draw of [0, 1, 2])
      draws.push([
        ...(await measureFields(
          `${name}, 2,000`,
          training.slice(2000 * draw, 2000 * (draw + 1)),
          test,
        )),
      ]);
    found.push(...meanOf(draws, `${name}, 2,000, mean of 3`));
  }
  found.push(...(await measureFields(`${name}, all`, training, test)));
  found.push(
    await measureShuffled(`${name}, shuffled labels`, training.slice(0, 2000), test.slice(0, 1000)),
  );
  found.push(measureFalseFlags(name, mixed(all, 6).slice(0, 3000)));
  found.push(await measureCost(`${name}, 2,000 cases`, training));
  found.push(...(await asked(name, live, training, test)));
  return found;
}

/** Rows of several draws as one: the mean of each measure. */
function meanOf(draws: readonly (readonly Row[])[], set: string): Row[] {
  const [first = []] = draws;
  return first.map((row, at) => {
    const values = Object.keys(row.values).map((measure) => {
      const sum = draws.reduce((total, draw) => total + (draw[at]?.values[measure] ?? 0), 0);
      return [measure, round(sum / draws.length, /Error$|Ms$/.test(measure) ? 3 : 1)] as const;
    });
    return { ...row, set, values: Object.fromEntries(values) };
  });
}

async function measureIntents(name: string, file: string): Promise<readonly Row[]> {
  type Pair = readonly [text: string, label: string];
  const parts = readJson<Readonly<Record<string, readonly Pair[]>>>(file);
  const part = (key: string) =>
    (parts[key] ?? []).map(([text, label]): Labelled => ({ text, label, recorded: {} }));
  const outside = [...part("oos_train"), ...part("oos_val")].map(({ text }) => text);
  const [training, test] = [part("train"), part("val")];
  const started = performance.now();
  const model = await learn(training);
  return [
    ...rowsOf(`${name}, all`, model, performance.now() - started, training, test),
    measureScope(`${name} with out-of-scope`, model, test, outside),
  ];
}
