import type { DataType } from "../ast";
import type { TokenStream } from "../token-stream";
import { formOf } from "./literals";

/** How many numbers may stand behind a type; `max` where MAX may. Other names are types of a database, and may have two. */
const parameters: Readonly<Record<string, { readonly most: number; readonly max?: true }>> = {
  BIGINT: { most: 0 },
  INT: { most: 0 },
  INTEGER: { most: 0 },
  SMALLINT: { most: 0 },
  TINYINT: { most: 0 },
  BIT: { most: 0 },
  MONEY: { most: 0 },
  SMALLMONEY: { most: 0 },
  REAL: { most: 0 },
  DATE: { most: 0 },
  DATETIME: { most: 0 },
  SMALLDATETIME: { most: 0 },
  TEXT: { most: 0 },
  NTEXT: { most: 0 },
  IMAGE: { most: 0 },
  UNIQUEIDENTIFIER: { most: 0 },
  SQL_VARIANT: { most: 0 },
  TIMESTAMP: { most: 0 },
  ROWVERSION: { most: 0 },
  DECIMAL: { most: 2 },
  DEC: { most: 2 },
  NUMERIC: { most: 2 },
  FLOAT: { most: 1 },
  DATETIME2: { most: 1 },
  DATETIMEOFFSET: { most: 1 },
  TIME: { most: 1 },
  CHAR: { most: 1 },
  CHARACTER: { most: 1 },
  NCHAR: { most: 1 },
  BINARY: { most: 1 },
  VARCHAR: { most: 1, max: true },
  NVARCHAR: { most: 1, max: true },
  VARBINARY: { most: 1, max: true },
};

/** `NATIONAL CHARACTER VARYING` and its like, in one word. */
const national: Readonly<Record<string, string>> = {
  CHAR: "NCHAR",
  CHARACTER: "NCHAR",
  TEXT: "NTEXT",
};
const varying: Readonly<Record<string, string>> = {
  CHAR: "VARCHAR",
  CHARACTER: "VARCHAR",
  NCHAR: "NVARCHAR",
  BINARY: "VARBINARY",
};

/** A type, such as NVARCHAR(100) or DECIMAL(18, 2). Whether there is one of that name is the binder's business. */
export function parseDataType(tokens: TokenStream): DataType {
  const { start } = tokens.peek();
  const name = parseTypeName(tokens);
  const args = tokens.is("(") ? parseParameters(tokens, name) : [];
  return { name, args, start, end: tokens.previous.end };
}

function parseTypeName(tokens: TokenStream): string {
  if (tokens.accept("DOUBLE")) {
    if (!tokens.is("PRECISION")) throw tokens.expected("PRECISION", "Write FLOAT.");
    tokens.next();
    return "FLOAT";
  }
  const isNational = tokens.accept("NATIONAL");
  const first = tokens.identifier("a data type");
  let name = first.name.toUpperCase();
  if (tokens.is(".") && tokens.isName(1)) {
    tokens.next();
    const second = tokens.identifier("a data type");
    if (name !== "SYS") {
      const hint = "Use a type of T-SQL, such as NVARCHAR(100).";
      throw tokens.unsupported(`The data type ${first.name}.${second.name}`, first, hint);
    }
    name = second.name.toUpperCase();
  }
  if (name === "XML" && tokens.is("(")) {
    throw tokens.unsupported("An XML schema collection", tokens.peek(), "Write XML alone.");
  }
  if (isNational) {
    const wide = Object.hasOwn(national, name) ? national[name] : undefined;
    if (!wide) throw tokens.error(`NATIONAL does not go together with ${name}`, first);
    name = wide;
  }
  if (tokens.is("VARYING")) {
    const long = Object.hasOwn(varying, name) ? varying[name] : undefined;
    if (!long) throw tokens.error(`VARYING does not go together with ${name}`, tokens.peek());
    tokens.next();
    name = long;
  }
  return name;
}

/** A length; or, as in VECTOR(3, FLOAT16), of what numbers are. */
function parseParameter(tokens: TokenStream, isNamed: boolean): string {
  if (isNamed) return tokens.identifier("a type of numbers").name;
  const token = tokens.peek();
  if (token.kind !== "number" || formOf(token.value) !== "integer") {
    throw tokens.expected("a length");
  }
  tokens.next();
  return token.value;
}

function parseParameters(tokens: TokenStream, name: string): readonly string[] {
  const open = tokens.next();
  const known = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  const args: string[] = [];
  if (tokens.is("MAX")) {
    if (known && known.most > 0 && !known.max) {
      const hint = "Only VARCHAR, NVARCHAR and VARBINARY are as long as that.";
      throw tokens.unsupported(`${name}(MAX)`, tokens.peek(), hint);
    }
    tokens.next();
    args.push("MAX");
  } else {
    do args.push(parseParameter(tokens, name === "VECTOR" && args.length === 1));
    while (args.length < 2 && tokens.accept(","));
  }
  tokens.expect(")");
  if (known && args.length > known.most) {
    const most = known.most === 0 ? "no length" : `at most ${known.most}`;
    throw tokens.error(`${name} takes ${most} in parentheses`, open);
  }
  return args;
}
