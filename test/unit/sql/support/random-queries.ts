import fc from "fast-check";

/**
 * Random SELECTs of the whole language over the sample. Every one has rows that SQL decides alone: TOP and OFFSET come with an
 * order by a key, window functions that count rows with one as well.
 */

/** Columns of a relation that stands in FROM under an alias, by what they hold. */
interface Columns {
  readonly id: string;
  readonly number: readonly string[];
  readonly text: readonly string[];
  readonly time: readonly string[];
  readonly link: readonly string[];
}

const tables: Readonly<Record<string, Columns>> = {
  incident: {
    id: "incidentid",
    number: ["reopened", "statecode", "prioritycode", "satisfaction", "cost"],
    text: ["title", "statecodename", "customeridname", "description"],
    time: ["createdon", "followup"],
    link: ["incidentid", "customerid", "ownerid"],
  },
  account: {
    id: "accountid",
    number: ["employees", "statecode", "revenue"],
    text: ["name", "address1_city", "owneridname"],
    time: [],
    link: ["accountid", "ownerid", "parentaccountid"],
  },
  systemuser: {
    id: "systemuserid",
    number: [],
    text: ["fullname"],
    time: [],
    link: ["systemuserid"],
  },
};

const one = fc.constantFrom;
const tableName = one(...Object.keys(tables));
const columnsOf = (table: string): Columns => tables[table] as Columns;
const comparison = one("=", "<>", "<", "<=", ">", ">=");

/** A value of a relation under an alias; `depth` bounds subqueries. */
function numberOf(alias: string, table: string, depth: number): fc.Arbitrary<string> {
  const { number, text, time } = columnsOf(table);
  const plain = [
    ...number.map((name) => `${alias}.${name}`),
    ...text.map((name) => `LEN(${alias}.${name})`),
    ...time.map((name) => `MONTH(${alias}.${name})`),
    "3",
    "0.5",
    "NULL",
  ];
  const leaf = one(...plain);
  if (depth <= 0) return leaf;
  const inner = numberOf(alias, table, depth - 1);
  return fc.oneof(
    { weight: 5, arbitrary: leaf },
    fc.tuple(inner, one("+", "-", "*"), leaf).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(inner, leaf).map(([a, b]) => `COALESCE(${a}, ${b}, 0)`),
    fc.tuple(leaf, inner).map(([a, b]) => `NULLIF(${a}, ${b})`),
    fc
      .tuple(condition(alias, table, depth - 1), inner, leaf)
      .map(([when, a, b]) => `CASE WHEN ${when} THEN ${a} ELSE ${b} END`),
    inner.map((a) => `CAST(${a} AS DECIMAL(12,3))`),
    scalarSubquery(alias, table, depth - 1),
  );
}

const aggregate = one("COUNT(*)", "MAX", "MIN", "SUM", "COUNT", "COUNT(DISTINCT");
const measure = (name: string, value: string): string =>
  name === "COUNT(*)" ? name : name.includes("(") ? `${name} ${value})` : `${name}(${value})`;

let aliases = 0;
const fresh = (): string => {
  aliases += 1;
  return `q${aliases}`;
};

/** `inner.link = outer.link`, `inner.number > outer.number`, or nothing that ties the two. */
function tie(
  inner: string,
  innerTable: string,
  outer: string,
  outerTable: string,
): fc.Arbitrary<string> {
  const a = columnsOf(innerTable);
  const b = columnsOf(outerTable);
  const links = one(...a.link).chain((left) =>
    one(...b.link).map((right) => `${inner}.${left} = ${outer}.${right}`),
  );
  const texts = one(...a.text).chain((left) =>
    one(...b.text).map((right) => `${inner}.${left} = ${outer}.${right}`),
  );
  return fc.oneof(
    { weight: 4, arbitrary: links },
    { weight: 1, arbitrary: texts },
    { weight: 1, arbitrary: fc.constant("1 = 1") },
    {
      weight: 1,
      arbitrary: fc
        .tuple(numberOf(inner, innerTable, 0), comparison, numberOf(outer, outerTable, 0))
        .map(([x, op, y]) => `${x} ${op} ${y}`),
    },
  );
}

