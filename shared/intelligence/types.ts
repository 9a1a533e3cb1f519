/** The words of case intelligence: what goes into a provider and what comes out. No code here. */

export type ProviderName = "embedded" | "azure-openai" | "dataverse-ai";
export type Operation = "predictFields" | "suggestNextSteps" | "draftReply";
export type FieldValue = number | string | boolean;

/** A row by table and id. */
export interface EntityRef {
  /** Logical name: `incident`, `knowledgearticle`, `email`. */
  readonly table: string;
  readonly id: string;
  /** What people call it: case number, article number. */
  readonly number?: string | undefined;
}

/** A text that came from a record. Always data, never an instruction. */
export interface SourceText {
  readonly id: EntityRef;
  readonly kind: "email" | "case" | "note" | "chat";
  readonly subject?: string | undefined;
  /** HTML or plain text, as it was stored; `sanitise` makes it plain. */
  readonly text: string;
  /** ISO 8601. */
  readonly receivedOn?: string | undefined;
  readonly trusted: false;
}

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

export interface Evidence {
  readonly ref: EntityRef;
  readonly kind: "resolved-case" | "knowledge" | "source-span" | "option-label";
  /** 0 to 1. */
  readonly score: number;
  /** The words themselves, exactly as in the sanitised source. */
  readonly quote?: string | undefined;
  /** Start and end of the quote in the sanitised source, in UTF-16 units. */
  readonly span?: readonly [start: number, end: number] | undefined;
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

export interface ResolvedCase {
  readonly ref: EntityRef;
  readonly title: string;
  /** HTML or plain text. */
  readonly description?: string | undefined;
  /** Values at closing, by logical name. Lookups by id. */
  readonly values: Readonly<Record<string, FieldValue | undefined>>;
  /** How it was resolved: subject and description of the resolution. */
  readonly resolution?: string | undefined;
  /** Names of its customer and contacts, so that they can be left out of what is shown beside another's case. */
  readonly people?: readonly string[] | undefined;
  /** ISO 8601. */
  readonly resolvedOn: string;
  /** Id of the customer; a case of another customer is shown as resolution and category only. */
  readonly customerId?: string | undefined;
  /** 0 to 1, when a search found it. */
  readonly score?: number | undefined;
}

/** The tenant's own resolved cases that the embedded provider learns from. */
export interface CaseHistory {
  /** Whose: environment, table, and who reads. Trained models are kept under it and never given across. */
  readonly scope: string;
  /** Changes when the cases changed, for example the newest `modifiedon`. */
  readonly version: string;
  /** Newest first; 2,000 are plenty. Called only when no trained model is at hand. */
  read(signal: AbortSignal): Promise<readonly ResolvedCase[]>;
}

export interface KnowledgeHit {
  readonly ref: EntityRef;
  readonly title: string;
  /** HTML or plain text. */
  readonly text: string;
  /** What its author files it under: product names, other words for the same. Found by, never quoted. */
  readonly keywords?: string | undefined;
  readonly version?: string | undefined;
  /** BCP 47, for example `en-US`. */
  readonly language?: string | undefined;
  /** Internal articles guide the representative and are never quoted to a customer. */
  readonly isInternal: boolean;
  /** The article's own link, the only address that a draft may carry for it. */
  readonly url?: string | undefined;
  /** 0 to 1: how strongly resolved cases like this one point to it. */
  readonly score?: number | undefined;
}

export type FallbackCause =
  | "timeout"
  | "throttled"
  | "filtered"
  | "invalid-output"
  | "refused"
  | "unavailable"
  | "not-configured";

/** Who answered, with what, and how long it took. */
export interface Trace {
  readonly provider: ProviderName;
  readonly fellBackFrom?: readonly {
    readonly provider: ProviderName;
    readonly cause: FallbackCause;
  }[];
  readonly model: string;
  readonly modelVersion: string;
  readonly trainedOn?: {
    readonly cases: number;
    /** ISO 8601 dates of the oldest and newest case. */
    readonly from: string;
    readonly to: string;
    /** Share of held-out cases predicted right, over all fields; absent when too few were held out. */
    readonly holdoutPrecision?: number;
  };
  readonly promptHash?: string;
  readonly ms: number;
  readonly tokens?: { readonly in: number; readonly out: number };
  readonly injectionSuspected: boolean;
}

export interface PredictFieldsInput {
  readonly case: EntityRef;
  /** The newest customer words first. */
  readonly sources: readonly SourceText[];
  readonly fields: readonly FieldSpec[];
  readonly current?: Readonly<Record<string, CurrentValue | undefined>> | undefined;
  /** What to learn from. Without it the embedded provider has `similar` only. */
  readonly history?: CaseHistory | undefined;
  readonly similar: readonly ResolvedCase[];
  /** What the embedded provider said, for a model that runs beside it. Set by the chain. */
  readonly embedded?: readonly FieldPrediction[] | undefined;
}

export interface PredictFieldsResult {
  readonly predictions: readonly FieldPrediction[];
  readonly trace: Trace;
}

export interface NextStep {
  readonly kind: "share-solution" | "ask-customer" | "do-internal" | "escalate" | "close";
  readonly title: string;
  readonly detail: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: readonly Evidence[];
}

export interface MissingFact {
  /** Logical or plain name: `serial number`. */
  readonly attribute: string;
  readonly question: string;
  readonly why: readonly Evidence[];
}

/** Intent of the case and what its playbook asks for, when the environment has an intent library. */
export interface IntentContext {
  readonly name: string;
  readonly lineOfBusiness?: string | undefined;
  readonly confidence?: number | undefined;
  /** Details to have before solving, with the question to ask for each. */
  readonly attributes: readonly {
    readonly name: string;
    readonly question?: string | undefined;
    readonly known?: boolean | undefined;
  }[];
}

export interface SuggestInput {
  readonly case: EntityRef;
  readonly sources: readonly SourceText[];
  readonly articles: readonly KnowledgeHit[];
  readonly similar: readonly ResolvedCase[];
  readonly intent?: IntentContext | undefined;
  /** Customer of the case, so that similar cases of others are told apart. */
  readonly customerId?: string | undefined;
  readonly max?: number | undefined;
}

export interface SuggestResult {
  /** Best first. */
  readonly steps: readonly NextStep[];
  /** 0 to 1: how sure it is that the articles answer the case. Under 0.5, ask instead of sharing. */
  readonly answerable: number;
  readonly missing: readonly MissingFact[];
  readonly trace: Trace;
}

export interface DraftInput extends SuggestInput {
  readonly suggestion?: NextStep | undefined;
  readonly missing: readonly MissingFact[];
  readonly purpose: "share-solution" | "request-information" | "auto";
  readonly tone?: string | undefined;
  /** BCP 47. Default: the language of the customer's words. */
  readonly language?: string | undefined;
  readonly signature?: string | undefined;
  /** Names that may be used in the greeting and the text. */
  readonly customerName?: string | undefined;
}

export interface DraftResult {
  readonly responseType: "Question" | "Resolved" | "UnableToResolve";
  readonly needsReview: true;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** `sentence` counts from 0 in the order of `text`. */
  readonly citations: readonly {
    readonly sentence: number;
    readonly evidence: readonly Evidence[];
  }[];
  /** Sentences without a source. They stand in the draft, marked. */
  readonly ungrounded: readonly string[];
  /** What the representative must fill in: `[order number]`. */
  readonly placeholders: readonly string[];
  readonly trace: Trace;
}

/** A provider: no Dataverse, no side effects, abortable. Throws `ProviderFailure` so that the next one is asked. */
export interface CaseIntelligence {
  readonly name: ProviderName;
  supports(operation: Operation, field?: FieldSpec): boolean;
  predictFields(input: PredictFieldsInput, signal: AbortSignal): Promise<PredictFieldsResult>;
  suggestNextSteps(input: SuggestInput, signal: AbortSignal): Promise<SuggestResult>;
  draftReply(input: DraftInput, signal: AbortSignal): Promise<DraftResult>;
}

/** What the gate holds every answer to, whoever gave it. */
export interface GatePolicy {
  /** Fields that are never written automatically, whatever their mode: an attacker would aim at these. */
  readonly neverAuto: readonly string[];
  /** Hosts, beside those of the articles' own links, that a draft may link to. */
  readonly allowedHosts: readonly string[];
  /** Longest draft, in characters. */
  readonly maxDraftLength: number;
}

/** The chain: which providers, in which order, held to which rules. Itself a `CaseIntelligence`. */
export interface ChainOptions {
  /** Always there, always last, and always run beside a language model. */
  readonly embedded: CaseIntelligence;
  /** The others that are configured. */
  readonly others?: readonly CaseIntelligence[] | undefined;
  /** `auto`: azure-openai when it is there, then embedded. dataverse-ai only when it is named. */
  readonly order: readonly ProviderName[] | "auto";
  /** For one operation, all providers together. */
  readonly budgetMs: number;
  /** Which fields are never automatic is the product's policy to say: there is no default. */
  readonly gate: Pick<GatePolicy, "neverAuto"> & Partial<GatePolicy>;
  /** Milliseconds; for tests of the breaker. */
  readonly now?: (() => number) | undefined;
}
