import { parseArgs } from "node:util";
import { nearest } from "./nearest";

/** A wrong option or setting, said in words. */
export class UsageError extends Error {}

/** A program of ours, as its own help describes it. */
export interface Program {
  /** What a person types to see what there is: `npm start -- --help`. */
  readonly help: string;
  /** Options with a value, then those without. */
  readonly values: readonly string[];
  readonly flags: readonly string[];
  /** Options that another program has, with what to do here in their place. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** What was asked for on the command line. Throws UsageError in one sentence; `--help` is a flag as any other. */
export function parseOptions(program: Program, args: readonly string[]): OptionValues {
  const options = Object.fromEntries([
    ...program.values.map((name) => [name, { type: "string" as const }]),
    ...[...program.flags, "help"].map((name) => [name, { type: "boolean" as const }]),
  ]);
  try {
    return parseArgs({ options, args: [...args] }).values as OptionValues;
  } catch (error) {
    throw new UsageError(wordsOf(error, program, args));
  }
}

function wordsOf(error: unknown, program: Program, args: readonly string[]): string {
  const help = `${program.help} explains them.`;
  const known = [...program.values, ...program.flags, "help"];
  const all = known.map((name) => `--${name}`).join(", ");
  const unknown = args.find((arg) => /^-./.test(arg) && !known.includes(nameOf(arg)));
  if (codeOf(error) === "ERR_PARSE_ARGS_UNKNOWN_OPTION" && unknown !== undefined) {
    const name = nameOf(unknown);
    const elsewhere = program.elsewhere?.[name];
    if (elsewhere !== undefined) return `--${name}: ${elsewhere}`;
    const near = nearest(name, known);
    const hint = near === undefined ? "" : `; did you mean --${near}?`;
    return `There is no option ${short(unknown.split("=")[0] ?? "")}${hint || "."} There are ${all}; ${help}`;
  }
  if (codeOf(error) === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL") {
    const word = args.find((arg) => !arg.startsWith("-")) ?? "";
    return `"${short(word)}" is no option: options begin with --. There are ${all}; ${help}`;
  }
  const message = error instanceof Error ? error.message : "Bad arguments.";
  return `${message.replace(/\s+/g, " ").replace(/\.?$/, ".")} ${help.replace("them", "the options")}`;
}

const codeOf = (error: unknown) => (error as { code?: unknown }).code;
const nameOf = (arg: string) => arg.replace(/^-+/, "").split("=")[0] ?? "";
const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

/**
 * The whole number that a person wrote. Digits only: `0x50` and `1e3` are more likely slips than numbers.
 * @throws UsageError
 */
export function readWhole(name: string, text: string, most: number, note = ""): number {
  const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  throw new UsageError(
    `${name} must be a whole number from 0 to ${most}${note}, and is "${short(text)}".`,
  );
}
