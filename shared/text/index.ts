/** The door of the room for text: what strangers wrote, read in linear time. Knows nothing of Dataverse, cases or models. */
export { CallTexts, currentTexts } from "./call-texts";
export { groundsIn, hostsOf, ungroundedFacts } from "./grounding";
export { decodeEntities, htmlToText, longestMarkup } from "./html/html-text";
export { isActive, longestBody, makeHtmlSafe, type Removal, type SafeHtml } from "./html/safe-html";
export { placeholdersIn } from "./placeholders";
export { redact } from "./redact";
export { longestSource, ownLines, sanitise } from "./sanitise";
export { suspicionsOf } from "./suspicions";
export { readAhead, takeTurns } from "./take-turns";
export { endOfSentence, joinLines, trimTail } from "./trim";
export type * from "./types";
export { safeLine, wayOut } from "./ways-out";
export { holdsWhole, phraseSpans, replaceWhole, type Word, wordsAt } from "./whole-words";
