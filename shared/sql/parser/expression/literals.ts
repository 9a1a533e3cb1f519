import type { DataType, Expression, NumberForm } from "../ast";
import type { TokenStream } from "../token-stream";
import { parseArguments } from "./arguments";

const largestInteger = 2_147_483_647;

/** What a number is by the way it is written. */
export function formOf(written: string): NumberForm {
  if (!/^[\d.]/.test(written)) return "money";
  if (/e/i.test(written)) return "float";
  return written.includes(".") || Number(written) > largestInteger ? "decimal" : "integer";
}

export function parseLiteral(tokens: TokenStream): Expression | undefined {
  const token = tokens.peek();
  const { start, end } = token;
  switch (token.kind) {
    case "string": {
      tokens.next();
      const isNational = tokens.source[start] === "N" || tokens.source[start] === "n";
      return {
        kind: "string",
        value: token.value,
        start,
        end,
        ...(isNational && { national: true }),
      };
    }
    case "number": {
      tokens.next();
      const form = formOf(token.value);
      const value = form === "money" ? token.value.replace(/^. */u, "") : token.value;
      return { kind: "number", value, form, start, end };
    }
    case "binary": {
      tokens.next();
      const digits = token.value.slice(2).replace(/\\\r?\n/g, "");
      const value = digits.length % 2 === 0 ? digits : `0${digits}`;
      return { kind: "binary", value, start, end };
    }
    case "keyword":
      if (token.upper !== "NULL") return undefined;
      tokens.next();
      return { kind: "null", start, end };
    case "variable":
      if (!token.value.startsWith("@@")) return undefined;
      tokens.next();
      return {
        kind: "call",
        name: token.value.toUpperCase(),
        args: [],
        distinct: false,
        star: false,
        start,
        end,
      };
    case "word":
    case "quoted":
    case "pseudo":
    case "go":
    case "operator":
    case "end":
      return undefined;
  }
}

/** Functions of ODBC that T-SQL has under another name. */
const odbcFunctions: Readonly<Record<string, string>> = {
  UCASE: "UPPER",
  LCASE: "LOWER",
  LENGTH: "LEN",
  LOCATE: "CHARINDEX",
  IFNULL: "ISNULL",
  NOW: "GETDATE",
  CURDATE: "CURRENT_DATE",
  MOD: "%",
  TRUNCATE: "TRUNCATE",
};

/** What `{d '…'}` and its like are: a text in a type. */
const odbcTypes: Readonly<Record<string, string>> = {
  D: "DATETIME",
  TS: "DATETIME",
  GUID: "UNIQUEIDENTIFIER",
};

/** `{d '…'}`, `{ts '…'}`, `{guid '…'}`, `{fn name(…)}`; the position is at the brace. */
export function parseOdbc(tokens: TokenStream): Expression {
  const { start } = tokens.next();
  const word = tokens.next();
  if (word.upper === "FN") return parseOdbcFunction(tokens, start);
  const operand = tokens.isKind("string") ? parseLiteral(tokens) : undefined;
  if (word.kind !== "word" || !operand) {
    throw tokens.error("'{' begins an ODBC escape", tokens.peek(), "Write {d '2026-01-31'}.");
  }
  if (word.upper === "T") {
    const hint = "Write CAST('10:00' AS TIME).";
    throw tokens.unsupported(
      "The ODBC escape {t '…'}, which means today at that time,",
      word,
      hint,
    );
  }
  const name = odbcTypes[word.upper];
  if (!name) {
    throw tokens.error(
      `Unknown ODBC escape ${tokens.nameOf(word)}`,
      word,
      "There are {d '…'}, {ts '…'}, {guid '…'} and {fn name(…)}.",
    );
  }
  tokens.expect("}");
  const { end } = tokens.previous;
  const type: DataType = { name, args: [], start: word.start, end: word.end };
  return { kind: "cast", operand, type, style: undefined, start, end };
}

function parseOdbcFunction(tokens: TokenStream, start: number): Expression {
  const word = tokens.next();
  const name = word.upper;
  if (name === "CONVERT") {
    const hint = "Write CAST(value AS type).";
    throw tokens.unsupported("The ODBC function CONVERT", word, hint);
  }
  if (name === "EXTRACT") {
    const hint = "Write DATEPART(part, date).";
    throw tokens.unsupported("The ODBC function EXTRACT", word, hint);
  }
  const bare = name === "CURRENT_TIMESTAMP" || name === "CURRENT_TIME";
  const isName = word.kind === "word" || odbcKeywords.has(name);
  if (!isName || !(bare || tokens.is("("))) throw tokens.error("Expected a function", word);
  const args = tokens.is("(") ? parseArguments(tokens) : [];
  const wanted = odbcKeywords.get(name);
  if (wanted && (args.length < wanted.least || args.length > wanted.most)) {
    throw tokens.error(`${name} does not take ${args.length} arguments`, word);
  }
  tokens.expect("}");
  const translated = Object.hasOwn(odbcFunctions, name) ? odbcFunctions[name] : name;
  return {
    kind: "call",
    name: translated ?? name,
    args,
    distinct: false,
    star: false,
    start,
    end: tokens.previous.end,
  };
}

/** Reserved words that ODBC has as functions, and how many arguments they take. */
const odbcKeywords: ReadonlyMap<string, { readonly least: number; readonly most: number }> =
  new Map([
    ["TRUNCATE", { least: 2, most: 2 }],
    ["DATABASE", { least: 0, most: 0 }],
    ["USER", { least: 0, most: 0 }],
    ["CURRENT_DATE", { least: 0, most: 0 }],
    ["CURRENT_TIME", { least: 0, most: 9 }],
    ["CURRENT_TIMESTAMP", { least: 0, most: 9 }],
    ["INSERT", { least: 1, most: 9 }],
    ["LEFT", { least: 1, most: 9 }],
    ["RIGHT", { least: 1, most: 9 }],
  ]);
