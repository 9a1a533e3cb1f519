import { describe, expect, test } from "@jest/globals";
import { bounded } from "../support/regular-expressions/bounded";
import { patternsIn, patternsOf } from "../support/regular-expressions/find";
import { longestText, type Pattern, tooSlow, verdict } from "../support/regular-expressions/judge";

/** Found wanting, and why; undefined when the pattern may stay. */
function fault(file: string, found: Pattern): string | undefined {
  const bound = bounded.find((each) => each.file === file && each.pattern === found.pattern);
  const judged = verdict(found).filter((each) => bound === undefined || each === "exponential");
  const slow = tooSlow(found, bound?.longest ?? longestText);
  if (judged.length === 0 && slow === undefined) return undefined;
  return `${file}: /${found.pattern}/${found.flags}: ${[...judged, slow].filter(Boolean).join("; ")}`;
}

describe("every regular expression of the product", () => {
  const all = patternsOf(["shared", "functions"]);

  test("is found in the syntax tree", () => {
    expect(all.length).toBeGreaterThan(200);
    expect(
      new Set(all.map(({ file }) => file.split("/").slice(0, 2).join("/"))).size,
    ).toBeGreaterThan(8);
  });

  test("is made of constants", () => {
    expect(all.filter((each) => "unknown" in each)).toEqual([]);
  });

  test("is linear, for the checker and for every pumped text of 20,000 characters", () => {
    const patterns = new Map(
      all.flatMap((each) =>
        "unknown" in each ? [] : [[`${each.file} /${each.pattern}/${each.flags}`, each] as const],
      ),
    );
    expect([...patterns.values()].flatMap((each) => fault(each.file, each) ?? [])).toEqual([]);
  }, 180_000);

  test("is bounded by its input only where it has to be, in a pattern that is still there", () => {
    const idle = bounded.filter(({ file, pattern }) => {
      const there = all.find(
        (each) => each.file === file && "pattern" in each && each.pattern === pattern,
      );
      if (there === undefined || "unknown" in there) return true;
      return verdict(there).length === 0 && tooSlow(there) === undefined;
    });
    expect(idle).toEqual([]);
    expect(
      bounded.filter(({ longest, because }) => longest > longestText || because.length < 20),
    ).toEqual([]);
  });
});

describe("the judge", () => {
  const parse = (source: string): Pattern => {
    const [found] = patternsIn("x.ts", source);
    if (found === undefined || "unknown" in found) throw new Error(`No pattern in ${source}`);
    return found;
  };

  // What froze this product once, and the kinds they stand for.
  const bad: readonly (readonly [name: string, pattern: string])[] = [
    [
      "the payee whose groups can be cut in many ways",
      String.raw`const a = /\b[A-Z]{2}\d{2}(?=(?:[ ]?[A-Z0-9]){11,30}\b)(?:[ ]?[A-Z0-9]{1,4})+\b/g`,
    ],
    [
      "the token of HTML",
      String.raw`const a = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<![^>]*>|<\?[^>]*>|<(\/?)([a-zA-Z][\w:-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>|[^<]+|</g`,
    ],
    [
      "the mail address that starts anywhere",
      String.raw`const a = /[\w.+%-]+@[\w-]+(?:\.[\w-]+)+/g`,
    ],
    ["two looks ahead", String.raw`const a = /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{3,}\b/g`],
    ["a tail", String.raw`const a = / +$/`],
    ["blanks on both sides", String.raw`const a = /\s*\n\s*/g`],
    ["nested repeats", String.raw`const a = /^(?:\w+\s?)*$/`],
    ["a tag that never ends", String.raw`const a = /<[^>]*>/g`],
  ];
  test.each(bad)("finds %s", (_, source) => {
    const pattern = parse(source);
    expect([...verdict(pattern), tooSlow(pattern)].filter(Boolean)).not.toEqual([]);
  });

  test("measures what the checker cannot see", () => {
    const pattern = parse(String.raw`const a = /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{3,}\b/g`);
    expect(verdict(pattern)).toEqual([]);
    expect(tooSlow(pattern)).toContain("ms of CPU at 20000 characters");
  });

  test("sees where a text would be too long and a bounded one is not", () => {
    const tail = parse(String.raw`const a = /[.,;:]+$/`);
    expect(tooSlow(tail)).toBeDefined();
    expect(tooSlow(tail, 300)).toBeUndefined();
  });

  const good = [
    String.raw`const a = /[\w.+%-]{1,64}@[\w-]+(?:\.[\w-]+)+/g`,
    String.raw`const a = /(?<!\s)\s+$/`,
  ];
  test.each(good)("lets %s pass", (source) => {
    expect([...verdict(parse(source)), tooSlow(parse(source))].filter(Boolean)).toEqual([]);
  });
});

describe("the finder", () => {
  test.each([
    ["new RegExp(name)", "function f(name: string) { return new RegExp(name); }"],
    ["RegExp without new", "const f = (name: string) => RegExp('^' + name, 'i');"],
    ["flags that are not constant", "const f = (flags: string) => new RegExp('a', flags);"],
    ["a variable that is written again", "let name = 'a'; const a = new RegExp(name);"],
    ["a string given to match", "const f = (text: string) => text.match('a+');"],
  ])("names %s", (_, source) => {
    expect(patternsIn("x.ts", source)).toEqual([{ file: "x.ts", unknown: expect.any(String) }]);
  });

  test("reads a pattern that is put together of constants", () => {
    const source =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: source text that holds a template
      "const a = String.raw`\\d+`; export const b = `(?:${a})`; const c = new RegExp([String.raw`^${b}`, 'x'].join('|'), 'gu');";
    expect(patternsIn("x.ts", source)).toEqual([
      { file: "x.ts", pattern: String.raw`^(?:\d+)|x`, flags: "gu" },
    ]);
  });
});
