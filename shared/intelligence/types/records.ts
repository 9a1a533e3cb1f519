// What a provider reads: texts, cases, articles, and the places in them that it cites.
/** A column's value: a number, a text, an id, yes or no. */
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
