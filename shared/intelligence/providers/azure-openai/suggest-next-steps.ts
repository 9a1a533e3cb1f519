import { z } from "zod";
import type { Evidence, NextStep, SuggestInput, SuggestResult } from "../../types";
import { createAliases } from "./aliases";
import type { Question } from "./ask";
import { createDatamark, type Datamark } from "./datamark";
import { articleLine, asData, frame, sourceLines, systemWords } from "./prompt";

const kinds = ["share-solution", "ask-customer", "do-internal", "escalate", "close"] as const;

interface Reply {
  steps: { kind: (typeof kinds)[number]; title: string; detail: string; sources: string[] }[];
  missing: { attribute: string; question: string }[];
}

/** Everything a step may name as its evidence, under an alias. */
export function materialOf(input: SuggestInput) {
  const articles = input.articles.slice(0, 5);
  const similar = input.similar.slice(0, 5);
  const source = createAliases("S", input.sources);
  const article = createAliases("A", articles);
  const resolved = createAliases("R", similar);
  const names = [...source.names, ...article.names, ...resolved.names];
  const lines = (mark: Datamark): string[] => [
    ...sourceLines(mark, input.sources, source),
    ...articles.map((hit) => articleLine(mark, article.nameOf(hit), hit.title, hit.text)),
    ...similar.map(
      (each) =>
        `${resolved.nameOf(each)} (similar resolved case): ${asData(mark, each.resolution ?? "", 1_000)}`,
    ),
  ];
  const evidence = (said: readonly string[]): Evidence[] =>
    [...new Set(said)].flatMap((name): Evidence[] => {
      const hit = article.itemOf(name);
      if (hit !== undefined) return [{ ref: hit.ref, kind: "knowledge", score: hit.score ?? 0.5 }];
      const one = resolved.itemOf(name);
      if (one !== undefined)
        return [{ ref: one.ref, kind: "resolved-case", score: one.score ?? 0.5 }];
      const text = source.itemOf(name);
      return text === undefined ? [] : [{ ref: text.id, kind: "source-span", score: 0.5 }];
    });
  return { names, lines, evidence };
}

/** What the model is asked for next steps, and how its answer is read: kinds, titles and evidence by alias. */
export function suggestQuestion(input: SuggestInput): {
  readonly question: Question<Reply>;
  read(reply: Reply): Pick<SuggestResult, "steps" | "answerable" | "missing">;
} {
  const mark = createDatamark();
  const { names, lines, evidence } = materialOf(input);
  const most = input.max ?? 5;
  const asked = input.intent?.attributes.filter((each) => each.known !== true) ?? [];
  const task = `Propose at most ${most} next steps, the best first, each with the sources that support it: share-solution only when an article or a similar case answers the customer's problem. List what must be asked of the customer first, if anything.`;
  const intent = input.intent;
  const parts = [
    ...(intent === undefined
      ? []
      : [
          `Intent: ${asData(mark, [intent.name, intent.lineOfBusiness].filter(Boolean).join(", "), 300)}`,
          ...asked.map(
            (each) => `Needed for it: ${asData(mark, `${each.name} ${each.question ?? ""}`, 300)}`,
          ),
        ]),
    ...lines(mark),
  ];
  return {
    question: {
      name: "next_steps",
      system: systemWords.suggestNextSteps,
      user: frame(mark, task, parts),
      schema: z.strictObject({
        steps: z.array(
          z.strictObject({
            kind: z.enum(kinds),
            title: z.string(),
            detail: z.string(),
            sources: z.array(z.enum(["none", ...names])),
          }),
        ),
        missing: z.array(z.strictObject({ attribute: z.string(), question: z.string() })),
      }) as unknown as z.ZodType<Reply>,
      maxTokens: 3_000,
    },
    read(reply) {
      const steps = reply.steps.slice(0, most).map((step): NextStep => {
        const found = evidence(step.sources);
        return {
          kind: step.kind,
          title: mark.remove(step.title).slice(0, 200),
          detail: mark.remove(step.detail).slice(0, 2_000),
          // The model's own word about its confidence is not asked for: evidence is what counts.
          confidence: found.length === 0 ? 0.3 : Math.max(...found.map((each) => each.score), 0.3),
          evidence: found,
        };
      });
      const isShared = steps.some(
        (step) =>
          step.kind === "share-solution" && step.evidence.some((each) => each.kind === "knowledge"),
      );
      return {
        steps,
        answerable: isShared ? 0.6 : 0.3,
        missing: reply.missing.slice(0, 8).map((each) => ({
          attribute: mark.remove(each.attribute).slice(0, 100),
          question: mark.remove(each.question).slice(0, 300),
          why: [],
        })),
      };
    },
  };
}