function scalarSubquery(alias: string, table: string, depth: number): fc.Arbitrary<string> {
  return tableName.chain((other) => {
    const inner = fresh();
    return fc
      .tuple(
        aggregate,
        numberOf(inner, other, 0),
        tie(inner, other, alias, table),
        condition(inner, other, depth),
      )
      .map(
        ([name, value, tied, where]) =>
          `(SELECT ${measure(name, value)} FROM ${other} ${inner} WHERE ${tied} AND ${where})`,
      );
  });
}

/** A condition on a relation. */
export function condition(alias: string, table: string, depth: number): fc.Arbitrary<string> {
  const { text, link, time, id } = columnsOf(table);
  const textCondition = fc
    .tuple(
      one(...text),
      one("= 'contoso'", "LIKE '%o%'", "NOT LIKE '[a-f]%'", "IS NULL", "> 'c'", "<> 'x'"),
    )
    .map(([name, test]) =>
      // A label is compared with one that there is.
      name === "statecodename" && /^(=|<>)/.test(test)
        ? `${alias}.${name} ${test.startsWith("=") ? "=" : "<>"} 'Active'`
        : `${alias}.${name} ${test}`,
    );
  const leaves: fc.Arbitrary<string>[] = [
    textCondition,
    one(...link).map((name) => `${alias}.${name} IS NOT NULL`),
    fc
      .tuple(numberOf(alias, table, 0), comparison, numberOf(alias, table, 0))
      .map(([a, op, b]) => `${a} ${op} ${b}`),
    numberOf(alias, table, 0).map((a) => `${a} BETWEEN 1 AND 4`),
    numberOf(alias, table, 0).map((a) => `${a} IN (0, 2, NULL)`),
    numberOf(alias, table, 0).map((a) => `${a} NOT IN (0, 2)`),
    numberOf(alias, table, 0).map((a) => `${a} IS DISTINCT FROM 1`),
    fc.constant(`${alias}.${id} IS NOT NULL`),
    ...(time.length > 0
      ? [
          one(...time).map((name) => `${alias}.${name} >= DATEADD(day, -40, GETDATE())`),
          one(...time).map((name) => `CAST(${alias}.${name} AS DATE) <> '2026-06-12'`),
        ]
      : []),
  ];
  const leaf = fc.oneof(...leaves);
  if (depth <= 0) return leaf;
  const part = condition(alias, table, depth - 1);
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    fc.tuple(part, one("AND", "OR"), part).map(([a, op, b]) => `(${a} ${op} ${b})`),
    part.map((inner) => `NOT (${inner})`),
    tableName.chain((other) => {
      const inner = fresh();
      return fc
        .tuple(
          one("EXISTS", "NOT EXISTS"),
          tie(inner, other, alias, table),
          condition(inner, other, depth - 1),
        )
        .map(
          ([word, tied, where]) =>
            `${word} (SELECT 1 FROM ${other} ${inner} WHERE ${tied} AND ${where})`,
        );
    }),
    tableName.chain((other) => {
      const inner = fresh();
      return fc
        .tuple(
          one(...link),
          one("IN", "NOT IN", "= ANY", "<> ALL"),
          one(...columnsOf(other).link),
          fc.option(tie(inner, other, alias, table)),
          condition(inner, other, depth - 1),
        )
        .map(
          ([left, word, right, tied, where]) =>
            `${alias}.${left} ${word} (SELECT ${inner}.${right} FROM ${other} ${inner} WHERE ${where}${tied ? ` AND ${tied}` : ""})`,
        );
    }),
    tableName.chain((other) => {
      const inner = fresh();
      return fc
        .tuple(numberOf(alias, table, 0), comparison, one("ALL", "ANY"), numberOf(inner, other, 0))
        .map(([a, op, word, b]) => `${a} ${op} ${word} (SELECT ${b} FROM ${other} ${inner})`);
    }),
  );
}

