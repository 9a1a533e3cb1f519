import diagnosticsChannel from "node:diagnostics_channel";
import type { ClientRequest, IncomingMessage } from "node:http";
import { startServiceDesk, type ToolAnswer } from "./service-desk";

/** One call of a tool, with the requests that it sends to Dataverse and the answer that a model reads. */
export interface Walk {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly requests: readonly string[];
  readonly answer: ToolAnswer;
}

interface Sent {
  readonly request: ClientRequest;
  status: number | undefined;
}

const longestPath = 300;
const longestAnswer = 900;
const api = "/api/data/v9.2/";

const query = `SELECT TOP 3 i.ticketnumber, i.title, a.name
FROM incident i JOIN account a ON a.accountid = i.customerid
WHERE i.statecode = 'Active' AND i.prioritycode = 'High' ORDER BY i.createdon`;

/** Three calls on a sample of 60 cases, one after the other, as the representative; ids of the run are made anonymous. */
export async function recordWalks(): Promise<readonly Walk[]> {
  const desk = await startServiceDesk({ cases: 60 });
  let sent: Sent[] = [];
  // Of all that this process sends by `node:http`, what goes to Dataverse is what a walk shows, in the order of sending.
  const started = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest };
    if (request.path.startsWith(api)) sent.push({ request, status: undefined });
  };
  const finished = (message: unknown) => {
    const { request, response } = message as {
      readonly request: ClientRequest;
      readonly response: IncomingMessage;
    };
    const one = sent.find((each) => each.request === request);
    if (one !== undefined) one.status = response.statusCode;
  };
  diagnosticsChannel.subscribe("http.client.request.start", started);
  diagnosticsChannel.subscribe("http.client.response.finish", finished);
  try {
    const walk = async (tool: string, args: Record<string, unknown>): Promise<Walk> => {
      sent = [];
      const answer = await desk.call(tool, args);
      return { tool, args, requests: sent.map(lineOf), answer };
    };
    const read = await walk("read_query", { querytext: query });
    const { value } = (await desk.read(
      "incidents?$select=incidentid,ticketnumber&$filter=statecode eq 0&$orderby=ticketnumber&$top=1",
    )) as { value: { incidentid: string; ticketnumber: string }[] };
    const id = value[0]?.incidentid ?? "";
    const update = await walk("update_record", {
      tablename: "incident",
      recordId: id,
      item: { prioritycode: "High" },
    });
    const enrich = await walk("enrich_case", { incidentId: id, dryRun: true });
    return [read, update, enrich];
  } finally {
    diagnosticsChannel.unsubscribe("http.client.request.start", started);
    diagnosticsChannel.unsubscribe("http.client.response.finish", finished);
    await desk.close();
  }
}

function lineOf({ request, status = 0 }: Sent): string {
  const path = decodeURIComponent(request.path.slice(api.length))
    .replace(/\s+/g, " ")
    .replace(/^(RetrieveMetadataChanges\(.*?\))\?.*$/, "$1 … (definitions)");
  const shown = path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;
  const person = request.getHeader("CallerObjectId") === undefined ? "the app" : "the person";
  const condition = request.getHeader("If-Match") === undefined ? "" : ", If-Match";
  return `${request.method} ${shown}\n    as ${person}${condition}: ${status}`;
}

/** The walks as the page shows them; what a run draws anew (marks, ids, etags) reads the same each time. */
export function showWalks(walks: readonly Walk[]): string {
  return walks
    .map(({ tool, args, requests, answer }) => {
      const text = answer.text.slice(0, longestAnswer);
      const cut = answer.text.length > longestAnswer ? "\n…" : "";
      const call = JSON.stringify({ name: tool, arguments: args }, null, 1);
      return `### ${tool}\n\n\`\`\`text\nPOST /mcp  tools/call ${call}\n\n${requests.join("\n")}\n\n${text}${cut}\n\`\`\``;
    })
    .join("\n\n")
    .replace(/(?<=\[\[data |:)[0-9a-f]{8,}(?=: |\]\]|:)/g, "7f3a91c2")
    .replace(/W\/"\d+"/g, 'W/"1"');
}
