import {
  type FieldSpec,
  keyOf,
  loadWordVectors,
  optionsOf,
  type ResolvedCase,
  textOf,
  trainFieldModel,
} from "../../shared/intelligence";
import { calibrationError } from "../eval/measures";

/** Where the resolved cases and the fields to look at come from: a tenant, the emulator, or a file. */
export interface SimulationInput {
  readonly fields: readonly FieldSpec[];
  readonly cases: readonly ResolvedCase[];
}

export interface OptionResult {
  readonly label: string;
  readonly cases: number;
  /** Share of these cases that were predicted right. */
  readonly match: number;
}

export interface FieldResult {
  readonly field: string;
  readonly trained: number;
  readonly tested: number;
  readonly match: number;
  readonly top3: number;
  readonly calibrationError: number;
  /** Share that would have been written automatically, and how many of those were right. */
  readonly coverage: number;
  readonly precision: number;
  /** Share predicted with a confidence of 0.5 at least. */
  readonly selectable: number;
  /** What the tool advises: `auto` only when the target was met on cases that came later. */
  readonly advice: { readonly mode: "auto" | "recommend"; readonly autoAt: number | undefined };
  readonly perOption: readonly OptionResult[];
}

const fewestAutomatic = 20;

/**
 * Plays the past again: learns from the oldest 80 % of the resolved cases and predicts the newest 20 %. What comes out is
 * what an administrator needs before a field is switched to auto.
 */
export async function simulate({
  fields,
  cases,
}: SimulationInput): Promise<readonly FieldResult[]> {
  const vectors = await loadWordVectors();
  return fields.flatMap((field) => {
    const options = optionsOf(field);
    if (options === undefined) return [];
    const live = new Map(options.map(({ value, label }) => [keyOf(value), label]));
    const known = cases
      .filter(({ values }) => live.has(keyOf(values[field.logicalName])))
      .sort((a, b) => (a.resolvedOn < b.resolvedOn ? -1 : a.resolvedOn > b.resolvedOn ? 1 : 0));
    const cut = Math.floor(known.length * 0.8);
    const newest = known.slice(cut);
    if (cut === 0 || newest.length === 0) return [];
    const {
      classifier,
      cases: trained,
      isFew,
    } = trainFieldModel(field, options, known.slice(0, cut), vectors);
    const said = newest.map((one) => {
      const prediction = classifier.predict(textOf(one));
      const truth = keyOf(one.values[field.logicalName]);
      return {
        truth,
        right: prediction?.label === truth,
        among3: prediction?.alternatives.some(({ label }) => label === truth) ?? false,
        confidence: prediction?.confidence ?? 0,
        auto: !isFew && (prediction?.autoApply ?? false),
      };
    });
    const share = (of: readonly unknown[], all: readonly unknown[]) =>
      all.length === 0 ? 0 : of.length / all.length;
    const automatic = said.filter(({ auto }) => auto);
    const precision = share(
      automatic.filter(({ right }) => right),
      automatic,
    );
    const isProven =
      automatic.length >= fewestAutomatic && precision >= (field.targetPrecision ?? 0.95);
    return [
      {
        field: field.logicalName,
        trained,
        tested: said.length,
        match: share(
          said.filter(({ right }) => right),
          said,
        ),
        top3: share(
          said.filter(({ among3 }) => among3),
          said,
        ),
        calibrationError: calibrationError(
          said.map(({ confidence, right }) => [confidence, right]),
        ),
        coverage: share(automatic, said),
        precision,
        selectable: share(
          said.filter(({ confidence }) => confidence >= 0.5),
          said,
        ),
        advice: {
          mode: isProven ? "auto" : "recommend",
          autoAt: isProven ? classifier.threshold : undefined,
        },
        perOption: [...live].flatMap(([key, label]): OptionResult[] => {
          const own = said.filter(({ truth }) => truth === key);
          return own.length === 0
            ? []
            : [
                {
                  label,
                  cases: own.length,
                  match: share(
                    own.filter(({ right }) => right),
                    own,
                  ),
                },
              ];
        }),
      } satisfies FieldResult,
    ];
  });
}
