import { beforeAll, describe, expect, test } from "@jest/globals";
import { csdlDocument } from "../../../src/csdl/document";
import { loadCatalog, type MutableCatalog } from "../../../src/metadata";
import { importMetadata, MetadataFileError } from "../../../src/metadata/import";
import { readCsdl } from "../../../src/metadata/import/read-csdl";
import { tablesOf } from "../../../src/metadata/import/tables";
import type { AttributeDefinition } from "../../../src/model";
import { createTables, isStored, openDatabase } from "../../../src/store";

const file = (types: string, sets = "", head = 'Version="4.0"') =>
  `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx ${head} xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">${types}<EntityContainer Name="System">${sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;

const own = file(
  `<EntityType Name="crmbaseentity" Abstract="true"/>
  <EntityType Name="cr5_boat" BaseType="mscrm.crmbaseentity">
    <Key><PropertyRef Name="cr5_boatid"/></Key>
    <Property Name="cr5_boatid" Type="Edm.Guid"/>
    <Property Name="cr5_name" Type="Edm.String" Unicode="false"/>
    <Property Name="cr5_length" Type="Edm.Decimal" Scale="Variable"/>
    <Property Name="cr5_built" Type="Edm.Date"/>
    <Property Name="createdon" Type="Edm.DateTimeOffset"><Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/></Property>
    <Property Name="statecode" Type="Edm.Int32"/>
    <Property Name="cr5_tags" Type="Collection(Edm.String)"/>
    <Property Name="_cr5_skipper_value" Type="Edm.Guid"/>
    <Property Name="_ownerid_value" Type="Edm.Guid"/>
    <Property Name="versionnumber" Type="Edm.Int64"/>
    <NavigationProperty Name="cr5_Skipper" Type="mscrm.contact" Partner="cr5_contact_boats"><ReferentialConstraint Property="_cr5_skipper_value" ReferencedProperty="contactid"/></NavigationProperty>
    <NavigationProperty Name="ownerid" Type="mscrm.principal"><ReferentialConstraint Property="_ownerid_value" ReferencedProperty="ownerid"/></NavigationProperty>
    <NavigationProperty Name="cr5_boat_account" Type="Collection(mscrm.account)" Partner="cr5_boat_account"/>
  </EntityType>
  <EntityType Name="account" BaseType="mscrm.crmbaseentity">
    <Key><PropertyRef Name="accountid"/></Key>
    <Property Name="accountid" Type="Edm.Guid"/>
    <Property Name="name" Type="Edm.String"/>
    <Property Name="cr5_harbour" Type="Edm.String"/>
    <NavigationProperty Name="cr5_boat_account" Type="Collection(mscrm.cr5_boat)" Partner="cr5_boat_account"/>
  </EntityType>
  <EntityType Name="orphan"><Key><PropertyRef Name="orphanid"/></Key><Property Name="orphanid" Type="Edm.Guid"/></EntityType>`,
  '<EntitySet Name="cr5_boats" EntityType="mscrm.cr5_boat"/><EntitySet Name="accounts" EntityType="Microsoft.Dynamics.CRM.account"/>',
);

async function open() {
  const db = await openDatabase(":memory:");
  return { db, catalog: loadCatalog(db) };
}

describe("a file of one's own tables", () => {
  test("becomes tables, columns, lookups and links that rows can be written to", async () => {
    const { db, catalog } = await open();
    const report = importMetadata(db, catalog, own);
    createTables(db, catalog);
    expect(report).toMatchObject({ tables: 1, columns: 10 });
    expect(report.skipped).toEqual([
      "orphan: no entity set leads to it",
      "cr5_boat.cr5_tags: the type Collection(Edm.String) is not known",
    ]);
    const boat = catalog.bySet("cr5_boats");
    expect(boat).toMatchObject({
      logicalName: "cr5_boat",
      primaryIdAttribute: "cr5_boatid",
      primaryNameAttribute: "cr5_name",
      ownership: "UserOwned",
      isCustom: true,
    });
    expect(boat?.attribute("cr5_built")).toMatchObject({ dateTimeBehavior: "DateOnly" });
    expect(boat?.attribute("createdon")?.validForCreate).toBe(false);
    expect(boat?.attribute("ownerid")?.type).toBe("Owner");
    expect(boat?.attribute("cr5_skippername")?.attributeOf).toBe("cr5_skipper");
    expect(catalog.navigation("cr5_boat", "cr5_Skipper")).toMatchObject({
      kind: "one",
      target: "contact",
    });
    expect(catalog.navigation("contact", "cr5_contact_boats")?.kind).toBe("many");
    expect(catalog.navigation("account", "cr5_boat_account")).toMatchObject({
      kind: "manyToMany",
      other: "cr5_boat",
    });
    expect(catalog.byName("account")?.attribute("cr5_harbour")?.type).toBe("String");
    db.exec(
      `INSERT INTO "cr5_boat" ("cr5_boatid", "cr5_name") VALUES ('0a000000-0000-4000-8000-0000000000b1', 'Otter')`,
    );
    db.exec('SELECT "cr5_harbour" FROM "account"');
    expect(csdlDocument(catalog).toString("utf8")).toContain('Name="cr5_Skipper"');
  });

  test("leaves everything as it was when it is refused", async () => {
    const { db, catalog } = await open();
    const stamp = catalog.stamp();
    expect(() => importMetadata(db, catalog, own.replace("</Schema>", ""))).toThrow(
      MetadataFileError,
    );
    expect(catalog.stamp()).toBe(stamp);
    expect(catalog.byName("cr5_boat")).toBeUndefined();
  });
});

describe("the emulator's own document, read again", () => {
  let catalog: MutableCatalog;
  let again: ReturnType<typeof tablesOf>;
  beforeAll(async () => {
    ({ catalog } = await open());
    const text = csdlDocument(catalog).toString("utf8");
    again = tablesOf(readCsdl(text), { byName: () => undefined });
  });

  test("has the same tables and columns", () => {
    const made = new Map(again.entities.map((entity) => [entity.logicalName, entity]));
    const names = (attributes: readonly AttributeDefinition[]) =>
      attributes
        .filter((one) => isStored(one) || one.type === "ManagedProperty")
        .map((one) => one.logicalName);
    for (const entity of catalog.entities()) {
      const twin = made.get(entity.logicalName);
      expect([entity.logicalName, twin?.entitySetName, twin?.primaryIdAttribute]).toEqual([
        entity.logicalName,
        entity.entitySetName,
        entity.primaryIdAttribute,
      ]);
      const missing = names(entity.attributes).filter((name) => !twin?.attribute(name));
      expect([entity.logicalName, missing]).toEqual([entity.logicalName, []]);
    }
    expect(again.entities).toHaveLength(catalog.entities().length);
  });

  test("has the same lookups, targets and navigation names", () => {
    const made = new Map(again.entities.map((entity) => [entity.logicalName, entity]));
    const wrong = catalog.entities().flatMap((entity) =>
      entity.attributes.flatMap((attribute) => {
        // The key of an activity leads to its base by a rule of every activity, not by a lookup.
        if (attribute.isPrimaryId) return [];
        const twin = made.get(entity.logicalName)?.attribute(attribute.logicalName);
        return (
          (attribute.navigation ?? [])
            .filter(
              ({ target, property }) =>
                !twin?.navigation?.some(
                  (one) => one.target === target && one.property === property,
                ),
            )
            // An activity's lookup reaches people by the properties of the common type too.
            .map(({ target, property }) => `${entity.logicalName}.${property} -> ${target}`)
        );
      }),
    );
    expect(wrong).toEqual([]);
  });

  test("has nothing to add to what is shipped", async () => {
    const { additions, entities } = tablesOf(
      readCsdl(csdlDocument(catalog).toString("utf8")),
      catalog,
    );
    expect(entities).toEqual([]);
    expect(additions.map((one) => one.table.logicalName)).toEqual([]);
  });
});

describe("a hostile file", () => {
  const nested = "<a>".repeat(100) + "</a>".repeat(100);
  test.each([
    ["no XML", "hello", /Not well-formed|entity type/],
    ["an empty file", "", /Not well-formed|entity type/],
    ["HTML", "<html><body/></html>", /root must be edmx:Edmx/],
    ["an older version", file("<EntityType Name='a'/>", "", 'Version="1.0"'), /version '1.0'/],
    [
      "entities that grow",
      `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>${own}`,
      /document type|Not well-formed/,
    ],
    ["an outside entity", own.replace("cr5_name", "&secret;"), /Not well-formed/],
    ["a cut file", own.slice(0, own.length / 2), /Not well-formed/],
    ["deep nesting", file(nested), /nested deeper/],
    [
      "a type twice",
      file("<EntityType Name='a'/><EntityType Name='a'/>"),
      /occurs twice \(line 1\)/,
    ],
    ["a name that is none", file(`<EntityType Name='a"; DROP TABLE x'/>`), /a name that is none/],
    ["no name", file("<EntityType/>"), /no name/],
    ["nothing in it", file(""), /no entity type/],
    ["a bare ampersand", own.replace("cr5_length", "a & b"), /Not well-formed/],
  ])("%s is refused in words", (_, text, words) => {
    expect(() => readCsdl(text)).toThrow(MetadataFileError);
    expect(() => readCsdl(text)).toThrow(words);
  });

  test("bases in a ring and unknown types are skipped, in bounded time", async () => {
    const { db, catalog } = await open();
    const ring = file(
      `<EntityType Name="a_x" BaseType="mscrm.a_y"/><EntityType Name="a_y" BaseType="mscrm.a_x"/>
      <EntityType Name="a_z"><Key><PropertyRef Name="a_zid"/></Key><Property Name="a_zid" Type="Edm.Guid"/><Property Name="odd" Type="mscrm.nothing"/><Property Name="_who_value" Type="Edm.Guid"/></EntityType>`,
      '<EntitySet Name="a_xs" EntityType="mscrm.a_x"/><EntitySet Name="a_ys" EntityType="mscrm.a_y"/><EntitySet Name="a_zs" EntityType="mscrm.a_z"/>',
    );
    const { skipped, tables } = importMetadata(db, catalog, ring);
    expect(tables).toBe(1);
    expect(skipped).toEqual(
      [
        "a_x: its key is not one GUID",
        "a_y: its key is not one GUID",
        "a_z.odd: the type nothing is not known",
        "a_z._who_value: no navigation property says what it points to",
      ].map((line) => line.replace("_who_value", "who")),
    );
  });
});
