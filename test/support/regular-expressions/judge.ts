import { createContext, Script } from "node:vm";
import { RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";
import { analyse } from "scslre";
import { type Pump, pumpsOf, textOf } from "./pumps";

/** CPU that a pattern may take for a text of 20 kB, in milliseconds. */
export const mostMs = 50;
export const longestText = 20_000;

export interface Pattern {
  readonly pattern: string;
  readonly flags: string;
}

/** Counted repeats as uncounted ones: a checker that counts no repeats sees then what `(?:a{1,4})+` can be read as. */
function widened(pattern: string, flags: string): string {
  const cuts: { readonly from: number; readonly to: number }[] = [];
  visitRegExpAST(
    new RegExpParser().parsePattern(pattern, undefined, undefined, flags.includes("u")),
    {
      onQuantifierEnter(node) {
        if (Number.isFinite(node.max) && node.max > 1 && node.max !== node.min)
          cuts.push({ from: node.element.end, to: node.end });
      },
    },
  );
  let text = pattern;
  for (const { from, to } of cuts.sort((a, b) => b.from - a.from))
    text = `${text.slice(0, from)}${pattern.slice(from, to).startsWith("{0,") ? "*" : "+"}${text.slice(to)}`;
  return text;
}

/** What the checker says: kinds of work that grow faster than the text. Empty for a linear pattern. */
export function verdict({ pattern, flags }: Pattern): readonly string[] {
  const written = analyse({ source: pattern, flags }).reports;
  const wide = analyse({ source: widened(pattern, flags), flags }).reports;
  return [
    ...new Set([
      ...written.map(({ type, exponential }) =>
        exponential ? "exponential" : `quadratic (${type})`,
      ),
      // A counted repeat that is widened can only be exponential where the written one is, or nearly.
      ...wide.flatMap(({ exponential }) => (exponential ? ["exponential"] : [])),
    ]),
  ];
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A linear pattern and the text it is slowest for: it takes a third of the bar on a quiet machine of the kind that CI has. */
const peer = /[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+/gu;
const peerText = "a".repeat(longestText);

/**
 * What the bar is on this machine now: 50 ms, and more where a linear peer, timed in the same moment, shows that other work
 * shares the cores. What is not linear takes hundreds of times as long as the peer wherever it runs.
 */
function bar(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++)
    least = Math.min(
      least,
      cpuMs(() => peerText.replace(peer, "")),
    );
  return Math.max(mostMs, 6 * least);
}

const room = createContext({ work: () => {} });
const script = new Script("work()");

/** Ends work that does not end by itself: a matcher that runs wild cannot be stopped from JavaScript. */
function endsWithin(ms: number, work: () => void): boolean {
  room.work = work;
  try {
    script.runInContext(room, { timeout: ms });
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false;
    throw error;
  }
}

const shown = ({ prefix, repeated, suffix }: Pump) =>
  `${JSON.stringify(prefix)} + ${JSON.stringify(repeated)} again and again + ${JSON.stringify(suffix)}`;

/**
 * The first text that the pattern takes more than 50 ms of CPU for, undefined when there is none.
 *
 * @param length characters of the longest text tried
 */
export function tooSlow({ pattern, flags }: Pattern, length = longestText): string | undefined {
  const expression = new RegExp(pattern, flags);
  const run = (text: string) => {
    expression.lastIndex = 0;
    // All matches, as the code takes them: each may be the slow one.
    if (expression.global) text.replace(expression, "");
    else expression.test(text);
  };
  const pumps = pumpsOf(pattern, flags);
  let at: Pump | undefined;
  const short = Math.min(300, length);
  const ended = endsWithin(3_000, () => {
    for (const pump of pumps) {
      at = pump;
      run(textOf(pump, short));
    }
  });
  if (!ended) return `${at && shown(at)}: no end at ${short} characters`;
  let best = 0;
  let most = mostMs;
  const endedLong = endsWithin(30_000, () => {
    for (const pump of pumps) {
      at = pump;
      const text = textOf(pump, length);
      best = cpuMs(() => run(text));
      // A near miss counts by the smallest of nine: the compiler and the collector of garbage work on the same clock, and a
      // machine that is busy makes each of them slower.
      for (let again = 0; again < 8 && best > mostMs && best < 4 * mostMs; again++)
        best = Math.min(
          best,
          cpuMs(() => run(text)),
        );
      if (best <= mostMs) continue;
      most = bar();
      if (best > most) return;
    }
  });
  if (!endedLong) return `${at && shown(at)}: no end at ${length} characters`;
  return best > most
    ? `${at && shown(at)}: ${Math.round(best)} ms of CPU at ${length} characters`
    : undefined;
}
