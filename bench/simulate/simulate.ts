import {
  type FieldModel,
  type FieldOption,
  type FieldSpec,
  keyOf,
  loadWordVectors,
  optionsOf,
  type PredictFieldsInput,
  predictByModel,
  type ResolvedCase,
  textOf,
  trainFieldModel,
} from "../../shared/intelligence";
import { neverAutomatic } from "../../shared/policy/automatic";
import { calibrationError } from "../eval/scores";

/** Where the resolved cases and the fields to look at come from: a tenant, the emulator, or a file. */
export interface SimulationInput {
  readonly fields: readonly FieldSpec[];
  readonly cases: readonly ResolvedCase[];
}

export interface OptionResult {
  readonly label: string;
  readonly cases: number;
  /** Share of these cases that were predicted right, and share that would have been written automatically. */
  readonly match: number;
  readonly written: number;
}

export interface FieldResult {
  readonly field: string;
  readonly trained: number;
  readonly tested: number;
  readonly match: number;
  readonly top3: number;
  readonly calibrationError: number;
  /** Share that the commonest value of the older cases alone would have got right. */
  readonly majority: number;
  /** Cases that would have been written automatically, their share, and how many of those were right. */
  readonly automatic: number;
  readonly coverage: number;
  readonly precision: number;
  /** Share of written values that must be right. */
  readonly target: number;
  /** Shares predicted with a confidence of 0.5, and of 0.9, at least. */
  readonly selectable: number;
  readonly sure: number;
  /**
   * `auto` only when the target was met on cases that came later, and the field may be written at all. `selectAt`: from
   * there on two of three predictions were right.
   */
  readonly advice: {
    readonly mode: "auto" | "recommend";
    /** The field decides who is served first, who pays or who works: no setting makes it automatic. */
    readonly isNeverAuto: boolean;
    readonly autoAt: number | undefined;
    readonly selectAt: number;
  };
  readonly perOption: readonly OptionResult[];
}

const fewestAutomatic = 20;
/** A value that is preselected should be right in two of three cases. */
const worthSelecting = 2 / 3;

/** A row of a tree with the rows above it: `Routers / Set-up`. */
function pathOf(option: FieldOption, options: readonly FieldOption[]): string {
  const path: FieldOption[] = [];
  for (
    let at: FieldOption | undefined = option;
    at !== undefined && !path.includes(at);
    at = parentOf(at, options)
  )
    path.unshift(at);
  return path.map(({ label }) => label).join(" / ");
}

const parentOf = ({ parent }: FieldOption, options: readonly FieldOption[]) =>
  parent === undefined ? undefined : options.find(({ value }) => keyOf(value) === keyOf(parent));

/** The lowest tenth of confidence from which on predictions were worth preselecting; 0.95 when none were. */
function selectAtOf(
  said: readonly { readonly confidence: number; readonly right: boolean }[],
): number {
  for (let tenth = 4; tenth <= 9; tenth++) {
    const above = said.filter(({ confidence }) => confidence >= tenth / 10);
    const right = above.filter((one) => one.right).length;
    if (above.length >= fewestAutomatic && right >= worthSelecting * above.length)
      return tenth / 10;
  }
  return 0.95;
}

/** In a tree of options the tool takes the likeliest branch first, so that is what is played. */
function inTree(field: FieldSpec, model: FieldModel, text: string, truth: string) {
  const asked: PredictFieldsInput = {
    case: { table: "incident", id: "" },
    sources: [],
    fields: [],
    similar: [],
  };
  const tried: FieldSpec = { ...field, mode: "auto", autoAt: "calibrated" };
  const { best, alternatives, decision } = predictByModel(tried, model, text, asked, new Map());
  return {
    truth,
    right: best !== undefined && keyOf(best.value) === truth,
    among3: alternatives.some(({ value }) => keyOf(value) === truth),
    confidence: best?.confidence ?? 0,
    auto: decision === "auto",
  };
}

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
    const live = new Map(options.map((option) => [keyOf(option.value), pathOf(option, options)]));
    const known = cases
      .filter(({ values }) => live.has(keyOf(values[field.logicalName])))
      .sort((a, b) => (a.resolvedOn < b.resolvedOn ? -1 : a.resolvedOn > b.resolvedOn ? 1 : 0));
    const cut = Math.floor(known.length * 0.8);
    const newest = known.slice(cut);
    if (cut === 0 || newest.length === 0) return [];
    const model = trainFieldModel(field, options, known.slice(0, cut), vectors);
    const { classifier, cases: trained, isFew } = model;
    const said = newest.map((one) => {
      const prediction = classifier.predict(textOf(one));
      const truth = keyOf(one.values[field.logicalName]);
      if (field.hierarchical) return inTree(field, model, textOf(one), truth);
      return {
        truth,
        right: prediction?.label === truth,
        among3: prediction?.alternatives.some(({ label }) => label === truth) ?? false,
        confidence: prediction?.confidence ?? 0,
        auto: !isFew && (prediction?.autoApply ?? false),
      };
    });
    const counts = new Map<string, number>();
    for (const one of known.slice(0, cut)) {
      const key = keyOf(one.values[field.logicalName]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const usual = [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
    const share = (of: readonly unknown[], all: readonly unknown[]) =>
      all.length === 0 ? 0 : of.length / all.length;
    const automatic = said.filter(({ auto }) => auto);
    const precision = share(
      automatic.filter(({ right }) => right),
      automatic,
    );
    const target = field.targetPrecision ?? 0.95;
    const isNeverAuto = neverAutomatic.includes(field.logicalName);
    const isProven = !isNeverAuto && automatic.length >= fewestAutomatic && precision >= target;
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
        majority: share(
          said.filter(({ truth }) => truth === usual),
          said,
        ),
        automatic: automatic.length,
        coverage: share(automatic, said),
        precision,
        target,
        selectable: share(
          said.filter(({ confidence }) => confidence >= 0.5),
          said,
        ),
        sure: share(
          said.filter(({ confidence }) => confidence >= 0.9),
          said,
        ),
        advice: {
          mode: isProven ? "auto" : "recommend",
          isNeverAuto,
          autoAt: isProven ? classifier.threshold : undefined,
          selectAt: selectAtOf(said),
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
                  written: share(
                    own.filter(({ auto }) => auto),
                    own,
                  ),
                },
              ];
        }),
      } satisfies FieldResult,
    ];
  });
}
