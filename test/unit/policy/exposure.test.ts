import { describe, expect, test } from "@jest/globals";
import { type ExposureLists, everything, exposureOf } from "../../../shared/policy/exposure";

const activities = new Set(["activitypointer", "email", "phonecall", "incidentresolution"]);
const of = (lists: Partial<ExposureLists>) => exposureOf({ ...everything, ...lists });
const shownTables = (lists: Partial<ExposureLists>, ...tables: string[]) =>
  tables.filter((table) => of(lists).showsTable(table, activities));
const shownColumns = (lists: Partial<ExposureLists>, table: string, ...columns: string[]) =>
  columns.filter((column) => of(lists).showsColumn(table, column, activities));

test("nothing is kept back unless it is said", () => {
  expect(of({}).isWhole).toBe(true);
  expect(shownTables({}, "audit", "owner", "activitypointer")).toHaveLength(3);
  expect(of({ hiddenColumns: ["*.x"] }).isWhole).toBe(false);
});

describe("tables", () => {
  test("a list of what is shown shows nothing else; what is hidden is hidden all the same", () => {
    expect(shownTables({ shownTables: ["incident"] }, "incident", "contact")).toEqual(["incident"]);
    expect(shownTables({ hiddenTables: ["contact"] }, "incident", "contact")).toEqual(["incident"]);
  });

  test("a table that holds what is another's goes with it", () => {
    const tables = ["activitypointer", "owner", "customeraddress", "audit", "activityparty"];
    expect(shownTables({ hiddenTables: ["phonecall"] }, ...tables)).toEqual([
      "owner",
      "customeraddress",
      "activityparty",
    ]);
    expect(shownTables({ hiddenTables: ["systemuser"] }, ...tables)).not.toContain("owner");
    expect(shownTables({ hiddenTables: ["lead"] }, ...tables)).not.toContain("customeraddress");
    expect(shownTables({ hiddenColumns: ["contact.address1_city"] }, ...tables)).toEqual([
      "activitypointer",
      "owner",
      "activityparty",
    ]);
    expect(shownTables({ shownTables: ["email", "activitypointer"] }, ...tables)).toEqual([
      "activitypointer",
    ]);
    expect(
      shownTables({ shownTables: ["activitypointer"], hiddenTables: ["phonecall"] }, ...tables),
    ).toEqual([]);
  });

  test("parts of activities are reached with one, once some activities are hidden", () => {
    expect(of({}).belongsBy("activityparty", activities)).toBeUndefined();
    const hiding = of({ hiddenTables: ["phonecall"] });
    expect(hiding.belongsBy("activityparty", activities)).toBe("activityid");
    expect(hiding.belongsBy("contact", activities)).toBeUndefined();
  });
});

describe("columns", () => {
  test("of one table, of every table, and of a table that has a list of its own", () => {
    const lists = {
      hiddenColumns: ["contact.birthdate", "*.governmentid"],
      shownColumns: ["lead.subject"],
    };
    expect(shownColumns(lists, "contact", "birthdate", "governmentid", "jobtitle")).toEqual([
      "jobtitle",
    ]);
    expect(shownColumns(lists, "account", "birthdate", "governmentid")).toEqual(["birthdate"]);
    expect(shownColumns(lists, "lead", "subject", "birthdate")).toEqual(["subject"]);
  });

  test("what is made of a hidden one is hidden with it", () => {
    const lists = { hiddenColumns: ["contact.lastname", "contact.address2_city"] };
    expect(
      shownColumns(lists, "contact", "fullname", "yomifullname", "address1_composite"),
    ).toEqual(["address1_composite"]);
    expect(shownColumns(lists, "contact", "address2_composite", "firstname")).toEqual([
      "firstname",
    ]);
    const hiding = of({
      shownColumns: ["incident.customerid"],
      hiddenColumns: ["incident.ownerid"],
    });
    const shows = (column: string, base: string) =>
      hiding.showsColumn("incident", column, activities, base);
    expect([shows("customeridname", "customerid"), shows("owneridname", "ownerid")]).toEqual([
      true,
      false,
    ]);
  });

  test("a row of an activity stands in two tables", () => {
    const mail = { hiddenColumns: ["email.description"] };
    expect(shownColumns(mail, "activitypointer", "description", "subject")).toEqual(["subject"]);
    expect(shownColumns(mail, "phonecall", "description")).toEqual(["description"]);
    const all = { hiddenColumns: ["activitypointer.description"] };
    expect(shownColumns(all, "email", "description", "subject")).toEqual(["subject"]);
    expect(shownColumns({ shownColumns: ["email.subject"] }, "activitypointer", "body")).toEqual(
      [],
    );
  });
});
