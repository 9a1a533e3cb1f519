import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadCatalog } from "../../../emulator/metadata";
import type { Catalog, Database } from "../../../emulator/model";
import { type SampleResult, seed } from "../../../emulator/sample";
import { demoCases, personas } from "../../../emulator/sample/identities";
import { createTables, isStored, openDatabase, storedColumns } from "../../../emulator/store";

const asOf = new Date("2026-11-24T00:00:00Z");
let db: Database;
let catalog: Catalog;
let result: SampleResult;

async function make(
  cases: number,
): Promise<{ db: Database; catalog: Catalog; result: SampleResult }> {
  const made = await openDatabase(":memory:");
  const definitions = loadCatalog(made);
  createTables(made, definitions, { indexes: false });
  return {
    db: made,
    catalog: definitions,
    result: seed({ db: made, catalog: definitions }, { cases, asOf, seed: 1 }),
  };
}

beforeAll(async () => {
  ({ db, catalog, result } = await make(1_000));
});
afterAll(() => db.close());

const one = (sql: string, ...parameters: (string | number)[]) =>
  Number(Object.values(db.prepare(sql).get(...parameters) ?? {})[0]);
const share = (table: string, condition: string) => one(`SELECT avg(${condition}) FROM ${table}`);

/** Hash over every stored value of the tables that make the set. */
function golden(source: Database): string {
  const hash = createHash("sha256");
  for (const table of [
    "account",
    "contact",
    "incident",
    "email",
    "activityparty",
    "annotation",
    "knowledgearticle",
    "incidentresolution",
    "roleprivileges",
  ]) {
    const entity = catalog.byName(table);
    if (entity === undefined) throw new Error(table);
    const rows = source
      .prepare(
        `SELECT ${storedColumns(entity)
          .map((name) => `"${name}"`)
          .join()} FROM ${table} ORDER BY ${entity.primaryIdAttribute}`,
      )
      .all();
    hash.update(JSON.stringify(rows));
  }
  return hash.digest("hex");
}

describe("the sample set", () => {
  test("is the same wherever it is made, and known by its hash", async () => {
    const again = await make(1_000);
    expect(golden(again.db)).toBe(golden(db));
    again.db.close();
    expect(golden(db)).toMatchInlineSnapshot(
      `"31ede4e1bac8de7b2aa13bcc0eae59e005fd69d7044a4b6e5aeff2bee9b52a56"`,
    );
  });

  test("keeps a row when there are more of them", async () => {
    const small = await make(100);
    const row = (source: Database) =>
      source
        .prepare("SELECT ticketnumber, createdon, statecode FROM incident WHERE incidentid = ?")
        .get(demoCases[1].id);
    expect(row(small.db)).toEqual(row(db));
    small.db.close();
  });

  test("holds nothing that its columns would refuse: lengths, options, references", () => {
    const faults: string[] = [];
    for (const entity of catalog.entities()) {
      if (entity.logicalName === "activitypointer") continue;
      for (const attribute of entity.attributes.filter(isStored)) {
        const column = `"${attribute.logicalName}"`;
        const check = (condition: string, what: string) => {
          const count = one(
            `SELECT count(*) FROM "${entity.logicalName}" WHERE ${column} IS NOT NULL AND ${condition}`,
          );
          if (count > 0)
            faults.push(`${entity.logicalName}.${attribute.logicalName}: ${count} ${what}`);
        };
        if (
          attribute.maxLength !== undefined &&
          (attribute.type === "String" || attribute.type === "Memo")
        )
          check(`length(${column}) > ${attribute.maxLength}`, "too long");
        const isChoice = ["Picklist", "State", "Status"].includes(attribute.type);
        if (isChoice && attribute.options?.length)
          check(
            `${column} NOT IN (${attribute.options.map((option) => option.value).join()})`,
            "unknown options",
          );
        if (attribute.type === "DateTime")
          check(`${column} NOT GLOB '????-??-??T??:??:??Z'`, "odd times");
      }
    }
    expect(faults).toEqual([]);
  });

  test("points nowhere but to rows that are there, save for the one deleted customer", () => {
    const lost: string[] = [];
    for (const entity of catalog.entities()) {
      if (entity.logicalName === "activitypointer") continue;
      for (const attribute of entity.attributes.filter(
        (each) => isStored(each) && each.targets?.length,
      )) {
        const targets = attribute.targets ?? [];
        for (const target of targets) {
          const other = catalog.byName(target);
          if (other === undefined || target === "activitypointer") continue;
          const type =
            targets.length > 1 ? ` AND "${attribute.logicalName}__type" = '${target}'` : "";
          const count = one(
            `SELECT count(*) FROM "${entity.logicalName}" WHERE "${attribute.logicalName}" IS NOT NULL${type} AND "${attribute.logicalName}" NOT IN (SELECT "${other.primaryIdAttribute}" FROM "${target}")`,
          );
          if (count > 0)
            lost.push(`${entity.logicalName}.${attribute.logicalName} -> ${target}: ${count}`);
        }
      }
    }
    expect(lost).toEqual(["incident.customerid -> account: 1"]);
  });
});

