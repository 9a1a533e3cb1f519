/** What a language of drafts brings: words by which it is told, and what a reply says in it. */
export interface LanguageOfDrafts {
  /** Frequent words that give it away. */
  readonly marks: ReadonlySet<string>;
  readonly phrases: Phrases;
}

/** The sentences of a reply around what it quotes. A text in brackets is for the representative to fill in. */
export interface Phrases {
  readonly greeting: (name: string) => string;
  readonly thanks: string;
  readonly solution: (title: string) => string;
  readonly more: string;
  readonly ask: string;
  readonly unable: string;
  readonly askIfNot: string;
  readonly afterSolution: string;
  readonly afterQuestions: string;
  readonly close: string;
  readonly name: string;
  readonly signature: string;
  readonly translate: string;
}
