import { errorOfQuery, type SqlError } from "../errors";
import type { Environment } from "./evaluate";

/** Characters that the functions of one row may go over: a fraction of a second, which nothing can interrupt. */
export const mostCharactersOfRow = 16_000_000;

/** The functions of one row would hold everybody up. */
export const rowTooLong = (): SqlError =>
  errorOfQuery(
    "budget",
    `The functions of one row go over more than ${mostCharactersOfRow.toLocaleString("en-US")} characters, the limit.`,
    {
      hint: "Either use fewer functions on long columns, or shorten the column first: LEFT(description, 4000).",
    },
  );

/** Where constants are computed: nobody is known there, and the work of all of them together is that of one row. */
export function constantEnvironment(): Environment {
  let characters = 0;
  return {
    userId: undefined,
    work(more) {
      characters += more;
      if (characters > mostCharactersOfRow) throw rowTooLong();
    },
  };
}
