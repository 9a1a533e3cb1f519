import { performance } from "node:perf_hooks";
import { createDataverseEnvironment } from "../../shared/compose";
import { readConfig } from "../../shared/config";
import { RequestBudget } from "../../shared/dataverse/transport/request-budget";
import {
  type CaseIntelligence,
  createCaseIntelligence,
  createEmbeddedProvider,
  type FieldSpec,
  type ResolvedCase,
} from "../../shared/intelligence";
import { createAzureOpenAI } from "../../shared/intelligence/providers/azure-openai";
import { neverAutomatic } from "../../shared/policy/automatic";
import { createTrace } from "../../shared/trace";
import type { Labelled } from "./files";
import { calibrationError, percent, percentile, type Row, round } from "./scores";

/**
 * A chain of providers on a set, asked as the tools ask it: one field, the cases before as history. What it took is counted
 * from the traces; an answer that fell back to another provider counts as that provider's.
 */
export async function measureChain(
  set: string,
  name: string,
  chain: CaseIntelligence,
  training: readonly Labelled[],
  test: readonly Labelled[],
): Promise<Row> {
  const labels = [...new Set(training.map(({ label }) => label))].sort();
  const field: FieldSpec = {
    logicalName: "label",
    displayName: "Label",
    type: "choice",
    options: labels.map((label, value) => ({ value, label: label.replaceAll("_", " ") })),
    mode: "auto",
    selectAt: 0.5,
    autoAt: "calibrated",
  };
  const cases = training.map(
    ({ text, label }, at): ResolvedCase => ({
      ref: { table: "incident", id: String(at) },
      title: "",
      description: text,
      values: { label: labels.indexOf(label) },
      resolvedOn: new Date(at * 60_000).toISOString(),
    }),
  );
  const history = { scope: "evaluation", version: "1", read: async () => cases };
  const said: { right: boolean; auto: boolean; confidence: number; ms: number }[] = [];
  let tokens = 0;
  let fellBack = 0;
  for (const [at, { text, label }] of test.entries()) {
    const id = { table: "incident", id: `test-${at}` };
    const started = performance.now();
    const { predictions, trace } = await chain.predictFields(
      {
        case: id,
        sources: [{ id, kind: "case", text, trusted: false }],
        fields: [field],
        history,
        similar: [],
      },
      AbortSignal.timeout(60_000),
    );
    const [one] = predictions;
    tokens += (trace.tokens?.in ?? 0) + (trace.tokens?.out ?? 0);
    if (trace.fellBackFrom !== undefined && trace.fellBackFrom.length > 0) fellBack++;
    said.push({
      right: one?.best?.value === labels.indexOf(label),
      auto: one?.decision === "auto",
      confidence: one?.best?.confidence ?? 0,
      ms: performance.now() - started,
    });
  }
  const auto = said.filter((one) => one.auto);
  const times = said.map(({ ms }) => ms);
  return {
    kind: "fields",
    set,
    provider: name,
    values: {
      training: training.length,
      test: said.length,
      accuracy: percent(said.filter(({ right }) => right).length, said.length),
      calibrationError: round(
        calibrationError(said.map(({ confidence, right }) => [confidence, right])),
        3,
      ),
      coverage: percent(auto.length, said.length),
      precision: percent(auto.filter(({ right }) => right).length, auto.length),
      p50Ms: round(percentile(times, 0.5), 2),
      p95Ms: round(percentile(times, 0.95), 2),
      tokens,
      fellBack: percent(fellBack, said.length),
    },
  };
}

/**
 * The chain with Dataverse's own AI functions in front, as the product makes it from the settings (`DATAVERSE_URL` and how
 * to sign in). It costs AI capacity; an embedded Dataverse answers by rule, which says nothing of the real functions.
 *
 * @param person Entra object id of the one who asks
 * @throws ConfigError
 */
export function dataverseChain(
  settings: Readonly<Record<string, string | undefined>>,
  person: string,
): CaseIntelligence {
  const config = readConfig({ ...settings, AI_PROVIDERS: "dataverse-ai" });
  const environment = createDataverseEnvironment(config, (message) => console.error(message));
  return environment.intelligence(
    environment.as({ objectId: person }, AbortSignal.timeout(1_800_000), createTrace(), {
      budget: RequestBudget.unlimited(),
    }),
  );
}

/** The chain with Azure OpenAI in front, when the settings name a resource and a deployment. It costs tokens. */
export function azureChain(
  settings: Readonly<Record<string, string | undefined>>,
  getToken: () => Promise<string>,
): CaseIntelligence | undefined {
  const { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_DEPLOYMENT: deployment } = settings;
  if (!endpoint || !deployment) return undefined;
  return createCaseIntelligence({
    embedded: createEmbeddedProvider(),
    others: [createAzureOpenAI({ endpoint, deployment, getToken })],
    order: "auto",
    budgetMs: 60_000,
    gate: { neverAuto: neverAutomatic },
  });
}
