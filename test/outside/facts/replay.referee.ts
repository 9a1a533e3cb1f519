import { dirname } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readLabelled } from "../../../bench/eval/files";
import { azureChain, measureChain } from "../../../bench/eval/provider";
import {
  type AzureOpenAI,
  azureAudience,
  choosing,
  startAzureOpenAI,
} from "../../support/azure-openai";
import { startIssuer, type TestIssuer } from "../../support/issuer";
import { factsFile } from "./folder";

describe("recorded answers of a real model, replayed over the wire", () => {
  let issuer: TestIssuer;
  let azure: AzureOpenAI;
  beforeAll(async () => {
    issuer = await startIssuer();
    azure = await startAzureOpenAI(issuer, "gpt");
  });
  afterAll(async () => {
    await azure.close();
    await issuer.close();
  });

  test("are merged by the product's own vote", async () => {
    const rows = readLabelled(dirname(factsFile("intelligence/cfpb1000/half.csv")), "half") ?? [];
    expect(rows.length).toBeGreaterThan(100);
    const chain = azureChain(
      { AZURE_OPENAI_ENDPOINT: azure.endpoint, AZURE_OPENAI_DEPLOYMENT: "gpt" },
      () => issuer.sign({ aud: azureAudience }),
    );
    if (chain === undefined) throw new Error("The chain was not made.");
    const asked = rows.slice(0, 40);
    azure.mode = [
      choosing((data) => {
        const pressed = data.replace(/\s+/g, " ");
        const row = asked.find(({ text }) =>
          pressed.includes(text.slice(0, 80).replace(/\s+/g, " ").trim()),
        );
        return row?.recorded["gpt-o1_prediction"]?.replaceAll("_", " ");
      }),
    ];
    const { values } = await measureChain("cfpb1000", "replay", chain, rows.slice(40), asked);
    const alone = asked.filter((row) => row.recorded["gpt-o1_prediction"] === row.label).length;
    expect(values).toMatchObject({ test: 40, fellBack: 0 });
    // Both together are about as good as the better one; far below it, the answers would not have arrived.
    expect(values.accuracy).toBeGreaterThan((100 * alone) / 40 - 10);
  });
});
