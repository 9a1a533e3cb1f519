import type { Trace } from "../../intelligence";

/** Who answered, trained on what, how long it took: the last line of every answer. */
export function traceWords(trace: Trace): string {
  const { trainedOn } = trace;
  const parts = [
    `Answered by ${trace.provider} (${[trace.model, trace.modelVersion].filter(Boolean).join(" ")})`,
    trainedOn === undefined
      ? undefined
      : `trained on ${trainedOn.cases} resolved cases from ${trainedOn.from.slice(0, 10)} to ${trainedOn.to.slice(0, 10)}`,
    `${Math.round(trace.ms)} ms`,
    ...(trace.fellBackFrom ?? []).map((each) => `${each.provider} did not answer: ${each.cause}`),
  ];
  const suspected = trace.injectionSuspected
    ? " The text looks as if it gave orders to a machine: nothing was taken from it automatically. Look at it with care."
    : "";
  return `${parts.filter((part) => part !== undefined).join("; ")}.${suspected}`;
}
