import { beforeEach, describe, expect, test } from "@jest/globals";
import { bankAccount, codeOf, type Json, label, openMetadata } from "./support";

let metadata: Awaited<ReturnType<typeof openMetadata>>;
beforeEach(async () => {
  metadata = await openMetadata();
});
const post = (path: string, body: unknown) => metadata.send("POST", path, body);
const get = (path: string) => metadata.send("GET", path).body;
const options = (name: string) =>
  (get(`GlobalOptionSetDefinitions(Name='${name}')`).Options as Json[]).map((one) => one.Value);
const columnOptions = (path: string) => {
  const set = get(`${path}?$expand=OptionSet`).OptionSet as Json;
  return (set.Options as Json[]).map((one) => one.Value);
};
const choice = {
  "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
  Name: "new_Colour",
  DisplayName: label("Colour"),
  OptionSetType: "Picklist",
  Options: [{ Value: 1, Label: label("Red") }, { Label: label("Blue") }],
};
const column = (more: object) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
  SchemaName: "new_Colour",
  DisplayName: label("Colour"),
  ...more,
});
const incident = "EntityDefinitions(LogicalName='incident')/Attributes";

describe("shared choices", () => {
  test("are Dataverse's own at first, which cannot be deleted", () => {
    const all = get("GlobalOptionSetDefinitions").value as Json[];
    expect(all.map((one) => one.Name)).toContain("componentstate");
    expect(options("componentstate")).toEqual([0, 1, 2, 3]);
    const refused = metadata.send("DELETE", "GlobalOptionSetDefinitions(Name='componentstate')");
    expect(codeOf(refused)).toBe("0x8004f032");
    expect(metadata.send("GET", "GlobalOptionSetDefinitions(Name='nope')").status).toBe(404);
  });

  test("are made, changed everywhere they are used, and kept while they are used", () => {
    const made = post("GlobalOptionSetDefinitions", choice);
    expect([made.status, made.headers["OData-EntityId"]]).toEqual([
      204,
      expect.stringContaining("GlobalOptionSetDefinitions("),
    ]);
    expect(codeOf(post("GlobalOptionSetDefinitions", choice))).toBe("0x80044363");
    expect(options("new_colour")).toEqual([1, 100000000]);
    const bind = "/GlobalOptionSetDefinitions(Name='new_Colour')";
    expect(post(incident, column({ "GlobalOptionSet@odata.bind": bind })).status).toBe(204);
    const path = `${incident}(LogicalName='new_colour')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`;
    const shared = get(`${path}?$expand=GlobalOptionSet,OptionSet`);
    expect(shared).toMatchObject({
      GlobalOptionSet: { Name: "new_Colour", IsGlobal: true },
      OptionSet: { IsGlobal: true },
    });
    expect((shared.GlobalOptionSet as Json).MetadataId).toBe(
      get("GlobalOptionSetDefinitions(Name='new_colour')").MetadataId,
    );
    const inserted = post("InsertOptionValue", {
      OptionSetName: "new_colour",
      Label: label("Green"),
    });
    expect(inserted.body.NewOptionValue).toBe(100000001);
    expect(columnOptions(path)).toEqual([1, 100000000, 100000001]);
    const used = metadata.send("DELETE", "GlobalOptionSetDefinitions(Name='new_colour')");
    expect(codeOf(used)).toBe("0x8004f01f");
    metadata.send("DELETE", `${incident}(LogicalName='new_colour')`);
    const gone = metadata.send("DELETE", "GlobalOptionSetDefinitions(Name='new_colour')");
    expect(gone.status).toBe(204);
  });

  test("must exist to be bound to, and need the right to be made", () => {
    const bind = "/GlobalOptionSetDefinitions(Name='new_none')";
    expect(codeOf(post(incident, column({ "GlobalOptionSet@odata.bind": bind })))).toBe(
      "0x80040217",
    );
    const refused = metadata.send("POST", "GlobalOptionSetDefinitions", choice, {
      as: "representative",
    });
    expect([refused.status, codeOf(refused)]).toEqual([403, "0x80040220"]);
    expect(codeOf(post("GlobalOptionSetDefinitions", { ...choice, Name: "colour" }))).toBe(
      "0x80044366",
    );
  });
});

