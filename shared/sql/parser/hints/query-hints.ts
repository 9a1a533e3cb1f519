import { errorAt } from "../../errors";
import { nearest } from "../../nearest";
import { formOf } from "../expression/literals";
import { parseName } from "../expression/names";
import type { Token } from "../lexer";
import type { TokenStream } from "../token-stream";
import { parseHints } from "./table-hints";
import { parseUseHints } from "./use-hints";

/** Query hints by what stands behind their first word. https://learn.microsoft.com/sql/t-sql/queries/hints-transact-sql-query */
const single: ReadonlySet<string> = new Set([
  "RECOMPILE",
  "IGNORE_NONCLUSTERED_COLUMNSTORE_INDEX",
  "NO_PERFORMANCE_SPOOL",
]);
const withWord: Readonly<Record<string, readonly string[]>> = {
  HASH: ["JOIN", "UNION", "GROUP"],
  LOOP: ["JOIN"],
  MERGE: ["JOIN", "UNION"],
  CONCAT: ["UNION"],
  KEEP: ["UNION", "PLAN"],
  ORDER: ["GROUP"],
  FORCE: ["ORDER", "SINGLE NODE PLAN", "DISTRIBUTED PLAN"],
  KEEPFIXED: ["PLAN"],
  ROBUST: ["PLAN"],
  SHRINKDB: ["PLAN"],
  ALTERCOLUMN: ["PLAN"],
  CHECKCONSTRAINTS: ["PLAN"],
  EXPAND: ["VIEWS"],
  PARAMETERIZATION: ["SIMPLE", "FORCED"],
  BYPASS: ["OPTIMIZER_QUEUE"],
};
const withInteger: ReadonlySet<string> = new Set([
  "FAST",
  "MAXDOP",
  "MAXRECURSION",
  "QUERYTRACEON",
  "USEPLAN",
  "CARDINALITY_TUNER_LIMIT",
]);
const withNumber: ReadonlySet<string> = new Set(["MIN_GRANT_PERCENT", "MAX_GRANT_PERCENT"]);
const withText: ReadonlySet<string> = new Set(["LABEL"]);

const known: readonly string[] = [
  ...single,
  ...Object.keys(withWord),
  ...withInteger,
  ...withNumber,
  ...withText,
  "USE",
  "OPTIMIZE",
  "TABLE",
  "FOR",
];

const mostRounds = 32_767;

/** `OPTION (…)` at the end of a statement. MAXRECURSION counts, the others have no effect, and a note says so. */
export function parseOptions(tokens: TokenStream): void {
  if (!tokens.accept("OPTION")) return;
  tokens.expect("(");
  do parseOption(tokens);
  while (tokens.accept(","));
  tokens.expect(")");
}

function parseOption(tokens: TokenStream): void {
  const word = tokens.peek();
  const { upper } = word;
  if (word.kind !== "word" && word.kind !== "keyword") throw tokens.expected("a query hint");
  if (upper === "MAXRECURSION" && tokens.isKind("number", 1)) {
    tokens.next();
    const place = tokens.peek();
    tokens.maxRecursion = parseInteger(tokens);
    if (tokens.maxRecursion > mostRounds)
      throw errorAt(
        tokens.source,
        place.start,
        "unsupported",
        `MAXRECURSION takes at most ${mostRounds} (SQL Server error 310)`,
        { hint: "Write OPTION (MAXRECURSION 0) for as many rounds as it takes." },
      );
    return;
  }
  tokens.next();
  if (!parseKnown(tokens, upper)) throw unknownOption(tokens, word);
  tokens.notes.add(
    `OPTION (${upper} …) has no effect here.`.replace(" …", tokens.previous === word ? "" : " …"),
  );
}

