import type { ReadSource } from "../read-sources";
import type { Escalation } from "../types";
import type { Regret } from "./frames/frame";

/** What a reply has to say before anything else, by what the customer's words are like. */
export interface Mood {
  /** Somebody may be hurt: nothing else matters. */
  readonly isDanger: boolean;
  /** The customer says that somebody is hurt: nobody asks then. */
  readonly isHurt: boolean;
  /** Something does not work as it should, and nothing is asked. */
  readonly tellsFault: boolean;
  readonly regret: Regret | undefined;
  /** A colleague who can decide is asked for, or has to know. */
  readonly needsDecision: boolean;
  readonly wantsRefund: boolean;
  readonly hasStopped: boolean;
  readonly wantsCall: boolean;
}

const waited =
  /\b(?:wait(?:ed|ing)?\s(?:this\s|so\s|for\s|too\s|very\s)?(?:long|weeks|days|ages|months)|(?:still|been) waiting|had to wait|weeks? (?:ago|without)|no (?:answer|reply|response) (?:for|since|yet)|lange (?:warten|gewartet)|warte (?:immer noch|seit|schon)|warten (?:wir )?(?:immer noch|seit|schon)|wochenlang|keine antwort|(?:noch )?immer noch nichts|noch immer nichts|still nothing|toujours rien|sigo sin|nog steeds niets|nadal nic|j'attends (?:toujours|depuis)|nous attendons (?:toujours|depuis)|attendre (?:si |aussi |trop )?longtemps|sans réponse|(?:sigo|seguimos|llevo|llevamos) (?:\w{1,20} ){0,4}esperando|tanto tiempo esperando|sin respuesta|aspett(?:o|iamo) (?:ancora|da)|da settimane|senza risposta|wacht(?:en)? (?:al|nog|sinds)|wachten op antwoord|al weken|geen antwoord|estou (?:há|à espera)|à espera há|há semanas|sem resposta|czekam(?:y)? (?:od|już)|od tygodni|bez odpowiedzi)(?!\p{L})|待って(?:い)?ます|待たされ|返事がありません|返信がありません/iu;
const angry =
  /\b(?:disappoint(?:ed|ing)|unacceptable|ridiculous|outrag(?:ed|eous)|furious|angry|fed up|expect better|disgrace|enttäuscht|unverschämt|frechheit|inakzeptabel|verärgert|sauer|wütend|stinksauer|unmöglich so|déçue?s?|inadmissible|inacceptable|scandaleux|furieu(?:x|se)|en colère|ras le bol|decepcionad[oa]s?|inaceptable|indignad[oa]|enfadad[oa]|hart[oa] de|vergüenza|delus[oa]|inaccettabile|arrabbiat[oa]|vergogn(?:a|oso)|stuf[oa]|teleurgesteld|onacceptabel|schandalig|boos|woedend|belachelijk|desiludid[oa]|dececionad[oa]|decepcionad[oa]|inaceitável|indignad[oa]|revoltad[oa]|rozczarowan[yai]|niedopuszczaln[ey]|skandal|wściek[łl]\p{L}{0,3}|oburzon[yai])(?!\p{L})|がっかり|納得(?:が)?(?:いき|でき)ません|腹が立|許せ|失望|いい加減に/iu;
const call =
  /\b(?:call (?:me|us) back|call[ -]?back|phone (?:me|us)|ring (?:me|us)|(?:could|can|please) (?:somebody |someone |you )?call (?:me|us)|give (?:me|us) a call|rückruf|ruf(?:en|t) (?:sie |ihr )?(?:mich|uns)|zurückruf\p{L}{0,3}|rappel(?:er|ez)(?:-moi|-nous)?|me rappeler|nous rappeler|appelez-(?:moi|nous)|llám[ae]n?(?:me|nos)|devolver(?:me|nos)? la llamada|(?:me|nos) llam[ae]n?|richiam(?:are|atemi|ateci|armi|arci)|(?:mi|ci) chiami|telefonatemi|terugbellen|terug te bellen|bel(?:t u)? (?:mij|me|ons)|terugbel|ligue(?:m)?-(?:me|nos)|ligar de volta|(?:me|nos) liguem?|oddzwo\p{L}{1,6}|zadzwo\p{L}{1,6} do (?:mnie|nas)|proszę o telefon)(?!\p{L})|折り返し|お電話(?:ください|を?いただけ)|電話して|電話を?ください/iu;

/** Something is not as it should be. */
const fault =
  /\b(?:not|never|nothing|nobody|can't|cannot|won't|doesn't|isn't|wasn't|didn't|hasn't|haven't|couldn't|broken|wrong|missing|stopped|fail(?:s|ed)?|damaged|leak(?:s|ing)?|error|twice|nicht|nichts|nie|kein\p{L}{0,2}|kaputt|falsch\p{L}{0,2}|fehlt|fehler|defekt|beschädigt|zweimal|pas|jamais|rien|aucune?|cassée?|panne|erreur|deux fois|nunca|nada|rot[oa]|fallo|dos veces|mai|niente|nulla|rott[oa]|errore|guasto|due volte|niet|niets|nooit|geen|kapot|fout|tweemaal|não|avariad[oa]|erro|duas vezes|nie|nigdy|nic|zepsut[yae]|błąd|brak|dwa razy)(?!\p{L})|\bno (?:va|funciona|enciende|carga|llega|sale|veo|puedo|encuentra)(?!\p{L})|\bnon (?:va|funziona|si|arriva|riesco|vedo|trova|carica|ricevo)(?!\p{L})|ません|故障|壊れ|エラー|間違/iu;

type Kind = Escalation["kind"];

const hasOne = (kinds: ReadonlySet<Kind>, some: readonly Kind[]): boolean =>
  some.some((kind) => kinds.has(kind));

/**
 * @param kinds what asks for more than a normal answer, as `escalationsOf` finds it
 * @param sources the customer's words, plain, the newest first
 */
export function moodOf(kinds: ReadonlySet<Kind>, sources: readonly ReadSource[]): Mood {
  const newest = sources[0]?.text ?? "";
  const all = sources.map(({ text }) => text).join("\n");
  const regret = regretOf(kinds, all);
  return {
    isDanger: kinds.has("danger") || kinds.has("injury"),
    isHurt: kinds.has("injury"),
    tellsFault: fault.test(all) && !/[?？]/u.test(newest),
    regret,
    needsDecision: hasOne(kinds, ["leaving", "law", "press", "data-protection", "manager"]),
    wantsRefund: kinds.has("money-back"),
    hasStopped: kinds.has("many-stopped"),
    wantsCall: call.test(newest) || call.test(all),
  };
}

function regretOf(kinds: ReadonlySet<Kind>, all: string): Regret | undefined {
  if (kinds.has("broken-promise")) return "promise";
  if (kinds.has("repeated-complaint")) return "again";
  if (waited.test(all)) return "wait";
  if (angry.test(all) || hasOne(kinds, ["leaving", "law", "press", "manager"])) return "anger";
  return hasOne(kinds, ["many-stopped", "money-back"]) ? "trouble" : undefined;
}
