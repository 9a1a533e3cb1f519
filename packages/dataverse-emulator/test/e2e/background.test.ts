import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { setSwitches } from "../../src/switches";
import { type Dataverse, type Json, outcome, startDataverse } from "../support/dataverse";

/** Actions that are answered by 202 and run afterwards: `Prefer: respond-async`. */

const folder = mkdtempSync(join(tmpdir(), "background-"));
let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse({ cases: 5, data: join(folder, "data.db") });
});
afterAll(async () => {
  await dataverse.close();
  rmSync(folder, { recursive: true });
});

const later = (path: string, body: Json, more = "") =>
  dataverse.send("POST", path, body, { headers: { Prefer: `respond-async${more}` } });
const idOf = ({ headers }: { headers: Headers }) =>
  headers.get("x-ms-dyn-backgroundoperationid") ?? "";
const monitor = (id: string, method = "GET") =>
  dataverse.send(method, `${dataverse.url}/api/backgroundoperation/${id}`);
async function ended(id: string): Promise<Json> {
  for (;;) {
    const { json } = await monitor(id);
    if (json.backgroundOperationStateCode === 3) return json;
  }
}
const delay = (seconds: number) =>
  setSwitches(dataverse.emulator.world, { backgroundDelaySeconds: seconds });

describe("an action that runs later", () => {
  test("is accepted, monitored and has its result in the table", async () => {
    delay(0);
    const accepted = await later("AISentiment", { Text: "Great service, thank you!" });
    expect(accepted.status).toBe(202);
    const id = idOf(accepted);
    expect(accepted.headers.get("location")).toBe(`${dataverse.url}/api/backgroundoperation/${id}`);
    expect(accepted.headers.get("preference-applied")).toBe("respond-async");
    expect(await ended(id)).toEqual({
      backgroundOperationStateCode: 3,
      backgroundOperationStatusCode: 30,
      AnalyzedSentiment: "Positive",
    });
    const row = await dataverse.send(
      "GET",
      `backgroundoperations(${id})?$select=name,backgroundoperationstatuscode,inputparameters,outputparameters,errorcode`,
    );
    expect(row.json).toMatchObject({
      name: "AISentiment",
      backgroundoperationstatuscode: 30,
      inputparameters: JSON.stringify([{ Key: "Text", Value: "Great service, thank you!" }]),
      outputparameters: JSON.stringify([{ Key: "AnalyzedSentiment", Value: "Positive" }]),
      errorcode: null,
    });
    expect(outcome(await monitor(id, "DELETE"))).toBe("400 0x80040203");
  });

  test("tells how it failed, in the words and the number of the refusal", async () => {
    delay(0);
    const id = idOf(await later("AISentiment", { Wrong: 1 }));
    expect(await ended(id)).toEqual({
      backgroundOperationStateCode: 3,
      backgroundOperationStatusCode: 31,
      backgroundOperationErrorCode: 0x80048d19 | 0,
      backgroundOperationErrorMessage: expect.stringContaining("'Wrong'"),
    });
  });

  test("calls back when it has ended, without its result", async () => {
    delay(0);
    const called = new Promise<Json>((done) => {
      const server = createServer(async (incoming, outgoing) => {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        outgoing.end(() => server.close());
        done(JSON.parse(Buffer.concat(chunks).toString("utf8")) as Json);
      });
      server.listen(0, "127.0.0.1", async () => {
        const { port } = server.address() as AddressInfo;
        const answer = await later(
          "AISummarize",
          { Text: "The line drops." },
          `, odata.callback; url="http://127.0.0.1:${port}/done"`,
        );
        expect(answer.json.backgroundOperationId).toBe(idOf(answer));
      });
    });
    expect(await called).toEqual({
      location: expect.stringContaining("/api/backgroundoperation/"),
      backgroundOperationId: expect.any(String),
      backgroundOperationStateCode: 3,
      backgroundOperationStatusCode: 30,
    });
  });

  test("waits over a restart, and what was canceled before it began never runs", async () => {
    delay(3_600);
    const [incident] = (await dataverse.send("GET", "incidents?$filter=statecode eq 0&$top=2")).json
      .value as Json[];
    const close = (Status: number) => ({
      IncidentResolution: {
        subject: "Later",
        "incidentid@odata.bind": `/incidents(${incident?.incidentid})`,
      },
      Status,
    });
    const canceled = idOf(await later("CloseIncident", close(5)));
    expect((await monitor(canceled)).json).toEqual({
      backgroundOperationStateCode: 0,
      backgroundOperationStatusCode: 0,
    });
    expect((await monitor(canceled, "DELETE")).json).toEqual({
      backgroundOperationStateCode: 2,
      backgroundOperationStatusCode: 22,
    });
    const waiting = idOf(await later("CloseIncident", close(1000)));
    await dataverse.close();
    dataverse = await startDataverse({ data: join(folder, "data.db") });
    expect(await ended(canceled)).toMatchObject({ backgroundOperationStatusCode: 32 });
    expect(await ended(waiting)).toMatchObject({ backgroundOperationStatusCode: 30 });
    const after = await dataverse.send(
      "GET",
      `incidents(${incident?.incidentid})?$select=statuscode`,
    );
    expect(after.json.statuscode).toBe(1000);
  });
});

test("what is no action is answered at once, and an unknown operation is not found", async () => {
  const made = await later("accounts", { name: "At once" });
  expect(outcome(made)).toBe("204");
  expect(outcome(await monitor("00000000-0000-0000-0000-000000000009"))).toBe("404 0x80040217");
  expect(outcome(await monitor("nonsense"))).toBe("404 0x80040217");
  expect(outcome(await monitor(idOf(await later("AIReply", { Text: "x" })), "PUT"))).toBe(
    "405 0x80060888",
  );
});