/** What stands behind the word of a hint; false where there is no such hint. */
function parseKnown(tokens: TokenStream, upper: string): boolean {
  const seconds = Object.hasOwn(withWord, upper) ? withWord[upper] : undefined;
  if (upper === "USE") parseUse(tokens);
  else if (upper === "OPTIMIZE") parseOptimize(tokens);
  else if (upper === "TABLE") parseTableHint(tokens);
  else if (upper === "FORCE" && tokens.accept("SINGLE")) expectWords(tokens, "NODE", "PLAN");
  else if (upper === "FORCE" && tokens.accept("DISTRIBUTED")) expectWords(tokens, "PLAN");
  else if (upper === "FOR") parseMoment(tokens);
  else if (tokens.is("=") && (withNumber.has(upper) || withText.has(upper))) {
    parseAssigned(tokens, upper);
  } else if (tokens.isKind("number") && withInteger.has(upper)) parseInteger(tokens);
  else if (seconds?.includes(tokens.peek().upper)) tokens.next();
  else return single.has(upper);
  return true;
}

function unknownOption(tokens: TokenStream, { upper, ...place }: Token): Error {
  const seconds = Object.hasOwn(withWord, upper) ? withWord[upper] : undefined;
  if (seconds) return tokens.expected(`${seconds.join(" or ")} behind ${upper}`);
  if (known.includes(upper)) return tokens.expected(`a value behind ${upper}`);
  const near = nearest(upper, known, 1)[0];
  const hint = near ? `Did you mean ${near}?` : "Hints have no effect here: leave OPTION away.";
  return tokens.error(`Unknown query hint ${upper}`, place, hint);
}

function parseAssigned(tokens: TokenStream, upper: string): void {
  tokens.next();
  if (withText.has(upper)) {
    tokens.literal("string", "a text");
    return;
  }
  const token = tokens.literal("number", "a number");
  if (formOf(token.value) === "money") throw tokens.error("Expected a plain number", token);
}

function parseInteger(tokens: TokenStream): number {
  const token = tokens.peek();
  if (token.kind !== "number" || formOf(token.value) !== "integer") {
    throw tokens.expected("a whole number");
  }
  tokens.next();
  return Number(token.value);
}

function expectWords(tokens: TokenStream, ...words: readonly string[]): void {
  for (const word of words) tokens.expect(word);
}

/** `FOR TIMESTAMP AS OF '…'`: rows as they were, which no note could say has no effect. */
function parseMoment(tokens: TokenStream): never {
  const place = tokens.previous;
  expectWords(tokens, "TIMESTAMP", "AS", "OF");
  tokens.literal("string", "a date and time");
  const hint = "Dataverse reads what is stored now: leave OPTION away.";
  throw tokens.unsupported("FOR TIMESTAMP AS OF", place, hint);
}

/** `USE PLAN N'…'`, `USE HINT ('…', …)` */
function parseUse(tokens: TokenStream): void {
  if (tokens.accept("PLAN")) {
    tokens.literal("string", "a plan in XML");
    return;
  }
  tokens.expect("HINT", "Write USE HINT ('name').");
  parseUseHints(tokens);
}

/** `OPTIMIZE FOR UNKNOWN`, `OPTIMIZE FOR (@x = 1)`, `OPTIMIZE CORRELATED UNION ALL` */
function parseOptimize(tokens: TokenStream): void {
  if (tokens.accept("CORRELATED")) {
    tokens.expect("UNION");
    tokens.expect("ALL");
    return;
  }
  tokens.expect("FOR", "Write OPTIMIZE FOR UNKNOWN.");
  if (tokens.accept("UNKNOWN")) return;
  tokens.expect("(");
  if (!tokens.isKind("variable")) throw tokens.expected("a variable");
  const hint = "Leave the hint away: there are no variables here.";
  throw tokens.unsupported(`The variable ${tokens.peek().value}`, tokens.peek(), hint);
}

/** `TABLE HINT (name, NOLOCK)` */
function parseTableHint(tokens: TokenStream): void {
  tokens.expect("HINT");
  tokens.expect("(");
  parseName(tokens, "a table");
  if (tokens.accept(",")) parseHints(tokens);
  tokens.expect(")");
}
