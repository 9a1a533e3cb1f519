import { agreeing } from "../support/agreeing";
import type { BrowserPerson, Page } from "../support/browser-person";
import type { ServiceDesk, ToolAnswer } from "../support/service-desk";

export type Args = Readonly<Record<string, unknown>>;

/** Who asks for everything here: whoever may do the most, so that nothing is refused for another reason. */
export const asker = "administrator";

export interface Approval {
  readonly approvalId: string;
  readonly link: string;
}

export async function askFor(desk: ServiceDesk, tool: string, args: Args): Promise<Approval> {
  const { text, structured } = await desk.ask(tool, args, asker);
  const { approval } = structured ?? {};
  if (approval?.state !== "needed" || approval.link === undefined)
    throw new Error(`${tool} asked no person: ${text}`);
  return approval;
}

/** The page of an approval, open in the browser of the person whose it is. */
export interface OpenPage extends Approval {
  readonly browser: BrowserPerson;
  readonly page: Page;
  readonly origin: string;
}

export async function openPage(desk: ServiceDesk, approval: Approval): Promise<OpenPage> {
  const browser = desk.browser(asker);
  const page = await browser.open(approval.link);
  if (page.status !== 200) throw new Error(`The page is answered with ${page.status}.`);
  return { ...approval, browser, page, origin: new URL(approval.link).origin };
}

/** Makes a row past the tools. */
export async function made(desk: ServiceDesk, set: string, body: Args): Promise<string> {
  const id = crypto.randomUUID();
  await desk.write("PATCH", `${set}(${id})`, body);
  return id;
}

export const newTask = (desk: ServiceDesk): Promise<string> =>
  made(desk, "tasks", { subject: "Stay" });

export async function isThere(desk: ServiceDesk, taskId: string): Promise<boolean> {
  const path = `tasks?$select=activityid&$filter=activityid eq ${taskId}`;
  return ((await desk.read(path)).value as unknown[]).length === 1;
}

/** What needs a person along the way gets it. */
export const agreed = (desk: ServiceDesk, tool: string, args: Args): Promise<ToolAnswer> =>
  agreeing(
    (given) => desk.ask(tool, given, asker),
    { ...args },
    ({ structured }) => structured?.approval,
    () => desk.browser(asker),
  );

/** A batch of the older revisions. */
export async function callTogether(
  desk: ServiceDesk,
  calls: readonly { readonly tool: string; readonly args: Args }[],
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly { readonly approval?: Approval }[]> {
  const answered = await fetch(desk.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-03-26",
      "x-persona": asker,
      ...headers,
    },
    body: JSON.stringify(
      calls.map(({ tool, args }, id) => ({
        jsonrpc: "2.0",
        id,
        method: "tools/call",
        params: { name: tool, arguments: args },
      })),
    ),
  });
  if (!answered.ok) return [];
  // biome-ignore lint/suspicious/noExplicitAny: JSON of the wire
  const results = (await answered.json()) as any[];
  return results.map(({ result }) => result?.structuredContent ?? {});
}
