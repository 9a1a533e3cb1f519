// What a reader looks for in a reply, in nine languages: written apart from the sentences that drafts are made of.

/** Lower case, one blank between words, no marks at the ends. */
export const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/<[^>]*>/g, " ")
    .replace(/[“”„«»"「」]/g, "")
    .replace(/\s+/g, " ")
    .replace(/^[-•*\s]+|[\s.!?:;。]+$/g, "");

export const paragraphsOf = (text: string): readonly string[] =>
  text.split(/\n{2,}/).filter((part) => part.trim() !== "");

export const sentencesOf = (text: string): readonly string[] =>
  (text.match(/[^\n.!?。？！]+(?:[.!?](?![\s\n]|$)[^\n.!?。？！]*)*[.!?。？！]*/g) ?? [])
    .map((one) => one.trim())
    .filter((one) => /[\p{L}\p{N}]/u.test(one));

/** The reply between its greeting and its farewell. */
export function bodyOf({
  draft,
  signature,
}: {
  readonly draft: string;
  readonly signature: string;
}) {
  const lines = draft.split("\n");
  if (greetings.test((lines[0] ?? "").trim())) lines.shift();
  const end = lines.findLastIndex((line) => closings.test(line.trim()));
  const kept = end > 0 ? lines.slice(0, end) : lines;
  const signed = new Set(signature.split("\n").map((line) => line.trim()));
  return kept
    .filter((line) => line.trim() === "" || !signed.has(line.trim()))
    .join("\n")
    .trim();
}

export const greetings =
  /^(?:dear|hello|hi|good (?:day|morning|afternoon|evening)|guten (?:tag|morgen|abend)|hallo|sehr geehrte|liebe[rs]?|bonjour|bonsoir|madame|monsieur|ch(?:er|ère)|hola|buen[oa]s (?:días|tardes)|estimad|buongiorno|buonasera|gentile|ciao|salve|beste|geachte|goede|dag|olá|bom dia|boa tarde|prezad|car[oa] |dzień dobry|witam|szanown)(?!\p{L})[^.?!]{0,60}[,:!]?$|^[^.?!\n]{1,40}様$/iu;
export const closings =
  /^(?:(?:kind|best|warm|many) (?:regards|wishes)|regards|yours (?:sincerely|faithfully|truly)|sincerely|(?:mit )?(?:freundliche|beste|viele|herzliche)n? grü(?:ß|ss)en?|cordialement|bien à vous|veuillez agréer|salutations|(?:un )?(?:cordial )?saludos?|atentamente|(?:cordiali|distinti) saluti|un caro saluto|(?:met )?(?:vriendelijke|hartelijke) groet|hoogachtend|(?:com os )?(?:melhores )?cumprimentos|atenciosamente|saudações|pozdrawiam|z poważaniem|serdeczne pozdrowienia|敬具|(?:どうぞ)?よろしくお願い)/iu;
export const thanks =
  /\b(?:thank(?:s| you)|vielen dank|danke|merci|gracias|grazie|bedankt|dank u|agradec\p{L}+|obrigad[oa]|dziękujemy)(?!\p{L})|ありがとうございます|お問い合わせいただき/iu;
export const apology =
  /\b(?:sorry|apologi[sz]e|apologies|entschuldigung|entschuldigen|tut uns leid|bedauern|désolés?|excuser|excuses|lamentamos|sentimos|disculpas?|dispiace|scusiamo|spijt|pedimos desculpa|przepraszamy|przykro)(?!\p{L})|申し訳ございません|お詫び/iu;
const safe =
  /\b(?:your safety|safety comes first|stop using|ihre sicherheit|nicht mehr benutzen|benutzen sie das gerät|sécurité|cessez|seguridad|deje de usar|sicurezza|smetta|veiligheid|gebruik het apparaat|segurança|deixe de usar|bezpieczeństwo|przestać używać)(?!\p{L})|安全|使用を中止/iu;
export const safety = Object.assign(safe, {
  /** It tells to stop, and asks about people. */
  stops: {
    test: (text: string): boolean =>
      /(?:stop|nicht mehr|cessez|deje de|smetta|vanaf nu niet|deixe de|przestać|中止)/i.test(
        text,
      ) && /(?:hurt|injured|verletzt|blessé|herid|ferit|gewond|ferid|ranny|怪我)/i.test(text),
  },
});
export const danger =
  /\b(?:(?:caught|on) fire|burn(?:s|ing|ed|t)|smok(?:e|ing)|flames?|explo(?:de|ded|sion)|electric(?:al)? shock|injur(?:y|ed)|brennt|brand|rauch|qualm|feuer|stromschlag|verletzt|feu|fumée|brûl\p{L}+|incendi\p{L}+|fuego|humo|descarga eléctrica|fuoco|fumo|brucia|rook|brand|vlammen|fogo|fumo|choque elétrico|pożar|dym|pali się|porażenie)(?!\p{L})|発火|煙|火が|感電|怪我/iu;
export const wishesCall =
  /\b(?:call (?:me|us)(?: back)?|phone me|call[ -]?back|zurückrufen|rückruf|rufen sie mich|rappel\p{L}+|llám\p{L}+|llamar\p{L}*|richiam\p{L}+|terugbel\p{L}*|bel (?:mij|me)|ligu\p{L}+|ligar|oddzwo\p{L}+|zadzwo\p{L}+)(?!\p{L})|折り返し|電話(?:を|して|ください)/iu;
export const callWords =
  /\b(?:call|phone|rufen|ruft|anruf|appel\p{L}+|rappel\p{L}+|llam\p{L}+|chiam\p{L}+|richiam\p{L}+|bell?(?:t|en)|ligar\p{L}*|telefon\p{L}*|oddzwoni\p{L}*|zadzwoni\p{L}*)(?!\p{L})|電話/iu;
const help =
  /(?:can|could|will) (?:you|somebody|someone|anybody) (?:please )?help|what (?:can|should|do|else|must|next|now)\b.{0,15}(?:we|i|you|to|try|next|now|do)?|how do (?:we|i) go on|what do you suggest|anybody there|any news|does anybody else|was (?:können|kann|soll|muss|tun|nun)|helfen|que (?:faire|pouvons|puis|dois|nous conseillez)|aider|qué (?:podemos|puedo|debo|más|hago)|ayudar|cosa (?:posso|possiamo|devo|fare)|aiutar|wat (?:kan|kunnen|moet|nu)|helpen|o que (?:posso|podemos|devo|fazer)|ajudar|co (?:możemy|mogę|robić|dalej)|pomóc|どうすれば|どうしたら/iu;
export const asksHelp = Object.assign(help, {
  angry:
    /\b(?:disappointed|unacceptable|ridiculous|furious|fed up|expect better|third time|nobody (?:has )?call(?:ed|s)|had to wait|wait this long|promised|enttäuscht|unverschämt|inakzeptabel|zum dritten mal|versprochen|déçue?s?|inadmissible|inacceptable|troisième fois|promis|decepcionad[oa]|inaceptable|tercera vez|prometi\p{L}+|delus[oa]|inaccettabile|terza volta|promesso|teleurgesteld|onacceptabel|derde keer|beloofd|desiludid[oa]|inaceitável|terceira vez|rozczarowan\p{L}|niedopuszczaln\p{L}|trzeci raz|obiecan\p{L})(?!\p{L})|三度目|約束|納得/iu,
});

export const questionSentences = (text: string): readonly string[] =>
  sentencesOf(text).filter((one) => /[?？]$/.test(one));

export const statesOpen =
  /\b(?:are checking|will (?:send you an|get back|come back|tell you|find out)|looking into|will contact you|meldet sich|neemt contact|vous répondra|le responderá|le risponderà|lhe responderá|udzieli odpowiedzi|contactera|se pondrá en contacto|contatterà|contact met u|entrar em contacto|skontaktuje|klären|melden uns|prüfen|sehen uns das an|vérifions|examinons|revenons vers vous|comprobando|revisando|pondremos en contacto|verificando|esaminando|faremo sapere|zoeken\b.{0,30}\buit|bekijken|analisar|verificar|entraremos|sprawdzamy|wrócimy|odpowiedź prześlemy|prześlemy odpowiedź)(?!\p{L})|確認のうえ|責任者から|担当者から/iu;
export const promise =
  /\b(?:we (?:will|refund|send|replace|issue|test|correct|credit|call)|(?:wir (?:erstatten|senden|schicken|ersetzen|rufen|prüfen|melden)|schicken wir|sturen we)|nous (?:remboursons|envoyons|remplaçons|vous rappellerons|vous enverrons)|(?:reembolsamos|enviamos|cambiamos|le enviaremos|rimborsiamo|inviamo|le invieremo|terug|wij sturen|we sturen|we bellen|vamos (?:enviar|ligar)|zwracamy|wysyłamy|prześlemy|oddzwonimy))(?!\p{L})|いたします/iu;
export const solvesQuestion =
  /\b(?:whether (?:this|that|it) (?:has )?(?:helped|helps|solves?|worked)|ob (?:das|es) (?:geholfen|hilft|gelöst)|si cela (?:vous a aidé|résout)|si le ha servido|si esto lo resuelve|se è stato utile|of dit heeft geholpen|se isto ajudou|czy to pomogło)(?!\p{L})|解決したかどうか/iu;
/** The customer does something first. */
export const commands = /^[-•*] /m;
export const offersReply =
  /\b(?:reply to this|antworten sie|répondre à ce message|responder|rispondere|antwoorden|odpowiedzieć)(?!\p{L})|ご返信ください/iu;

export const causeWords =
  /\b(?:the (?:cause|reason) (?:is|was)|(?:was|were|is|are) caused by|die ursache (?:ist|war)|la cause (?:est|était)|la causa (?:es|era|è)|de oorzaak (?:is|was)|a causa (?:é|foi)|przyczyną (?:jest|było))(?!\p{L})|が原因です|原因は/iu;
export const internalWords =
  /\b(?:internal (?:note|article)|as an ai|language model|prompt|playbook|confidence|knowledge ?article|incidentid|msdyn_\w+|undefined|null|NaN)\b/i;
export const amounts =
  /(?:[€$£]\s?\d[\d.,]*)|(?:\d[\d.,]*\s?(?:€|EUR|USD|GBP|CHF|euros?|dollars?|pounds?|zł|円)(?!\p{L}))/giu;

export const numbersIn = (text: string): readonly string[] =>
  (
    text.normalize("NFKC").match(/[\p{L}\d]*\d[\p{L}\d]*(?:[-./:,][\p{L}\d]*\d[\p{L}\d]*)*/gu) ?? []
  ).map((one) => one.toLowerCase().replace(/[.,:/-]/g, ""));

export const hostsIn = (text: string): readonly string[] =>
  [
    ...text.matchAll(
      /https?:\/\/([^\s/<>"')\]:]+)|(?<![\w.-])(?:www\.|[\w.+-]+@)([\w-]+(?:\.[\w-]+)+)/gi,
    ),
  ].map(([, host, other]) => (host ?? other ?? "").toLowerCase().replace(/\.$/, ""));

/** Share of a question's long words that a text says. */
export function saidOf(question: string, text: string): number {
  const words = [...new Set(question.toLowerCase().match(/\p{L}{4,}/gu) ?? [])].map((word) =>
    word.slice(0, 5),
  );
  const there = text.toLowerCase();
  return words.length === 0
    ? 1
    : words.filter((word) => there.includes(word)).length / words.length;
}
