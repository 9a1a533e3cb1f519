import type { EscalationKind } from "../types";
import phrases from "./phrases.json";

/**
 * How people say what asks for more than a normal answer, by kind, the gravest first. A phrase is words in their order; `a/b`
 * is either, `a*` a beginning, `~` up to four words of the same clause, `!a/b` none of these next, `^a` said as it is and not as what
 * something was taken for or is like. Phrases of Japanese and
 * Chinese are looked for as they stand.
 */
export const phrasesOfKinds: Readonly<Record<EscalationKind, readonly string[]>> = phrases;
