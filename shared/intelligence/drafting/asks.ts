import type { MissingFact } from "../types";
import { frameOf, type Language } from "./frames";
import type { Asked } from "./frames/frame";

const kinds: readonly (readonly [Asked, RegExp])[] = [
  ["serial", /serial|serien|série|seriale|serie|seryjn|シリアル/i],
  [
    "order",
    /order (?:number|no)|number of (?:the|your) order|bestell|commande|pedido|ordine|encomenda|zamówieni|注文/i,
  ],
  ["invoice", /invoice|rechnung|facture|factura|fattura|factuur|fatura|faktur|請求/i],
  [
    "customer",
    /(?:customer|account|client) (?:number|no)|kundennummer|numéro de client|número de cliente|numero cliente|klantnummer|numer klienta|お客様番号/i,
  ],
  ["error", /error|fehler|erreur|errore|fout|erro\b|błąd|エラー/i],
  ["version", /version|firmware|versión|versione|versie|versão|wersj|バージョン/i],
  ["photo", /photo|picture|screenshot|foto|写真/i],
  [
    "since",
    /since when|when did|seit wann|depuis quand|desde cuándo|da quando|sinds wanneer|desde quando|od kiedy|いつから/i,
  ],
  ["model", /\bmodel|modell|modèle|modelo|modello|機種/i],
  ["anything", /symptom|what exactly happens/i],
];

/** Words of an English question that no other language of ours has. */
const english = /\b(?:the|is|what|which|your|you|does|how|when|it|did|can)\b/i;

const request =
  /^(?:can|could|would|will) you (?:please )?((?:send|tell|give|show|check|try|confirm|describe|provide|attach|forward|name|read|look|measure|count|note|take|make|upload|mail|let)\b[^?]{2,200})\?$/i;

/** A request that is put as a question is said as what it is: `Can you send a photo?` asks for no yes or no. */
export function asSentence(question: string): string {
  const wish = request.exec(question.trim())?.[1];
  if (wish === undefined) return question.trim();
  return `Please ${wish.replace(/^(send|tell|give|show) (?!us\b|me\b)/i, (_, verb: string) => `${verb} us `)}.`;
}

/** What names a device. Alone it tells nothing of what is wrong with it. */
const ofDevice: ReadonlySet<Asked> = new Set(["model", "serial", "version"]);

/**
 * What is asked for, in the language of the reply; what is known in another language only is for the representative to ask. Where
 * that would leave the number of the device alone, all is left: nobody is helped by giving it.
 */
export function asksIn(
  language: Language,
  missing: readonly MissingFact[],
): {
  readonly asked: readonly { readonly text: string; readonly fact: MissingFact }[];
  readonly left: readonly string[];
} {
  const left: string[] = [];
  const asked = new Map<string, MissingFact>();
  let isOfDevice = true;
  for (const fact of missing) {
    const isOwn = (language === "en") === english.test(fact.question);
    const kind = kinds.find(([, pattern]) =>
      pattern.test(`${fact.attribute} ${fact.question}`),
    )?.[0];
    if (isOwn || (kind !== undefined && !ofDevice.has(kind))) isOfDevice = false;
    if (isOwn) asked.set(asSentence(fact.question), fact);
    else if (kind !== undefined) asked.set(frameOf(language).asked[kind], fact);
    else left.push(fact.question);
  }
  if (isOfDevice && left.length > 0) return { asked: [], left: [...asked.keys(), ...left] };
  return { asked: [...asked].map(([text, fact]) => ({ text, fact })), left };
}
