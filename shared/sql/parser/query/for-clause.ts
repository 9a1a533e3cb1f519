import type { ForClause } from "../ast";
import type { TokenStream } from "../token-stream";

/** `FOR JSON …` and `FOR XML …`; other kinds are refused by their names. */
export function parseForClause(tokens: TokenStream): ForClause {
  const word = tokens.next();
  const { start } = word;
  if (tokens.accept("JSON")) return { ...parseJson(tokens), start, end: tokens.previous.end };
  if (tokens.accept("XML")) return { ...parseXml(tokens), start, end: tokens.previous.end };
  if (tokens.is("BROWSE") || tokens.areAll("READ", "ONLY") || tokens.is("UPDATE")) {
    const hint = "Leave it away: rows are only read.";
    throw tokens.unsupported(`FOR ${tokens.peek().upper}`, word, hint);
  }
  throw tokens.expected("JSON or XML", "Write FOR JSON PATH.");
}

type Unplaced<T> = T extends unknown ? Omit<T, "start" | "end"> : never;
type Json = Unplaced<Extract<ForClause, { kind: "json" }>>;
type Xml = Unplaced<Extract<ForClause, { kind: "xml" }>>;

/** Refuses an option that stands twice, or beside one that it does not go with. */
function checkNew(tokens: TokenStream, seen: Set<string>, option: string, not?: string): void {
  if (seen.has(option) || (not !== undefined && seen.has(not))) {
    throw tokens.error(`${option} does not go with the options before it`, tokens.peek());
  }
  seen.add(option);
}

function parseJson(tokens: TokenStream): Json {
  if (!tokens.isAny(["AUTO", "PATH"])) throw tokens.expected("PATH or AUTO");
  const mode = tokens.next().upper === "AUTO" ? "auto" : "path";
  const seen = new Set<string>();
  let root: string | undefined;
  while (tokens.accept(",")) {
    const { upper } = tokens.peek();
    switch (upper) {
      case "ROOT":
        checkNew(tokens, seen, upper, "WITHOUT_ARRAY_WRAPPER");
        tokens.next();
        root = parseText(tokens) ?? "root";
        break;
      case "WITHOUT_ARRAY_WRAPPER":
        checkNew(tokens, seen, upper, "ROOT");
        tokens.next();
        break;
      case "INCLUDE_NULL_VALUES":
        checkNew(tokens, seen, upper);
        tokens.next();
        break;
      default:
        throw tokens.expected("ROOT, INCLUDE_NULL_VALUES or WITHOUT_ARRAY_WRAPPER");
    }
  }
  return {
    kind: "json",
    mode,
    root,
    includeNullValues: seen.has("INCLUDE_NULL_VALUES"),
    withoutArrayWrapper: seen.has("WITHOUT_ARRAY_WRAPPER"),
  };
}

/** `('text')` */
function parseText(tokens: TokenStream): string | undefined {
  if (!tokens.is("(") || !tokens.isKind("string", 1)) return undefined;
  tokens.next();
  const text = tokens.next().value;
  tokens.expect(")");
  return text;
}

const xmlModes = { RAW: "raw", AUTO: "auto", EXPLICIT: "explicit", PATH: "path" } as const;

function parseXml(tokens: TokenStream): Xml {
  const { upper } = tokens.peek();
  if (upper !== "RAW" && upper !== "AUTO" && upper !== "EXPLICIT" && upper !== "PATH") {
    throw tokens.expected("RAW, AUTO, EXPLICIT or PATH");
  }
  tokens.next();
  const mode = xmlModes[upper];
  const takesElement = mode === "raw" || mode === "path";
  const element = takesElement ? parseText(tokens) : undefined;
  const seen = new Set<string>();
  let root: string | undefined;
  let elements: Xml["elements"];
  while (tokens.accept(",")) {
    const option = tokens.peek();
    switch (option.upper) {
      case "ROOT":
        checkNew(tokens, seen, "ROOT");
        tokens.next();
        root = parseText(tokens) ?? "root";
        break;
      case "TYPE":
        checkNew(tokens, seen, "TYPE");
        tokens.next();
        break;
      case "ELEMENTS":
        checkNew(tokens, seen, "ELEMENTS");
        tokens.next();
        elements = tokens.is("XSINIL") ? "xsinil" : "absent";
        if (tokens.isAny(["XSINIL", "ABSENT"])) tokens.next();
        break;
      case "BINARY":
        checkNew(tokens, seen, "BINARY");
        tokens.next();
        tokens.expect("BASE64");
        break;
      case "XMLDATA":
      case "XMLSCHEMA":
        throw tokens.unsupported(option.upper, option, "Leave it away.");
      default:
        throw tokens.expected("ROOT, TYPE, ELEMENTS or BINARY BASE64");
    }
  }
  return {
    kind: "xml",
    mode,
    element,
    root,
    type: seen.has("TYPE"),
    elements,
    binaryBase64: seen.has("BINARY"),
  };
}
