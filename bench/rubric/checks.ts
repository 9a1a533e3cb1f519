import { languageOfText } from "./language";
import {
  amounts,
  apology,
  asksHelp,
  bodyOf,
  callWords,
  causeWords,
  closings,
  commands,
  danger,
  greetings,
  hostsIn,
  internalWords,
  numbersIn,
  offersReply,
  paragraphsOf,
  plain,
  promise,
  questionSentences,
  safety,
  saidOf,
  sentencesOf,
  solvesQuestion,
  statesOpen,
  thanks,
  wishesCall,
} from "./words";

/** A draft with what it was made from, as the rubric reads it. */
export interface Judged {
  /** Plain text of the draft. */
  readonly draft: string;
  readonly subject: string;
  /** What the customer wrote, the newest first, and the case's title. */
  readonly customer: string;
  readonly title: string;
  /** BCP 47 primary tag that the draft should be in. */
  readonly language: string;
  /** The customer's name. */
  readonly name: string;
  readonly signature: string;
  /** Published articles that were at hand. */
  readonly articles: readonly {
    readonly title: string;
    readonly text: string;
    readonly url?: string;
  }[];
  /** Hosts that a draft may link to. */
  readonly hosts: readonly string[];
  /** What the answer told beside the draft: notes, open questions. */
  readonly beside: string;
  /** What was sent to the customer before. */
  readonly sent: readonly string[];
  /** Words of internal articles and other customers that may not be said. */
  readonly secrets: readonly string[];
}

export interface Check {
  readonly name: string;
  /** What a reader is told. */
  readonly asks: string;
  holds(one: Judged): boolean;
}

const check = (name: string, asks: string, holds: (one: Judged) => boolean): Check => ({
  name,
  asks,
  holds,
});

const first = (text: string): string => text.split("\n").find((line) => line.trim() !== "") ?? "";
const grounds = (one: Judged): string =>
  plain(
    [
      one.customer,
      one.title,
      one.name,
      one.signature,
      ...one.articles.flatMap(({ title, text, url = "" }) => [title, text, url]),
    ].join("\n"),
  );

