// Random queries that cost as much as their writer can make them: the same ones for the same seed.

/** A small generator of numbers from 0 to 1 (mulberry32). */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const repeat = (text, count) => text.repeat(count);
const texts = ["title", "description", "customeridname", "ticketnumber", "statecodename"];
const columns = [
  ...texts,
  "statecode",
  "prioritycode",
  "createdon",
  "incidentid",
  "customerid",
  "ownerid",
];
const keys = [
  "statecode",
  "prioritycode",
  "caseorigincode",
  "customerid",
  "ownerid",
  "title",
  "statuscode",
];

export function hostileQueries(seed, count) {
  const random = randomOf(seed);
  const number = (from, to) => from + Math.floor(random() * (to - from + 1));
  const pick = (list) => list[number(0, list.length - 1)];
  const some = (list, least, most) => Array.from({ length: number(least, most) }, () => pick(list));

  /** A text expression that grows with each level. */
  const grown = (depth, alias = "") => {
    if (depth === 0) return `${alias}${pick(texts)}`;
    const inner = grown(depth - 1, alias);
    const filler = `'${repeat(pick(["e", "a", "x "]), number(1, 300))}'`;
    return pick([
      `REPLACE(${inner}, '${pick(["e", "a", "o", " "])}', ${filler})`,
      `CONCAT(${inner}, ${filler}, ${inner})`,
      `${inner} + ${filler}`,
      `UPPER(${inner})`,
      `LEFT(${inner}, ${number(1, 5000)})`,
      `TRIM(${inner})`,
      `COALESCE(${inner}, ${inner})`,
      `NULLIF(${inner}, ${filler})`,
    ]);
  };
  const on = (a, b) =>
    pick([
      () => "1 = 1",
      () => `${a}.${pick(keys)} = ${b}.${pick(["statecode", "prioritycode"])}`,
      () => pick(keys.map((key) => `${a}.${key} = ${b}.${key}`)),
      () => `LEN(${a}.title) = LEN(${b}.title)`,
      () => `${a}.statecode = ${b}.statecode AND ${a}.title <> ${b}.title`,
      () => `${a}.title LIKE '%' + ${b}.ticketnumber + '%'`,
      () => `${a}.createdon < ${b}.createdon`,
    ])();
  const joined = (tables) => {
    const names = ["a", "b", "c", "d"].slice(0, tables);
    const joins = names
      .slice(1)
      .map(
        (name, at) =>
          `${pick(["JOIN", "LEFT JOIN", "JOIN"])} incident ${name} ON ${on(names[at], name)}`,
      );
    return `FROM incident a ${joins.join(" ")}`;
  };

  const shapes = [
    () => `SELECT COUNT(*) AS n ${joined(2)}`,
    () => `SELECT COUNT(*) AS n ${joined(3)}`,
    () =>
      `SELECT a.${pick(keys)}, COUNT(*) AS n, COUNT(DISTINCT b.title) AS d ${joined(2)} GROUP BY a.${pick(keys)}`,
    () =>
      `SELECT TOP ${number(1, 100)} a.title, b.description ${joined(2)} ORDER BY LEN(a.title), b.title`,
    () => `SELECT DISTINCT a.title, b.${pick(columns)} ${joined(2)}`,
    () => `SELECT TOP ${number(1, 1000)} ${grown(number(1, 6))} AS x FROM incident`,
    () =>
      `SELECT ${grown(number(1, 4))} AS x, ${grown(number(1, 4))} AS y FROM incident ORDER BY x`,
    () => `SELECT ${grown(3)} AS x, COUNT(*) AS n FROM incident GROUP BY ${grown(3)}`,
    () => `SELECT MAX(${grown(number(1, 4))}) AS x FROM incident GROUP BY UPPER(${pick(texts)})`,
    () => `SELECT * FROM incident ${pick(["", "ORDER BY LEN(title)", "WHERE LEN(title) > 5"])}`,
    () => `SELECT a.*, b.* ${joined(2)} ORDER BY LEN(b.title)`,
    () => `SELECT ${some(columns, 20, 60).join(", ")} FROM incident`,
    () =>
      `SELECT COUNT(*) AS n FROM incident WHERE UPPER(description) LIKE '${repeat("%a", number(1, 300))}%'`,
    () =>
      `SELECT COUNT(*) AS n FROM incident WHERE UPPER(description) LIKE '%${repeat("e", number(1, 2000))}_x%'`,
    () =>
      `SELECT title FROM incident WHERE ${Array.from({ length: number(2, 3000) }, (_, n) => `LEN(title) = ${n + 900}`).join(" OR ")}`,
    () =>
      `SELECT title FROM incident WHERE LEN(title) NOT IN (${Array.from({ length: number(2, 9000) }, (_, n) => n + 500).join(",")})`,
    () =>
      `SELECT title FROM incident WHERE prioritycode IN (${Array.from({ length: number(2, 9000) }, (_, n) => n).join(",")})`,
    () => `SELECT ${repeat("(", number(1, 6000))}1`,
    () => `SELECT title FROM incident WHERE ${repeat("NOT ", number(1, 6000))}title = 'x'`,
    () =>
      `SELECT ${Array.from({ length: number(2, 6000) }, () => "title").join("+")} FROM incident`,
    () =>
      `SELECT ${Array.from({ length: number(2, 5000) }, () => "title").join(",")} FROM incident`,
    () =>
      `SELECT TOP 1 a0.title FROM incident a0 ${Array.from({ length: number(2, 200) }, (_, n) => `JOIN incident a${n + 1} ON a${n + 1}.incidentid = a${n}.incidentid`).join(" ")}`,
    () =>
      `SELECT '${repeat("'", 2 * number(1, 40_000))}', TRIM('${repeat(" ", number(1, 90_000))}x ') FROM incident`,
    () => `SELECT TOP 12 documentbody, notetext FROM annotation`,
    () => `SELECT TOP ${number(1, 500)} description FROM email ORDER BY LEN(description)`,
    () =>
      `SELECT COUNT(*) AS n FROM incident a JOIN account c ON c.name = a.customeridname WHERE LEN(c.name) > ${number(1, 9)}`,
    // Ordinary questions stand between.
    () => "SELECT statecode, COUNT(*) AS n FROM incident GROUP BY statecode",
    () =>
      `SELECT TOP 20 title, createdon FROM incident WHERE statecode = 0 ORDER BY createdon DESC`,
    () =>
      `SELECT TOP 20 i.title, c.name FROM incident i JOIN account c ON i.customerid = c.accountid ORDER BY i.createdon`,
  ];
  return Array.from({ length: count }, (_, n) =>
    shapes[n < shapes.length ? n : number(0, shapes.length - 1)](),
  );
}
