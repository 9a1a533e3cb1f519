import type { CaseIntelligence } from "../../types";
import { type AzureOpenAIOptions, createAsk } from "./ask";
import { draftQuestion } from "./draft-reply";
import { predictFieldsQuestion } from "./predict-fields";
import { suggestQuestion } from "./suggest-next-steps";

export type { AzureOpenAIOptions } from "./ask";

/**
 * A language model of one's own Azure OpenAI resource, reached with the managed identity. It gets no tools and no ids, and
 * returns one object in a strict schema, which is checked again here. Throws `ProviderFailure`.
 *
 * @see https://learn.microsoft.com/azure/ai-foundry/openai/how-to/structured-outputs
 */
export function createAzureOpenAI(options: AzureOpenAIOptions): CaseIntelligence {
  const ask = createAsk(options);
  return {
    name: "azure-openai",
    supports: () => true,
    async predictFields(input, signal) {
      const { question, read } = predictFieldsQuestion(input);
      const { value, trace } = await ask(question, signal);
      return { predictions: read(value), trace: { ...trace, injectionSuspected: false } };
    },
    async suggestNextSteps(input, signal) {
      const { question, read } = suggestQuestion(input);
      const { value, trace } = await ask(question, signal);
      return { ...read(value), trace: { ...trace, injectionSuspected: false } };
    },
    async draftReply(input, signal) {
      const { question, read } = draftQuestion(input);
      const { value, trace } = await ask(question, signal);
      return { ...read(value), trace: { ...trace, injectionSuspected: false } };
    },
  };
}
