import { loadClassifier, loadWordVectors, saveClassifier } from "../../shared/intelligence";
import { learn } from "./fields";
import type { Labelled } from "./files";
import { percentile, type Row, round } from "./scores";

/**
 * Time to learn 2,000 cases, to load what was learned, and to predict with evidence: processor time of this process, which
 * other work on the machine does not lengthen, best of three.
 */
export async function measureCost(set: string, rows: readonly Labelled[]): Promise<Row> {
  const training = rows.slice(0, 2000);
  const vectors = await loadWordVectors();
  const fits: number[] = [];
  const loads: number[] = [];
  const predictions: number[] = [];
  for (let turn = 0; turn < 3; turn++) {
    fits.push(await timed(() => learn(training)));
  }
  const model = await learn(training);
  const file = saveClassifier(model, "hash");
  for (let turn = 0; turn < 3; turn++) {
    loads.push(await timed(() => loadClassifier(file, "hash", vectors)));
  }
  for (const { text } of rows.slice(2000, 2300))
    predictions.push(await timed(() => model.predict(text)));
  return {
    kind: "cost",
    set,
    provider: "embedded",
    values: {
      cases: training.length,
      options: model.labels.length,
      fitMs: Math.round(Math.min(...fits)),
      loadMs: Math.round(Math.min(...loads)),
      p50Ms: round(percentile(predictions, 0.5), 2),
      p95Ms: round(percentile(predictions, 0.95), 2),
      storedKb: Math.round(file.length / 1024),
    },
  };
}

async function timed(work: () => unknown): Promise<number> {
  const started = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
