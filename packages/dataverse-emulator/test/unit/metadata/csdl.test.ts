import { beforeAll, describe, expect, test } from "@jest/globals";
import { SaxesParser } from "saxes";
import { operations } from "../../../src/actions";
import { csdlDocument } from "../../../src/csdl/document";
import type { MutableCatalog } from "../../../src/metadata";
import { bankAccount, openMetadata } from "./support";

interface Element {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
}

/** Parses strictly; saxes throws on anything that is not well-formed. */
function parse(text: string): Element {
  const root: Element = { name: "", attributes: {}, children: [] };
  const stack = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", (tag) => {
    const element = {
      name: tag.name,
      attributes: tag.attributes as Record<string, string>,
      children: [],
    };
    stack.at(-1)!.children.push(element);
    stack.push(element);
  });
  parser.on("closetag", () => {
    stack.pop();
  });
  parser.write(text).close();
  return root.children[0]!;
}

const named = (parent: Element | undefined, name: string) =>
  parent?.children.find((child) => child.attributes.Name === name);
const bare = (type = "") => type.replace(/^Collection\((.*)\)$/, "$1");

let catalog: MutableCatalog;
let metadata: Awaited<ReturnType<typeof openMetadata>>;
let schema: Element;
const read = () => parse(csdlDocument(catalog).toString("utf8")).children[0]!.children[0]!;
beforeAll(async () => {
  metadata = await openMetadata();
  catalog = metadata.catalog;
  schema = read();
});
const typeOf = (name: string) => named(schema, name);

describe("the CSDL document", () => {
  test("is the namespace of Dataverse with its alias", () => {
    expect(schema.attributes).toMatchObject({
      Namespace: "Microsoft.Dynamics.CRM",
      Alias: "mscrm",
    });
    expect(typeOf("crmbaseentity")?.attributes.Abstract).toBe("true");
    expect(typeOf("expando")?.attributes.OpenType).toBe("true");
  });

  test("has a type and a set for every table", () => {
    const container = named(schema, "System");
    for (const entity of catalog.entities()) {
      expect([entity.logicalName, typeOf(entity.logicalName)?.name]).toEqual([
        entity.logicalName,
        "EntityType",
      ]);
      expect(named(container, entity.entitySetName)?.attributes.EntityType).toBe(
        `mscrm.${entity.logicalName}`,
      );
    }
  });

  test("names no type that it does not define, and no type twice", () => {
    const names = schema.children.map((child) => child.attributes.Name ?? "");
    const operationsByName = new Set(Object.keys(operations));
    const types = names.filter((name) => !operationsByName.has(name));
    expect(types.filter((name, at) => types.indexOf(name) !== at)).toEqual([]);
    const known = new Set(names.map((name) => `mscrm.${name}`));
    const unknown = new Set<string>();
    const visit = (element: Element) => {
      for (const key of ["Type", "BaseType", "EntityType"]) {
        const type = bare(element.attributes[key]);
        if (type !== "" && !type.startsWith("Edm.") && !known.has(type)) unknown.add(type);
      }
      element.children.forEach(visit);
    };
    visit(schema);
    expect([...unknown]).toEqual([]);
  });

  test("shows lookups as values with navigation, partner and constraint", () => {
    const incident = typeOf("incident");
    expect(incident?.attributes.BaseType).toBe("mscrm.crmbaseentity");
    expect(named(incident, "_customerid_value")?.attributes.Type).toBe("Edm.Guid");
    expect(named(incident, "customerid")).toBeUndefined();
    const account = named(incident, "customerid_account");
    expect(account?.attributes).toMatchObject({
      Type: "mscrm.account",
      Partner: "incident_customer_accounts",
    });
    expect(account?.children[0]?.attributes).toEqual({
      Property: "_customerid_value",
      ReferencedProperty: "accountid",
    });
    expect(named(typeOf("account"), "incident_customer_accounts")?.attributes).toMatchObject({
      Type: "Collection(mscrm.incident)",
      Partner: "customerid_account",
    });
    expect(named(incident, "ownerid")?.attributes.Type).toBe("mscrm.principal");
    expect(named(typeOf("systemuser"), "systemuserroles_association")?.attributes).toMatchObject({
      Type: "Collection(mscrm.role)",
      Partner: "systemuserroles_association",
    });
  });

  test("types columns as rows have them, and leaves keys' nullability unsaid", () => {
    const incident = typeOf("incident");
    const types = [
      "incidentid",
      "title",
      "prioritycode",
      "createdon",
      "exchangerate",
      "versionnumber",
      "isescalated",
      "entityimage",
    ].map((name) => named(incident, name)?.attributes.Type);
    expect(types).toEqual([
      "Edm.Guid",
      "Edm.String",
      "Edm.Int32",
      "Edm.DateTimeOffset",
      "Edm.Decimal",
      "Edm.Int64",
      "Edm.Boolean",
      "Edm.Binary",
    ]);
    expect(named(incident, "incidentid")?.attributes.Nullable).toBeUndefined();
    expect(named(incident, "createdon")?.children[0]?.attributes.Term).toBe(
      "Org.OData.Core.V1.Computed",
    );
    expect(named(incident, "customeridname")).toBeUndefined();
    expect(named(typeOf("role"), "iscustomizable")?.attributes.Type).toBe(
      "mscrm.BooleanManagedProperty",
    );
  });

  test("gives activities a common base, and users and teams another", () => {
    const email = typeOf("email");
    expect(email?.attributes.BaseType).toBe("mscrm.activitypointer");
    expect(named(email, "activityid")).toBeUndefined();
    expect(named(email, "regardingobjectid_incident")).toBeUndefined();
    expect(named(typeOf("activitypointer"), "regardingobjectid_incident")).toBeDefined();
    expect(named(email, "regardingobjectid_incident_email")?.attributes.Partner).toBe(
      "Incident_Emails",
    );
    expect(typeOf("team")?.attributes.BaseType).toBe("mscrm.principal");
  });

  test("declares every action and function, and imports those that stand alone", () => {
    const container = named(schema, "System");
    for (const [name, { kind, boundTo }] of Object.entries(operations)) {
      expect([name, typeOf(name)?.name]).toEqual([name, kind]);
      expect([name, named(container, name) !== undefined]).toEqual([name, boundTo === undefined]);
    }
    expect(typeOf("WhoAmIResponse")?.children.map((child) => child.attributes.Name)).toEqual([
      "BusinessUnitId",
      "UserId",
      "OrganizationId",
    ]);
  });

  test("is made once, and anew when a table, column or lookup was made", () => {
    expect(csdlDocument(catalog)).toBe(csdlDocument(catalog));
    expect(typeOf("new_bankaccount")).toBeUndefined();
    metadata.send("POST", "EntityDefinitions", bankAccount);
    schema = read();
    const made = typeOf("new_bankaccount");
    expect(named(made, "new_accountname")?.attributes.Type).toBe("Edm.String");
    expect(named(made, "_ownerid_value")).toBeDefined();
    expect(named(typeOf("systemuser"), "lk_new_bankaccount_createdby")?.attributes.Partner).toBe(
      "createdby",
    );
  });
});