describe("the sample set looks like life", () => {
  test("in how many cases are open, and how they came in", () => {
    expect(share("incident", "statecode = 0")).toBeGreaterThan(0.2);
    expect(share("incident", "statecode = 0")).toBeLessThan(0.38);
    expect(share("incident", "caseorigincode = 2")).toBeCloseTo(0.45, 1);
    expect(one("SELECT count(*) FROM email") / 1_000).toBeGreaterThan(1.7);
  });

  test("in that time goes forward", () => {
    expect(one("SELECT count(*) FROM incident WHERE modifiedon < createdon")).toBe(0);
    expect(one("SELECT count(*) FROM incident WHERE createdon > ?", asOf.toISOString())).toBe(0);
    expect(
      one(
        "SELECT count(*) FROM incidentresolution r JOIN incident i ON i.incidentid = r.incidentid WHERE r.createdon < i.createdon",
      ),
    ).toBe(0);
  });

  test("in that few customers have many cases", () => {
    const top = db
      .prepare(
        "SELECT count(*) AS n FROM incident WHERE customerid__type = 'account' GROUP BY customerid ORDER BY n DESC",
      )
      .all()
      .map((row) => Number(row.n));
    const all = top.reduce((sum, n) => sum + n, 0);
    const head = top.slice(0, Math.ceil(top.length / 20)).reduce((sum, n) => sum + n, 0);
    expect(head / all).toBeGreaterThan(0.2);
  });

  test("has open cases with a drafted mail for the person who is signed in", () => {
    const drafts = one(
      "SELECT count(*) FROM email e JOIN incident i ON i.incidentid = e.regardingobjectid WHERE e.statuscode = 1 AND i.statecode = 0 AND i.ownerid = ?",
      personas[0]?.systemUserId ?? "",
    );
    expect(drafts).toBeGreaterThanOrEqual(3);
  });

  test("knows the fault of every case apart from the database, and has a published article that cures it", () => {
    expect(result.faults.size).toBe(1_000);
    expect(one("SELECT count(*) FROM knowledgearticle WHERE statecode = 3")).toBeGreaterThanOrEqual(
      60,
    );
    expect(one("SELECT count(*) FROM knowledgearticle")).toBe(120);
  });
});

describe("what the sample set can be asked for", () => {
  test("a main language: nearly nine of ten customers are of its countries", async () => {
    const made = await openDatabase(":memory:");
    const definitions = loadCatalog(made);
    createTables(made, definitions, { indexes: false });
    seed({ db: made, catalog: definitions }, { cases: 400, asOf, seed: 1, language: "de" });
    const german = made
      .prepare("SELECT avg(address1_country = 'Germany') AS share FROM contact")
      .get()?.share;
    expect(Number(german)).toBeGreaterThan(0.75);
    made.close();
  });

  test("some tables only: the rest of what grows is left out, and what they point to is there", async () => {
    const made = await openDatabase(":memory:");
    const definitions = loadCatalog(made);
    createTables(made, definitions, { indexes: false });
    seed({ db: made, catalog: definitions }, { cases: 50, asOf, seed: 1, tables: ["email"] });
    const count = (table: string) =>
      Number(made.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    expect(count("email")).toBeGreaterThan(50);
    expect(count("activityparty")).toBeGreaterThan(count("email"));
    expect(count("incident")).toBeGreaterThanOrEqual(50);
    expect(count("contact")).toBeGreaterThanOrEqual(40);
    expect([count("annotation"), count("slakpiinstance"), count("feedback")]).toEqual([0, 0, 0]);
    made.close();
  });

  test("the truth: each fault's articles are published and hold its cure", () => {
    expect(result.articles.size).toBe(60);
    for (const ids of result.articles.values()) {
      for (const id of ids)
        expect(
          one(
            "SELECT count(*) FROM knowledgearticle WHERE knowledgearticleid = ? AND statecode = 3",
            id,
          ),
        ).toBe(1);
    }
  });

  test("customers of one fault say it in several ways", () => {
    const faultOf = result.faults;
    const titles = new Map<string, Set<string>>();
    for (const row of db.prepare("SELECT incidentid, title FROM incident").all()) {
      const fault = faultOf.get(String(row.incidentid));
      if (fault === undefined) continue;
      titles.set(fault, (titles.get(fault) ?? new Set()).add(String(row.title)));
    }
    for (const set of titles.values()) expect(set.size).toBeGreaterThan(3);
  });
});
