/** Words that name what is to be filled in, in the languages of the desk; one of them alone in brackets is a gap. */
const gapWords =
  /(?<!\p{L})(?:name|vorname|nachname|firstname|lastname|first|last|customer|client|cliente|kunde|kunden|kundin|klant|klient|nom|prénom|nombre|apellido|nome|cognome|naam|imię|nazwisko|date|datum|fecha|data|time|uhrzeit|heure|hora|ora|number|nummer|numéro|número|numero|numer|address|adresse|dirección|indirizzo|adres|amount|betrag|montant|importe|importo|bedrag|kwota|price|preis|product|produkt|produit|producto|prodotto|order|bestellung|company|firma|agent|signature|unterschrift|firma|phone|telefon|link|url|email|e-mail|title|titel|subject|betreff|reason|grund|insert|enter|fill|your|ihr|ihre|votre|vos|su|suo|uw|seu|twój|placeholder|platzhalter|text|here|hier)(?!\p{L})/iu;
const gapWordsOfJapanese =
  /名前|氏名|お客様|様|担当|日付|日時|番号|住所|金額|会社|記入|入力|ここに/u;

/** What stands before the name of a button or a key: `click [Save]`. */
const pressed =
  /(?<!\p{L})(?:click|press|tap|select|choose|push|hit|button|key|menu|klick\p{L}{0,4}|drück\p{L}{0,4}|tipp\p{L}{0,4}|wähl\p{L}{0,4}|taste|schaltfläche|cli(?:qu|c|k)\p{L}{0,6}|appuy\p{L}{0,4}|touche|bouton|puls\p{L}{0,6}|tecla|botón|prem\p{L}{0,4}|tasto|druk\p{L}{0,3}|toets|knop|botão|kliknij|naciśnij|przycisk)\s{1,3}(?:(?:on|the|die|das|den|auf|sur|el|en|em|la|il|op|de|o|le)\s{1,3})?$/iu;

/** Inside brackets that leave nothing open: keys, notes of an editor, marks of a mail program, signs without words. */
const told =
  /^(?:ok|esc|enter|ctrl|strg|alt(?: gr)?|shift|tab|del|entf|sic|x|external|extern|ext|spam|suspicious|encrypted|(?:cid|image|https?|mailto):.*|[^\p{L}\p{N}]*)$/iu;
/** A number of a case, a way through menus, the name of a file. */
const named = (inside: string): boolean =>
  inside.includes(">") ||
  (/\d/.test(inside) && !/\s/.test(inside)) ||
  /\.(?:png|jpe?g|gif|pdf|docx?|xlsx?)$/i.test(inside);

const brackets = /\[[^[\]\n]{1,200}\]/g;

/** Marks of mail merge, templates and drafting that no finished text has. */
const marks: readonly RegExp[] = [
  /\{\{[^{}\n]{0,100}\}\}/g,
  /\{![^{}\n]{1,200}\}/g,
  /\$\{[^{}\n]{1,100}\}/g,
  /\{[\p{L}_][\p{L}\d_.]{1,40}\}|\{\d\}/gu,
  /<<[^<>\n]{1,100}>>/g,
  /«[\p{L}\d]+_[\p{L}\d_]+»/gu,
  /%%?[A-Z][A-Z_]{2,40}%%?/g,
  /(?<![\p{L}\d_])__\p{L}[\p{L}_]{0,38}\p{L}__(?![\p{L}\d_]|\.\p{L})/gu,
  /(?<![\p{L}\d-])X{3,}(?![\p{L}\d]|[ -]?\d|-X)/gu,
  /(?<![\p{L}\d])(?:TBD|TBC|FIXME|t\.b\.d\.|t\.b\.c\.)(?![\p{L}\d])/gu,
  /(?<![\p{L}\d])lorem ipsum(?!\p{L})/giu,
  /[○〇●◯]{2,}/gu,
  /(?<![^\s("„“«])\?{3,}(?=[\s,.)]|$)/gm,
];

/** All, in Spanish and Portuguese: `incluye TODO lo necesario`. */
const todo =
  /(?<![\p{L}\d])TODO(?![\p{L}\d])(?!\s+(?:lo|el|la|los|las|o|a|os|as|está|esta|y|e|que|mundo|tipo|incluido|ello|esto|este|eso|para|por|en|em|de|del|do|da|se|me|nuestro|su)(?!\p{L})|\s+\p{Lu}{2})/gu;
/** A line to write on, inside a sentence: alone on its line it parts a mail from the one before. */
const blank = /_{3,}/g;
/** Angle brackets around words, which are no address. */
const angles = /<[^<>@\n/]{2,60}>/g;

/**
 * What is still to be filled in: `[customer name]`, `{{date}}`, `<<amount>>`, `XXX`, `TODO: …`, each once, in the order of the
 * text. Honest text has brackets too (`[CAS-01001]`, `press [Start]`, `XXXX-1234`, a quotation's `[…]`): those are none.
 *
 * @param text plain
 */
export function placeholdersIn(text: string): readonly string[] {
  const found: { readonly at: number; readonly text: string }[] = [];
  let rest = text;
  /** What one pattern finds is taken out, so that no part of it counts again. */
  const add = (pattern: RegExp, isOne: (match: string, at: number) => boolean = () => true) => {
    rest = rest.replace(pattern, (match: string, at: number) => {
      if (!isOne(match, at)) return match;
      found.push({ at, text: match });
      return " ".repeat(match.length);
    });
  };
  add(brackets, (match, at) => isGap(match, text.slice(Math.max(0, at - 40), at)));
  for (const mark of marks) add(mark);
  add(todo, (_, at) => !isShouted(text, at));
  add(blank, (_, at) => hasWordsBeside(text, at));
  add(angles, (match) => gapWords.test(match) || gapWordsOfJapanese.test(match));
  found.sort((a, b) => a.at - b.at);
  return [...new Set(found.map((one) => one.text))];
}

function isGap(match: string, before: string): boolean {
  const inside = match.slice(1, -1).trim();
  if (told.test(inside) || named(inside) || pressed.test(before)) return false;
  return /\s/.test(inside) || gapWords.test(match) || gapWordsOfJapanese.test(match);
}

/** A line in capitals: there TODO is a word like its neighbours. */
function isShouted(text: string, at: number): boolean {
  const line = lineAt(text, at).replace("TODO", "");
  return !/[:(]/.test(text[at + 4] ?? "") && /\p{Lu}{2}/u.test(line) && !/\p{Ll}/u.test(line);
}

const hasWordsBeside = (text: string, at: number): boolean => /[\p{L}\d]/u.test(lineAt(text, at));

function lineAt(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return text.slice(text.lastIndexOf("\n", at) + 1, end < 0 ? undefined : end);
}
