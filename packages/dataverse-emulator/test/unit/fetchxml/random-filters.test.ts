import { expect, test } from "@jest/globals";
import type { SqlValue } from "../../../src/model";
import { id, openFetch } from "./support";

/** Random filters, read by the emulator and by a plain evaluator that shares nothing with it. */

/** Mulberry32: the same numbers on every machine. */
function random(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number) => Math.floor(next() * n);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  return { below, pick };
}

type Row = Record<string, SqlValue>;

const texts = ["fan", "Fan ", "FÁN", "no fan", "a_b", "50%", "[x]", "", null];
const dates = ["2026-01-01T00:00:00Z", "2026-06-17T23:59:59Z", "2025-02-28T12:00:00Z", null];
const numbers = [0, 1, 2, -3, null];

const fold = (text: string) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ +$/, "");

/** LIKE one character at a time. */
function like(text: string, pattern: string): boolean {
  const [first] = pattern;
  if (first === undefined) return text === "";
  if (first === "%")
    return like(text, pattern.slice(1)) || (text !== "" && like(text.slice(1), pattern));
  if (text === "") return false;
  const set = /^\[(\^?)([^\]]+)\]/.exec(pattern);
  if (set !== null) {
    const isIn = set[2]!.includes(text[0]!);
    return isIn !== (set[1] === "^") && like(text.slice(1), pattern.slice(set[0].length));
  }
  return (first === "_" || first === text[0]) && like(text.slice(1), pattern.slice(1));
}

/** Case and accents off, trailing blanks kept. */
const plain = (text: string) => fold(`${text}.`).slice(0, -1);

interface Test {
  readonly xml: string;
  readonly holds: (row: Row) => boolean;
}

const escapeXml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

function condition({ pick, below }: ReturnType<typeof random>): Test {
  const kind = pick([
    "text",
    "number",
    "date",
    "like",
    "null",
    "in",
    "between",
    "columns",
    "label",
  ]);
  const node = (attribute: string, operator: string, rest = "", body = "") =>
    `<condition attribute="${attribute}" operator="${operator}" ${rest}>${body}</condition>`;
  const order = (a: string | number, b: string | number) => (a < b ? -1 : a > b ? 1 : 0);
  const comparisons: Record<string, (order: number) => boolean> = {
    eq: (one) => one === 0,
    ne: (one) => one !== 0,
    lt: (one) => one < 0,
    le: (one) => one <= 0,
    gt: (one) => one > 0,
    ge: (one) => one >= 0,
  };
  const operator = pick(Object.keys(comparisons));
  const passes = comparisons[operator]!;
  const values = (list: readonly unknown[]) => list.map((one) => `<value>${one}</value>`).join("");
  switch (kind) {
    case "text":
    case "date": {
      const name = kind === "text" ? "title" : "createdon";
      const wanted = String(pick(kind === "text" ? texts : dates) ?? "2026-06-17");
      const other = kind === "text" ? fold(wanted) : wanted.padEnd(20, "T00:00:00Z");
      return {
        xml: node(name, operator, `value="${escapeXml(wanted)}"`),
        holds: ({ [name]: own }) =>
          own === null
            ? operator === "ne"
            : passes(order(kind === "text" ? fold(String(own)) : String(own), other)),
      };
    }
    case "number": {
      const wanted = pick([-3, 0, 1, 2, 5]);
      return {
        xml: node("numberofchildincidents", operator, `value="${wanted}"`),
        holds: ({ numberofchildincidents: own }) =>
          own === null ? operator === "ne" : passes(order(Number(own), wanted)),
      };
    }
    case "like": {
      const pattern = pick([
        "fan",
        "fan%",
        "%fan",
        "%fan_",
        "f_n%",
        "%[%]",
        "[^n]%",
        "a[_]b",
        "[[]x%",
        "%",
        "_%",
        "%[fb]%",
        "% %",
      ]);
      const isNot = below(2) === 0;
      return {
        xml: node("title", isNot ? "not-like" : "like", `value="${pattern}"`),
        holds: ({ title }) =>
          title === null ? isNot : like(plain(String(title)), pattern) !== isNot,
      };
    }
    case "null": {
      const isNull = below(2) === 0;
      const name = pick(["title", "createdon", "numberofchildincidents", "prioritycode"]);
      return {
        xml: node(name, isNull ? "null" : "not-null"),
        holds: (row) => (row[name] === null) === isNull,
      };
    }
    case "in": {
      const list = [pick([0, 1]), pick([2, -3])];
      const isNot = below(2) === 0;
      return {
        xml: node("numberofchildincidents", isNot ? "not-in" : "in", "", values(list)),
        holds: ({ numberofchildincidents: own }) =>
          own === null ? isNot : list.includes(Number(own)) !== isNot,
      };
    }
    case "between": {
      const [from, to] = [pick([-3, 0, 1]), pick([0, 1, 2])];
      const isNot = below(2) === 0;
      return {
        xml: node(
          "numberofchildincidents",
          isNot ? "not-between" : "between",
          "",
          values([from, to]),
        ),
        holds: ({ numberofchildincidents: own }) =>
          own !== null && (Number(own) >= from && Number(own) <= to) !== isNot,
      };
    }
    case "columns":
      return {
        xml: node("numberofchildincidents", operator, 'valueof="onholdtime"'),
        holds: ({ numberofchildincidents: one, onholdtime: other }) =>
          one === null || other === null
            ? operator === "ne"
            : passes(order(Number(one), Number(other))),
      };
    default: {
      const wanted = pick(["High", "normal", "LOW", "none"]);
      const labels: Record<number, string> = { 1: "high", 2: "normal", 3: "low" };
      return {
        xml: node("prioritycodename", "eq", `value="${wanted}"`),
        holds: ({ prioritycode }) => labels[Number(prioritycode)] === wanted.toLowerCase(),
      };
    }
  }
}

function filter(source: ReturnType<typeof random>, depth: number): Test {
  const parts = Array.from({ length: 1 + source.below(3) }, () =>
    depth > 0 && source.below(3) === 0 ? filter(source, depth - 1) : condition(source),
  );
  const type = source.pick(["and", "or"]);
  return {
    xml: `<filter type="${type}">${parts.map((part) => part.xml).join("")}</filter>`,
    holds: (row) =>
      type === "or"
        ? parts.some((part) => part.holds(row))
        : parts.every((part) => part.holds(row)),
  };
}

test("500 random filters keep the rows that a plain evaluator keeps", async () => {
  const emulator = await openFetch();
  const source = random(20_260_617);
  const rows: Row[] = Array.from({ length: 120 }, (_, n) => ({
    incidentid: id(1, n),
    title: source.pick(texts),
    createdon: source.pick(dates),
    numberofchildincidents: source.pick(numbers),
    onholdtime: source.pick(numbers),
    prioritycode: source.pick([1, 2, 3, null]),
  }));
  emulator.insert("incident", rows);
  let kept = 0;
  for (let run = 0; run < 500; run++) {
    const { xml, holds } = filter(source, 2);
    const query = `<fetch><entity name="incident"><attribute name="incidentid"/>${xml}</entity></fetch>`;
    const found = emulator.rows(query, "").map((row) => row.incidentid);
    const expected = rows.filter(holds).map((row) => row.incidentid);
    kept += expected.length;
    expect([xml, found]).toEqual([xml, expected]);
  }
  expect(kept).toBeGreaterThan(5_000);
});
