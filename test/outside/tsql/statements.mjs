import { randomOf } from "./random.mjs";

/**
 * Random statements over the whole grammar of T-SQL's SELECT, what this product refuses by name included. Most are valid;
 * what they ask makes no sense, which no parser minds.
 */
export function statementsOf(seed) {
  const random = randomOf(seed);
  const { chance, list, pick, upTo } = random;
  const maybe = (share, make) => (chance(share) ? make() : "");
  const oneOf = (...makers) => pick(makers)();
  /** Half of the statements hold only what both parsers print a tree of. */
  let isPlain = false;
  const names = [
    "a",
    "i",
    "title",
    "[Case Title]",
    '"customer"',
    "createdon",
    "statecode",
    "value",
    "type",
    "date",
  ];
  const name = () => pick(names);
  const column = () =>
    pick([name, () => `${name()}.${name()}`, () => `dbo.${name()}.${name()}`, name, name])();
  const alias = () => pick(["t", "u", "[x y]", "offset", "rn", "row_"]);
  const functions = [
    "LEN",
    "UPPER",
    "COUNT",
    "SUM",
    "GETDATE",
    "ROUND",
    "STRING_AGG",
    "ABS",
    "f",
    "CONCAT",
    "MAX",
  ];
  const types = [
    "INT",
    "NVARCHAR(100)",
    "VARCHAR(MAX)",
    "DECIMAL(10, 2)",
    "DATE",
    "datetime2(7)",
    "FLOAT(53)",
    "bit",
    "money",
    "CHAR(3)",
    "NATIONAL CHAR VARYING(5)",
    "DOUBLE PRECISION",
    "sys.int",
    "custom",
    "XML",
    "CHARACTER VARYING(3)",
    "sql_variant",
  ];
  const literals = [
    "1",
    "0",
    "42",
    "1.5",
    ".5",
    "1.",
    "1e3",
    "2.5E-2",
    "0x1F",
    "0x",
    "$12.50",
    "$ 3",
    "€4",
    "''",
    "'a''b'",
    "N'é'",
    "NULL",
    "99999999999",
    "1e",
    "-1",
  ];

  const leaf = () =>
    oneOf(
      () => pick(isPlain ? ["1", "2.5", "1e3", "'a'", "NULL"] : literals),
      column,
      column,
      () => `${pick(functions)}(${pick(["", "*", column()])})`,
      () =>
        isPlain
          ? "7"
          : pick([
              "CURRENT_TIMESTAMP",
              "CURRENT_USER",
              "USER",
              "@@ROWCOUNT",
              "SYSTEM_USER",
              "SESSION_USER",
              "CURRENT_DATE",
            ]),
    );
  const order = (depth) =>
    `ORDER BY ${list(2, () => value(depth - 1) + pick(["", " ASC", " DESC"]))}`;
  const window = (depth, named = true) => {
    const bound = () =>
      pick([
        "UNBOUNDED PRECEDING",
        "CURRENT ROW",
        "UNBOUNDED FOLLOWING",
        "2 PRECEDING",
        "3 FOLLOWING",
      ]);
    const frame = () =>
      `${pick(["ROWS", "RANGE"])} ${pick([() => "UNBOUNDED PRECEDING", () => `BETWEEN UNBOUNDED PRECEDING AND ${bound()}`, () => `BETWEEN ${bound()} AND ${bound()}`, bound])()}`;
    return [
      named ? maybe(0.15, () => "w") : "",
      maybe(0.5, () => `PARTITION BY ${list(2, () => value(depth - 1))}`),
      maybe(0.6, () => order(depth)),
      maybe(0.3, frame),
    ].join(" ");
  };
  const over = (depth) => pick([() => `OVER (${window(depth)})`, () => "OVER w"])();
  const plainCall = (depth, args) =>
    oneOf(
      () => `${pick(functions)}(${args()})`,
      () => `COUNT(DISTINCT ${value(depth - 1)})`,
      () => `SUM(a) OVER (PARTITION BY ${value(depth - 1)} ${order(depth)})`,
      () => `CAST(${value(depth - 1)} AS DECIMAL(10, 2))`,
      () => `IIF(${condition(depth - 1)}, ${value(depth - 1)}, ${value(depth - 1)})`,
      () => `NULLIF(${value(depth - 1)}, ${value(depth - 1)})`,
      () => `${pick(["LEFT", "RIGHT"])}(${value(depth - 1)}, 2)`,
    );
  const call = (depth) => {
    const args = (most = 3) => list(most, () => value(depth - 1));
    if (isPlain) return plainCall(depth, args);
    return oneOf(
      () => plainCall(depth, args),
      () => `${pick(functions)}(${args()})`,
      () =>
        `COUNT(${pick(["DISTINCT", "ALL"])} ${value(depth - 1)})${maybe(0.2, () => " OVER (PARTITION BY a)")}`,
      () =>
        `${pick(["ROW_NUMBER", "RANK", "SUM", "COUNT"])}(${pick(["", "a", "*"])}) ${over(depth)}`,
      () =>
        `${pick(["LAG", "FIRST_VALUE", "LEAD", "LAST_VALUE"])}(${args()}) ${pick(["", "IGNORE NULLS ", "RESPECT NULLS "])}${over(depth)}`,
      () => `STRING_AGG(${value(depth - 1)}, ',') WITHIN GROUP (${order(depth)})`,
      () => `PERCENTILE_CONT(0.5) WITHIN GROUP (${order(depth)}) OVER (PARTITION BY ${column()})`,
      () => `CAST(${value(depth - 1)} AS ${pick(types)})`,
      () => `TRY_CAST(${value(depth - 1)} AS ${pick(types)})`,
      () =>
        `${pick(["CONVERT", "TRY_CONVERT"])}(${pick(types)}, ${value(depth - 1)}${maybe(0.3, () => ", 120")})`,
      () =>
        `${pick(["PARSE", "TRY_PARSE"])}(${value(depth - 1)} AS ${pick(types)}${maybe(0.5, () => " USING 'en-US'")})`,
      () => `IIF(${condition(depth - 1)}, ${value(depth - 1)}, ${value(depth - 1)})`,
      () => `COALESCE(${value(depth - 1)}, ${args()})`,
      () => `NULLIF(${value(depth - 1)}, ${value(depth - 1)})`,
      () => `${pick(["LEFT", "RIGHT"])}(${value(depth - 1)}, 2)`,
      () =>
        `TRIM(${pick(["", `${value(depth - 1)} FROM `, "LEADING 'x' FROM ", "BOTH 'x' FROM ", "TRAILING ' ' FROM "])}${value(depth - 1)})`,
      () =>
        `JSON_OBJECT(${list(2, () => `'k' : ${value(depth - 1)}`)}${pick(["", " NULL ON NULL", " ABSENT ON NULL"])})`,
      () => `JSON_ARRAY(${args()}${pick(["", " NULL ON NULL", " ABSENT ON NULL"])})`,
      () =>
        `JSON_OBJECTAGG(${value(depth - 1)} : ${value(depth - 1)}${pick(["", " NULL ON NULL", " ABSENT ON NULL"])})`,
      () =>
        `JSON_ARRAYAGG(${value(depth - 1)}${maybe(0.3, () => ` ${order(depth)}`)}${pick(["", " NULL ON NULL", " ABSENT ON NULL"])})`,
      () => `DATEADD(${pick(["day", "month", "dd"])}, ${value(depth - 1)}, ${value(depth - 1)})`,
      () =>
        `{fn ${pick(["UCASE", "NOW", "LEFT", "CURRENT_DATE"])}(${pick(["", value(depth - 1)])})}`,
      () => `{${pick(["d", "ts", "t", "guid"])} '2026-01-31'}`,
      () => `dbo.f(${args()})`,
    );
  };
  const value = (depth) => {
    if (depth <= 0) return leaf();
    const operator = () =>
      pick(["+", "-", "*", "/", "%", "&", "|", "^", "||", "<<", ">>", "+", "*"]);
    return oneOf(
      leaf,
      leaf,
      () => `${value(depth - 1)} ${operator()} ${value(depth - 1)}`,
      () => `${value(depth - 1)} ${operator()} ${value(depth - 1)}`,
      () => `(${value(depth - 1)})`,
      () => `${pick(["-", "+", "~", "- "])}${value(depth - 1)}`,
      () => call(depth),
      () => call(depth),
      () => `CASE ${value(depth - 1)} WHEN ${value(depth - 1)} THEN ${value(depth - 1)} END`,
      () =>
        `CASE WHEN ${condition(depth - 1)} THEN ${value(depth - 1)} ELSE ${value(depth - 1)} END`,
      () => `(${subquery(depth - 1)})`,
      () => `${value(depth - 1)} COLLATE Latin1_General_CI_AS`,
      () => `${value(depth - 1)} AT TIME ZONE 'UTC'`,
    );
  };
  const condition = (depth) => {
    const comparison = () => pick(["=", "<>", "<", ">", "<=", ">=", "!=", "!<", "!>", "> ="]);
    const compare = () => `${value(depth - 1)} ${comparison()} ${value(depth - 1)}`;
    if (depth <= 0) return compare();
    const not = pick(["", "", "NOT "]);
    return oneOf(
      compare,
      compare,
      () => `${condition(depth - 1)} AND ${condition(depth - 1)}`,
      () => `${condition(depth - 1)} OR ${condition(depth - 1)}`,
      () => `NOT ${condition(depth - 1)}`,
      () => `(${condition(depth - 1)})`,
      () => `${value(depth - 1)} IS ${not}NULL`,
      () => `${value(depth - 1)} IS ${not}DISTINCT FROM ${value(depth - 1)}`,
      () => `${value(depth - 1)} ${not}IN (${list(3, () => value(depth - 1))})`,
      () => `${value(depth - 1)} ${not}IN (${subquery(depth - 1)})`,
      () => `${not}EXISTS (${subquery(depth - 1)})`,
      () =>
        `${value(depth - 1)} ${comparison()} ${pick(["ALL", "ANY", "SOME"])} (${subquery(depth - 1)})`,
      () => `${value(depth - 1)} ${not}BETWEEN ${value(depth - 1)} AND ${value(depth - 1)}`,
      () =>
        `${value(depth - 1)} ${not}LIKE ${value(depth - 1)}${pick(["", "", " ESCAPE '!'", " {ESCAPE '!'}"])}`,
      () => (isPlain ? compare() : pick(["CONTAINS(title, 'x')", "FREETEXT(*, 'x')"])),
    );
  };
  const hints = () =>
    pick([
      "WITH (NOLOCK)",
      "(NOLOCK)",
      "WITH (INDEX(1), ROWLOCK)",
      "WITH (FORCESEEK)",
      "WITH (READPAST UPDLOCK)",
      "HOLDLOCK",
      "WITH (INDEX = ix)",
      "WITH (FORCESEEK (ix (a, b)))",
    ]);
  const as = () => pick(["AS ", ""]) + alias();
  const source = (depth) =>
    oneOf(
      ...(isPlain
        ? [
            () => `incident ${as()}`,
            () => `dbo.account ${as()} WITH (NOLOCK)`,
            () => (depth <= 0 ? "contact" : `(${subquery(depth - 1)}) ${as()}`),
          ]
        : sources(depth)),
    );
  const sources = (depth) => [
    () =>
      `${pick(["incident", "dbo.account", "[contact]", "..task", ".team", "sys.tables", "other.dbo.t"])}${maybe(0.6, () => ` ${as()}`)}${maybe(0.2, () => ` ${hints()}`)}`,
    () => `${pick(["incident", "account"])} ${as()}`,
    () => `${pick(["incident", "account"])} ${as()}`,
    () =>
      depth <= 0 ? "incident" : `(${subquery(depth - 1)}) ${as()}${maybe(0.2, () => " (p, q)")}`,
    () => `(VALUES ${list(2, () => `(${value(depth - 2)}, ${value(depth - 2)})`)}) ${as()} (p, q)`,
    () => `STRING_SPLIT(${value(depth - 2)}, ',')${maybe(0.6, () => ` ${as()}`)}`,
    () =>
      `OPENJSON(${value(depth - 2)}${maybe(0.4, () => ", '$.a'")})${maybe(0.5, () => " WITH (id INT '$.id', j NVARCHAR(MAX) AS JSON)")}${maybe(0.5, () => ` ${as()}`)}`,
    () => `f(${value(depth - 2)})${maybe(0.5, () => ` ${as()}${maybe(0.4, () => " (p, q)")}`)}`,
    () =>
      pick([
        "OPENROWSET(BULK 'f', SINGLE_CLOB) AS x",
        "OPENQUERY(s, 'q')",
        "incident FOR SYSTEM_TIME ALL AS x",
        "incident AS i TABLESAMPLE (5 PERCENT)",
        "CONTAINSTABLE(t, *, 'x') k",
        "@t AS v",
      ]),
  ];
  const joined = (depth) => {
    let text = source(depth);
    for (let count = upTo(3); count > 0; count -= 1) {
      text += oneOf(
        () =>
          ` ${pick(["JOIN", "INNER JOIN", "LEFT JOIN", "RIGHT OUTER JOIN", "FULL JOIN", "LEFT HASH JOIN", "INNER LOOP JOIN"])} ${source(depth)} ON ${condition(depth - 1)}`,
        () =>
          ` JOIN ${source(depth)} LEFT JOIN ${source(depth)} ON ${condition(0)} ON ${condition(0)}`,
        () => ` ${pick(["CROSS JOIN", "CROSS APPLY", "OUTER APPLY"])} ${source(depth)}`,
        () =>
          ` JOIN (${source(depth)} JOIN ${source(depth)} ON ${condition(0)}) ON ${condition(0)}`,
        () => ` PIVOT (${pick(["SUM", "COUNT"])}(${name()}) FOR ${name()} IN ([1], [2])) AS p`,
        () => ` UNPIVOT (v FOR n IN (a, b)) u`,
      );
    }
    return text;
  };
  const grouping = (depth) => (isPlain ? list(2, () => value(depth - 1)) : groupings(depth));
  const groupings = (depth) =>
    oneOf(
      () => list(3, () => value(depth - 1)),
      () => `ROLLUP (${list(2, column)}, (a, i))`,
      () => `CUBE (${list(2, column)})`,
      () => `GROUPING SETS ((a, i), ${column()}, (), ROLLUP (title))`,
      () => `${column()}, ${column()} WITH ${pick(["ROLLUP", "CUBE"])}`,
      () => `(), ${column()}`,
      () => `ALL ${column()}`,
    );
  const item = (depth) =>
    oneOf(
      () => value(depth - 1),
      () => `${value(depth - 1)}${pick([" AS ", " "])}${pick([alias(), "'quoted'", "[n]"])}`,
      () => `${pick([alias(), "'q'"])} = ${value(depth - 1)}`,
      () => pick(["*", "t.*", "dbo.t.*"]),
    );
  const select = (depth, inner) => {
    const top = pick([
      "",
      "",
      "",
      "TOP 10 ",
      "TOP (5) ",
      "TOP 10 PERCENT ",
      "TOP (3) WITH TIES ",
      `TOP (${value(0)}) `,
    ]);
    const text = `SELECT ${pick(["", "", "DISTINCT ", "ALL "])}${top}${list(3, () => item(depth))}`;
    const from = chance(0.85) ? ` FROM ${list(chance(0.15) ? 2 : 1, () => joined(depth - 1))}` : "";
    const where = maybe(0.5, () => ` WHERE ${condition(depth)}`);
    const group = maybe(0.2, () => ` GROUP BY ${grouping(depth)}`);
    const having = maybe(0.1, () => ` HAVING ${condition(depth - 1)}`);
    // Microsoft's parser misreads the clause in a derived table that is joined in parentheses.
    const windows = inner ? "" : maybe(0.05, () => ` WINDOW w AS (${window(depth)})`);
    const end =
      inner && (top.startsWith("TOP") || chance(0.1)) ? maybe(0.6, () => ` ${order(depth)}`) : "";
    return text + from + where + group + having + windows + end;
  };
  const setWord = () => pick(["UNION", "UNION ALL", "EXCEPT", "INTERSECT", "UNION ALL"]);
  const subquery = (depth) =>
    oneOf(
      () => select(depth, true),
      () => select(depth, true),
      () => select(depth, true),
      () => `${select(depth, true)} ${setWord()} ${select(depth, true)}`,
      () => `(${select(depth, true)}) ${setWord()} ${select(depth, true)}`,
      () => `(${select(depth, true)})`,
      () =>
        isPlain
          ? select(depth, true)
          : `${select(depth, true)} FOR ${pick(["XML PATH('')", "JSON PATH", "XML PATH(''), TYPE"])}`,
    );
  const statementEnd = (depth) =>
    [
      maybe(
        0.4,
        () =>
          ` ${order(depth)}${maybe(0.4, () => ` OFFSET ${value(0)} ROWS${maybe(0.5, () => ` FETCH ${pick(["NEXT", "FIRST"])} ${value(0)} ROWS ONLY`)}`)}`,
      ),
      maybe(
        0.06,
        () =>
          ` FOR ${pick(["JSON PATH", "JSON AUTO, ROOT('x'), INCLUDE_NULL_VALUES", "JSON PATH, WITHOUT_ARRAY_WRAPPER", "XML RAW('r'), ELEMENTS XSINIL, ROOT", "XML AUTO, TYPE", "XML PATH, BINARY BASE64", "BROWSE", "UPDATE OF a"])}`,
      ),
      maybe(
        0.1,
        () =>
          ` OPTION (${list(2, () => pick(["RECOMPILE", "MAXDOP 1", "MAXRECURSION 50", "HASH JOIN", "FORCE ORDER", "USE HINT ('DISABLE_PARAMETER_SNIFFING')", "OPTIMIZE FOR UNKNOWN", "FAST 10", "LABEL = 'x'", "MERGE UNION", "KEEP PLAN", "TABLE HINT (t, NOLOCK)", "MAX_GRANT_PERCENT = 10", "EXPAND VIEWS", "QUERYTRACEON 4199"]))})`,
      ),
      pick(["", "", "", ";"]),
    ].join("");
  const statement = (depth) =>
    maybe(
      0.12,
      () =>
        `WITH ${list(2, () => `${pick(["c", "d"])}${maybe(0.3, () => " (p, q)")} AS (${subquery(depth - 1)})`)} `,
    ) +
    oneOf(
      () => select(depth, false),
      () => select(depth, false),
      () => select(depth, false),
      () => `${select(depth - 1, false)} ${setWord()} ${select(depth - 1, false)}`,
      () =>
        `(${select(depth - 1, false)}) ${setWord()} (${select(depth - 1, false)}) ${setWord()} ${select(depth - 1, false)}`,
    ) +
    statementEnd(depth - 1);
  return {
    random,
    next: () => {
      isPlain = chance(0.5);
      return statement(1 + upTo(3));
    },
  };
}

