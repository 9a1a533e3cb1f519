import { setImmediate } from "node:timers/promises";
import { SentenceEncoder } from "./sentence-encoder";

/** The file in pieces of 2 MB, so that reading one holds up nobody. */
const pieces: readonly (() => Promise<{ readonly default: Uint8Array }>)[] = [
  () => import("./model/part-01.bin"),
  () => import("./model/part-02.bin"),
  () => import("./model/part-03.bin"),
  () => import("./model/part-04.bin"),
  () => import("./model/part-05.bin"),
  () => import("./model/part-06.bin"),
  () => import("./model/part-07.bin"),
  () => import("./model/part-08.bin"),
  () => import("./model/part-09.bin"),
  () => import("./model/part-10.bin"),
  () => import("./model/part-11.bin"),
];

let loading: Promise<SentenceEncoder> | undefined;

/** The sentence encoder, read at the first call: 22 MB that a call without suggestions never pays for. */
export function loadSentenceEncoder(): Promise<SentenceEncoder> {
  loading ??= Promise.all([readModel(), import("./multiply.bin")]).then(([model, program]) =>
    SentenceEncoder.from(model, program.default),
  );
  return loading;
}

/** The whole file, one piece after the other, with the event loop let in between. */
export async function readModel(): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (const read of pieces) {
    parts.push((await read()).default);
    await setImmediate();
  }
  const model = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    model.set(part, at);
    at += part.length;
  }
  return model;
}
