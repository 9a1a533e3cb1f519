import { createHash } from "node:crypto";
import type { OpenAI } from "openai";
import type { z } from "zod";
import { ProviderFailure } from "../../provider-failure";
import type { Trace } from "../../types";
import { asFailure } from "./failure";

export interface AzureOpenAIOptions {
  /** Origin of the resource: `https://contoso.openai.azure.com`. */
  readonly endpoint: string;
  readonly deployment: string;
  /** How long the model thinks; a model that does not reason refuses to be told, so undefined says nothing. */
  readonly reasoningEffort?: "none" | "minimal" | "low" | "medium" | "high" | undefined;
  /** A bearer token for the scope `https://cognitiveservices.azure.com/.default`; cached by whoever gives it. */
  getToken(): Promise<string>;
}

export interface Question<T> {
  /** Our words. The same for every request of the kind, to the byte. */
  readonly system: string;
  /** Our words and marked data. */
  readonly user: string;
  /** Name of the schema. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
  readonly maxTokens: number;
}

export interface Answer<T> {
  readonly value: T;
  readonly trace: Omit<Trace, "injectionSuspected">;
}

/** Longest prompt in characters, all parts together. Sources are cut before; this is the last word. */
const longestPrompt = 120_000;

/** The client library is loaded at the first question: it costs a sixth of a second that most instances never need. */
export function createAsk(options: AzureOpenAIOptions) {
  let client: Promise<OpenAI> | undefined;
  const connect = async () => {
    const { OpenAI: Library } = await import("openai");
    return new Library({
      baseURL: `${options.endpoint}/openai/v1/`,
      apiKey: () => options.getToken(),
      maxRetries: 2,
      dangerouslyAllowBrowser: false,
    });
  };

  async function once<T>(
    question: Question<T>,
    complaint: string | undefined,
    signal: AbortSignal,
  ) {
    client ??= connect();
    const library = await client;
    const { zodResponseFormat } = await import("openai/helpers/zod");
    const completion = await library.chat.completions.create(
      {
        model: options.deployment,
        messages: [
          { role: "system", content: question.system },
          { role: "user", content: question.user },
          ...(complaint === undefined ? [] : [{ role: "user" as const, content: complaint }]),
        ],
        response_format: zodResponseFormat(question.schema, question.name),
        max_completion_tokens: question.maxTokens,
        ...(options.reasoningEffort === undefined
          ? {}
          : { reasoning_effort: options.reasoningEffort }),
      },
      { signal },
    );
    const [choice] = completion.choices;
    if (choice?.message.refusal) throw new ProviderFailure("refused", "The model refused.");
    if (choice?.finish_reason === "content_filter")
      throw new ProviderFailure("filtered", "The answer was filtered.");
    return { completion, read: readAnswer(question.schema, choice) };
  }

  /** @throws ProviderFailure */
  return async function ask<T>(question: Question<T>, signal: AbortSignal): Promise<Answer<T>> {
    const started = performance.now();
    if (question.system.length + question.user.length > longestPrompt)
      throw new ProviderFailure("unavailable", "The prompt is too long.");
    try {
      let { completion, read } = await once(question, undefined, signal);
      let tokens = tokensOf(completion.usage);
      if ("problem" in read) {
        // One try to mend it; the model hears our words about its answer, not its answer.
        const second = await once(
          question,
          `Your answer was not usable: ${read.problem} Answer again, in the schema only.`,
          signal,
        );
        ({ completion, read } = second);
        const more = tokensOf(completion.usage);
        tokens = { in: tokens.in + more.in, out: tokens.out + more.out };
      }
      if ("problem" in read)
        throw new ProviderFailure("invalid-output", `The answer stayed unusable: ${read.problem}`);
      return {
        value: read.value,
        trace: {
          provider: "azure-openai",
          model: completion.model,
          modelVersion: completion.system_fingerprint ?? options.deployment,
          promptHash: hash(question.system + question.name),
          ms: Math.round(performance.now() - started),
          tokens,
        },
      };
    } catch (error) {
      throw error instanceof ProviderFailure ? error : await asFailure(error, signal);
    }
  };
}

const tokensOf = (
  usage: { prompt_tokens: number; completion_tokens: number } | undefined | null,
) => ({
  in: usage?.prompt_tokens ?? 0,
  out: usage?.completion_tokens ?? 0,
});

const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** The schema again, by us: what the service promises is checked where it is used. */
function readAnswer<T>(
  schema: z.ZodType<T>,
  choice: OpenAI.ChatCompletion.Choice | undefined,
): { value: T } | { problem: string } {
  if (choice?.finish_reason === "length") return { problem: "it was cut off; be brief." };
  let json: unknown;
  try {
    json = JSON.parse(choice?.message.content ?? "");
  } catch {
    return { problem: "it was no JSON." };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { value: parsed.data };
  const paths = parsed.error.issues.slice(0, 5).map((issue) => issue.path.map(String).join("."));
  return { problem: `these parts did not fit: ${paths.join(", ") || "all"}.` };
}
