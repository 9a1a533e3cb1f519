import { DatabaseSync } from "@photostructure/sqlite";
import { randomOf } from "../tsql/random.mjs";

/**
 * Tests made at random in the manner of the public ones, in words that T-SQL and SQLite share, with SQLite's answers: nested
 * arithmetic with signs, conditions with NULL, aggregates, groups, set operations, correlated subqueries, comma joins, windows.
 *
 * @see https://www.sqlite.org/sqllogictest/dir?name=test
 */
export function madeTests(count: number, seed: number): string {
  const database = new DatabaseSync(":memory:");
  const random = randomOf(seed);
  const blocks = tablesOf(random).map((sql) => {
    database.exec(sql);
    return `statement ok\n${sql}`;
  });
  const { query } = queriesOf(random);
  while (blocks.length < count) blocks.push(told(query(), database));
  database.close();
  return `${blocks.join("\n\n")}\n`;
}

type Random = ReturnType<typeof randomOf>;

function tablesOf({ upTo, chance }: Random): string[] {
  const value = () => (chance(0.15) ? "NULL" : String(upTo(99)));
  const rows = (n: number, row: (at: number) => string) =>
    Array.from({ length: n }, (_, at) => row(at));
  return [
    ...["tab0", "tab1", "tab2"].flatMap((name) => [
      `CREATE TABLE ${name}(col0 INTEGER, col1 INTEGER, col2 INTEGER)`,
      `INSERT INTO ${name} VALUES ${rows(6, () => `(${value()}, ${value()}, ${value()})`).join(", ")}`,
    ]),
    "CREATE TABLE keyed(pk INTEGER PRIMARY KEY, n INTEGER, f FLOAT, t VARCHAR(20))",
    `INSERT INTO keyed VALUES ${rows(30, (at) => `(${at}, ${upTo(9)}, ${chance(0.2) ? "NULL" : `${upTo(40)}.25`}, '${"abcdefgh"[at % 8]}${upTo(30)}')`).join(", ")}`,
  ];
}

/** The rows of SQLite, or that it refuses: every letter of the types is what stands in a column. */
function told(sql: string, database: InstanceType<typeof DatabaseSync>): string {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  const table = statement.all() as unknown as (string | number | null)[][];
  const columns = statement.columns().length;
  const isFraction = (at: number) =>
    table.some((row) => typeof row[at] === "number" && !Number.isInteger(row[at]));
  const isText = (at: number) => table.some((row) => typeof row[at] === "string");
  const types = Array.from({ length: columns }, (_, at) =>
    isText(at) ? "T" : isFraction(at) ? "R" : "I",
  );
  const words = table.map((row) =>
    row.map((value, at) =>
      value === null ? "NULL" : types[at] === "R" ? Number(value).toFixed(3) : String(value),
    ),
  );
  return `query ${types.join("")} rowsort\n${sql}\n----\n${words.map((row) => row.join("\t")).join("\n")}`;
}

