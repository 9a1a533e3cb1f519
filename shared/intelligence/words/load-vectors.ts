import { WordVectors } from "./word-vectors";

let loading: Promise<WordVectors> | undefined;

/** The table of word vectors, read at the first call: 3.4 MB that a call without predictions never pays for. */
export function loadWordVectors(): Promise<WordVectors> {
  loading ??= import("./word-vectors.bin").then(({ default: file }) => new WordVectors(file));
  return loading;
}
