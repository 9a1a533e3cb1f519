import { list, type Reader } from "./setting-reader";

export type ProviderChoice = "embedded" | "azure-openai" | "dataverse-ai";

/** Words that models take for how long they think; which of them a model knows, its page says. */
export const reasoningEfforts = ["none", "minimal", "low", "medium", "high"] as const;
export type ReasoningEffort = (typeof reasoningEfforts)[number];

export interface AzureOpenAIConfig {
  /** Origin of the resource. */
  readonly endpoint: string;
  readonly deployment: string;
  /** Undefined: nothing is said of it, as a model that does not reason wants. */
  readonly reasoningEffort?: ReasoningEffort | undefined;
}

export interface IntelligenceConfig {
  /** `auto`: the language model when one is configured, and the embedded provider beside and after it. */
  readonly order: readonly ProviderChoice[] | "auto";
  readonly azureOpenAI: AzureOpenAIConfig | undefined;
  /** For one answer, all providers together. */
  readonly budgetSeconds: number;
  /** Hosts that a drafted mail may link to, beside those of the articles themselves. */
  readonly linkHosts: readonly string[];
}

const providers: readonly ProviderChoice[] = ["embedded", "azure-openai", "dataverse-ai"];

export function readIntelligence(read: Reader): IntelligenceConfig {
  const endpoint = read.origin("AZURE_OPENAI_ENDPOINT", read.text("AZURE_OPENAI_ENDPOINT"));
  const deployment = read.text("AZURE_OPENAI_DEPLOYMENT");
  if (endpoint !== "" && deployment === "")
    read.report("AZURE_OPENAI_DEPLOYMENT", "is missing (AZURE_OPENAI_ENDPOINT is set).");
  if (deployment !== "" && read.text("AZURE_OPENAI_ENDPOINT") === "")
    read.report("AZURE_OPENAI_ENDPOINT", "is missing (AZURE_OPENAI_DEPLOYMENT is set).");
  const effortText = read.text("AZURE_OPENAI_REASONING_EFFORT").toLowerCase();
  const reasoningEffort = reasoningEfforts.find((each) => each === effortText);
  if (effortText !== "" && reasoningEffort === undefined)
    read.report(
      "AZURE_OPENAI_REASONING_EFFORT",
      `must be one of ${reasoningEfforts.join(", ")}, or empty.`,
    );
  const words = list(read.text("AI_PROVIDERS").toLowerCase());
  const order = providers.filter((name) => words.includes(name));
  if (words.join() !== "auto" && order.length !== words.length)
    read.report("AI_PROVIDERS", `must be auto or a list of ${providers.join(", ")}.`);
  return {
    order:
      words.join() === "auto"
        ? "auto"
        : words.flatMap((word) => order.find((name) => name === word) ?? []),
    azureOpenAI: endpoint === "" ? undefined : { endpoint, deployment, reasoningEffort },
    budgetSeconds: read.whole("AI_BUDGET_SECONDS", 1, 120),
    linkHosts: list(read.text("DRAFT_LINK_HOSTS").toLowerCase()),
  };
}
