import type { Expression, JsonMember, JsonNulls } from "../ast";
import type { Token } from "../lexer";
import type { TokenStream } from "../token-stream";

const names = ["JSON_OBJECT", "JSON_ARRAY", "JSON_OBJECTAGG", "JSON_ARRAYAGG"] as const;
type JsonName = (typeof names)[number];

export const isJsonCall = (name: string): name is JsonName =>
  (names as readonly string[]).includes(name);

/** `JSON_OBJECT(k : v, … NULL ON NULL RETURNING JSON)` and its like; the position is at the parenthesis. */
export function parseJsonCall(tokens: TokenStream, word: Token): Expression {
  const name = word.upper as JsonName;
  tokens.expect("(");
  tokens.enter();
  refuseForms(tokens, name);
  const node = parseContent(tokens, name);
  tokens.leave();
  if (name === "JSON_ARRAYAGG" && tokens.is(",")) throw refusedForm(tokens, name);
  tokens.expect(")");
  if (name.endsWith("AGG") && tokens.is("OVER")) {
    const hint = "Group in a derived table, and join it.";
    throw tokens.unsupported(`${name} … OVER`, tokens.peek(), hint);
  }
  return { ...node, start: word.start, end: tokens.previous.end };
}

/** What Microsoft's parser takes for an aggregate and SQL Server does not. */
function refuseForms(tokens: TokenStream, name: JsonName): void {
  const isEmpty = name.endsWith("AGG") && isEnd(tokens);
  const isOther = name === "JSON_ARRAYAGG" && tokens.isAny(["*", "DISTINCT", "ALL"]);
  if (isEmpty || isOther) throw refusedForm(tokens, name);
}

const refusedForm = (tokens: TokenStream, name: JsonName): Error =>
  tokens.unsupported(
    `${name} of anything but one ${name === "JSON_ARRAYAGG" ? "value" : "key : value"}`,
    tokens.peek(),
    name === "JSON_ARRAYAGG" ? "Write JSON_ARRAYAGG(value)." : "Write JSON_OBJECTAGG(key : value).",
  );

type Unplaced<T> = T extends unknown ? Omit<T, "start" | "end"> : never;
type JsonNode = Unplaced<
  Extract<Expression, { kind: "jsonObject" | "jsonArray" | "jsonObjectAgg" | "jsonArrayAgg" }>
>;

function parseContent(tokens: TokenStream, name: JsonName): JsonNode {
  switch (name) {
    case "JSON_OBJECT": {
      const members = isEnd(tokens) ? [] : parseList(tokens, parseMember);
      return { kind: "jsonObject", members, nulls: parseEnd(tokens) };
    }
    case "JSON_ARRAY": {
      const items = isEnd(tokens) ? [] : parseList(tokens, tokens.grammar.value);
      return { kind: "jsonArray", items, nulls: parseEnd(tokens) };
    }
    case "JSON_OBJECTAGG":
      return { kind: "jsonObjectAgg", member: parseMember(tokens), nulls: parseEnd(tokens) };
    case "JSON_ARRAYAGG": {
      const item = tokens.grammar.value(tokens);
      let orderBy: Extract<JsonNode, { kind: "jsonArrayAgg" }>["orderBy"] = [];
      if (tokens.accept("ORDER")) {
        tokens.expect("BY");
        orderBy = tokens.grammar.orderItems(tokens);
      }
      return { kind: "jsonArrayAgg", item, orderBy, nulls: parseEnd(tokens) };
    }
  }
}

function parseList<T>(tokens: TokenStream, one: (tokens: TokenStream) => T): readonly T[] {
  const found = [one(tokens)];
  while (tokens.accept(",")) found.push(one(tokens));
  return found;
}

/** Nothing is listed: the parenthesis, or what follows the list. */
const isEnd = (tokens: TokenStream): boolean =>
  tokens.is(")") ||
  tokens.areAll("NULL", "ON") ||
  tokens.areAll("ABSENT", "ON") ||
  tokens.areAll("RETURNING", "JSON");

function parseMember(tokens: TokenStream): JsonMember {
  const key = tokens.grammar.value(tokens);
  tokens.expect(":", "Write 'key' : value.");
  return { key, value: tokens.grammar.value(tokens) };
}

/** `NULL ON NULL`, `ABSENT ON NULL`, `RETURNING JSON`. */
function parseEnd(tokens: TokenStream): JsonNulls {
  let nulls: JsonNulls;
  if (tokens.isAny(["NULL", "ABSENT"])) {
    nulls = tokens.next().upper === "NULL" ? "null" : "absent";
    tokens.expect("ON");
    tokens.expect("NULL");
  }
  if (tokens.accept("RETURNING")) {
    tokens.expect("JSON");
    tokens.notes.add("RETURNING JSON has no effect here: JSON is text.");
  }
  return nulls;
}
