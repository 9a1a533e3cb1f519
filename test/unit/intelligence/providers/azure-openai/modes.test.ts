import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Labelled } from "../../../../../bench/eval/files";
import { azureChain, dataverseChain, measureChain } from "../../../../../bench/eval/provider";
import { startEmulator } from "../../../../../packages/dataverse-emulator/src";
import {
  applicationUser,
  personas,
  tenantId,
} from "../../../../../packages/dataverse-emulator/src/sample/identities";
import { type CaseIntelligence, train } from "../../../../../shared/intelligence";
import {
  type AzureOpenAI,
  azureAudience,
  choosing,
  type Responder,
  startAzureOpenAI,
} from "../../../../support/azure-openai";
import { startIssuer, type TestIssuer } from "../../../../support/issuer";
import { category, resolvedCases } from "../../cases";

const labels = new Map(category.options?.map(({ value, label }) => [value, label]));
const rowsOf = (count: number, seed: number): Labelled[] =>
  resolvedCases(count, seed).map(({ title, description = "", values }) => ({
    text: `${title}. ${description.replace(/<[^>]*>/g, "")}`,
    label: labels.get(Number(values.casetypecode)) ?? "",
    recorded: {},
  }));

/** What stands in for a model here proves the wire, retries, validation and merging; it says nothing of a model's quality. */
describe("Azure OpenAI beside the embedded provider", () => {
  let issuer: TestIssuer;
  let azure: AzureOpenAI;
  let chain: CaseIntelligence;
  beforeAll(async () => {
    issuer = await startIssuer();
    azure = await startAzureOpenAI(issuer, "gpt");
  });
  afterAll(async () => {
    await azure.close();
    await issuer.close();
  });
  // A chain of its own for each test: a breaker remembers.
  beforeEach(() => {
    azure.requests.length = 0;
    const made = azureChain(
      { AZURE_OPENAI_ENDPOINT: azure.endpoint, AZURE_OPENAI_DEPLOYMENT: "gpt" },
      () => issuer.sign({ aud: azureAudience }),
    );
    if (made === undefined) throw new Error("The chain was not made.");
    chain = made;
  });

  test("is off without a resource and a deployment", () => {
    const settings = { AZURE_OPENAI_ENDPOINT: "https://contoso.openai.azure.com" };
    expect(azureChain(settings, async () => "")).toBeUndefined();
  });

  test("a model that is as good as ours agrees, costs tokens, and leaves confidence and precision as they are", async () => {
    const [training, asked] = [rowsOf(300, 1), rowsOf(30, 2)];
    const own = await train(
      training.map(({ text }) => text),
      training.map(({ label }) => label),
    );
    const text = (data: string) => asked.find((row) => data.includes(row.text))?.text ?? "";
    azure.mode = [choosing((data) => own.predict(text(data))?.label)];
    const { values } = await measureChain("made up", "azure-openai", chain, training, asked);
    expect(azure.requests).toHaveLength(30);
    expect(azure.refusals).toEqual([]);
    expect(values).toMatchObject({ test: 30, accuracy: 100, precision: 100, fellBack: 0 });
    expect(values.coverage).toBeGreaterThan(50);
    expect(values.tokens).toBeGreaterThan(30 * 50);
  });

  test("a model that is always wrong writes nothing, and the embedded value still leads where it is sure", async () => {
    const [training, asked] = [rowsOf(300, 1), rowsOf(20, 2)];
    const wrong = (data: string) => {
      const truth = asked.find((row) => data.includes(row.text))?.label;
      return [...labels.values()].find((label) => label !== truth);
    };
    azure.mode = [choosing(wrong)];
    const { values } = await measureChain("made up", "azure-openai", chain, training, asked);
    expect(values).toMatchObject({ coverage: 0, precision: 0 });
    expect(values.accuracy).toBeGreaterThan(80);
  });

  test("a flaky service is asked again, and what it cannot answer the embedded provider does, saying why", async () => {
    const training = rowsOf(100, 1);
    const busy: Responder = () => ({ status: 429, headers: { "retry-after-ms": "1" } });
    const broken: Responder = () => ({ status: 500, headers: { "retry-after-ms": "1" } });
    const good = choosing(() => "Billing");
    azure.mode = [busy, broken, good];
    const back = await measureChain("made up", "azure-openai", chain, training, rowsOf(1, 2));
    expect([azure.requests.length, back.values.fellBack]).toEqual([3, 0]);

    azure.requests.length = 0;
    azure.mode = [() => ({ content: '{"F1":' })];
    const gone = await measureChain("made up", "azure-openai", chain, training, rowsOf(3, 3));
    expect(gone.values.fellBack).toBe(100);
    expect(gone.values.accuracy).toBeGreaterThan(60);
  });

  test("a model that is mostly right is merged by the product's own vote", async () => {
    const training = rowsOf(300, 1);
    const asked = rowsOf(30, 4);
    // As `npm run referee:facts` replays recorded answers: eight of ten are right.
    azure.mode = [
      choosing((data) => {
        const at = asked.findIndex(({ text }) => data.includes(text.slice(0, 60)));
        return at === -1 ? undefined : asked[at % 5 === 0 ? (at + 1) % asked.length : at]?.label;
      }),
    ];
    const { values } = await measureChain("made up", "replay", chain, training, asked);
    expect(values).toMatchObject({ test: 30, fellBack: 0 });
    expect(values.accuracy).toBeGreaterThan(70);
  });
});

test("Dataverse's own AI functions are measured through the product's wiring, and by themselves write nothing", async () => {
  const emulator = await startEmulator({ cases: 20 });
  try {
    const identity = {
      IDENTITY_ENDPOINT: `${emulator.url}/msi/token`,
      IDENTITY_HEADER: "local-development-only",
    };
    Object.assign(process.env, identity);
    const person = personas.find(({ key }) => key === "administrator")?.objectId ?? "";
    const settings = {
      ...identity,
      DATAVERSE_URL: emulator.url,
      MCP_AUTH_MODE: "dev",
      MCP_TENANT_ID: tenantId,
      MCP_DEV_USER_OBJECT_ID: person,
      AZURE_CLIENT_ID: applicationUser.applicationId,
    };
    const chain = dataverseChain(settings, person);
    const { values } = await measureChain(
      "made up",
      "dataverse-ai",
      chain,
      rowsOf(300, 1),
      rowsOf(6, 2),
    );
    // What is written is what the embedded provider was sure of, where both say the same.
    expect(values).toMatchObject({ test: 6, fellBack: 0, precision: 100 });
  } finally {
    await emulator.close();
  }
});
