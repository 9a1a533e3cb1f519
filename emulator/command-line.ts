import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { growingTables } from "./sample";
import { type Language, localeOf } from "./sample/people";

export const usage = `Usage: npm run emulator -- [options]
  --port N      port, 0 picks a free one (DATAVERSE_PORT, else 7072)
  --data DIR    folder for the database (.emulator), or :memory:
  --cases N     cases of the sample data, 0 to 1,000,000 (5,000)
  --tables LIST only these of the tables that grow with the cases, comma-separated (all)
  --language L  what most customers write in: en, de, fr, es, pl, ja (en)
  --seed N      number that the sample data is drawn from (1)
  --as-of DATE  the present of the sample data, YYYY-MM-DD (today)
  --metadata F  file with a real environment's $metadata, whose tables are added to the shipped ones
  --reset       throw the data away and make it anew
  --faults      open the doors for tests below /_emulator/: faults, reset, snapshots, trace, switches`;

/** A wrong option, said in words. */
export class UsageError extends Error {}

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
  readonly reset: boolean;
  readonly faults: boolean;
}

/**
 * @param port DATAVERSE_PORT, where there is no `--port`
 * @throws UsageError
 */
export function readSettings(port: string | undefined): Settings {
  const options = {
    port: { type: "string" },
    data: { type: "string" },
    cases: { type: "string" },
    seed: { type: "string" },
    tables: { type: "string" },
    language: { type: "string" },
    "as-of": { type: "string" },
    metadata: { type: "string" },
    reset: { type: "boolean" },
    faults: { type: "boolean" },
    help: { type: "boolean" },
  } as const;
  let values: { [name: string]: string | boolean | undefined };
  try {
    values = parseArgs({ options }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : "Bad arguments."}\n${usage}`);
  }
  if (values.help) throw new UsageError(usage);
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  return {
    port: whole("--port", text("port") ?? port ?? "7072", 65_535),
    folder: text("data") ?? ".emulator",
    cases: whole("--cases", text("cases") ?? "5000", 1_000_000),
    seed: whole("--seed", text("seed") ?? "1", 2_147_483_647),
    tables: readTables(text("tables")),
    language: readLanguage(text("language") ?? "en"),
    asOf: readDay(text("as-of")),
    metadata: readMetadata(text("metadata")),
    reset: values.reset === true,
    faults: values.faults === true,
  };
}

function whole(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= most) return value;
  throw new UsageError(`${name} must be a whole number from 0 to ${most}.`);
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
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime())) return day;
  throw new UsageError("--as-of must be a day: YYYY-MM-DD.");
}

function readMetadata(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `--metadata: the file ${file} could not be read (${error instanceof Error ? error.message : ""}).`,
    );
  }
}