/** A table, or a query that gives its columns, under an alias. */
function source(alias: string, table: string, depth: number): fc.Arbitrary<string> {
  const plain = fc.constant(`${table} ${alias}`);
  if (depth <= 0) return plain;
  const { id, number, text, time, link } = columnsOf(table);
  const names = [...new Set([id, ...number, ...text, ...time, ...link])].filter(
    (name) => !/(statecode|customerid|ownerid)name$/.test(name),
  );
  const columns = names.join(", ");
  const virtual = [...new Set(text)].filter((name) => !names.includes(name));
  const all = [columns, ...virtual].join(", ");
  return fc.oneof(
    { weight: 3, arbitrary: plain },
    condition("d", table, depth - 1).map(
      (where) => `(SELECT ${all} FROM ${table} d WHERE ${where}) ${alias}`,
    ),
    fc.constant(
      `(SELECT * , ${virtual.length > 0 ? virtual.join(", ") : "1 AS one"} FROM ${table}) ${alias}`,
    ),
    fc
      .tuple(condition("d", table, depth - 1), fc.nat(20))
      .map(
        ([where, count]) =>
          `(SELECT TOP ${count + 1} ${all} FROM ${table} d WHERE ${where} ORDER BY ${id}) ${alias}`,
      ),
    fc
      .tuple(
        condition("d", table, depth - 1),
        condition("e", table, 0),
        one("UNION", "UNION ALL", "INTERSECT", "EXCEPT"),
      )
      .map(
        ([first, second, word]) =>
          `(SELECT ${all} FROM ${table} d WHERE ${first} ${word} SELECT ${all} FROM ${table} e WHERE ${second}) ${alias}`,
      ),
    fc.constant(`(SELECT DISTINCT ${all} FROM ${table}) ${alias}`),
  );
}

interface From {
  readonly text: string;
  readonly main: { readonly alias: string; readonly table: string };
  readonly all: readonly { readonly alias: string; readonly table: string }[];
}

/** One or two relations, joined in any way. */
function from(depth: number): fc.Arbitrary<From> {
  return tableName.chain((table) => {
    const main = { alias: fresh(), table };
    const single = source(main.alias, table, depth).map(
      (text): From => ({ text, main, all: [main] }),
    );
    const joined = tableName.chain((otherTable) => {
      const other = { alias: fresh(), table: otherTable };
      return fc
        .tuple(
          source(main.alias, table, depth - 1),
          one("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS APPLY", "OUTER APPLY"),
          source(other.alias, otherTable, depth - 1),
          tie(other.alias, otherTable, main.alias, table),
          fc.option(condition(other.alias, otherTable, 0)),
          fc.nat(3),
        )
        .map(([left, word, right, tied, more, count]): From => {
          const on = more ? `${tied} AND ${more}` : tied;
          const all = [main, other];
          if (!word.endsWith("APPLY"))
            return { text: `${left} ${word} ${right} ON ${on}`, main, all };
          const { id } = columnsOf(otherTable);
          const inside = on.replaceAll(`${other.alias}.`, "z.");
          return {
            text: `${left} ${word} (SELECT TOP ${count + 1} z.* FROM ${otherTable} z WHERE ${inside} ORDER BY z.${id}) ${other.alias}`,
            main,
            all: [main],
          };
        });
    });
    return fc.oneof(single, joined);
  });
}

