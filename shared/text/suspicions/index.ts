import { foreignSigns, type Sign } from "./foreign";

/**
 * Signs that a text gives orders to a machine. Each rule asks for the two halves of such an order (an imperative, and
 * the machine's task, rules or output), because customers write either half all day: "ignore my last mail" and
 * "please classify this as urgent for your engineers" must pass.
 */
const machine = String.raw`(?:assistant|ai|a\.i\.|chat ?bot|bot|language model|llm|gpt|copilot|model|agent instructions?)`;
const rules = `(?:instructions?|prompts?|directions?|rules?|guidelines?|commands?|system (?:message|prompt)|anweisungen|instrucciones|consignes)`;

const english: readonly Sign[] = [
  [
    "asks to ignore instructions",
    new RegExp(
      String.raw`\b(?:ignore|disregard|forget|override|bypass|skip|drop|neglect|do not follow|don'?t follow|stop following)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|preceding|all|any|your|system|the|other|former|original)\b[^.\n]{0,30}\b${rules}`,
      "i",
    ),
  ],
  [
    "asks to forget what came before",
    /\b(?:ignore|disregard|forget)\s+(?:everything|anything|all|what)\b[^.\n]{0,30}\b(?:above|before|so far|said|told|was asked|previously)\b/i,
  ],
  [
    "gives the machine a role",
    new RegExp(
      String.raw`\b(?:you are now|from now on,? you(?: are| will|'ll)|act as|pretend (?:to be|you are)|you must act as|roleplay as)\b[^.\n]{0,40}\b(?:${machine}|dan|developer mode|unrestricted|admin(?:istrator)?|system)\b`,
      "i",
    ),
  ],
  [
    "speaks to the machine",
    new RegExp(
      String.raw`\b(?:note|message|instructions?|attention|important|dear|hey|hello|hi|to)(?:\s{1,3}(?:to|for|all|the|any|this)){0,4}[\s:,]{1,5}${machine}\b[^.\n]{0,40}[:,!]`,
      "i",
    ),
  ],
  [
    "speaks to the machine",
    /\b(?:if you are|as) an? (?:ai|llm|language model|ai (?:assistant|agent|model)|large language model)\b/i,
  ],
  [
    "imitates the chat format",
    /<\|?(?:im_start|im_end|system|endoftext|assistant|user)\|?>|\[\/?(?:INST|SYS(?:TEM)?)\]|<<\/?SYS>>|^[^\S\n]{0,20}#{2,6}[^\S\n]{0,5}(?:system|instruction|new instructions?)\b|^(?:system|assistant|developer)[^\S\n]{0,5}:\s{0,5}\S/im,
  ],
  [
    "dictates the result",
    /\b(?:classify|categori[sz]e|label|tag|mark|set|assign|route|prioriti[sz]e|output|return|answer|respond|reply)\b[^.\n]{0,60}\b(?:this (?:case|ticket|e-?mail|message|request|text)|the (?:case|ticket|category|label|priority|field|value|output|answer|result|owner|queue|status))\b[^.\n]{0,50}\b(?:as|to|is|=|with)\b[^.\n]{0,60}\b(?:regardless|no matter|instead|only|nothing else|without|confidence|always|must|exactly)\b/i,
  ],
  [
    "dictates the result",
    /\b(?:confidence|certainty|probability)\s*(?:of|to|is|=|:)\s*(?:1(?:\.0+)?|100\s*%|0?\.99?)\b/i,
  ],
  [
    "dictates the result",
    /\b(?:regardless of|no matter what)\b[^.\n]{0,60}\b(?:classif|categor|label|output|answer|respond|set)/i,
  ],
  [
    "new instructions",
    /\b(?:new|updated|additional|real|hidden|secret|following)\s+(?:system\s+)?(?:instructions?|prompt|directives?)\b\s*(?:[:.]|are|is|from)|\b(?:your|the) (?:new|real|actual|only) (?:task|goal|job|instructions?) (?:is|are)\b/i,
  ],
  [
    "asks for the prompt",
    /\b(?:reveal|print|show|repeat|output|leak|tell me|display|disclose)\b[^.\n]{0,40}\b(?:system prompt|your (?:initial |original )?(?:prompt|instructions)|hidden prompt|(?:initial|previous) prompt)\b/i,
  ],
  [
    "asks to send data out",
    /\b(?:send|forward|e-?mail|post|upload|exfiltrate|copy|bcc)\b[^.\n]{0,60}\b(?:all|every|other|customers?'?|conversation|passwords?|api keys?|secrets?|contact list|database)\b[^.\n]{0,60}\b(?:to|at)\b[^.\n]{0,10}(?:https?:\/\/|[\w.+-]{1,64}@[\w-]{1,63}\.)/i,
  ],
  [
    "asks for secrets",
    /\b(?:call|phone|dial|text|visit|click|go to|log ?in at|write to|reply to|mail)\b[^.\n]{0,20}(?:\+?\d[\d ()/-]{6}|https?:\/\/|www\.|\w@)[^\n]{0,60}\b(?:confirm|verify|give|tell|enter|provide|update|submit|reset)\b[^\n]{0,30}\b(?:passwords?|pin|tan|passcode|credentials|card (?:number|details)|security code|one-time code)\b/i,
  ],
  ["carries an image that calls out", /!\[[^[\]]*\]\(https?:\/\/[^()?&]*[?&]/i],
  [
    "calls a tool",
    /\b(?:call|invoke|execute|run|use)\b[^.\n]{0,20}\b(?:the )?(?:tool|function|api|send_email|update_record|delete_record|create_record|resolve_incident|read_query)\b[^.\n]{0,60}\b(?:with|to|on|and|now|for)\b[^.\n]{0,60}\b(?:delete|grant|password|all|every|admin|forward|transfer|attacker|immediately)\b|\b(?:update_record|delete_record|create_record|resolve_incident|send_email)\s*\(/i,
  ],
  [
    "dictates how the reply is written",
    /\b(?:replace|convert|scramble|jumble|rearrange|remove|substitute|group|combine|misspell|anagram|render|provide|introduce|use)\b[^.\n]{0,60}\b(?:letters?|vowels?|words?|spaces?|typos|misspellings?|anagram(?:s|med)?|substitution|symbols|punctuation)\b[^.\n]{0,60}\b(?:answer|response|reply)\b/i,
  ],
  [
    "dictates how the reply is written",
    /\b(?:replace|convert|scramble|jumble|rearrange|substitute|misspell|anagram|render|provide|use|(?:every|each) (?:second|third|fourth|fifth))\b[^.\n]{0,60}\byour (?:answer|response|reply|message)\b[^.\n]{0,60}\b(?:letters?|vowels?|anagram(?:s|med)?|substitution|symbols|misspellings?|spaces)\b/i,
  ],
  [
    "dictates how the reply is written",
    /\b(?:letters?|vowels?|words?)\b[^.\n]{0,30}\b(?:of|in|with)\b[^.\n]{0,30}\b(?:position number|numbers? \(|symbols\b|(?:words of|letters of) your message)/i,
  ],
  [
    "puts words into the reply",
    /\b(?:add|include|integrate|insert|append|embed|weave)\b[^\n]{0,140}\b(?:in|in to|into|to)\s+your (?:answer|response|reply)\b[^\n]{0,40}\b(?:detailing|encouraging|emphasi[sz]ing|stressing|pointing|for (?:users|readers|people|customers)|directing|inviting)\b/i,
  ],
  [
    "puts words into the reply",
    /\b(?:add|include|integrate|insert|append|embed)\s+(?:["“‘'][^\n"”]{3,120}["”’'][^\n]{0,60}|www\.[^\n]{3,40}|an? (?:tip|statement|sentence|headline|reminder|sensational|compelling|friendly|slogan|link|warning)\b[^\n]{0,100})\b(?:in|into|to) your (?:answer|response|reply)\b/i,
  ],
  [
    "puts words into the reply",
    /\b(?:modify|augment|enhance|enrich|alter|rewrite|adapt)\s+your (?:answer|response|reply)\s+(?:to|with|by|so)\b/i,
  ],
  [
    "puts words into the reply",
    /\bin your (?:answer|response|reply),?\s+(?:suggest|tease|hint|promote|recommend|encourage|advertise|urge|persuade|convince)\b/i,
  ],
];

const signs: readonly Sign[] = [...english, ...foreignSigns];

/** Texts as the engine tells them apart: it compiles a pattern for each of the two at its first use, and again for its next. */
const kindsOfText = ["Hello.", "Привет 中."];

/**
 * Has every pattern compiled in turns. All at once take 90 ms of CPU, at the first text of each kind that a process reads.
 *
 * @param turn lets the event loop in between
 */
export async function compileSigns(turn: () => Promise<void>): Promise<void> {
  for (const text of kindsOfText) {
    for (const [, sign] of signs) {
      await turn();
      sign.test(text);
      sign.test(text);
    }
  }
}

/** Names of the signs found, each once; empty for ordinary words. */
export function suspicionsOf(text: string): readonly string[] {
  const plain = text.replace(/[^\S\n]+/g, " ");
  return [...new Set(signs.filter(([, sign]) => sign.test(plain)).map(([name]) => name))];
}
