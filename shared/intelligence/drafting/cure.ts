import { bestPassage, type Sentence, sentencesOf } from "../retrieval/passages";

/** What of an article goes to a customer. Every sentence stands in the article word for word. */
export interface Cure {
  /** What the customer can do. */
  readonly steps: readonly Sentence[];
  /** What we do, or how it is: needs no trying. */
  readonly told: readonly Sentence[];
  /** What the article asks its reader before or after it. */
  readonly asked: readonly Sentence[];
}

type Part = "asked" | "cause" | "cure" | "other";

/** Headings, as they stand alone on a line, of the parts of an article. */
const headings: readonly (readonly [Part, RegExp])[] = [
  [
    "cure",
    /^(?:resolution|solution|fix|workaround|resolving the problem|answer|steps?|procedure|instructions|what to do|how to (?:fix|solve) it|lösung|abhilfe|antwort|schritte|vorgehen|was (?:ist )?zu tun(?: ist)?|so gehen sie vor|solution|réponse|étapes|que faire|marche à suivre|procédure|solución|respuesta|pasos|qué hacer|procedimiento|soluzione|risposta|passaggi|cosa fare|procedura|oplossing|antwoord|stappen|wat te doen|werkwijze|solução|resposta|passos|o que fazer|procedimento|rozwiązanie|odpowiedź|kroki|co zrobić|解決方法|解決策|対処方法|対処法|手順|回答)$/iu,
  ],
  [
    "cause",
    /^(?:(?:possible |common |root )?causes?|reasons?|why this happens|(?:mögliche |häufige )?ursachen?|gründe|grund|causes? possibles?|raisons?|(?:posibles )?causas?|motivos?|(?:possibili )?cause|causa|motivi|(?:mogelijke )?oorza(?:ak|ken)|redenen|(?:possíveis )?causas?|(?:możliwe )?przyczyn[ay]|powód|原因|考えられる原因)$/iu,
  ],
  [
    "asked",
    /^(?:before you (?:begin|start)|what we need(?: to know)?|questions?(?: to ask)?|bevor sie beginnen|rückfragen?|was wir wissen müssen|avant de commencer|questions? à poser|antes de (?:empezar|comenzar)|preguntas?|prima di iniziare|domande|voordat u begint|vragen|antes de começar|perguntas|zanim zaczniesz|pytania|はじめに|確認事項)$/iu,
  ],
  [
    "other",
    /^(?:symptoms?|problem(?: description)?|issue|overview|summary|introduction|background|description|prerequisites?|requirements|what you (?:will )?need|environment|applies to|details|(?:more|additional|further) information|notes?|see also|related(?: (?:articles|information|topics))?|references|symptome?|hintergrund|voraussetzungen|hinweise?|siehe auch|symptômes?|problème|prérequis|remarques?|voir aussi|síntomas?|problema|requisitos|notas?|véase también|sintom[io]|requisiti|note|vedi anche|symptomen|probleem|vereisten|opmerkingen|zie ook|sintomas|observações|ver também|objawy?|wymagania|uwagi|zobacz też|症状|現象|概要|注意|関連情報)$/iu,
  ],
];

const bare = (text: string) => text.replace(/^[\s\p{P}\p{S}\d]{0,10}|[\s\p{P}\p{S}]{0,5}$/gu, "");
const headingOf = (text: string): Part | undefined => {
  if (text.length > 60) return undefined;
  const line = bare(text);
  return headings.find(([, pattern]) => pattern.test(line))?.[0];
};

