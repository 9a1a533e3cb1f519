// What `npm run jobs` runs, once it is bundled.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { agreeing } from "../support/agreeing";
import { startServiceDesk } from "../support/service-desk";
import { tokensOf } from "../support/tokens";
import { actingJobs } from "./acting";
import { compare } from "./beside/compare";
import type { Bench, Row } from "./job";
import { type Played, pageOf } from "./page";
import { readingJobs } from "./reading";

const me = "0a000000-0000-4000-8000-000000000001";
const jobs = [...readingJobs, ...actingJobs];

async function main(): Promise<void> {
  const desk = await startServiceDesk({ cases: 400 });
  const rows = async (path: string) => (await desk.read(path)).value as Row[];
  const made = async (set: string, body: Row): Promise<string> => {
    const id = crypto.randomUUID();
    await desk.write("PATCH", `${set}(${id})`, body);
    return id;
  };
  const [account] = await rows(
    "accounts?$select=accountid,_primarycontactid_value&$filter=_primarycontactid_value ne null&$top=1",
  );
  const newCase: Bench["newCase"] = async (values = {}) => {
    const id = await made("incidents", {
      title: "The router drops",
      "customerid_account@odata.bind": `/accounts(${account?.accountid})`,
      "primarycontactid@odata.bind": `/contacts(${account?._primarycontactid_value})`,
      "ownerid@odata.bind": `/systemusers(${me})`,
      ...values,
    });
    const { ticketnumber } = await desk.read(`incidents(${id})?$select=ticketnumber`);
    return { id, number: String(ticketnumber) };
  };
  const played: Played[] = [];
  for (const { words, play } of jobs) {
    let [calls, tokens, clicks] = [0, 0, 0];
    const used: string[] = [];
    let isDone = false;
    // What is asked for in between counts as well: the repeated call, and a person's click at the approval page.
    const call: Bench["call"] = (tool, args) =>
      agreeing(
        async (given) => {
          const answer = await desk.ask(tool, given);
          calls++;
          used.push(tool);
          tokens += tokensOf(JSON.stringify(given)) + tokensOf(answer.text);
          return answer;
        },
        args,
        ({ structured }) => structured?.approval,
        () => {
          clicks++;
          return desk.browser();
        },
      );
    try {
      isDone = await play({ call, read: desk.read, rows, newCase, made, desk });
    } catch (error) {
      process.stdout.write(`${words}: ${String(error)}\n`);
    }
    played.push({ words, tools: used, calls, clicks, tokens, isDone });
    process.stdout.write(`${isDone ? "done" : "NOT DONE"}\t${calls}\t${tokens}\t${words}\n`);
  }
  const compared = process.argv.includes("--beside")
    ? await compare(desk, { rows, newCase })
    : undefined;
  await desk.close();
  if (process.argv.includes("--write"))
    writeFileSync(resolve("docs/jobs.md"), pageOf(played, compared));
  const isGood = [...played, ...(compared?.tasks ?? [])].every(({ isDone }) => isDone);
  process.exitCode = isGood && desk.bugs.length === 0 ? 0 : 1;
}

void main();
