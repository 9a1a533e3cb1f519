import { type ParseArgsConfig, parseArgs } from "node:util";

/** Ends the process: what is wrong, then how it is meant. */
export function stopWith(usage: string): (message: string) => never {
  return (message) => {
    console.error(`${message}\n\n${usage}`);
    process.exit(2);
  };
}

/** The options of the command line; an unknown one ends the process. */
export function readOptions<O extends NonNullable<ParseArgsConfig["options"]>>(
  options: O,
  stop: (message: string) => never,
) {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error));
  }
}
