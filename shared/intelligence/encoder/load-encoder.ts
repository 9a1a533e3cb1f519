import { SentenceEncoder } from "./sentence-encoder";

let loading: Promise<SentenceEncoder> | undefined;

/** The sentence encoder, read at the first call: 22 MB that a call without suggestions never pays for. */
export function loadSentenceEncoder(): Promise<SentenceEncoder> {
  loading ??= import("./encoder-files").then(({ model, program }) =>
    SentenceEncoder.from(model, program),
  );
  return loading;
}
