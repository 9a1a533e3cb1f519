// What goes into each operation of a provider and what comes out.
import type { CurrentValue, FieldPrediction, FieldSpec } from "./fields";
import type {
  CaseHistory,
  EntityRef,
  Evidence,
  KnowledgeHit,
  ResolvedCase,
  SourceText,
} from "./records";

export type ProviderName = "embedded" | "azure-openai" | "dataverse-ai";

export type Operation = "predictFields" | "suggestNextSteps" | "draftReply";

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

/** What asks for more than a normal answer. */
export type EscalationKind =
  | "danger"
  | "injury"
  | "law"
  | "press"
  | "data-protection"
  | "many-stopped"
  | "repeated-complaint"
  | "broken-promise"
  | "leaving"
  | "money-back"
  | "manager";

export interface Escalation {
  readonly kind: EscalationKind;
  /** The customer's words that say it. */
  readonly evidence: Evidence;
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
  /** The gravest first; found by the customer's words, whoever answers. */
  readonly escalations?: readonly Escalation[] | undefined;
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
  readonly customerFirstName?: string | undefined;
  /** How the customer's words came. Default: a mail. */
  readonly channel?: "answer" | "call" | "chat" | "mail" | "post" | undefined;
  /** First lines of mails that the company sent, the newest first and those of this case before all others: how it greets. */
  readonly greetings?: readonly string[] | undefined;
  /** The reply as somebody wrote it: it is checked and put between greeting and signature instead of one of ours. */
  readonly written?: string | undefined;
  /** What was written to the customer on this case already, plain: it is not said again. */
  readonly sent?: readonly string[] | undefined;
}

/** What is known before a reply is written, for whoever writes it. Texts in it are from records: data. */
export interface DraftBrief {
  /** What the customer asks, and how the draft goes about it. */
  readonly questions: readonly {
    readonly question: string;
    readonly answer: "answered" | "call-back" | "open";
  }[];
  /** What may be told, and where it stands. */
  readonly known: readonly { readonly text: string; readonly ref: EntityRef }[];
  /** What the customer must be asked. */
  readonly ask: readonly string[];
  /** In our words. */
  readonly mayNotSay: readonly string[];
  /** What was asked for and could not be done, and what the representative has to see to, in our words. */
  readonly notes: readonly string[];
}

export interface DraftResult {
  readonly responseType: "Question" | "Resolved" | "UnableToResolve";
  readonly needsReview: true;
  /** BCP 47 primary tag of the text, where the provider knows it. */
  readonly language?: string | undefined;
  readonly brief?: DraftBrief | undefined;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** `sentence` counts from 0 in the order of `text`. */
  readonly citations: readonly {
    readonly sentence: number;
    readonly evidence: readonly Evidence[];
  }[];
  /** Sentences that nothing grounds: the gate leaves out those that name a fact, an address or a number of their own. */
  readonly ungrounded: readonly string[];
  /** What is still to be filled in: empty once the gate has been passed. */
  readonly placeholders: readonly string[];
  readonly trace: Trace;
}