function plainSelect(depth: number): fc.Arbitrary<string> {
  return from(depth).chain(({ text, all }) => {
    const any = one(...all);
    const value = any.chain(({ alias, table }) => numberOf(alias, table, depth));
    const where = any.chain(({ alias, table }) => condition(alias, table, depth));
    const ids = all.map(({ alias, table }) => `${alias}.${columnsOf(table).id}`);
    const names = all.flatMap(({ alias, table }) =>
      columnsOf(table)
        .text.slice(0, 1)
        .map((name) => `${alias}.${name}`),
    );
    return fc
      .tuple(
        fc.array(value, { minLength: 1, maxLength: 3 }),
        fc.option(where),
        fc.boolean(),
        fc.option(fc.nat(9)),
      )
      .map(([values, condition, isDistinct, top]) => {
        const items = [...ids, ...names, ...values].map((item, at) => `${item} AS c${at}`);
        const tail = condition ? ` WHERE ${condition}` : "";
        // Ids decide the order of all rows, but for those of an outer join that have none: they are equal in all else that counts.
        const order = ids.join(", ");
        if (top === null)
          return `SELECT ${isDistinct ? "DISTINCT " : ""}${items.join(", ")} FROM ${text}${tail}`;
        return isDistinct
          ? `SELECT TOP ${top} WITH TIES ${items.join(", ")} FROM ${text}${tail} ORDER BY ${order}`
          : `SELECT ${items.join(", ")} FROM ${text}${tail} ORDER BY ${order} OFFSET ${top} ROWS`;
      });
  });
}

function groupedSelect(depth: number): fc.Arbitrary<string> {
  return from(depth).chain(({ text, all }) => {
    const any = one(...all);
    const key = any.chain(({ alias, table }) => {
      const { number, text: texts, link } = columnsOf(table);
      return one(...[...number, ...texts, ...link].map((name) => `${alias}.${name}`));
    });
    const value = any.chain(({ alias, table }) => numberOf(alias, table, 1));
    const where = any.chain(({ alias, table }) => condition(alias, table, depth));
    return fc
      .tuple(
        fc.uniqueArray(key, { maxLength: 2 }),
        fc.array(fc.tuple(aggregate, value), { minLength: 1, maxLength: 3 }),
        fc.option(where),
        one("plain", "rollup", "cube", "sets", "having", "share"),
      )
      .map(([keys, measures, condition, kind]) => {
        const noSubquery = measures.filter(([, one]) => !one.includes("SELECT"));
        const computed = [["COUNT(*)", ""] as const, ...noSubquery].map(
          ([name, of], at) => `${measure(name, of)} AS m${at}`,
        );
        const by = keys.join(", ");
        const share = kind === "share" ? ["SUM(COUNT(*)) OVER () AS total"] : [];
        const items = [...keys.map((one, at) => `${one} AS k${at}`), ...computed, ...share].join(
          ", ",
        );
        const tail = condition ? ` WHERE ${condition}` : "";
        if (keys.length === 0) return `SELECT ${items} FROM ${text}${tail}`;
        const groupings: Readonly<Record<string, string>> = {
          plain: by,
          share: by,
          having: `${by} HAVING COUNT(*) > 1`,
          rollup: `ROLLUP (${by})`,
          cube: `CUBE (${by})`,
          sets: `GROUPING SETS ((${by}), ())`,
        };
        return `SELECT ${items} FROM ${text}${tail} GROUP BY ${groupings[kind]}`;
      });
  });
}

