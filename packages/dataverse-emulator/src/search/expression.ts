import type { Pattern } from "./pattern";
import type { Node } from "./syntax";
import { isWithin, wordsOf } from "./words";

/** A query as FTS5 takes it, for one table. */
export interface Expression {
  /** Undefined: every row, less `except`. */
  readonly match: string | undefined;
  readonly except: string | undefined;
  /** Parts whose rows count for more. */
  readonly boosts: readonly { readonly match: string; readonly by: number }[];
  readonly isHit: (word: string) => boolean;
}

interface Context {
  /** Words of the table's index, most frequent first. */
  readonly words: () => readonly string[];
  /** FTS5's name of a column; undefined when it is not searched. */
  readonly column: (name: string) => string | undefined;
  readonly boosts: { match: string; by: number }[];
  readonly hits: { exact: Set<string>; prefixes: string[] };
  negated: boolean;
}

interface Both {
  readonly match: string | undefined;
  readonly except: string | undefined;
}

const nothing: Both = { match: undefined, except: undefined };
/** As many words as one inexact term stands for. */
const mostExpanded = 60;
const longestWord = 40;

const string = (words: readonly string[]) => `"${words.join(" ").replaceAll('"', '""')}"`;
const anyOf = (words: readonly string[]) =>
  words.length === 1
    ? string([words[0] ?? ""])
    : `(${words.map((word) => string([word])).join(" OR ")})`;

function expanded(words: readonly string[], context: Context, instead: string): Both {
  const found = words.slice(0, mostExpanded);
  if (!context.negated) for (const word of found) context.hits.exact.add(word);
  return { match: found.length === 0 ? string([instead]) : anyOf(found), except: undefined };
}

function wordExpression(text: string, prefix: boolean, context: Context): Both {
  const words = wordsOf(text);
  const last = words.at(-1);
  if (last === undefined) return nothing;
  if (!context.negated) {
    for (const word of prefix ? words.slice(0, -1) : words) context.hits.exact.add(word);
    if (prefix) context.hits.prefixes.push(last);
  }
  return { match: `${string(words)}${prefix ? " *" : ""}`, except: undefined };
}

/** As many as are used, no more are looked for. */
function fitting(pattern: Pattern, { words }: Context): string[] {
  const found: string[] = [];
  for (const one of words()) {
    if (one.length <= longestWord && pattern.test(one)) found.push(one);
    if (found.length === mostExpanded) break;
  }
  return found;
}

function compile(node: Node, context: Context): Both {
  switch (node.kind) {
    case "word":
      return wordExpression(node.text, node.prefix, context);
    case "fuzzy": {
      const [word = ""] = wordsOf(node.text);
      const near = context
        .words()
        .filter((one) => one.length <= longestWord && isWithin(word, one, node.edits));
      return word === "" ? nothing : expanded(near, context, word);
    }
    case "pattern": {
      return expanded(fitting(node.pattern, context), context, "\u{f8ff}");
    }
    case "phrase": {
      const words = wordsOf(node.text);
      if (words.length === 0) return nothing;
      if (!context.negated) for (const word of words) context.hits.exact.add(word);
      const match =
        node.distance === undefined || words.length === 1
          ? string(words)
          : `NEAR(${words.map((word) => string([word])).join(" ")}, ${Math.min(node.distance, 1_000)})`;
      return { match, except: undefined };
    }
    case "field": {
      const column = context.column(node.column);
      const inner = compile(node.part, context);
      if (column === undefined) return { match: string(["\u{f8ff}"]), except: undefined };
      return { match: inner.match && `${column} : (${inner.match})`, except: inner.except };
    }
    case "boost": {
      const inner = compile(node.part, context);
      if (inner.match !== undefined) context.boosts.push({ match: inner.match, by: node.by });
      return inner;
    }
    case "not": {
      context.negated = !context.negated;
      const inner = compile(node.part, context);
      context.negated = !context.negated;
      return { match: inner.except, except: inner.match };
    }
    default:
      return joined(node.kind, node.parts, context);
  }
}

function joined(kind: "and" | "or", parts: readonly Node[], context: Context): Both {
  const compiled = parts.map((part) => compile(part, context));
  if (kind === "or") {
    // What is wanted beside what is not wanted: the wanted alone is meant.
    const wanted = compiled.flatMap(({ match, except }) =>
      match === undefined ? [] : [except === undefined ? match : `(${match} NOT ${except})`],
    );
    if (wanted.length === 0) {
      return { match: undefined, except: compiled.map((each) => each.except).find(Boolean) };
    }
    return {
      match: wanted.length === 1 ? wanted[0] : `(${wanted.join(" OR ")})`,
      except: undefined,
    };
  }
  const matches = compiled.flatMap(({ match }) => match ?? []);
  const excepts = compiled.flatMap(({ except }) => except ?? []);
  return {
    match: matches.length < 2 ? matches[0] : `(${matches.join(" AND ")})`,
    except: excepts.length < 2 ? excepts[0] : `(${excepts.join(" OR ")})`,
  };
}

export function expressionOf(
  node: Node,
  words: () => readonly string[],
  column: (name: string) => string | undefined,
): Expression {
  const context: Context = {
    words,
    column,
    boosts: [],
    hits: { exact: new Set(), prefixes: [] },
    negated: false,
  };
  const { match, except } = compile(node, context);
  const { exact, prefixes } = context.hits;
  return {
    match: match !== undefined && except !== undefined ? `(${match} NOT ${except})` : match,
    except: match === undefined ? except : undefined,
    boosts: context.boosts,
    isHit: (word) => exact.has(word) || prefixes.some((prefix) => word.startsWith(prefix)),
  };
}
