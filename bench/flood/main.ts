import { readOptions, stopWith } from "../command-line";
import { type Figure, scenarios } from "./scenarios";
import { openStage } from "./stage";

/**
 * `npm run flood`: what the endpoint does when it is asked for more than it can give. The app, the embedded Dataverse and the
 * callers are three processes, so that the figures are the app's. Ends with exit code 1 when a promised figure is missed.
 */

const usage = `Usage: npm run flood -- [options]
  --only NAME    one of: ${scenarios.map(({ name }) => name).join(", ")}
  --seconds N    how long callers go on (20; mixed is promised for 60)
  --part N       part of the calls that are made, above 0 to 1 (1)`;

const stop = stopWith(usage);

const isMet = ({ value, most = Infinity, least = -Infinity }: Figure) =>
  value <= most && value >= least;

const number = (value: number) =>
  Number.isInteger(value) ? value.toLocaleString("en-US") : value.toPrecision(4);

function lineOf(figure: Figure): string {
  const { name, value, unit, most, least } = figure;
  const bar =
    most !== undefined ? `≤ ${number(most)}` : least !== undefined ? `≥ ${number(least)}` : "";
  const verdict = bar === "" ? "" : `   ${bar} ${isMet(figure) ? "met" : "MISSED"}`;
  return `  ${name.padEnd(44)} ${`${number(value)} ${unit}`.padStart(14)}${verdict}`.trimEnd();
}

const { only, seconds, part, help } = readOptions(
  {
    only: { type: "string" },
    seconds: { type: "string", default: "20" },
    part: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
  stop,
);
if (help) {
  console.log(usage);
} else {
  const extent = { seconds: Number(seconds), part: Number(part) };
  if (!(extent.seconds > 0)) stop("--seconds must be a number above 0.");
  if (!(extent.part > 0 && extent.part <= 1)) stop("--part must be a number above 0, at most 1.");
  const chosen = scenarios.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) stop(`There is no scenario ${only}.`);
  for (const { name, about, cases, settings, run } of chosen) {
    const stage = await openStage(cases, settings);
    try {
      const figures = await run(stage, extent);
      console.log([`${name}: ${about}`, ...figures.map(lineOf), ""].join("\n"));
      if (!figures.every(isMet)) process.exitCode = 1;
    } finally {
      await stage.close();
    }
  }
}
