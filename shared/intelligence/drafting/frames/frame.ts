/** What a customer may be asked for, by what it is; put in the customer's language where the question itself is in another. */
export type Asked =
  | "anything"
  | "customer"
  | "error"
  | "invoice"
  | "model"
  | "order"
  | "photo"
  | "serial"
  | "since"
  | "version";

/** How the customer's words came. */
export type Channel = "answer" | "call" | "chat" | "mail" | "post";

/** What a reply is sorry for. */
export type Regret = "again" | "anger" | "promise" | "trouble" | "wait";

/**
 * The sentences of a reply in one language, around what is quoted: whole sentences, which can stand beside each other in any
 * order. None of them says anything of the case that the representative could not say of every case.
 */
export interface Frame {
  /** `first` with the first name alone, `full` with the whole name, `none` when nobody is known. */
  readonly greeting: {
    readonly first: (name: string) => string;
    readonly full: (name: string) => string;
    readonly none: string;
  };
  /** The sentence behind the greeting goes on in lower case. */
  readonly goesOn: boolean;
  readonly thanks: Readonly<Record<Channel, string>>;
  readonly regret: Readonly<Record<Regret, string>>;
  /** The customer tried what we had proposed. */
  readonly notHelped: string;
  /** Something may hurt somebody: nothing else is said but this. */
  readonly danger: {
    readonly serious: string;
    readonly stop: string;
    readonly hurt: string;
    /** In place of `hurt` where somebody is. */
    readonly injured: string;
    readonly call: string;
  };
  /** A colleague who can decide writes or calls. */
  readonly decides: string;
  /** It is no matter of customer service. */
  readonly handOn: string;
  readonly stopped: string;
  readonly refund: string;
  readonly callBack: string;
  readonly steps: string;
  readonly more: (address: string) => string;
  /** What helps is written in another language only: the representative puts it in this one, and is told so beside the draft. */
  readonly elsewhere: string;
  readonly askOne: string;
  readonly askMany: string;
  readonly askIfNot: string;
  readonly asked: Readonly<Record<Asked, string>>;
  /** A question of the customer's that nothing here answers; without its words where they are in another language. */
  readonly open: (question: string) => string;
  readonly openMany: string;
  readonly openManyEnd: string;
  readonly openUnquoted: string;
  readonly unable: string;
  readonly afterSolution: string;
  readonly afterQuestions: string;
  readonly glad: string;
  readonly close: Readonly<Record<"formal" | "friendly" | "usual", string>>;
  /** How the languages of articles are called inside a sentence of this one. */
  readonly languages: Readonly<Record<string, string>>;
}
