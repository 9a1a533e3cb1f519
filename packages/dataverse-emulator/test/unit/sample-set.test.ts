import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { loadCatalog } from "../../src/metadata";
import type { Catalog, Database } from "../../src/model";
import { type SampleResult, sampleVersion, seed } from "../../src/sample";
import { faults } from "../../src/sample/faults/faults";
import { demoCases, personas } from "../../src/sample/identities";
import { createTables, isStored, openDatabase, storedColumns } from "../../src/store";

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
  ({ db, catalog, result } = await make(5_000));
}, 60_000);
afterAll(() => db.close());

const one = (sql: string, ...parameters: (string | number)[]) =>
  Number(Object.values(db.prepare(sql).get(...parameters) ?? {})[0]);
const share = (table: string, condition: string) => one(`SELECT avg(${condition}) FROM ${table}`);

/** What follows from the definitions and moves with every new table. */
const derived = ["activitypointer", "privilege", "roleprivileges"];

/** Hash over every value of every table; empty columns do not count, so that a new column moves nothing. */
function golden(source: Database, definitions: Catalog): string {
  const hash = createHash("sha256");
  const tables = definitions
    .entities()
    .filter((entity) => !derived.includes(entity.logicalName))
    .sort((one, other) => (one.logicalName < other.logicalName ? -1 : 1));
  for (const entity of tables) {
    const columns = storedColumns(entity).sort();
    const names = columns.map((name) => `"${name}"`).join();
    const rows = source
      .prepare(
        `SELECT ${names} FROM "${entity.logicalName}" ORDER BY "${entity.primaryIdAttribute}"`,
      )
      .all();
    for (const row of rows) {
      const values = columns.flatMap((name) => (row[name] === null ? [] : [[name, row[name]]]));
      const told = values.filter(([name]) => name !== "versionnumber");
      hash.update(`${entity.logicalName} ${JSON.stringify(told)}`);
    }
  }
  return hash.digest("hex");
}

