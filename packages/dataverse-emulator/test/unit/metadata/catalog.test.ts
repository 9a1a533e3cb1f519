import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { loadCatalog, type MutableCatalog } from "../../../src/metadata";
import { openDatabase } from "../../../src/store";

describe("the shipped definitions", () => {
  let catalog: MutableCatalog;
  beforeAll(async () => {
    catalog = loadCatalog(await openDatabase(":memory:"));
  });

  test("give every table, column and relationship an id of its own", () => {
    const ids = [
      ...catalog.entities().map((entity) => entity.metadataId),
      ...catalog.entities().flatMap((entity) => entity.attributes.map((one) => one.metadataId)),
      ...catalog.relationships().map((row) => row.metadataId),
    ];
    expect(ids.length).toBeGreaterThan(4000);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  test("point only to tables that are there, by relationships of their own", () => {
    const wrong = catalog
      .entities()
      .flatMap((entity) =>
        entity.attributes.flatMap((attribute) =>
          [...(attribute.targets ?? [])]
            .filter((target) => catalog.byName(target) === undefined)
            .map((target) => `${entity.logicalName}.${attribute.logicalName}: ${target}`),
        ),
      );
    expect(wrong).toEqual([]);
    const names = catalog.entities().map((entity) => entity.entitySetName);
    expect(new Set(names).size).toBe(names.length);
    const codes = catalog.entities().map((entity) => entity.objectTypeCode);
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
    for (const entity of catalog.entities()) {
      const properties = entity.attributes.flatMap((one) =>
        (one.type === "Owner" ? [] : (one.navigation ?? [])).map((entry) => entry.property),
      );
      expect([entity.logicalName, new Set(properties).size]).toEqual([
        entity.logicalName,
        properties.length,
      ]);
      const primary = entity.primaryNameAttribute;
      if (primary !== undefined)
        expect([entity.logicalName, entity.attribute(primary) !== undefined]).toEqual([
          entity.logicalName,
          true,
        ]);
    }
  });

  test("know the platform's tables that clients read", () => {
    for (const set of [
      "organizations",
      "workflows",
      "sdkmessages",
      "sdkmessageprocessingsteps",
      "plugintracelogs",
      "asyncoperations",
      "audits",
      "savedqueries",
      "userqueries",
      "fieldsecurityprofiles",
      "fieldpermissions",
      "connectionreferences",
      "environmentvariabledefinitions",
      "environmentvariablevalues",
      "webresourceset",
      "principalobjectaccessset",
    ]) {
      expect([set, catalog.bySet(set)?.attributes.length ?? 0]).toEqual([set, expect.any(Number)]);
      expect(catalog.bySet(set)?.attributes.length ?? 0).toBeGreaterThan(4);
    }
  });

  test("are found by name, set name and type code", () => {
    expect(catalog.byName("incident")?.entitySetName).toBe("incidents");
    expect(catalog.bySet("activityparties")?.logicalName).toBe("activityparty");
    expect(catalog.byTypeCode(112)?.logicalName).toBe("incident");
    expect(catalog.byName("Incident")).toBeUndefined();
  });

  test("mark an activity's key, and give every table a row version", () => {
    expect(catalog.byName("email")?.attribute("activityid")?.isPrimaryId).toBe(true);
    for (const entity of catalog.entities()) {
      // What another system computes has no row version.
      if (entity.tableType !== undefined || entity.isIntersect) continue;
      expect([entity.logicalName, entity.attribute("versionnumber")?.type]).toEqual([
        entity.logicalName,
        "BigInt",
      ]);
      expect(entity.attribute(entity.primaryIdAttribute)?.isPrimaryId).toBe(true);
    }
  });

  test("compute the shadows of choices and lookups", () => {
    const incident = catalog.byName("incident");
    expect(incident?.attribute("statecodename")).toMatchObject({
      type: "Virtual",
      attributeOf: "statecode",
    });
    expect(incident?.attribute("customeridname")).toMatchObject({
      type: "String",
      attributeOf: "customerid",
    });
    expect(incident?.attribute("customeridtype")).toMatchObject({
      type: "EntityName",
      attributeOf: "customerid",
    });
    expect(incident?.attribute("subjectidtype")).toBeUndefined();
    expect(catalog.byName("annotation")?.attribute("objecttypecode")?.attributeOf).toBe("objectid");
  });

  test("know initial values, required columns and numbering", () => {
    const incident = catalog.byName("incident");
    expect(incident?.attribute("prioritycode")?.defaultValue).toBe(2);
    expect(incident?.attribute("caseorigincode")?.defaultValue).toBeUndefined();
    expect(incident?.attribute("customerid")?.required).toBe("SystemRequired");
    expect(incident?.attribute("title")?.required).toBe("ApplicationRequired");
    expect(incident?.attribute("ticketnumber")?.autoNumberFormat).toContain("{SEQNUM:5}");
    expect(incident?.attribute("actualserviceunits")?.minValue).toBe(0);
  });

  test("resolve navigation properties by exact case, the inherited ones of activities included", () => {
    expect(catalog.navigation("incident", "customerid_account")).toMatchObject({
      kind: "one",
      target: "account",
      relationship: { schemaName: "incident_customer_accounts", deleteCascade: "Cascade" },
    });
    expect(catalog.navigation("incident", "CustomerId_account")).toBeUndefined();
    expect(catalog.navigation("incident", "customerid")).toBeUndefined();
    expect(catalog.navigation("incident", "slaid_sla")?.kind).toBe("one");
    expect(catalog.navigation("incident", "Incident_Emails")).toMatchObject({
      kind: "many",
      relationship: { referencingEntity: "email", referencingAttribute: "regardingobjectid" },
    });
    for (const property of ["regardingobjectid_incident_email", "regardingobjectid_incident"]) {
      expect(catalog.navigation("email", property)).toMatchObject({
        kind: "one",
        target: "incident",
      });
    }
    expect(catalog.navigation("email", "email_activity_parties")?.kind).toBe("many");
    expect(catalog.navigation("email", "activitypointer_activity_parties")?.kind).toBe("many");
    expect(catalog.navigation("role", "systemuserroles_association")).toMatchObject({
      kind: "manyToMany",
      other: "systemuser",
    });
  });

  test("cascade deletes as Dataverse configures them", () => {
    const rule = (name: string) => {
      const row = catalog.relationship(name);
      return row !== undefined && "deleteCascade" in row ? row.deleteCascade : undefined;
    };
    expect(rule("Incident_Emails")).toBe("Cascade");
    expect(rule("Incident_Annotation")).toBe("Cascade");
    expect(rule("Incident_IncidentResolutions")).toBe("Cascade");
    expect(rule("contact_as_primary_contact")).toBe("RemoveLink");
    // Recorded in a real organization: what a unit's people own does not hold the unit.
    expect(rule("business_unit_incidents")).toBe("NoCascade");
    expect(rule("contact_customer_contacts")).toBe("RemoveLink");
    expect(rule("contact_customer_accounts")).toBe("Cascade");
    expect(rule("Account_ActivityPointers")).toBe("RemoveLink");
    expect(rule("lk_contact_feedback_createdby")).toBe("Restrict");
  });
});

describe("customizations", () => {
  test("survive closing and opening the database", async () => {
    const folder = mkdtempSync(join(tmpdir(), "metadata-"));
    try {
      const file = join(folder, "data.sqlite");
      const first = await openDatabase(file);
      const catalog = loadCatalog(first);
      const before = catalog.stamp();
      const incident = catalog.byName("incident")!;
      const title = incident.attribute("title")!;
      catalog.change((change) =>
        change.putAttribute("incident", { ...title, displayName: "Topic" }),
      );
      const changed = catalog.stamp();
      first.close();

      const second = await openDatabase(file);
      const again = loadCatalog(second);
      expect(again.byName("incident")?.attribute("title")?.displayName).toBe("Topic");
      expect(again.byName("incident")?.attributes).toHaveLength(incident.attributes.length);
      expect(again.stamp()).toBe(changed);
      expect(again.since(before)?.changed).toEqual(new Set([title.metadataId]));
      second.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("that fail leave definitions and version as they were", async () => {
    const catalog = loadCatalog(await openDatabase(":memory:"));
    const stamp = catalog.stamp();
    expect(() =>
      catalog.change((change) => {
        change.removeEntity(catalog.byName("incident")!);
        change.putEntity({ ...catalog.byName("account")!, displayName: "Firm" });
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(catalog.stamp()).toBe(stamp);
    expect(catalog.byName("account")?.displayName).toBe("Account");
  });
});
