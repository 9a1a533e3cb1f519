import type { Call, Expression, FrameBound, Window, WindowFrame, WithinGroup } from "../ast";
import type { TokenStream } from "../token-stream";
import { formOf } from "./literals";

/** Is this `OVER (…)` or `OVER window`? */
export const startsOver = (tokens: TokenStream): boolean =>
  tokens.is("OVER") && (tokens.is("(", 1) || tokens.isKind("word", 1));

/** `OVER (…)` behind a function; the position is at OVER. Ordered ones may name a window and have an order. */
export function parseOver(
  tokens: TokenStream,
  called: Call | WithinGroup,
  nulls: "ignore" | "respect" | undefined,
  ordered: boolean,
): Expression {
  tokens.expect("OVER");
  if (ordered && tokens.isName()) {
    const base = tokens.identifier("a window");
    const { start, end } = base;
    const window = { base, partitionBy: [], orderBy: [], frame: undefined, start, end };
    return { kind: "over", function: called, nulls, window, start: called.start, end };
  }
  const { start } = tokens.peek();
  tokens.expect("(");
  tokens.enter();
  const content = parseWindow(tokens, ordered);
  tokens.leave();
  if (content.base && tokens.previous.start === content.base.start) {
    throw tokens.expected("ORDER BY", `Write OVER ${content.base.name} without parentheses.`);
  }
  tokens.expect(")");
  const { end } = tokens.previous;
  const window: Window = { ...content, start, end };
  return { kind: "over", function: called, nulls, window, start: called.start, end };
}

/** What stands between the parentheses of OVER (…) and `WINDOW w AS (…)`. */
export function parseWindow(tokens: TokenStream, ordered: boolean): Omit<Window, "start" | "end"> {
  const startsPartition = tokens.is("PARTITION") && tokens.is("BY", 1);
  const base =
    ordered && tokens.isName() && !startsPartition && !startsFrame(tokens)
      ? tokens.identifier("a window")
      : undefined;
  const partitionBy: Expression[] = [];
  if (tokens.accept("PARTITION")) {
    tokens.expect("BY");
    do partitionBy.push(tokens.grammar.value(tokens));
    while (tokens.accept(","));
  }
  if (!ordered) return { base, partitionBy, orderBy: [], frame: undefined };
  let orderBy: Window["orderBy"] = [];
  if (tokens.accept("ORDER")) {
    tokens.expect("BY");
    orderBy = tokens.grammar.orderItems(tokens);
  }
  const frame = tokens.isAny(["ROWS", "RANGE"]) ? parseFrame(tokens) : undefined;
  return { base, partitionBy, orderBy, frame };
}

/** A frame without an order; before UNBOUNDED the word is read as the name of a window. */
const startsFrame = (tokens: TokenStream): boolean =>
  tokens.isAny(["ROWS", "RANGE"]) &&
  (tokens.isAny(["BETWEEN", "CURRENT"], 1) || tokens.isKind("number", 1));

function parseFrame(tokens: TokenStream): WindowFrame {
  const word = tokens.next();
  const unit = word.upper === "ROWS" ? "rows" : "range";
  const { start } = word;
  let from: FrameBound;
  let to: FrameBound = { kind: "currentRow" };
  if (tokens.accept("BETWEEN")) {
    from = parseBound(tokens);
    tokens.expect("AND", "Write ROWS BETWEEN start AND end.");
    to = parseBound(tokens);
  } else {
    from = parseBound(tokens);
  }
  checkFrame(tokens, unit, from, to, start);
  return { unit, from, to, start, end: tokens.previous.end };
}

function parseBound(tokens: TokenStream): FrameBound {
  if (tokens.accept("CURRENT")) {
    if (!tokens.isKind("word")) throw tokens.expected("ROW");
    tokens.next();
    return { kind: "currentRow" };
  }
  if (tokens.accept("UNBOUNDED")) {
    if (tokens.accept("PRECEDING")) return { kind: "unboundedPreceding" };
    tokens.expect("FOLLOWING");
    return { kind: "unboundedFollowing" };
  }
  const count = tokens.peek();
  if (count.kind !== "number" || formOf(count.value) !== "integer") {
    throw tokens.expected("UNBOUNDED, CURRENT ROW or a whole number");
  }
  tokens.next();
  const rows = Number(count.value);
  if (tokens.accept("PRECEDING")) return { kind: "preceding", rows };
  tokens.expect("FOLLOWING");
  return { kind: "following", rows };
}

const order: Readonly<Record<FrameBound["kind"], number>> = {
  unboundedPreceding: 0,
  preceding: 1,
  currentRow: 2,
  following: 3,
  unboundedFollowing: 4,
};

function checkFrame(
  tokens: TokenStream,
  unit: "rows" | "range",
  from: FrameBound,
  to: FrameBound,
  at: number,
): void {
  const place = { start: at };
  if (unit === "range" && [from, to].some((bound) => "rows" in bound)) {
    throw tokens.error(
      "RANGE takes only UNBOUNDED and CURRENT ROW",
      place,
      "Write ROWS for a number of rows.",
    );
  }
  if (
    order[from.kind] > order[to.kind] ||
    from.kind === "unboundedFollowing" ||
    to.kind === "unboundedPreceding"
  ) {
    throw tokens.error(
      "The window frame ends before it begins",
      place,
      "Write the earlier bound first.",
    );
  }
}