const isQuestion = (text: string): boolean => /[?？]["”’»」)]?$/u.test(text);

/** Why something happened, where an article without headings tells it: no customer's case is known to be so. */
const because =
  /\b(?:because|caused by|due to|the (?:reason|cause) (?:is|was)|means that|was (?:sent|misspelt|entered|delivered|not)|were|had been|has been|arrived after|weil|verursacht durch|die ursache (?:ist|war)|liegt daran|bedeutet,? dass|à cause d|en raison d|parce que|la cause est|signifie que|porque|debido a|causado por|la causa es|significa que|perché|causato da|a causa di|la causa è|omdat|veroorzaakt door|de oorzaak is|betekent dat|devido a|a causa é|ponieważ|spowodowan[eya]|przyczyną jest|oznacza, że)(?!\p{L})|ためです|原因です|が原因/iu;

/** What we do ourselves. */
const ours =
  /(?<!\b(?:if|when|that|as|how|what|until) )\bwe (?:refund|send|replace|issue|test|correct|credit|call|pay|confirm|cancel|deliver|will|have)(?!\p{L})|(?:^|[;,:.] )(?:then |afterwards |otherwise |if [^,;]{1,80}, )?(?:we|our (?:team|engineers?|technicians?|colleagues?))(?! (?:recommend|suggest|advise))(?!\p{L})|(?:^|[\s;,])(?:wir)(?! empfehlen)(?!\p{L})|(?:^|[\s;,])nous(?! (?:recommandons|conseillons))(?!\p{L})|(?<!\p{L})(?:le|les|lo|la|los|las|se lo|se la)? ?(?:reembolsamos|enviamos|cambiamos|sustituimos|corregimos|abonamos|probamos|rimborsiamo|inviamo|sostituiamo|correggiamo|mandiamo|ersetzen wir|reembolsamos|substituímos|corrigimos|zwracamy|wysyłamy|wymieniamy|poprawiamy)(?!\p{L})|(?:^|[\s;,])(?:wij|we) (?:sturen|vervangen|betalen|corrigeren|controleren|maken)(?!\p{L})|いたします|弊社/iu;

export const isPromise = (text: string): boolean => ours.test(text);

const imperative =
  /^[\s\p{P}\d]{0,6}(?:(?:first|then|next|now|finally|please|also|in [^,]{1,40}|on [^,]{1,40}|under [^,]{1,40}|if [^,]{1,80}|when [^,]{1,80}|to [^,]{1,80}),? )?(?:go|click|select|open|press|hold|check|replace|remove|install|set|restart|reset|turn|enter|update|download|run|contact|use|make|ensure|wait|unplug|plug|connect|disconnect|choose|clean|tighten|verify|charge|keep|brake|empty|put|pull|push|pump|rinse|soak|screw|move|switch|write|print|order|send|give|take|add|log|sign|change|let|read|start|stop|try|do|drain|descale|calibrate|polish|close|fit|lift|lower|pair|place|fill|leave|return|reply|follow|ask|call|hand|tell|wipe|dry|loosen|delete|create|look|repeat|renew|pick|scan|save|uncheck|tick|type|copy|allow|disable|enable|bring|store|avoid|reload|refresh|unfold|fold|rotate|slide|attach|detach|insert|increase|decrease|reduce|adjust|submit|upload|visit|register|unlock|lock|apply|accept|confirm|request|provide|attach|lay|mount|unscrew|shake|squeeze|cover|shorten|extend|synchronise|synchronize|reinstall|reconnect|reboot|sync|link|join|search|browse|do not|don't|never)(?!\p{L})/iu;

/** So much is told: what is longer stands behind the link. */
const mostTold = 6;
const mostAsked = 2;

/** What of an article answers the customer's words: its instructions, without its causes, symptoms and headings. */
export function cureOf(text: string, words: string): Cure {
  const parts = partsOf(text);
  const hasCure = parts.some(({ part }) => part === "cure");
  const chosen = hasCure
    ? parts.filter(({ part }) => part === "cure").map(({ sentence }) => sentence)
    : passageOf(parts, text, words);
  const told = withoutRepeats(chosen.filter(({ text: one }) => !isQuestion(one))).slice(
    0,
    mostTold,
  );
  const asked = withoutRepeats(
    parts.flatMap(({ part, sentence }) =>
      part !== "cause" && part !== "other" && isQuestion(sentence.text) ? [sentence] : [],
    ),
  ).slice(0, mostAsked);
  const isStep = ({ text: one }: Sentence) =>
    !startsWithOurs(one) &&
    (imperative.test(one) || instructs.test(one) || (hasCure && !stated.test(one)));
  return {
    steps: told.filter(isStep),
    told: told.filter((one) => !isStep(one)),
    asked,
  };
}

/** Instructions of other languages: a polite verb at the beginning of the sentence. */
const instructs =
  /^[\s\p{P}\d]{0,6}(?:bitte )?\p{L}{3,20}en Sie(?!\p{L})|^[\s\p{P}\d]{0,6}\p{L}{3,20}ez(?!\p{L})|(?:てください|てください。)$/iu;

/** A sentence that tells how it is: `The second parcel follows within three days.` */
const stated =
  /^(?:the|an?|it|this|that|these|those|your|our|there|with|der|die|das|le|la|les|el|los|las|il|lo|i|gli|het|de|o|os|as)(?!\p{L})/iu;

/** `We refund …` is ours as a whole; `Clean it; if it stays so, we test it` is a step. */
const startsWithOurs = (text: string): boolean =>
  isPromise(text.split(";")[0] ?? "") && !imperative.test(text) && !instructs.test(text);

function partsOf(
  text: string,
): readonly { readonly part: Part | undefined; readonly sentence: Sentence }[] {
  let at: Part | undefined;
  return sentencesOf(text).flatMap((sentence) => {
    const heading = headingOf(sentence.text);
    if (heading === undefined) return [{ part: at, sentence }];
    at = heading;
    return [];
  });
}

/** Where no heading tells the parts apart: what answers best, without what tells why. */
function passageOf(
  parts: ReturnType<typeof partsOf>,
  text: string,
  words: string,
): readonly Sentence[] {
  const open = new Map(
    parts.flatMap(({ part, sentence }) =>
      part === undefined ? [[sentence.span[0], sentence] as const] : [],
    ),
  );
  return bestPassage(text, words).filter(
    ({ span, text: one }) =>
      open.has(span[0]) && !because.test(one) && headingOf(one) === undefined,
  );
}

const wordsIn = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** Two sentences that share most of their words say one thing. */
const mostShared = 0.8;

export function withoutRepeats(sentences: readonly Sentence[]): readonly Sentence[] {
  const kept: { readonly sentence: Sentence; readonly words: ReadonlySet<string> }[] = [];
  for (const sentence of sentences) {
    const words = wordsIn(sentence.text);
    const isSaid = kept.some((one) => {
      const shared = [...words].filter((word) => one.words.has(word)).length;
      return shared >= mostShared * Math.max(1, Math.min(words.size, one.words.size));
    });
    if (!isSaid) kept.push({ sentence, words });
  }
  return kept.map(({ sentence }) => sentence);
}