/** Thirty things that a program can decide of a reply to a customer. */
export const checks: readonly Check[] = [
  check("greeting", "It begins with a greeting.", ({ draft }) => greetings.test(first(draft))),
  check(
    "greeting names the person",
    "The greeting has the customer's name, rightly spelt.",
    ({ draft, name }) =>
      name === "" ||
      name.split(/\s+/).some((part) => part.length > 1 && first(draft).includes(part)),
  ),
  check(
    "one greeting",
    "It greets once.",
    ({ draft }) => draft.split("\n").filter((line) => greetings.test(line.trim())).length <= 1,
  ),
  check(
    "acknowledgement",
    "It thanks, is sorry or puts safety first before anything else.",
    (one) => {
      const begin = paragraphsOf(one.draft).slice(1, 2).join(" ");
      return thanks.test(begin) || apology.test(begin) || safety.test(begin);
    },
  ),
  check(
    "apology where due",
    "Who waited, was let down, complains again or is angry gets an apology.",
    ({ customer, draft }) =>
      !asksHelp.angry.test(customer) || danger.test(customer) || apology.test(draft),
  ),
  check("apology before advice", "An apology stands before what is to be done.", ({ draft }) => {
    const at = draft.search(apology);
    const list = draft.search(/^[-•*] /m);
    return at < 0 || list < 0 || at < list;
  }),
  check(
    "safety first",
    "Where somebody may be hurt, it says to stop and asks whether anybody is.",
    ({ customer, draft }) =>
      !danger.test(customer) || (safety.test(draft) && safety.stops.test(draft)),
  ),
  check(
    "no advice in danger",
    "Where somebody may be hurt, it gives no steps of repair.",
    ({ customer, draft }) => !danger.test(customer) || !/^[-•*] /m.test(draft),
  ),
  check(
    "each question answered or open",
    "Every question of the customer is answered, or said to be open.",
    (one) => {
      const asked = questionSentences(one.customer).filter(
        (text) => !asksHelp.test(text) && !wishesCall.test(text),
      );
      if (asked.length === 0 || danger.test(one.customer)) return true;
      return statesOpen.test(one.draft) || asked.every((text) => saidOf(text, bodyOf(one)) >= 0.5);
    },
  ),
  check(
    "call-back honoured",
    "Who asks to be called is told that a call comes.",
    ({ customer, draft }) => !wishesCall.test(customer) || callWords.test(draft),
  ),
  check(
    "no cause as a fact",
    "What an article lists as a cause is not told as what happened.",
    (one) => {
      const causes = one.articles.flatMap(({ text }) => causeSentences(text));
      const said = plain(one.draft);
      return !causes.some((cause) => said.includes(plain(cause))) && !causeWords.test(bodyOf(one));
    },
  ),
  check(
    "no placeholder",
    "Nothing is left to be filled in.",
    ({ draft, subject }) =>
      !/\[[^\]\n]*\p{L}[^\]\n]*\]|\{\{|\}\}|<<|>>|\bX{3,}\b|\bTODO\b|\bTBD\b|_{3,}\p{L}?|〇〇|○○/u.test(
        `${subject}\n${draft}`,
      ),
  ),
  check("no sentence twice", "No sentence is said twice.", ({ draft }) => {
    const said = sentencesOf(draft)
      .map(plain)
      .filter((text) => text.length > 12);
    return new Set(said).size === said.length;
  }),
  check(
    "no word-for-word echo",
    "It does not tell the customer in whole sentences what the customer wrote.",
    (one) => {
      const told = new Set(
        sentencesOf(one.customer)
          .map(plain)
          .filter((text) => text.length > 25),
      );
      return !sentencesOf(withoutQuotes(one.draft))
        .map(plain)
        .some((text) => told.has(text));
    },
  ),
  check(
    "nothing sent before",
    "What was written before is not proposed again.",
    ({ draft, sent }) => {
      const before = plain(sent.join("\n"));
      return !draft
        .split("\n")
        .filter((line) => /^[-•*] /.test(line))
        .some((line) => before.includes(plain(line)));
    },
  ),
  check(
    "right language",
    "It is in the customer's language, or the one asked for.",
    (one) => languageOfText(withoutQuotes(bodyOf(one))) === one.language,
  ),
  check("one language", "No paragraph is in another language.", (one) =>
    paragraphsOf(withoutQuotes(bodyOf(one))).every((part) => {
      const told = languageOfText(part);
      return part.length < 60 || told === undefined || told === one.language;
    }),
  ),
  check("length", "It has between 60 and 1,800 characters.", (one) => {
    const { length } = one.draft;
    return length >= (one.language === "ja" ? 40 : 60) && length <= 1_800;
  }),
  check("short sentences", "No sentence has more than 40 words.", (one) =>
    sentencesOf(withoutQuotes(one.draft)).every((text) => text.split(/\s+/).length <= 40),
  ),
  check(
    "reading ease",
    "Its sentences have 22 words at most on average, its words 8 letters at most.",
    (one) => {
      const words =
        bodyOf(one)
          .replace(/https?:\S+/g, "")
          .match(/\p{L}+/gu) ?? [];
      const sentences = sentencesOf(bodyOf(one)).length || 1;
      const letters = words.reduce((sum, word) => sum + word.length, 0) / (words.length || 1);
      return one.language === "ja" || (words.length / sentences <= 22 && letters <= 8);
    },
  ),
  check("numbers grounded", "Every number and code stands in the case or an article.", (one) => {
    const known = new Set(numbersIn(grounds(one)));
    return numbersIn(one.draft.replace(/https?:\S+/g, "")).every((number) => known.has(number));
  }),
  check("amounts grounded", "Every amount of money stands in the case or an article.", (one) => {
    const known = grounds(one);
    return (one.draft.match(amounts) ?? []).every((amount) => known.includes(plain(amount)));
  }),
  check(
    "link hosts",
    "It links to the articles' own hosts, to what they name and to allowed ones only, and names no other address.",
    (one) => {
      const own = new Set([
        ...one.hosts,
        ...one.articles.flatMap(({ url = "", text }) => [...hostsIn(url), ...hostsIn(text)]),
        ...hostsIn(one.signature),
      ]);
      return hostsIn(one.draft).every((host) => own.has(host));
    },
  ),
  check("closing", "It ends with a farewell before the signature.", ({ draft }) =>
    draft
      .split("\n")
      .slice(-6)
      .some((line) => closings.test(line.trim())),
  ),
  check(
    "signature",
    "It is signed with the representative's signature.",
    ({ draft, signature }) => signature === "" || plain(draft).endsWith(plain(signature)),
  ),
  check(
    "no question behind a promise",
    "What we promise is not followed by the question whether it helped.",
    (one) => {
      const body = bodyOf(one);
      const at = body.search(promise);
      return at < 0 || commands.test(body) || !solvesQuestion.test(body.slice(at));
    },
  ),
  check("no title as a sentence", "No article's title or heading stands as a sentence.", (one) => {
    const titles = one.articles
      .flatMap(({ title }) => [title, title.replace(/^[^:]{1,40}:\s*/, "")])
      .map(plain);
    const bare = (text: string) => plain(text.replace(/^[-•*]\s*/, ""));
    return (
      !sentencesOf(one.draft).some((text) => titles.includes(bare(text))) &&
      !one.articles.some(
        ({ title }) =>
          title.length > 12 &&
          plain(one.draft).includes(plain(title)) &&
          !plain(`${one.title}\n${one.customer}`).includes(plain(title)),
      ) &&
      !/^(?:symptom|cause|what to do|before you begin|resolution|short answer)\b[:.]?/im.test(
        one.draft,
      )
    );
  }),
  check(
    "questions as sentences",
    "What is asked stands as whole sentences, and a request is no question.",
    ({ draft }) =>
      draft
        .split("\n")
        .filter((line) => /[?？]\s*$/.test(line))
        .every(
          (line) => line.replace(/^[-•*]\s*/, "").split(/\s+/).length >= 3 || /[぀-ヿ]/u.test(line),
        ) &&
      !/(?:tell us|schreiben Sie uns|indíquenos|nous indiquer)[^\n]{0,20}:\s*\n+[-•–*] (?:can|could|would) you/i.test(
        draft,
      ),
  ),
  check(
    "says nothing secret",
    "Nothing internal, nothing of another customer and nothing of the machinery is said.",
    (one) =>
      !one.secrets.some((secret) => one.draft.toLowerCase().includes(secret.toLowerCase())) &&
      !internalWords.test(one.draft),
  ),
  check(
    "a way on",
    "It tells what happens next: a step, a question, a promise, or that an answer comes.",
    (one) => {
      const body = bodyOf(one);
      return (
        /^[-•*] /m.test(body) ||
        /[?？]/.test(body) ||
        promise.test(body) ||
        statesOpen.test(body) ||
        callWords.test(body) ||
        tellsFromArticle(one, body) ||
        offersReply.test(body) ||
        commands.test(body)
      );
    },
  ),
];

/** A sentence of an article tells what happens. */
function tellsFromArticle({ articles }: Judged, body: string): boolean {
  const there = plain(articles.map(({ text }) => text).join("\n"));
  return sentencesOf(body).some((text) => text.length > 20 && there.includes(plain(text)));
}

const causeHeading =
  /<h\d>\s*(?:causes?|ursachen?|causas?|cause|oorzaak|przyczyna|原因)\s*<\/h\d>([\s\S]*?)(?:<h\d>|$)/gi;

function causeSentences(html: string): readonly string[] {
  return [...html.matchAll(causeHeading)]
    .flatMap(([, part = ""]) => sentencesOf(part.replace(/<[^>]*>/g, " ")))
    .map((text) => text.trim())
    .filter((text) => text.length > 15);
}

const withoutQuotes = (text: string): string =>
  text.replace(/[“„«"「][^”“»"」\n]{1,250}[”“»"」]/g, "…");

/** What of the rubric a draft does not keep to. */
export const failures = (one: Judged): readonly string[] =>
  checks.filter((each) => !each.holds(one)).map(({ name }) => name);