const tokens =
  /'(?:[^']|'')*'|"[^"]*"|\[[^\]]*\]|[\p{L}_@#$][\p{L}\p{N}_@#$]*|\d+(?:\.\d+)?|\s+|./gu;
export const strays = [
  "(",
  ")",
  ",",
  ".",
  "*",
  "=",
  "+",
  "-",
  ";",
  ":",
  "<",
  "{",
  "}",
  "::",
  "SELECT",
  "FROM",
  "WHERE",
  "AND",
  "OR",
  "NOT",
  "AS",
  "ON",
  "JOIN",
  "IN",
  "NULL",
  "ORDER",
  "BY",
  "GROUP",
  "UNION",
  "WITH",
  "OVER",
  "CASE",
  "END",
  "TOP",
  "DISTINCT",
  "x",
  "1",
  "'s'",
  "[q]",
  "@v",
  "ALL",
  "IS",
  "LIKE",
  "EXISTS",
  "VALUES",
  "FOR",
  "OPTION",
  "PERCENT",
  "COLLATE",
  "ROWS",
  "OFFSET",
  "LEFT",
  "CROSS",
  "APPLY",
  "0x1",
];

/** A statement with one or two of its words left out, doubled, exchanged, or a stray one put in. */
export function mutantOf(sql, { chance, pick, upTo }) {
  const words = sql.match(tokens) ?? [];
  const times = chance(0.7) ? 1 : 2;
  for (let count = 0; count < times; count += 1) {
    const at = upTo(words.length);
    const other = upTo(words.length);
    switch (upTo(5)) {
      case 0:
        words.splice(at, 1);
        break;
      case 1:
        words.splice(at, 0, words[at] ?? "", " ");
        break;
      case 2:
        [words[at], words[other]] = [words[other] ?? "", words[at] ?? ""];
        break;
      case 3:
        words.splice(at, 0, " ", pick(strays), " ");
        break;
      default:
        words[at] = ` ${pick(strays)} `;
    }
  }
  return words.join("");
}
