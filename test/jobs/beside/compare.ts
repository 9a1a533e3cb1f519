import { buildSurface } from "../../../shared/mcp/surface";
import { tools } from "../../../shared/tools";
import { agreeing } from "../../support/agreeing";
import type { ServiceDesk } from "../../support/service-desk";
import { tokensOf } from "../../support/tokens";
import type { Bench } from "../job";
import { type Cost, openPeer } from "./peer";
import { tasks } from "./tasks";

/** What both cost a model. */
export interface Compared {
  /** Tokens of the lists of tools. */
  readonly list: { readonly ours: number; readonly theirs: number };
  readonly tasks: readonly {
    readonly words: string;
    readonly ours: Cost;
    readonly theirs: Cost;
    readonly isDone: boolean;
  }[];
}

/** Plays each task twice on the same desk: with our tools, and with those of the other server. */
export async function compare(
  desk: ServiceDesk,
  { rows, newCase }: Pick<Bench, "rows" | "newCase">,
): Promise<Compared> {
  const peer = await openPeer(desk.emulator.url);
  const played: Compared["tasks"][number][] = [];
  try {
    for (const { words, ours, theirs } of tasks) {
      const cost: Cost = { calls: 0, tokens: 0 };
      const call: Bench["call"] = (tool, args) =>
        agreeing(
          async (given) => {
            const answer = await desk.ask(tool, given);
            cost.calls++;
            cost.tokens += tokensOf(JSON.stringify(given)) + tokensOf(answer.text);
            return answer;
          },
          args,
          ({ structured }) => structured?.approval,
          () => desk.browser(),
        );
      const isDone = [
        await tried(words, () => ours({ call, rows, newCase })),
        await tried(words, () => theirs({ call: peer.call, rows, newCase })),
      ];
      const both = isDone.every(Boolean);
      const taken = peer.taken();
      played.push({ words, ours: cost, theirs: taken, isDone: both });
      process.stdout.write(
        `${both ? "done" : `NOT DONE ${isDone}`}\t${cost.calls}\t${cost.tokens}\t${taken.calls}\t${taken.tokens}\t${words}\n`,
      );
    }
  } finally {
    await peer.close();
  }
  const shown = buildSurface(tools).map(({ name, description, inputSchema }) => ({
    name,
    description,
    inputSchema,
  }));
  return {
    list: { ours: tokensOf(JSON.stringify(shown)), theirs: peer.listTokens },
    tasks: played,
  };
}

async function tried(words: string, play: () => Promise<boolean>): Promise<boolean> {
  try {
    return await play();
  } catch (error) {
    process.stdout.write(`${words}: ${String(error)}\n`);
    return false;
  }
}