function queriesOf(random: Random) {
  const { chance, pick, upTo } = random;
  const columns = ["col0", "col1", "col2"];
  const some = <T>(most: number, make: () => T): T[] =>
    Array.from({ length: 1 + upTo(most - 1) }, make);
  const sign = () => pick(["", "", "", "- ", "+ ", "- - ", "+ - "]);
  const literal = () => String(upTo(99));

  /** A whole number in terms of what stands in `names`. */
  function value(names: readonly string[], depth: number): string {
    const leaf = () => `${sign()}${names.length > 0 && chance(0.6) ? pick(names) : literal()}`;
    if (depth <= 0) return leaf();
    const inner = () => value(names, depth - 1);
    return pick([
      leaf,
      () => `${inner()} ${pick(["+", "-"])} ${inner()}`,
      () => `${leaf()} * ${sign()}${upTo(30)}`,
      // Never by zero, for which SQLite has no error; - as it is whole, and cut to what is whole.
      () => `${inner()} / ${sign()}${1 + upTo(90)}`,
      () => `${sign()}(${inner()})`,
      () => `COALESCE(${inner()}, ${inner()}${chance(0.5) ? `, ${inner()}` : ""})`,
      () => `NULLIF(${inner()}, ${inner()})`,
      () => `ABS(${inner()})`,
      () => `CAST(${chance(0.2) ? "NULL" : inner()} AS INTEGER)`,
      () =>
        `CASE WHEN ${condition(names, depth - 1)} THEN ${inner()} ${chance(0.7) ? `ELSE ${inner()} ` : ""}END`,
      () => `CASE ${inner()} WHEN ${inner()} THEN ${inner()} WHEN ${inner()} THEN ${inner()} END`,
    ])();
  }

  function condition(names: readonly string[], depth: number): string {
    const a = () => value(names, Math.max(0, depth - 1));
    const leaf = pick([
      () =>
        `${a()} ${pick(["=", "<>", "<", "<=", ">", ">="])} ${chance(0.08) ? "CAST(NULL AS INTEGER)" : a()}`,
      () => `${a()} IS ${pick(["", "NOT "])}NULL`,
      () => `${a()} ${pick(["", "NOT "])}BETWEEN ${a()} AND ${a()}`,
      () => `${a()} ${pick(["", "NOT "])}IN (${some(4, a).join(", ")})`,
    ]);
    if (depth <= 0) return leaf();
    const inner = () => condition(names, depth - 1);
    return pick([
      leaf,
      leaf,
      () => `(${inner()} ${pick(["AND", "OR"])} ${inner()})`,
      () => `${inner()} ${pick(["AND", "OR"])} ${inner()}`,
      () => `NOT (${inner()})`,
      () => `NOT ${inner()}`,
      () =>
        `${a()} ${pick(["", "NOT "])}IN (SELECT ${pick(columns)} FROM ${table()} WHERE ${condition(columns, 0)})`,
      () =>
        `${pick(["", "NOT "])}EXISTS (SELECT 1 FROM ${table()} x WHERE x.${pick(columns)} ${pick(["=", "<", ">"])} ${names.length > 0 ? pick(names) : literal()})`,
    ])();
  }

  const table = () => pick(["tab0", "tab1", "tab2"]);
  const where = (names: readonly string[]) => (chance(0.6) ? ` WHERE ${condition(names, 2)}` : "");
  const measure = (names: readonly string[]) => {
    const of = value(names, 1);
    return pick([
      "COUNT(*)",
      `COUNT(${of})`,
      `${pick(["SUM", "MIN", "MAX", "COUNT"])}(${pick(["", "DISTINCT ", "ALL "])}${of})`,
    ]);
  };
  /** One or two tables, joined or side by side, and the columns that they have. */
  function from(): { readonly text: string; readonly names: readonly string[] } {
    if (chance(0.4)) return { text: table(), names: columns };
    const names = ["a", "b"].flatMap((alias) => columns.map((column) => `${alias}.${column}`));
    const on = `${pick(names.slice(0, 3))} ${pick(["=", "=", "<", "<>"])} ${pick(names.slice(3))}`;
    return {
      text: pick([
        () => `${table()} a, ${table()} AS b`,
        () => `${table()} AS a CROSS JOIN ${table()} b`,
        () => `${table()} a JOIN ${table()} b ON ${on}`,
        () =>
          `${table()} a LEFT JOIN ${table()} b ON ${on}${chance(0.4) ? ` AND ${condition(names, 0)}` : ""}`,
        () => `${table()} a FULL OUTER JOIN ${table()} b ON ${on}`,
      ])(),
      names,
    };
  }

  const plain = () => {
    const { text, names } = from();
    return `SELECT ${pick(["", "ALL ", "DISTINCT "])}${some(3, () => value(names, 3)).join(", ")} FROM ${text}${where(names)}`;
  };
  const aggregate = () => {
    const { text, names } = from();
    const total = () => `${sign()}${measure(names)} ${pick(["+", "-", "*"])} ${value([], 1)}`;
    return `SELECT ${some(3, total).join(", ")} FROM ${text}${where(names)}`;
  };
  const grouped = () => {
    const { text, names } = from();
    const keys = [...new Set(some(2, () => pick(names)))];
    const items = [
      ...keys.filter(() => chance(0.8)),
      ...some(2, () => (chance(0.5) ? measure(names) : value(keys, 2))),
    ];
    const having = chance(0.4)
      ? ` HAVING ${pick([measure(names), value(keys, 1)])} ${pick([">", "<=", "<>"])} ${literal()}`
      : "";
    return `SELECT ${items.join(", ")} FROM ${text}${where(names)} GROUP BY ${keys.join(", ")}${having}`;
  };
  const sets = () => {
    const one = () =>
      `SELECT ${pick(columns)}, ${value(columns, 1)} FROM ${table()}${where(columns)}`;
    return some(3, one).reduce(
      (all, next) => `${all} ${pick(["UNION", "UNION ALL", "EXCEPT"])} ${next}`,
    );
  };
  const correlated = () => {
    const name = table();
    const inner = `x.${pick(columns)} ${pick(["<", ">", "=", "<>"])} ${name}.${pick(columns)}`;
    const sub = () =>
      `(SELECT ${pick(["COUNT(*)", "MAX(x.col1)", "MIN(x.col0)", "SUM(x.col2)"])} FROM ${table()} x WHERE ${inner})`;
    return `SELECT ${[pick(columns), sub(), `CASE WHEN ${pick(columns)} > ${sub()} THEN ${value(columns, 1)} ELSE ${value(columns, 1)} END`].join(", ")} FROM ${name}${where(columns)}`;
  };
  const windowed = () => {
    const frame = pick([
      "",
      " ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING",
      " ROWS UNBOUNDED PRECEDING",
      " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
      " ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING",
      " RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW",
      " RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING",
    ]);
    const by = pick(["", "PARTITION BY n ", "PARTITION BY t ", "PARTITION BY n % 3 "]);
    const order = `ORDER BY ${pick(["pk", "pk DESC", "n, pk", "t DESC, pk", "f, pk"])}`;
    // Of rows that are equal in its order a window with a frame of ranges sees all.
    const loose =
      frame === "" || frame.includes("RANGE")
        ? `ORDER BY ${pick(["n", "f", "n DESC", "t"])}`
        : order;
    const calls = [
      `${pick(["SUM", "COUNT", "MIN", "MAX"])}(${pick(["n", "f", "pk"])}) OVER (${by}${loose}${frame})`,
      `${pick(["FIRST_VALUE", "LAST_VALUE"])}(${pick(["n", "f", "t"])}) OVER (${by}${order}${frame})`,
      `${pick(["ROW_NUMBER()", "NTILE(4)", "LAG(n)", "LEAD(f, 2)", "LAG(n, 3, 7)"])} OVER (${by}${order})`,
      `${pick(["RANK()", "DENSE_RANK()"])} OVER (${by}${loose})`,
      `${pick(["SUM(n)", "COUNT(f)", "MAX(t)"])} OVER (${by.trimEnd()})`,
    ];
    return `SELECT pk, ${some(2, () => pick(calls)).join(", ")} FROM keyed${chance(0.4) ? ` WHERE n > ${upTo(6)}` : ""}`;
  };
  const texts = () => {
    const test = () =>
      pick([
        `t LIKE '${pick(["a%", "%1%", "_2%", "%", "b_"])}'`,
        `t ${pick(["<", ">=", "=", "<>"])} '${pick(["c", "d1", "a12"])}'`,
        `f ${pick(["<", ">", "="])} ${upTo(40)}.25`,
        `f BETWEEN ${upTo(20)}.5 AND ${20 + upTo(20)}.25`,
        `n IN (SELECT n FROM keyed WHERE f > ${upTo(40)}.0)`,
        "f IS NULL",
      ]);
    return `SELECT pk, t, f FROM keyed WHERE ${some(3, test).join(pick([" AND ", " OR "]))}`;
  };
  const three = () => {
    const [x, y, z] = ["a", "b", "c"];
    return `SELECT COUNT(*), SUM(${x}.col0), MAX(${z}.col2) FROM tab0 ${x}, tab1 ${y}, tab2 ${z} WHERE ${x}.${pick(columns)} <> ${z}.${pick(columns)} AND ${condition(
      columns.map((one) => `${y}.${one}`),
      1,
    )} AND ${z}.${pick(columns)} >= ${y}.${pick(columns)}`;
  };
  const makers = [
    plain,
    plain,
    aggregate,
    grouped,
    grouped,
    sets,
    correlated,
    windowed,
    windowed,
    texts,
    three,
  ];
  return { query: () => pick(makers)() };
}
