import { beforeAll, describe, expect, test } from "@jest/globals";
import { type Fetch, fillSmall, id, type Json, openFetch } from "./support";
import { aggregates, attributes, dateGroupings, linkTypes, operators } from "./vocabulary";

let emulator: Fetch;
beforeAll(async () => {
  emulator = await openFetch();
  fillSmall(emulator);
});

const status = (xml: string) => emulator.fetch(xml).status;
const entity = (body: string, fetch = "") =>
  `<fetch ${fetch}><entity name="incident">${body}</entity></fetch>`;

describe("every word of the schema is understood", () => {
  test("operators, with as many values as they take", () => {
    const column: Record<string, [string, string]> = {
      comparison: ["numberofchildincidents", "1"],
      string: ["title", "a"],
      date: ["createdon", "1"],
      fiscal: ["createdon", "1"],
      caller: ["ownerid", ""],
      hierarchy: ["incidentid", id(1, 1)],
    };
    const each = operators.flatMap(({ kind, values, names }) =>
      names.map((name) => ({ kind, values, name })),
    );
    const refused = each.flatMap(({ name, kind, values }) => {
      // A column of several choices has tests of its own.
      if (kind === "multiselect") return [];
      let [attribute, value] = column[kind]!;
      if (name === "eq-userlanguage") attribute = "numberofchildincidents";
      if (name.includes("userhierarchy")) attribute = "ownerid";
      if (/^on/.test(name)) value = "2026-06-17";
      if (name.includes("year") && name.startsWith("in-")) value = "2026";
      const count = { none: 0, one: 1, two: 2, many: 2 }[values]!;
      const list = Array.from({ length: count }, (_, at) =>
        name.includes("period-and-year") && at === 0 ? "1" : value,
      );
      const xml = entity(
        `<filter><condition attribute="${attribute}" operator="${name}">${list.map((one) => `<value>${one}</value>`).join("")}</condition></filter>`,
      );
      return status(xml) === 200 ? [] : [`${name}: ${JSON.stringify(emulator.fetch(xml).body)}`];
    });
    expect(refused).toEqual([]);
    expect(each.length).toBeGreaterThan(80);
  });

  test("link types", () => {
    const link = (type: string) =>
      `<link-entity name="account" from="accountid" to="customerid" link-type="${type}"/>`;
    const inFilter = new Set(["any", "not any", "all", "not all"]);
    for (const type of linkTypes) {
      const xml = inFilter.has(type)
        ? entity(`<filter>${link(type)}</filter>`)
        : entity(link(type));
      expect([type, status(xml)]).toEqual([type, 200]);
    }
  });

  test("aggregates and parts of dates", () => {
    for (const name of aggregates)
      expect([
        name,
        status(
          entity(
            `<attribute name="numberofchildincidents" alias="a" aggregate="${name}"/>`,
            'aggregate="true"',
          ),
        ),
      ]).toEqual([name, 200]);
    for (const part of dateGroupings)
      expect([
        part,
        status(
          entity(
            `<attribute name="createdon" alias="a" groupby="true" dategrouping="${part}"/><attribute name="incidentid" alias="n" aggregate="count"/>`,
            'aggregate="true"',
          ),
        ),
      ]).toEqual([part, 200]);
  });

  test("attributes of every element", () => {
    const known = Object.entries(attributes).flatMap(([element, names]) =>
      names.map((name) => [element, name] as const),
    );
    const unknown = known.filter(([element, name]) => {
      const own = `<${element} ${name}="?"/>`;
      const xml =
        element === "fetch"
          ? `<fetch ${name}="?"><entity name="incident"/></fetch>`
          : element === "entity"
            ? `<fetch><entity ${name}="?"/></fetch>`
            : element === "condition"
              ? entity(`<filter>${own}</filter>`)
              : entity(own);
      const { body } = emulator.fetch(xml);
      return /is not known on/.test(String((body.error as Json | undefined)?.message));
    });
    expect(unknown).toEqual([]);
    expect(known.length).toBeGreaterThan(50);
  });
});

describe("settings of a fetch", () => {
  test.each([
    'no-lock="true"',
    'latematerialize="1"',
    'mapping="logical"',
    'version="1.0" output-format="xml-platform"',
    'utc-offset="-120"',
    'options="OptimizeForUnknown, DisableRowGoal"',
    'useraworderby="false"',
  ])("%s changes no rows", (setting) => {
    expect(emulator.rows(entity('<attribute name="title"/>', setting), "")).toEqual(
      emulator.rows(entity('<attribute name="title"/>'), ""),
    );
  });

  test.each([
    'no-lock="maybe"',
    'mapping="physical"',
    'datasource="live"',
    'options="GoFaster"',
    'utc-offset="noon"',
    'aggregatelimit="50001"',
    'output-format="csv"',
  ])("%s is refused", (setting) => {
    expect(emulator.refusal(entity("", setting)).code).toBe("0x80040203");
  });

  test("there are no retained rows", () => {
    expect(emulator.rows(entity("", 'datasource="retained"'))).toEqual([]);
    const count = '<attribute name="incidentid" alias="n" aggregate="count"/>';
    expect(emulator.rows(entity(count, 'aggregate="true" datasource="retained"'), "")).toEqual([
      { n: 0 },
    ]);
  });

  test("the version below which nothing is still being written is told when asked for", () => {
    emulator.db.exec(
      'CREATE TABLE IF NOT EXISTS "__version" (id INTEGER PRIMARY KEY, value INTEGER)',
    );
    emulator.db.exec('INSERT OR REPLACE INTO "__version" (id, value) VALUES (1, 4711)');
    const name = "@Microsoft.Dynamics.CRM.minactiverowversion";
    expect(emulator.fetch(entity("", 'min-active-row-version="true"')).body).toMatchObject({
      [name]: "4712",
    });
    expect(emulator.fetch(entity("")).body).not.toHaveProperty([name]);
  });
});

test("an aggregate returns 5,000 groups in all, whatever the page", async () => {
  const many = await openFetch();
  many.insert(
    "account",
    Array.from({ length: 5_100 }, (_, n) => ({ accountid: id(2, n), numberofemployees: n })),
  );
  const read = (paging: string) =>
    many.fetch(
      `<fetch aggregate="true" ${paging}><entity name="account"><attribute name="numberofemployees" alias="e" groupby="true"/><attribute name="accountid" alias="n" aggregate="count"/><order alias="e"/></entity></fetch>`,
    ).body;
  const more = "@Microsoft.Dynamics.CRM.morerecords";
  const whole = read("");
  expect(whole.value).toHaveLength(5_000);
  expect(whole).not.toHaveProperty([more]);
  expect(read('count="4999"')).toMatchObject({ [more]: true });
  const last = read('count="3000" page="2"');
  expect(last.value).toHaveLength(2_000);
  expect(last).not.toHaveProperty([more]);
  expect(read('page="2"').value).toEqual([]);
});
