// What a text of the longest kind costs, each shape three times; the least of them is told.
// A process of its own: in a worker of Jest the collector works on what a hundred test files left, on the same clock.
import { cpuMs, pace } from "../../packages/dataverse-emulator/test/support/pace";
import { makeHtmlSafe, sanitise } from "../../shared/text";
import { hostileShapes, megabyteOf } from "../support/hostile-html";
import type { HtmlCost } from "./cost";

/** Milliseconds of CPU: in all, and the most between two turns of the event loop, which a clock would lengthen on a busy machine. */
async function costOfSafety(html: string): Promise<{ cpu: number; held: number }> {
  let last = cpuMs();
  let held = 0;
  let isOver = false;
  const tick = () => {
    const now = cpuMs();
    held = Math.max(held, now - last);
    last = now;
    if (!isOver) setImmediate(tick);
  };
  tick();
  const before = cpuMs();
  await makeHtmlSafe(html);
  isOver = true;
  // Work that never gave way has seen no turn at all.
  return { cpu: cpuMs() - before, held: Math.max(held, cpuMs() - last) };
}

function costOfReading(text: string): number {
  const before = cpuMs();
  sanitise(text);
  return cpuMs() - before;
}

async function costOf(shape: string): Promise<HtmlCost> {
  const html = megabyteOf(shape);
  const least = { safe: Number.POSITIVE_INFINITY, held: Number.POSITIVE_INFINITY };
  let read = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 3; run++) {
    // The machine may be another one from one moment to the next.
    const factor = pace();
    const { cpu, held } = await costOfSafety(html);
    least.safe = Math.min(least.safe, cpu / factor);
    least.held = Math.min(least.held, held / factor);
    read = Math.min(read, costOfReading(html) / factor);
  }
  return { shape, ...least, read };
}

// Compiled before it is measured.
await makeHtmlSafe(megabyteOf("ordinary markup"));
sanitise(megabyteOf("ordinary markup"));
const costs: HtmlCost[] = [];
for (const shape of Object.keys(hostileShapes)) costs.push(await costOf(shape));
console.log(JSON.stringify(costs));