describe("the sample set", () => {
  test("is the same on every machine and every version of Node, and known by its hash", () => {
    // Whoever changes what is generated puts the new hash here and moves `sampleVersion`.
    expect([sampleVersion, golden(db, catalog)]).toEqual([
      13,
      "11e3ebd778f3f2abe466e0d615099d5c5e5ef9dd264378b738badefe642b7df4",
    ]);
  });

  test("has the unique key of every table, though keys are made after the rows", () => {
    const tables = catalog.entities().filter((each) => each.logicalName !== "activitypointer");
    const without = tables.filter(
      (entity) =>
        one(
          `SELECT count(*) FROM pragma_index_list(?) list WHERE "unique" = 1 AND
           (SELECT group_concat(name) FROM pragma_index_info(list.name)) = ?`,
          entity.logicalName,
          entity.primaryIdAttribute,
        ) !== 1,
    );
    expect(without.map((entity) => entity.logicalName)).toEqual([]);
    expect(() =>
      db.exec("INSERT INTO incident (incidentid) SELECT incidentid FROM incident LIMIT 1"),
    ).toThrow("UNIQUE constraint failed: incident.incidentid");
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

/** A share that is allowed to be off by a fiftieth. */
const near = (measured: number, wanted: number) =>
  expect({ measured, off: Math.abs(measured - wanted) > 0.02 }).toMatchObject({ off: false });

describe("the sample set looks like life", () => {
  test("in how many rows each table has", () => {
    const count = (table: string) => one(`SELECT count(*) FROM ${table}`);
    const wanted: Record<string, number> = {
      businessunit: 3,
      team: 5,
      systemuser: 16,
      queue: 20,
      subject: 24,
      knowledgearticle: 132,
      languagelocale: 4,
      account: 250,
      contact: 1_000,
      entitlement: 100,
      sla: 3,
      slakpiinstance: 5_000,
      incident: 5_012,
    };
    expect(Object.fromEntries(Object.keys(wanted).map((table) => [table, count(table)]))).toEqual(
      wanted,
    );
    expect(count("email") / 5_000).toBeGreaterThan(2);
    expect(count("email") / 5_000).toBeLessThan(2.4);
    expect(count("queueitem")).toBe(one("SELECT count(*) FROM incident WHERE statecode = 0") - 12);
    expect(count("incidentresolution")).toBe(
      one("SELECT count(*) FROM incident WHERE statecode = 1"),
    );
    near(count("phonecall") / 5_000, 0.3);
    near(count("task") / 5_000, 0.2);
    near(count("knowledgearticleincident") / 5_000, 0.35);
    near(count("feedback") / count("incidentresolution"), 0.25);
  });

  test("in states, reasons, priorities, origins, types, languages and gaps", () => {
    near(share("incident", "statecode = 0"), 0.024);
    near(share("incident", "statecode = 2"), 0.05);
    near(share("incident WHERE statecode = 0", "statuscode = 1"), 0.65);
    near(share("incident WHERE statecode = 1", "statuscode = 1000"), 0.15);
    near(share("incident", "prioritycode = 1"), 0.17);
    near(share("incident", "prioritycode = 2"), 0.59);
    near(share("incident", "caseorigincode = 2"), 0.45);
    near(share("incident", "caseorigincode = 1"), 0.27);
    near(share("incident", "casetypecode = 1"), 0.28);
    near(share("incident", "casetypecode = 3"), 0.14);
    near(share("incident", "customerid__type = 'account'"), 0.8);
    near(share("incident", "description IS NULL"), 0.08);
    near(share("contact", "telephone1 IS NULL"), 0.3);
    near(share("contact", "parentcustomerid IS NULL"), 0.12);
    near(share("contact", "address1_country = 'Germany'"), 0.04);
  });

  test("in that a few customers have many cases, and some have none", () => {
    const perAccount = db
      .prepare(
        "SELECT count(i.incidentid) AS n FROM account a LEFT JOIN incident i ON i.accountid = a.accountid GROUP BY a.accountid ORDER BY n DESC",
      )
      .all()
      .map((row) => Number(row.n));
    const all = perAccount.reduce((sum, n) => sum + n, 0);
    const head = perAccount.slice(0, perAccount.length / 20).reduce((sum, n) => sum + n, 0);
    expect(head / all).toBeGreaterThan(0.35);
    expect(head / all).toBeLessThan(0.47);
    expect((perAccount[0] ?? 0) / all).toBeLessThan(0.1);
    near(perAccount.filter((n) => n === 0).length / perAccount.length, 0.15);
  });

  test("in that some contacts are there twice, and some cases were sent twice", () => {
    near(1 - one("SELECT count(DISTINCT fullname || emailaddress1) FROM contact") / 1_000, 0.02);
    const stories = one(
      "SELECT count(DISTINCT title || coalesce(description, '') || customerid) FROM incident",
    );
    near(1 - stories / 5_012, 0.03);
    expect(
      one(
        "SELECT count(*) FROM incident c JOIN incident m ON m.incidentid = c.masterid WHERE c.merged = 1 AND c.statuscode = 2000 AND m.createdon < c.createdon AND m.customerid = c.customerid",
      ),
    ).toBe(one("SELECT count(*) FROM incident WHERE merged = 1 OR statuscode = 2000"));
  });

  test("in two days of outage, growth, and weeks", () => {
    const days = db
      .prepare(
        "SELECT substr(createdon, 1, 10) AS day, count(*) AS n, avg(productid IN (SELECT productid FROM product WHERE name LIKE 'HR-%')) AS routers FROM incident GROUP BY 1 ORDER BY n DESC LIMIT 3",
      )
      .all();
    const dayBefore = (days: number) =>
      new Date(asOf.getTime() - days * 86_400_000).toISOString().slice(0, 10);
    expect(days.slice(0, 2).map((row) => row.day)).toEqual([dayBefore(47), dayBefore(203)]);
    expect(Number(days[1]?.n)).toBeGreaterThan(2 * Number(days[2]?.n));
    expect(Number(days[0]?.routers)).toBeGreaterThan(0.8);
    const since = (from: number, to: number) =>
      one(
        "SELECT count(*) FROM incident WHERE createdon >= ? AND createdon < ?",
        dayBefore(from),
        dayBefore(to),
      );
    expect(since(365, 0)).toBeGreaterThan(1.1 * since(730, 365));
    expect(share("incident", "strftime('%w', createdon) IN ('0', '6')")).toBeLessThan(0.14);
  });

  test("in that time goes forward", () => {
    const none = (sql: string) =>
      expect([sql, one(`SELECT count(*) FROM ${sql}`)]).toEqual([sql, 0]);
    none("incident WHERE modifiedon < createdon");
    none(`incident WHERE modifiedon > '${asOf.toISOString()}'`);
    none(
      "incidentresolution r JOIN incident i ON i.incidentid = r.incidentid WHERE r.createdon <= i.createdon",
    );
    for (const [table, column] of [
      ["email", "regardingobjectid"],
      ["phonecall", "regardingobjectid"],
      ["task", "regardingobjectid"],
      ["annotation", "objectid"],
      ["knowledgearticleincident", "incidentid"],
    ]) {
      none(
        `${table} a JOIN incident i ON i.incidentid = a.${column} WHERE i.ticketnumber NOT LIKE '%HARD%' AND a.createdon < i.createdon`,
      );
      none(
        `${table} a JOIN incidentresolution r ON r.incidentid = a.${column} WHERE a.createdon > r.createdon`,
      );
      none(`${table} WHERE createdon > '${asOf.toISOString()}'`);
    }
    none(
      "email e JOIN email f ON f.messageid = e.inreplyto WHERE f.createdon >= e.createdon OR f.directioncode = e.directioncode",
    );
  });

  test("in that the desk writes on workdays, from eight to six of its own time", () => {
    const hour =
      "CAST(strftime('%H', e.createdon) AS INTEGER) - CASE b.name WHEN 'Service Americas' THEN 6 ELSE 0 END";
    const out =
      "email e JOIN systemuser u ON u.systemuserid = e.emailsender JOIN businessunit b ON b.businessunitid = u.businessunitid WHERE e.directioncode = 1 AND e.statecode = 1";
    expect(one(`SELECT count(*) FROM ${out}`)).toBeGreaterThan(3_000);
    expect(one(`SELECT count(*) FROM ${out} AND (${hour} < 8 OR ${hour} > 17)`)).toBe(0);
    expect(one(`SELECT count(*) FROM ${out} AND strftime('%w', e.createdon) IN ('0', '6')`)).toBe(
      0,
    );
  });

  test("in that what one says fits to what another says", () => {
    // Who waits for details has asked; who resolved a case by mail has sent a solution.
    const waiting =
      "(SELECT e.directioncode FROM email e WHERE e.regardingobjectid = i.incidentid AND e.statecode = 1 ORDER BY e.createdon DESC LIMIT 1)";
    expect(share("incident i WHERE statecode = 0 AND statuscode = 3", waiting)).toBeGreaterThan(
      0.6,
    );
    expect(
      one(
        "SELECT count(*) FROM incident i WHERE statecode = 1 AND caseorigincode <> 1 AND NOT EXISTS (SELECT 1 FROM email e WHERE e.regardingobjectid = i.incidentid AND e.directioncode = 1)",
      ),
    ).toBe(0);
    expect(
      one(
        "SELECT count(*) FROM feedback f JOIN incident i ON i.incidentid = f.regardingobjectid WHERE i.customersatisfactioncode IS NOT f.rating",
      ),
    ).toBe(0);
    expect(
      one(
        "SELECT count(*) FROM email WHERE description LIKE '%undefined%' OR subject LIKE '%undefined%'",
      ),
    ).toBe(0);
  });

  test("in hard rows, one of each kind", () => {
    const titles = db
      .prepare("SELECT title FROM incident WHERE ticketnumber LIKE '%HARD%' ORDER BY ticketnumber")
      .all()
      .map((row) => String(row.title));
    for (const sign of [
      /"/,
      /%.*_/,
      /<script>/,
      /\u0627/,
      /🔥/,
      /DROP TABLE/,
      /ignore all previous/,
    ])
      expect(titles.filter((title) => sign.test(title))).toHaveLength(1);
    expect(one("SELECT max(length(notetext)) FROM annotation")).toBe(100_000);
    expect(one("SELECT count(*) FROM annotation WHERE length(notetext) = 4000")).toBe(1);
    expect(
      one("SELECT count(DISTINCT createdon) FROM incident WHERE ticketnumber LIKE '%HARD%'"),
    ).toBe(1);
    expect(
      one(
        "SELECT count(*) FROM incident i JOIN systemuser u ON u.systemuserid = i.ownerid WHERE u.isdisabled = 1",
      ),
    ).toBe(1);
  });

  test("in what a newcomer finds in the own list: two dozen young cases, few of them late, none of the hard ones", () => {
    const openOf = (key: string, condition = "1 = 1") =>
      one(
        `SELECT count(*) FROM incident WHERE statecode = 0 AND ownerid = ? AND ${condition}`,
        personas.find((persona) => persona.key === key)?.systemUserId ?? "",
      );
    const [today, tomorrow] = ["2026-11-24T08:00:00Z", "2026-11-25T08:00:00Z"];
    expect(openOf("representative")).toBe(26);
    expect(openOf("representative", "resolvebyslastatus = 4")).toBe(3);
    expect(
      openOf("representative", `resolveby BETWEEN '${today}' AND '${tomorrow}'`),
    ).toBeGreaterThanOrEqual(3);
    expect(openOf("representative", "createdon < '2026-11-10'")).toBe(0);
    expect(openOf("representative", "ticketnumber LIKE '%HARD%'")).toBe(0);
    expect(
      openOf("representative", "subjectid IS NULL AND productid IS NULL AND casetypecode IS NULL"),
    ).toBe(5);
    expect([openOf("manager"), openOf("manager", "isescalated = 1")]).toEqual([7, 7]);
    const ofTeams = (key: string) =>
      one(
        "SELECT count(*) FROM incident i JOIN teammembership m ON m.teamid = i.ownerid WHERE i.statecode = 0 AND m.systemuserid = ?",
        personas.find((persona) => persona.key === key)?.systemUserId ?? "",
      );
    expect(ofTeams("representative")).toBeGreaterThan(3);
    expect(ofTeams("manager")).toBeGreaterThan(3);
  });

  test("in that most cases are closed in time, whoever has them", () => {
    near(share("incident WHERE statecode = 1", "resolvebyslastatus = 3"), 0.82);
    expect(share("incident WHERE statecode = 0", "resolvebyslastatus = 4")).toBeLessThan(0.35);
  });

  test("has articles in three languages, linked to what they translate", () => {
    const perLanguage = db
      .prepare(
        "SELECT l.code AS code, count(*) AS n, sum(a.isprimary) AS originals, count(DISTINCT p.knowledgearticleid) AS parents FROM knowledgearticle a JOIN languagelocale l ON l.languagelocaleid = a.languagelocaleid LEFT JOIN knowledgearticle p ON p.knowledgearticleid = a.parentarticlecontentid AND p.articlepublicnumber = a.articlepublicnumber AND p.statecode = 3 GROUP BY l.code ORDER BY l.code",
      )
      .all()
      .map((row) => [row.code, row.n, row.originals, row.parents]);
    expect(perLanguage).toEqual([
      ["de-DE", 4, 0, 4],
      ["en-US", 120, 120, 0],
      ["es-ES", 4, 0, 4],
      ["fr-FR", 4, 0, 4],
    ]);
  });

  test("has open cases with a drafted mail for the person who is signed in", () => {
    const drafts = one(
      "SELECT count(*) FROM email e JOIN incident i ON i.incidentid = e.regardingobjectid WHERE e.statuscode = 1 AND i.statecode = 0 AND i.ownerid = ?",
      personas[0]?.systemUserId ?? "",
    );
    expect(drafts).toBeGreaterThanOrEqual(3);
  });
});

describe("what Copilot's agents know and did", () => {
  test("an intent for each fault, with a group, a line of business, questions and a published article", () => {
    const intents =
      "msdyn_intent i JOIN msdyn_intent g ON g.msdyn_intentid = i.msdyn_parentgroupid JOIN msdyn_intentfamily f ON f.msdyn_intentfamilyid = i.msdyn_intentfamilyid";
    expect(one(`SELECT count(*) FROM ${intents} WHERE i.msdyn_reviewstate = 192350001`)).toBe(60);
    expect(
      one(
        "SELECT min(n) FROM (SELECT count(*) AS n FROM msdyn_intentattributeset s JOIN msdyn_intentattribute a ON a.msdyn_intentattributeid = s.msdyn_intentattributeid GROUP BY s.msdyn_intentid)",
      ),
    ).toBe(2);
    expect(
      one(
        "SELECT count(*) FROM msdyn_intentsolutionmap m JOIN knowledgearticle k ON k.knowledgearticleid = m.msdyn_rootknowledgearticleid WHERE k.statecode = 3",
      ),
    ).toBe(60);
    expect(
      one(
        "SELECT sum(msdyn_occurrencecount) FROM msdyn_intent WHERE msdyn_reviewstate = 192350001",
      ),
    ).toBe(one("SELECT count(*) FROM msdyn_intententity"));
  });

  test("cases point to their intent, mostly to the right one, and only lately", () => {
    const right = db
      .prepare("SELECT msdyn_objectid AS id, msdyn_name AS name FROM msdyn_intententity")
      .all()
      .map((row) => {
        const fault = faults.find((each) => each.id === result.faults.get(String(row.id)));
        return fault?.symptom.toLowerCase() === String(row.name).toLowerCase();
      });
    expect(right.length).toBeGreaterThan(700);
    near(right.filter(Boolean).length / right.length, 0.94);
    expect(right.length).toBeLessThan(0.25 * 5_000);
  });

  test("sources of every kind, and work on recent cases", () => {
    const some = (table: string) => one(`SELECT count(*) FROM ${table}`);
    for (const table of [
      "bot",
      "aicopilot",
      "botcomponent",
      "botcomponent_dvtablesearch",
      "dvtablesearch",
      "dvtablesearchentity",
      "dvtablesearchattribute",
      "dvfilesearch",
      "dvfilesearchentity",
      "knowledgefaq",
      "copilotsynonyms",
      "copilotglossaryterm",
      "federatedknowledgeconfiguration",
      "unstructuredfilesearchrecord",
      "msdyn_caseenrichment",
      "msdyn_aiagentstatus",
      "msdyn_nextaction",
      "msdyn_casesuggestion",
      "msdyn_knowledgearticlesuggestion",
      "msdyn_emailsentiment",
      "msdyn_casesentimentsetting",
    ])
      expect([table, some(table) > 0]).toEqual([table, true]);
    expect(
      one(
        "SELECT count(*) FROM msdyn_nextaction n JOIN incident i ON i.incidentid = n.msdyn_regarding WHERE n.statecode = 0 AND i.statecode <> 0",
      ),
    ).toBe(0);
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

  test("the truth: the fault of every case, and the published articles that hold each fault's cure", () => {
    expect(result.faults.size).toBe(5_000);
    expect(result.articles.size).toBe(60);
    for (const [fault, ids] of result.articles) {
      const cure = faults.find((each) => each.id === fault)?.resolution ?? "-";
      for (const id of ids)
        expect(
          one(
            "SELECT count(*) FROM knowledgearticle a LEFT JOIN knowledgearticle p ON p.knowledgearticleid = a.parentarticlecontentid WHERE a.knowledgearticleid = ? AND a.statecode = 3 AND coalesce(p.content, a.content) LIKE ?",
            id,
            `%${cure}%`,
          ),
        ).toBe(1);
    }
  });

  test("no cases: people, rights, products and articles alone", async () => {
    const none = await make(0);
    const count = (table: string) =>
      Number(none.db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    expect(["incident", "email", "msdyn_intent", "dvtablesearch"].map(count)).toEqual([0, 0, 0, 0]);
    expect(["systemuser", "knowledgearticle", "product"].map(count)).toEqual([16, 120, 42]);
    none.db.close();
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