describe("options of a column", () => {
  const place = { EntityLogicalName: "incident", AttributeLogicalName: "caseorigincode" };
  const path = `${incident}(LogicalName='caseorigincode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata`;

  test("are inserted, renamed, ordered and deleted", () => {
    const before = columnOptions(path);
    expect(post("InsertOptionValue", { ...place, Value: 9, Label: label("Fax") }).status).toBe(200);
    expect(codeOf(post("InsertOptionValue", { ...place, Value: 9, Label: label("Fax") }))).toBe(
      "0x80048403",
    );
    post("UpdateOptionValue", { ...place, Value: 9, Label: label("Telex"), MergeLabels: true });
    const renamed = metadata.catalog.byName("incident")?.attribute("caseorigincode")?.options;
    expect(renamed?.find((one) => one.value === 9)?.label).toBe("Telex");
    const wanted = [9, ...before];
    expect(post("OrderOption", { ...place, Values: wanted }).status).toBe(204);
    expect(columnOptions(path)).toEqual(wanted);
    expect(post("OrderOption", { ...place, Values: [9] }).status).toBe(400);
    expect(post("DeleteOptionValue", { ...place, Value: 9 }).status).toBe(204);
    expect(columnOptions(path)).toEqual(before);
    expect(post("DeleteOptionValue", { ...place, Value: 9 }).status).toBe(400);
  });

  test("of a status belong to a state", () => {
    const status = { EntityLogicalName: "incident", AttributeLogicalName: "statuscode" };
    expect(post("InsertOptionValue", { ...status, Label: label("Waiting") }).status).toBe(400);
    expect(post("InsertStatusValue", { ...status, Label: label("Waiting") }).status).toBe(400);
    const made = post("InsertStatusValue", { ...status, Label: label("Waiting"), StateCode: 0 });
    const value = made.body.NewOptionValue;
    const own = metadata.catalog.byName("incident")?.attribute("statuscode")?.options;
    expect(own?.find((one) => one.value === value)).toEqual({ value, label: "Waiting", state: 0 });
  });
});

describe("alternate keys", () => {
  const keys = "EntityDefinitions(LogicalName='account')/Keys";
  const body = {
    SchemaName: "new_NumberKey",
    DisplayName: label("Number"),
    KeyAttributes: ["accountnumber"],
  };
  const statusOf = () => (get(keys).value as Json[])[0]?.EntityKeyIndexStatus;
  const settled = () => new Promise<void>((done) => setImmediate(done));

  test("are pending until their index is built, then in force", async () => {
    const made = post(keys, body);
    expect([made.status, statusOf()]).toEqual([204, "Pending"]);
    await settled();
    expect(statusOf()).toBe("Active");
    expect(codeOf(post(keys, body))).toBe("0x80044363");
    const id = (get(keys).value as Json[])[0]?.MetadataId;
    expect(metadata.send("DELETE", `${keys}(${id})`).status).toBe(204);
    expect(get(keys).value).toEqual([]);
  });

  test("fail over rows that share their values", async () => {
    for (const id of ["1", "2"]) {
      metadata.db.exec(
        `INSERT INTO "account" ("accountid", "accountnumber") VALUES ('0a000000-0000-4000-8000-00000000000${id}', 'A-1 ')`,
      );
    }
    post(keys, body);
    await settled();
    expect(statusOf()).toBe("Failed");
  });

  test("take columns that there are, of types that can be keys; standard ones stay", () => {
    expect(post(keys, { ...body, KeyAttributes: ["nope"] }).status).toBe(400);
    expect(post(keys, { ...body, KeyAttributes: ["description"] }).status).toBe(400);
    expect(post(keys, { ...body, KeyAttributes: [] }).status).toBe(400);
    const users = "EntityDefinitions(LogicalName='systemuser')/Keys";
    const id = (get(users).value as Json[])[0]?.MetadataId;
    expect(codeOf(metadata.send("DELETE", `${users}(${id})`))).toBe("0x8004f032");
    post("EntityDefinitions", bankAccount);
    const own = "EntityDefinitions(LogicalName='new_bankaccount')/Keys";
    expect(post(own, { SchemaName: "new_K", KeyAttributes: ["new_accountname"] }).status).toBe(204);
  });
});
