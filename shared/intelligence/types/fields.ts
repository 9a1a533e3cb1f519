// Fields that may be predicted, and what is said of them.
import type { Evidence, FieldValue } from "./records";

export interface FieldOption {
  readonly value: number | string;
  readonly label: string;
  /** Read by the predictor as training text: a good description is worth many examples. */
  readonly description?: string | undefined;
  /** Value of the field that `dependsOn` names, or of the option above in a hierarchical lookup (`hierarchical`). */
  readonly parent?: number | string | undefined;
}

export type FieldMode = "off" | "recommend" | "auto";
export type FieldType = "choice" | "boolean" | "lookup" | "integer" | "money" | "text" | "email";

/** One field that may be predicted. The list of these is the allow-list: nothing else is ever returned. */
export interface FieldSpec {
  readonly logicalName: string;
  readonly displayName: string;
  readonly description?: string | undefined;
  readonly type: FieldType;
  /**
   * The live options of a choice, or the rows of a lookup (50 at most). A lookup without options is found by rule:
   * its prediction carries a text to be looked up (`needsLookup`), never an id.
   */
  readonly options?: readonly FieldOption[] | undefined;
  /** Logical name of the field whose value restricts the options (by their `parent`). */
  readonly dependsOn?: string | undefined;
  /** The options form one tree by `parent` (subject tree): the branch is predicted first, then its children. */
  readonly hierarchical?: boolean | undefined;
  readonly mode: FieldMode;
  /** From this confidence on the best value is preselected. 0 to 1. */
  readonly selectAt: number;
  /** From this confidence on the value is written (mode `auto`): not below `selectAt`, or measured on held-out cases. */
  readonly autoAt: number | "calibrated";
  /** The share of values written automatically that must be right. Default 0.95. */
  readonly targetPrecision?: number | undefined;
  readonly overwriteHuman?: boolean | undefined;
  /** Bounds of a number. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Longest text, in characters. */
  readonly maxLength?: number | undefined;
}

export interface Scored<T> {
  readonly value: T;
  readonly label: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** True when the confidence was fitted on held-out cases of this tenant. */
  readonly calibrated: boolean;
}

/** `auto`: write it. `select`: preselect it. `recommend`: show the best three. `abstain`: leave it empty. */
export type Decision = "auto" | "select" | "recommend" | "abstain";

/** Why a prediction is what it is. The first five carry values; the others name why nothing (more) was said. */
export type PredictionReason =
  | "agree" // embedded and model say the same
  | "differ" // they do not: never written automatically
  | "embedded-only"
  | "llm-only"
  | "rule" // found in the text by a rule
  | "too-few-cases" // under about five per option: recommended from labels and few examples only
  | "out-of-scope" // the text is like nothing in the history
  | "nothing-found" // no rule matched, or no text to read
  | "human-set" // a person set the value
  | "injection-suspected" // the text tries to give orders
  | "off" // the field's mode
  | "not-allowed" // outside the allow-list, the options or the ids
  | "unsupported"; // no provider can predict this field

export interface FieldPrediction {
  readonly field: string;
  readonly decision: Decision;
  readonly best?: Scored<FieldValue> | undefined;
  /** Best first, `best` included; at most three. */
  readonly alternatives: readonly Scored<FieldValue>[];
  readonly evidence: readonly Evidence[];
  readonly reason: PredictionReason;
  /** The value is a text that names a row (order number, serial number): resolve it by exact match before use. */
  readonly needsLookup?: boolean | undefined;
  readonly current?: FieldValue | undefined;
  /** Lowest confidence at which held-out cases met the target precision; absent when none did. */
  readonly threshold?: number | undefined;
}

/** The value that stands on the record now, and who put it there. */
export interface CurrentValue {
  readonly value: FieldValue;
  /** `assistant`: our own identity wrote it last. `default`: the column's default, never touched. */
  readonly setBy: "human" | "assistant" | "default";
}
