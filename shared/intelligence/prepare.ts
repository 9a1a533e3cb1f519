import { readyToRead } from "../text/take-turns";
import { giveWay, workForAll } from "../turns";
import { loadSentenceEncoder } from "./encoder/load-encoder";
import { tellLanguage } from "./language-detection";
import { conceptsOf } from "./vocabulary/concepts";
import { loadWordVectors } from "./words/load-vectors";

/** A few words of each language whose lists are made ready at their first text. */
const spoken = [
  "The parcel has not arrived yet",
  "Das Paket ist noch nicht da",
  "Le colis n'est pas encore arrivé",
  "El paquete todavía no ha llegado",
];

let prepared: Promise<void> | undefined;

/**
 * Reads and makes ready, once for a process, what the first suggestion would have to wait for: about half a second of CPU in turns,
 * and some 50 MB. Everything works without it, later.
 */
export function prepareIntelligence(): Promise<void> {
  prepared ??= workForAll(async () => {
    await giveWay();
    await loadWordVectors();
    await readyToRead();
    for (const text of spoken) {
      await giveWay();
      tellLanguage(text);
      conceptsOf(text);
    }
    await giveWay();
    await loadSentenceEncoder();
  });
  return prepared;
}