function windowSelect(depth: number): fc.Arbitrary<string> {
  return from(depth - 1).chain(({ text, main }) => {
    const { alias, table } = main;
    const { id, number, text: texts } = columnsOf(table);
    const partition = one(
      ...[...number, ...texts].map((name) => `PARTITION BY ${alias}.${name}`),
      "",
    );
    const value = one(...number.map((name) => `${alias}.${name}`), "1");
    const call = one(
      "ROW_NUMBER()",
      "RANK()",
      "DENSE_RANK()",
      "LAG(@)",
      "LEAD(@, 2)",
      "FIRST_VALUE(@)",
      "NTILE(3)",
      "SUM(@)",
      "COUNT(@)",
      "MAX(@)",
    );
    const frame = one(
      "",
      "",
      "ROWS BETWEEN 2 PRECEDING AND CURRENT ROW",
      "ROWS UNBOUNDED PRECEDING",
    );
    return fc
      .tuple(call, value, partition, frame, fc.boolean(), fc.option(condition(alias, table, 1)))
      .map(([name, of, by, rows, isFiltered, where]) => {
        const takesFrame = /^(SUM|COUNT|MAX|FIRST)/.test(name);
        const over = `${by} ORDER BY ${alias}.${id}${takesFrame && rows ? ` ${rows}` : ""}`.trim();
        const item = `${name.replace("@", of)} OVER (${over}) AS w`;
        const tail = where ? ` WHERE ${where}` : "";
        const inner = `SELECT ${alias}.${id} AS id, ${item} FROM ${text}${tail}`;
        return isFiltered ? `SELECT x.id, x.w FROM (${inner}) x WHERE x.w <= 3` : inner;
      });
  });
}

function setOperation(depth: number): fc.Arbitrary<string> {
  return fc
    .tuple(tableName, tableName, one("UNION", "UNION ALL", "INTERSECT", "EXCEPT"))
    .chain(([a, b, word]) => {
      const [x, y] = [fresh(), fresh()];
      return fc
        .tuple(
          one(...columnsOf(a).text),
          one(...columnsOf(b).text),
          numberOf(x, a, 1),
          numberOf(y, b, 1),
          condition(x, a, depth),
          condition(y, b, depth),
        )
        .map(
          ([p, q, m, n, first, second]) =>
            `SELECT ${x}.${p}, ${m} AS n FROM ${a} ${x} WHERE ${first} ${word} SELECT ${y}.${q}, ${n} FROM ${b} ${y} WHERE ${second}`,
        );
    });
}

const recursive = one(
  "WITH up AS (SELECT accountid, parentaccountid, 0 AS depth FROM account WHERE parentaccountid IS NULL UNION ALL SELECT a.accountid, a.parentaccountid, u.depth + 1 FROM account a JOIN up u ON a.parentaccountid = u.accountid) ",
  "WITH up AS (SELECT accountid, parentaccountid, 0 AS depth FROM account UNION ALL SELECT a.accountid, a.parentaccountid, u.depth + 1 FROM up u JOIN account a ON a.accountid = u.parentaccountid WHERE u.depth < 4) ",
).chain((expression) =>
  one(
    "SELECT depth, COUNT(*) AS n FROM up GROUP BY depth",
    "SELECT u.accountid, u.depth FROM up u WHERE u.depth > 0",
    "SELECT i.incidentid, u.depth FROM incident i JOIN up u ON i.customerid = u.accountid WHERE i.statecode = 0",
  ).map((query) => expression + query),
);

const commonTable = fc.tuple(tableName, tableName).chain(([a, b]) =>
  fc
    .tuple(condition("d", a, 1), condition("x", a, 1), tie("y", b, "x", a))
    .map(([inner, outer, tied]) => {
      const { id, number, text, time, link } = columnsOf(a);
      const names = [...new Set([id, ...number, ...text, ...time, ...link])].join(", ");
      return `WITH c AS (SELECT ${names} FROM ${a} d WHERE ${inner}) SELECT x.${id}, y.${columnsOf(b).id} AS other, (SELECT COUNT(*) FROM c) AS n FROM c x LEFT JOIN ${b} y ON ${tied} WHERE ${outer}`;
    }),
);

/** A query whose rows do not depend on how it is run. */
export const query: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: plainSelect(2) },
  { weight: 3, arbitrary: groupedSelect(1) },
  { weight: 2, arbitrary: windowSelect(1) },
  { weight: 2, arbitrary: setOperation(1) },
  { weight: 1, arbitrary: recursive },
  { weight: 1, arbitrary: commonTable },
);
