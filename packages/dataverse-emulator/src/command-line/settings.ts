import { readFileSync } from "node:fs";
import { type PlugIn, PlugInError, readPlugIn } from "../plug-ins";
import { growingTables } from "../sample";
import { type Language, localeOf } from "../sample/people";
import { type OptionValues, type Program, parseOptions, readWhole, UsageError } from "./options";

/** Options of the data, which `npm start` has as well. */
export const dataOptions = `  --data DIR    folder for the database (.emulator), or :memory:
  --cases N     cases of the sample data, 0 to 1,000,000 (5,000)
  --tables LIST only these of the tables that grow with the cases, comma-separated (all)
  --language L  what most customers write in: en, de, fr, es, pl, ja (en)
  --seed N      number that the sample data is drawn from (1)
  --as-of DATE  the present of the sample data, YYYY-MM-DD (today)
  --metadata F  file with a real environment's $metadata, whose tables are added to the shipped ones
  --plug-ins F  file with the company's own rules, as JSON: writes that they refuse, and with what words
  --reset       throw the data away and make it anew
  --faults      open the doors for tests below /_emulator/: faults, reset, snapshots, trace, switches, plug-ins
  --help        show this`;

export const usage = `Usage: dataverse-emulator [options]   (in its repository: npm run emulator -- [options])
  --port N      port, 0 picks a free one (DATAVERSE_PORT, else 7072)
${dataOptions}`;

export const dataValues = [
  "data",
  "cases",
  "seed",
  "tables",
  "language",
  "as-of",
  "metadata",
  "plug-ins",
];
export const dataFlags = ["reset", "faults"];

const program: Program = {
  help: "dataverse-emulator --help",
  values: ["port", ...dataValues],
  flags: dataFlags,
};

/** What the options and the environment ask for. */
export interface Settings {
  readonly port: number;
  readonly folder: string;
  readonly cases: number;
  readonly seed: number;
  readonly tables: readonly string[] | undefined;
  readonly language: Language;
  /** Only when the day was named: data of an earlier day is good enough otherwise. */
  readonly asOf: Date | undefined;
  /** Text of the file of definitions. */
  readonly metadata: string | undefined;
  readonly plugIns: readonly PlugIn[];
  readonly reset: boolean;
  readonly faults: boolean;
}

/**
 * Undefined when help is asked for.
 *
 * @param port DATAVERSE_PORT, where there is no `--port`
 * @throws UsageError
 */
export function readSettings(
  args: readonly string[],
  port: string | undefined,
): Settings | undefined {
  const values = parseOptions(program, args);
  if (values.help === true) return undefined;
  const own = typeof values.port === "string" ? values.port : undefined;
  return { port: readPort(own, port), ...readDataSettings(values) };
}

/** What the options of the data say. Throws UsageError. */
export function readDataSettings(values: OptionValues): Omit<Settings, "port"> {
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  return {
    folder: readFolder(text("data")),
    cases: readWhole("--cases", text("cases") ?? "5000", 1_000_000),
    seed: readWhole("--seed", text("seed") ?? "1", 2_147_483_647),
    tables: readTables(text("tables")),
    language: readLanguage(text("language") ?? "en"),
    asOf: readDay(text("as-of")),
    metadata: readText("--metadata", text("metadata")),
    plugIns: readPlugIns(text("plug-ins")),
    reset: values.reset === true,
    faults: values.faults === true,
  };
}

/** The option, else the variable. An empty variable counts as none, as shells leave them. */
function readPort(option: string | undefined, variable: string | undefined): number {
  const note = " (0 picks a free port)";
  if (option !== undefined) return readWhole("--port", option, 65_535, note);
  return readWhole("DATAVERSE_PORT", variable?.trim() || "7072", 65_535, note);
}

function readFolder(text: string | undefined): string {
  if (text === undefined) return ".emulator";
  if (text.trim() !== "") return text;
  throw new UsageError("--data must name a folder, or :memory:.");
}

/** People, rights, products and articles are always made; `systemuser` may be named all the same. */
function readTables(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => name !== "systemuser" && !growingTables.includes(name));
  if (unknown === undefined) return names.filter((name) => name !== "systemuser").sort();
  throw new UsageError(`--tables knows no "${unknown}". It takes: ${growingTables.join(", ")}.`);
}

function readLanguage(text: string): Language {
  if (Object.hasOwn(localeOf, text)) return text as Language;
  throw new UsageError(`--language must be one of: ${Object.keys(localeOf).join(", ")}.`);
}

function readDay(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const day = new Date(`${text}T00:00:00Z`);
  // The 31st of February is read as a day of March.
  if (!Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text) return day;
  throw new UsageError("--as-of must be a day: YYYY-MM-DD.");
}

function readText(option: string, file: string): string;
function readText(option: string, file: string | undefined): string | undefined;
function readText(option: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `${option}: the file ${file} could not be read (${error instanceof Error ? error.message : ""}).`,
    );
  }
}

/** A list of rules, or one alone; whether their tables are there is known when the database is open. */
function readPlugIns(file: string | undefined): readonly PlugIn[] {
  if (file === undefined) return [];
  try {
    const content: unknown = JSON.parse(readText("--plug-ins", file));
    return [content].flat().map((each) => {
      if (typeof each === "object" && each !== null && !Array.isArray(each))
        return readPlugIn(each as Record<string, unknown>);
      throw new PlugInError("Each must be an object.");
    });
  } catch (error) {
    if (error instanceof PlugInError || error instanceof SyntaxError)
      throw new UsageError(`--plug-ins: ${file}: ${error.message}`);
    throw error;
  }
}
