import { z } from "zod";
import { escapeHtml } from "../../../text/markup";
import type { DraftInput, DraftResult, Evidence } from "../../types";
import type { Question } from "./ask";
import { createDatamark } from "./datamark";
import { asData, frame, systemWords } from "./prompt";
import { materialOf } from "./suggest-next-steps";

const types = ["Question", "Resolved", "UnableToResolve"] as const;

interface Reply {
  responseType: (typeof types)[number];
  subject: string;
  sentences: { text: string; sources: string[] }[];
}

const purposes = {
  "share-solution": "Share the solution from the articles.",
  "request-information": "Ask the customer for what is missing, one question after the other.",
  auto: "Share the solution if the articles hold it; else ask for what is missing.",
} as const;

/** What the model is asked for a reply, and how its answer is read: sentence by sentence, each with its sources by alias. */
export function draftQuestion(input: DraftInput): {
  readonly question: Question<Reply>;
  read(reply: Reply): Omit<DraftResult, "trace">;
} {
  const mark = createDatamark();
  // What is internal is for the representative's eyes: a model that never sees it cannot quote it.
  const { names, lines, evidence } = materialOf({
    ...input,
    articles: input.articles.filter((hit) => !hit.isInternal),
  });
  const language = input.language ?? "the language of the customer's words";
  const tone = input.tone === undefined ? "" : ` Tone: ${asData(mark, input.tone, 100)}.`;
  const task = `Write the reply as a list of sentences, each with its sources. ${purposes[input.purpose]} Language: ${language}.${tone} No greeting and no signature: they are added.`;
  const parts = [
    ...input.missing.map((each) => `Missing: ${asData(mark, each.question, 300)}`),
    ...lines(mark),
  ];
  return {
    question: {
      name: "reply",
      system: systemWords.draftReply,
      user: frame(mark, task, parts),
      schema: z.strictObject({
        responseType: z.enum(types),
        subject: z.string(),
        sentences: z.array(
          z.strictObject({ text: z.string(), sources: z.array(z.enum(["none", ...names])) }),
        ),
      }) as unknown as z.ZodType<Reply>,
      maxTokens: 3_000,
    },
    read(reply) {
      const body = reply.sentences.slice(0, 40).map((each) => ({
        text: mark.remove(each.text).replaceAll(/\s+/gu, " ").trim(),
        evidence: evidence(each.sources),
      }));
      return compose(input, mark.remove(reply.subject), reply.responseType, body);
    },
  };
}

/** Greeting and signature are ours; they count as sentences without needing a source. */
function compose(
  input: DraftInput,
  subject: string,
  responseType: DraftResult["responseType"],
  body: readonly { text: string; evidence: readonly Evidence[] }[],
): Omit<DraftResult, "trace"> {
  const said = body.filter((each) => each.text !== "");
  const offset = input.customerName === undefined ? 0 : 1;
  const paragraphs = [
    ...(input.customerName === undefined ? [] : [`${input.customerName},`]),
    said.map((each) => each.text).join("\n"),
    ...(input.signature === undefined ? [] : [input.signature]),
  ];
  return {
    responseType,
    needsReview: true,
    subject: subject.replaceAll(/\s+/gu, " ").trim().slice(0, 200),
    text: paragraphs.join("\n\n"),
    html: paragraphs.map((each) => `<p>${escapeHtml(each).replaceAll("\n", "<br>")}</p>`).join(""),
    citations: said.flatMap((each, index) =>
      each.evidence.length === 0 ? [] : [{ sentence: index + offset, evidence: each.evidence }],
    ),
    ungrounded: said.filter((each) => each.evidence.length === 0).map((each) => each.text),
    placeholders: [
      ...new Set(said.flatMap((each) => each.text.match(/\[[^\]\n]{2,60}\]/gu) ?? [])),
    ],
  };
}
