// The interface of a provider, and of the chain that asks them.
import type {
  DraftInput,
  DraftResult,
  Operation,
  PredictFieldsInput,
  PredictFieldsResult,
  ProviderName,
  SuggestInput,
  SuggestResult,
} from "./answers";
import type { FieldSpec } from "./fields";

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
