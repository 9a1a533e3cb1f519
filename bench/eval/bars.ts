import type { Row } from "./scores";

/** What must hold, or is aimed at beyond that, for one measure of a set. */
export interface Bar {
  /** How the set's name begins. */
  readonly set: string;
  readonly provider: string;
  readonly measure: string;
  readonly least?: number;
  readonly most?: number;
  readonly isBeyond?: boolean;
}

const own = (set: string, measure: string, least: number, isBeyond = false): Bar => ({
  set,
  provider: "embedded",
  measure,
  least,
  ...(isBeyond && { isBeyond }),
});
const atMost = (set: string, measure: string, most: number): Bar => ({
  set,
  provider: "embedded",
  measure,
  most,
});

export const bars: readonly Bar[] = [
  own("banking77, all", "accuracy", 91),
  own("banking77, 10 of each, mean", "accuracy", 76),
  own("banking77, 10 of each, mean", "accuracy", 80, true),
  own("banking77, 3 of each, mean", "accuracy", 62),
  own("clinc150 with out-of-scope", "accuracy", 92),
  own("clinc150 with out-of-scope", "recall", 55),
  own("clinc150 with out-of-scope", "recall", 65, true),
  own("it-tickets, 2,000, mean", "accuracy", 79),
  own("it-tickets, 2,000, mean", "top3", 96),
  own("it-tickets, all", "accuracy", 86),
  own("cfpb1000, 10-fold", "accuracy", 73.6),
  {
    set: "cfpb1000, 10-fold",
    provider: "embedded + replay:gpt-o1",
    measure: "accuracy",
    least: 79,
    isBeyond: true,
  },
  atMost("banking77, all", "calibrationError", 0.03),
  atMost("clinc150, all", "calibrationError", 0.03),
  atMost("it-tickets, 2,000, mean", "calibrationError", 0.03),
  own("it-tickets, 2,000, mean", "precision", 94),
  own("it-tickets, 2,000, mean", "coverage", 45),
  own("banking77, all", "precision", 94),
  own("wixqa-sample", "ndcg10", 0.78),
  own("techqa-sample", "ndcg10", 0.85),
  own("sample service desk", "top3", 90),
  own("sample service desk", "rightCitations", 95),
  own("language", "bodies", 97),
  own("language", "subjects", 85),
  own("escalation", "recall", 90),
  own("escalation", "precision", 95),
  own("suggestion, 600 cases", "english", 92),
  own("suggestion, 600 cases", "others", 70),
  atMost("suggestion, 600 cases", "outsideSure", 5),
  own("suggestion, 50 cases", "all", 75),
  own("retrieve_knowledge, 600 cases", "all", 85),
  own("retrieve_knowledge, 600 cases", "english", 85),
  atMost("retrieve_knowledge, 600 cases", "outsideSure", 5),
  atMost("it-tickets, 2,000 cases", "fitMs", 2500),
  atMost("it-tickets, 2,000 cases", "loadMs", 150),
  atMost("it-tickets, 2,000 cases", "p95Ms", 5),
];

export interface Verdict {
  readonly bar: Bar;
  readonly value: number;
  readonly isMet: boolean;
}

/** Each bar whose measure is among the rows, and whether it holds. */
export function judge(rows: readonly Row[]): readonly Verdict[] {
  return bars.flatMap((bar) => {
    const value = rows.find(
      ({ set, provider, values }) =>
        set.startsWith(bar.set) && provider === bar.provider && values[bar.measure] !== undefined,
    )?.values[bar.measure];
    if (value === undefined) return [];
    const isMet = value >= (bar.least ?? value) && value <= (bar.most ?? value);
    return [{ bar, value, isMet }];
  });
}
