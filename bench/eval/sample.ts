import { performance } from "node:perf_hooks";
import { startServiceDesk } from "../../test/support/service-desk";
import { percent, percentile, type Row, round } from "./scores";

export interface SampleOptions {
  /** Cases of the sample service desk. */
  readonly cases: number;
  /** So many of them are asked about, spread over all. */
  readonly asked: number;
}

/** What was found for one case of the sample service desk. */
export interface Found {
  /** Number of the case, its fault and what it says. */
  readonly about: string;
  /** An article for the case's real fault is among the first three suggestions. */
  readonly amongThree: boolean;
  /** Nothing was sent on the case yet: what was, is not proposed again. */
  readonly isFirst: boolean;
  /** The articles that the draft cites, and how many of them are for the real fault. */
  readonly cited: number;
  readonly rightlyCited: number;
  readonly ms: number;
}

/**
 * Works cases of the sample service desk through the tools, over HTTP, and compares with the side file of ground truth: the
 * fault of each case and the published articles that cure it. The product never sees it.
 */
export async function workSample({ cases, asked }: SampleOptions): Promise<readonly Found[]> {
  const desk = await startServiceDesk({ cases });
  try {
    const truth = desk.emulator.sample;
    if (truth === undefined) throw new Error("The sample service desk was not made anew.");
    const { value } = await desk.read(
      "incidents?$select=incidentid,ticketnumber,title&$orderby=incidentid",
    );
    const rows = value as readonly { incidentid: string; ticketnumber: string; title: string }[];
    const known = rows.flatMap(({ incidentid, ticketnumber, title }) => {
      const fault = truth.faults.get(incidentid) ?? "";
      const gold = truth.articles.get(fault) ?? [];
      const about = `${ticketnumber} ${fault}: ${title}`;
      return gold.length === 0 ? [] : [{ incidentId: incidentid, gold: new Set(gold), about }];
    });
    const sent = await desk.read(
      "emails?$select=_regardingobjectid_value&$filter=directioncode eq true and statecode eq 1",
    );
    const answered = new Set(
      (sent.value as readonly Record<string, unknown>[]).map((row) => row._regardingobjectid_value),
    );
    const found: Found[] = [];
    // Most cases of the sample were answered; what is drafted differs, so both kinds are asked about alike.
    const first = spread(
      known.filter(({ incidentId }) => !answered.has(incidentId)),
      Math.ceil(asked / 2),
    );
    const rest = spread(
      known.filter(({ incidentId }) => answered.has(incidentId)),
      asked - first.length,
    );
    for (const { incidentId, gold, about } of [...first, ...rest]) {
      const started = performance.now();
      const call = async (tool: string) => {
        const answer = await desk.call(tool, { incidentId }, "administrator");
        if (answer.isError) throw new Error(`${tool} on ${about}: ${answer.text}`);
        return answer.structured;
      };
      const { steps } = await call("get_next_suggestion_on_case");
      const draft = await call("draft_email_with_suggested_response");
      const cited = new Set<string>(
        draft.citations.flatMap((one: { sources: { kind: string; id: string }[] }) =>
          one.sources.filter(({ kind }) => kind === "knowledge").map(({ id }) => id),
        ),
      );
      found.push({
        about,
        amongThree: steps
          .slice(0, 3)
          .some((one: { evidence: { id: string }[] }) =>
            one.evidence.some(({ id }) => gold.has(id)),
          ),
        isFirst: !answered.has(incidentId),
        cited: cited.size,
        rightlyCited: [...cited].filter((id) => gold.has(id)).length,
        ms: performance.now() - started,
      });
    }
    return found;
  } finally {
    await desk.close();
  }
}

/** So many, from all over the list. */
const spread = <T>(all: readonly T[], many: number): readonly T[] => {
  const step = Math.max(1, Math.floor(all.length / many));
  return all.filter((_, at) => at % step === 0).slice(0, many);
};

export async function measureSample(options: SampleOptions): Promise<Row> {
  const found = await workSample(options);
  const sum = (of: (one: Found) => number) => found.reduce((total, one) => total + of(one), 0);
  const times = found.map(({ ms }) => ms);
  return {
    kind: "sample",
    set: `sample service desk, ${options.cases} cases`,
    provider: "embedded",
    values: {
      asked: found.length,
      top3: percent(
        sum(({ amongThree }) => (amongThree ? 1 : 0)),
        found.length,
      ),
      citing: percent(
        sum(({ isFirst, cited }) => (isFirst && cited > 0 ? 1 : 0)),
        sum(({ isFirst }) => (isFirst ? 1 : 0)),
      ),
      citations: sum(({ cited }) => cited),
      rightCitations: percent(
        sum(({ rightlyCited }) => rightlyCited),
        sum(({ cited }) => cited),
      ),
      p50Ms: round(percentile(times, 0.5)),
      p95Ms: round(percentile(times, 0.95)),
    },
  };
}
