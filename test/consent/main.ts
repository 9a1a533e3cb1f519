/** npm run consent: what no call, no client and no other page may do without a person's yes, and what such a yes does, in figures; `-- pages honest` plays those parts alone. */
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";
import { tryFalseYes } from "./false-yes";
import { approveHonestly } from "./honest";
import { tryWithoutGrade } from "./without-grade";

const list = (lines: readonly string[]) => lines.map((line) => `\n  ${line}`).join("");

/** Each says in words how it went, and whether all was as it should be. */
const parts: Readonly<Record<string, (desk: ServiceDesk) => Promise<readonly [string, boolean]>>> =
  {
    async tries(desk) {
      const { tries, acted } = await tryWithoutGrade(desk);
      return [
        `Tries to act without the grade: ${tries}; acted: ${acted.length}${list(acted)}`,
        tries >= 200 && acted.length === 0,
      ];
    },
    async pages(desk) {
      const { ways, acted, ownYes } = await tryFalseYes(desk);
      return [
        `Ways to make the page approve what nobody did: ${ways}; acted: ${acted.length}; the person's own yes afterwards ${ownYes ? "acts" : "FAILS"}${list(acted)}`,
        ways >= 60 && acted.length === 0 && ownYes,
      ];
    },
    async honest(desk) {
      const { once, others } = await approveHonestly(desk);
      return [
        `Honest approvals: ${once + others.length}; acted once: ${once}${list(others)}`,
        once >= 60 && others.length === 0,
      ];
    },
  };

async function main(): Promise<boolean> {
  const named = process.argv.slice(2);
  const strange = named.filter((name) => parts[name] === undefined);
  if (strange.length > 0)
    throw new Error(`There is no part ${strange.join()}: ${Object.keys(parts).join(", ")}.`);
  const desk = await startServiceDesk({ cases: 30 });
  let failed = 0;
  try {
    const chosen = Object.entries(parts).filter(
      ([name]) => named.length === 0 || named.includes(name),
    );
    for (const [, play] of chosen) {
      const [words, isGood] = await play(desk);
      console.log(words);
      if (!isGood) failed++;
    }
    if (desk.bugs.length > 0) console.log("Errors that nobody threw on purpose:", desk.bugs);
    console.log(`${chosen.length - failed} passed, ${failed} failed`);
    return failed === 0 && desk.bugs.length === 0;
  } finally {
    await desk.close();
  }
}

main().then(
  (isGood) => process.exit(isGood ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
