import type { Identifier } from "../ast";
import type { TokenStream } from "../token-stream";

/** A name as written: `a.b.c`, `.b`, `a..c`. Parts that are left out are undefined. */
export type WrittenName = readonly (Identifier | undefined)[];

/** Does a name begin here? `.a` leaves its first part out. */
export const startsName = (tokens: TokenStream): boolean =>
  tokens.isName() || (tokens.is(".") && (tokens.isName(1) || tokens.is(".", 1)));

/**
 * `a`, `a.b`, `.a`, `a..b` and so on; stops before `.*`. The last part is always there.
 * A part that must not be looked up by a name (`t.$rowguid`) is left to the caller, with the dot before it.
 */
export function parseName(tokens: TokenStream, what = "a name"): WrittenName {
  const parts: (Identifier | undefined)[] = [];
  if (!tokens.is(".")) parts.push(tokens.identifier(what));
  else parts.push(undefined);
  while (tokens.is(".") && !isSpecial(tokens, 1)) {
    tokens.next();
    while (tokens.accept(".")) parts.push(undefined);
    parts.push(tokens.identifier(what));
  }
  return parts;
}

/** What ends a name after its dot: a star, and columns that are no names. */
const isSpecial = (tokens: TokenStream, ahead: number): boolean =>
  tokens.is("*", ahead) ||
  tokens.isKind("pseudo", ahead) ||
  tokens.isAny(["IDENTITYCOL", "ROWGUIDCOL"], ahead);

export const lastOf = (name: WrittenName): Identifier => name[name.length - 1] as Identifier;

/** The parts of a column's name, of which the table may not be left out behind a dot. */
export function columnParts(tokens: TokenStream, name: WrittenName): readonly Identifier[] {
  const last = lastOf(name);
  if (name.length > 1 && name[name.length - 2] === undefined) {
    const hint = `Write ${last.name}, or table.${last.name}.`;
    throw tokens.error("The table is missing before the column", last, hint);
  }
  return refuseOtherDatabase(tokens, name, 3);
}

/** Refuses what names another database or server; `local` parts name something in this one. */
export function refuseOtherDatabase(
  tokens: TokenStream,
  name: WrittenName,
  local: number,
): readonly Identifier[] {
  if (name.length <= local && !name.includes(undefined)) return name as readonly Identifier[];
  const outside = name.slice(0, -local).find((part) => part !== undefined);
  if (outside) {
    const rest = name.slice(-local).filter((part) => part !== undefined);
    throw tokens.unsupported(
      `Another database ('${outside.name}')`,
      outside,
      `read_query reads one environment: write ${rest.map((part) => part.name).join(".")}.`,
    );
  }
  return name.slice(-local).filter((part) => part !== undefined);
}
