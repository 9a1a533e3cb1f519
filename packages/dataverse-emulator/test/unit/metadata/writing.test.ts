import { beforeEach, describe, expect, test } from "@jest/globals";
import { csdlDocument } from "../../../src/csdl/document";
import { bankAccount, codeOf, type Json, label, nameColumn, openMetadata, textOf } from "./support";

let metadata: Awaited<ReturnType<typeof openMetadata>>;
beforeEach(async () => {
  metadata = await openMetadata();
});
const post = (path: string, body: unknown) => metadata.send("POST", path, body);
const table = () => metadata.catalog.byName("new_bankaccount");
const columnsInSql = (name: string) =>
  metadata.db
    .prepare("SELECT name FROM pragma_table_info(?)")
    .all(name)
    .map((row) => String(row.name));
const column = (type: string, schemaName: string, more: object = {}) => ({
  "@odata.type": `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
  SchemaName: schemaName,
  DisplayName: label(schemaName),
  RequiredLevel: { Value: "None" },
  ...more,
});
const yesNo = {
  "@odata.type": "Microsoft.Dynamics.CRM.BooleanOptionSetMetadata",
  TrueOption: { Value: 1, Label: { LocalizedLabels: [{ Label: "Yes", LanguageCode: 1033 }] } },
  FalseOption: { Value: 0, Label: { LocalizedLabels: [{ Label: "No", LanguageCode: 1033 }] } },
};
const choice = {
  "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
  IsGlobal: false,
  OptionSetType: "Picklist",
  Options: [{ Value: 100000000, Label: label("Bravo") }],
};

describe("creating a table", () => {
  test("adds the system columns, the set name and a place for rows", () => {
    const response = post("EntityDefinitions", bankAccount);
    expect(response.status).toBe(204);
    expect(response.headers["OData-EntityId"]).toBe(
      `http://127.0.0.1:7072/api/data/v9.2/EntityDefinitions(${table()?.metadataId})`,
    );
    expect(table()).toMatchObject({
      entitySetName: "new_bankaccounts",
      primaryNameAttribute: "new_accountname",
      isCustom: true,
    });
    for (const name of [
      "createdon",
      "createdby",
      "modifiedon",
      "modifiedby",
      "ownerid",
      "owningbusinessunit",
      "statecode",
      "statuscode",
      "versionnumber",
      "importsequencenumber",
      "overriddencreatedon",
      "timezoneruleversionnumber",
      "utcconversiontimezonecode",
      "new_bankaccountid",
      "statecodename",
      "owneridname",
    ]) {
      expect([name, table()?.attribute(name) !== undefined]).toEqual([name, true]);
    }
    expect(columnsInSql("new_bankaccount")).toEqual(
      expect.arrayContaining(["new_bankaccountid", "ownerid__type", "new_accountname__fold"]),
    );
    expect(metadata.catalog.navigation("new_bankaccount", "createdby")?.kind).toBe("one");
    expect(metadata.catalog.navigation("systemuser", "lk_new_bankaccount_createdby")?.kind).toBe(
      "many",
    );
  });

  test("pluralises by English rules", () => {
    const set = (schemaName: string) => {
      post("EntityDefinitions", { ...bankAccount, SchemaName: schemaName });
      return metadata.catalog.byName(schemaName.toLowerCase())?.entitySetName;
    };
    expect(["new_City", "new_Box", "new_Day", "cr123_Bus"].map(set)).toEqual([
      "new_cities",
      "new_boxes",
      "new_days",
      "cr123_buses",
    ]);
  });

  test("lets notes and activities regard its rows when asked", () => {
    post("EntityDefinitions", { ...bankAccount, HasNotes: true, HasActivities: true });
    expect(metadata.catalog.navigation("annotation", "objectid_new_bankaccount")?.kind).toBe("one");
    expect(
      metadata.catalog.navigation("email", "regardingobjectid_new_bankaccount_email")?.kind,
    ).toBe("one");
    expect(
      metadata.send("GET", "EntityDefinitions(LogicalName='new_bankaccount')").body,
    ).toMatchObject({ HasNotes: true, HasActivities: true });
  });

  test.each([
    ["a name without a known prefix", { SchemaName: "xyz_Thing" }, "0x80044366"],
    ["a name without any prefix", { SchemaName: "Thing" }, "0x80044366"],
    ["a table without a primary column", { Attributes: [] }, "0x80040203"],
    [
      "two primary columns",
      { Attributes: [nameColumn("new_A"), nameColumn("new_B")] },
      "0x80040203",
    ],
    [
      "the same column twice",
      { Attributes: [nameColumn("new_A"), column("Memo", "new_a")] },
      "0x80047013",
    ],
    ["an ownership that does not exist", { OwnershipType: "TeamOwned" }, "0x80040203"],
  ])("refuses %s", (_, change, code) => {
    const before = metadata.catalog.stamp();
    expect(codeOf(post("EntityDefinitions", { ...bankAccount, ...change }))).toBe(code);
    expect(metadata.catalog.stamp()).toBe(before);
  });

  test("refuses a name that is taken, and people without the right", () => {
    post("EntityDefinitions", bankAccount);
    expect(codeOf(post("EntityDefinitions", bankAccount))).toBe("0x8004700b");
    const refused = metadata.send("POST", "EntityDefinitions", bankAccount, {
      as: "representative",
    });
    expect([refused.status, codeOf(refused)]).toEqual([403, "0x80040220"]);
    expect(textOf(refused)).toContain("prvCreateEntity");
  });
});

describe("adding columns", () => {
  const path = "EntityDefinitions(LogicalName='new_bankaccount')/Attributes";
  beforeEach(() => {
    post("EntityDefinitions", bankAccount);
  });

  test.each([
    [
      "String",
      { MaxLength: 200, FormatName: { Value: "Email" } },
      { type: "String", maxLength: 200, format: "Email" },
    ],
    ["String", { AutoNumberFormat: "W-{SEQNUM:5}" }, { autoNumberFormat: "W-{SEQNUM:5}" }],
    ["Memo", { MaxLength: 4000 }, { type: "Memo", maxLength: 4000 }],
    ["Integer", { MinValue: -5, MaxValue: 5 }, { type: "Integer", minValue: -5, maxValue: 5 }],
    ["BigInt", {}, { type: "BigInt" }],
    ["Decimal", { Precision: 3 }, { type: "Decimal", precision: 3 }],
    ["Double", { MinValue: 0, MaxValue: 1 }, { type: "Double", maxValue: 1 }],
    [
      "DateTime",
      { Format: "DateOnly", DateTimeBehavior: { Value: "DateOnly" } },
      { type: "DateTime", format: "DateOnly", dateTimeBehavior: "DateOnly" },
    ],
    [
      "Boolean",
      { DefaultValue: true, OptionSet: yesNo },
      {
        type: "Boolean",
        defaultValue: 1,
        options: [
          { value: 1, label: "Yes" },
          { value: 0, label: "No" },
        ],
      },
    ],
    [
      "Picklist",
      { OptionSet: choice },
      { type: "Picklist", options: [{ value: 100000000, label: "Bravo" }] },
    ],
    ["MultiSelectPicklist", { OptionSet: choice }, { type: "MultiSelectPicklist" }],
    ["File", { MaxSizeInKB: 32768 }, { type: "File" }],
    ["Image", { CanStoreFullImage: true }, { type: "Image" }],
  ])("makes a %s column of %j", (type, more, expected) => {
    const response = post(path, column(type, "new_Extra", more));
    expect(response.status).toBe(204);
    expect(response.headers["OData-EntityId"]).toContain("/Attributes(");
    expect(table()?.attribute("new_extra")).toMatchObject(expected);
    expect(columnsInSql("new_bankaccount")).toContain("new_extra");
  });

  test("makes money with its base amount, currency and rate", () => {
    expect(post(path, column("Money", "new_Balance", { PrecisionSource: 2 })).status).toBe(204);
    for (const name of [
      "new_balance",
      "new_balance_base",
      "transactioncurrencyid",
      "exchangerate",
    ]) {
      expect([name, table()?.attribute(name) !== undefined]).toEqual([name, true]);
      expect(columnsInSql("new_bankaccount")).toContain(name);
    }
    expect(metadata.catalog.navigation("new_bankaccount", "transactioncurrencyid")?.kind).toBe(
      "one",
    );
  });

  test("refuses duplicates, lookups, unknown types, bad ranges and choices without options", () => {
    expect(codeOf(post(path, column("String", "new_AccountName")))).toBe("0x80047013");
    expect(textOf(post(path, column("Lookup", "new_Boss")))).toContain(
      "cannot be created through the SDK",
    );
    expect(codeOf(post(path, column("Sentence", "new_X")))).toBe("0x80048d19");
    for (const bad of [
      column("Integer", "new_X", { MinValue: 9, MaxValue: 1 }),
      column("String", "new_X", { MaxLength: 0 }),
      column("Picklist", "new_X"),
      column("String", "new_X", { FormatName: { Value: "Poem" } }),
    ]) {
      expect(post(path, bad).status).toBe(400);
    }
    expect(table()?.attribute("new_x")).toBeUndefined();
  });

  test("works on a standard table, and takes the column away again", () => {
    post(
      "EntityDefinitions(LogicalName='incident')/Attributes",
      column("Boolean", "new_Vip", { OptionSet: yesNo }),
    );
    expect(columnsInSql("incident")).toContain("new_vip");
    expect(metadata.catalog.byName("incident")?.attribute("new_vipname")?.attributeOf).toBe(
      "new_vip",
    );
    expect(
      metadata.send(
        "DELETE",
        "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='new_vip')",
      ).status,
    ).toBe(204);
    expect(columnsInSql("incident")).not.toContain("new_vip");
    expect(metadata.catalog.byName("incident")?.attribute("new_vipname")).toBeUndefined();
    expect(
      codeOf(
        metadata.send(
          "DELETE",
          "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='title')",
        ),
      ),
    ).toBe("0x8004f032");
  });
});

describe("relationships", () => {
  const oneToMany = {
    "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
    SchemaName: "account_new_bankaccount_new_AccountId",
    ReferencedEntity: "account",
    ReferencingEntity: "new_bankaccount",
    CascadeConfiguration: { Delete: "Restrict" },
    Lookup: {
      "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
      SchemaName: "new_AccountId",
      DisplayName: label("Account"),
    },
  };
  beforeEach(() => {
    post("EntityDefinitions", bankAccount);
  });

  test("make a lookup whose navigation keeps the schema name's case", () => {
    expect(post("RelationshipDefinitions", oneToMany).status).toBe(204);
    expect(table()?.attribute("new_accountid")).toMatchObject({
      type: "Lookup",
      targets: ["account"],
    });
    expect(metadata.catalog.navigation("new_bankaccount", "new_AccountId")).toMatchObject({
      kind: "one",
      target: "account",
      relationship: { deleteCascade: "Restrict" },
    });
    expect(metadata.catalog.navigation("account", oneToMany.SchemaName)?.kind).toBe("many");
    expect(codeOf(post("RelationshipDefinitions", oneToMany))).toBe("0x80044363");
    expect(
      metadata.send("DELETE", `RelationshipDefinitions(SchemaName='${oneToMany.SchemaName}')`)
        .status,
    ).toBe(204);
    expect(table()?.attribute("new_accountid")).toBeUndefined();
    expect(columnsInSql("new_bankaccount")).not.toContain("new_accountid");
  });

  test("make a customer column with two targets", () => {
    const body = {
      OneToManyRelationships: [
        {
          SchemaName: "new_ba_account",
          ReferencedEntity: "account",
          ReferencingEntity: "new_bankaccount",
        },
        {
          SchemaName: "new_ba_contact",
          ReferencedEntity: "contact",
          ReferencingEntity: "new_bankaccount",
        },
      ],
      Lookup: {
        "@odata.type": "Microsoft.Dynamics.CRM.ComplexLookupAttributeMetadata",
        SchemaName: "new_Holder",
        DisplayName: label("Holder"),
      },
    };
    const response = post("CreateCustomerRelationships", body);
    expect(response.status).toBe(200);
    expect(response.body.RelationshipIds).toHaveLength(2);
    expect(response.body.AttributeId).toBe(table()?.attribute("new_holder")?.metadataId);
    expect(table()?.attribute("new_holder")?.type).toBe("Customer");
    expect(table()?.attribute("new_holdertype")?.type).toBe("EntityName");
    expect(columnsInSql("new_bankaccount")).toContain("new_holder__type");
  });

  test("link many to many through a table of their own", () => {
    const body = {
      "@odata.type": "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
      SchemaName: "new_bankaccount_contact",
      Entity1LogicalName: "new_bankaccount",
      Entity2LogicalName: "contact",
      IntersectEntityName: "new_bankaccount_contact",
    };
    expect(post("RelationshipDefinitions", body).status).toBe(204);
    expect(metadata.catalog.navigation("contact", "new_bankaccount_contact")).toMatchObject({
      kind: "manyToMany",
      other: "new_bankaccount",
    });
    expect(columnsInSql("new_bankaccount_contact")).toEqual(
      expect.arrayContaining(["contactid", "new_bankaccountid"]),
    );
    expect(
      metadata.send("DELETE", "RelationshipDefinitions(SchemaName='new_bankaccount_contact')")
        .status,
    ).toBe(204);
    expect(metadata.catalog.byName("new_bankaccount_contact")).toBeUndefined();
  });

  test("refuse unknown tables and wrong delete rules; standard ones cannot go", () => {
    expect(
      post("RelationshipDefinitions", { ...oneToMany, ReferencedEntity: "acount" }).status,
    ).toBe(400);
    expect(
      post("RelationshipDefinitions", { ...oneToMany, CascadeConfiguration: { Delete: "Maybe" } })
        .status,
    ).toBe(400);
    expect(
      codeOf(metadata.send("DELETE", "RelationshipDefinitions(SchemaName='Incident_Emails')")),
    ).toBe("0x8004f032");
  });
});

describe("changing and deleting a table", () => {
  beforeEach(() => {
    post("EntityDefinitions", bankAccount);
  });

  test("takes the whole definition back by PUT; only a table knows PATCH", () => {
    const path = "EntityDefinitions(LogicalName='new_bankaccount')";
    const { body } = metadata.send("GET", path);
    expect(metadata.send("PUT", path, { ...body, DisplayName: label("Depot") }).status).toBe(204);
    expect(table()?.displayName).toBe("Depot");
    expect(table()?.displayCollectionName).toBe("Bank Accounts");
    expect(metadata.send("PATCH", path, { IsAuditEnabled: { Value: true } }).status).toBe(204);
    expect(metadata.send("GET", path).body.IsAuditEnabled).toMatchObject({ Value: true });
    const column = `${path}/Attributes(LogicalName='new_accountname')/Microsoft.Dynamics.CRM.StringAttributeMetadata`;
    const whole = metadata.send("GET", column).body;
    expect(metadata.send("PATCH", column, whole).status).toBe(405);
    expect(metadata.send("PUT", column, { ...whole, MaxLength: 250 }).status).toBe(204);
    expect(table()?.attribute("new_accountname")).toMatchObject({
      maxLength: 250,
      isPrimaryName: true,
      displayName: "Name",
    });
    expect(metadata.send("PUT", column, { ...whole, AttributeType: "Memo" }).status).toBe(400);
  });

  test("drops the table, unless lookups stand in the way or it is a standard one", () => {
    post("RelationshipDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      SchemaName: "new_bankaccount_incident",
      ReferencedEntity: "new_bankaccount",
      ReferencingEntity: "incident",
      Lookup: { SchemaName: "new_PaidFrom", DisplayName: label("Paid from") },
    });
    const refused = metadata.send("DELETE", "EntityDefinitions(LogicalName='new_bankaccount')");
    expect(codeOf(refused)).toBe("0x8004f01f");
    expect(textOf(refused)).toContain("new_bankaccount_incident");
    const id = table()?.metadataId;
    const dependencies = metadata.send(
      "GET",
      `RetrieveDependenciesForDelete(ObjectId=${id},ComponentType=1)`,
    );
    expect(dependencies.body.value).toHaveLength(1);
    metadata.send("DELETE", "RelationshipDefinitions(SchemaName='new_bankaccount_incident')");
    expect(metadata.send("DELETE", "EntityDefinitions(LogicalName='new_bankaccount')").status).toBe(
      204,
    );
    expect(table()).toBeUndefined();
    expect(columnsInSql("new_bankaccount")).toEqual([]);
    expect(
      metadata.catalog.navigation("systemuser", "lk_new_bankaccount_createdby"),
    ).toBeUndefined();
    expect(codeOf(metadata.send("DELETE", "EntityDefinitions(LogicalName='incident')"))).toBe(
      "0x8004f032",
    );
  });

  test("publishes without a word", () => {
    expect(
      post("PublishXml", {
        ParameterXml:
          "<importexportxml><entities><entity>new_bankaccount</entity></entities></importexportxml>",
      }).status,
    ).toBe(204);
    expect(post("PublishAllXml", undefined).status).toBe(204);
    expect(post("PublishXml", {}).status).toBe(400);
  });
});

describe("what a definition says of itself comes back", () => {
  const path = "EntityDefinitions(LogicalName='new_bankaccount')";
  const get = (address: string) => metadata.send("GET", address).body;
  beforeEach(() => {
    post("EntityDefinitions", bankAccount);
  });

  test("of a table and a column: description, audit, search, pictures", () => {
    const whole = get(path);
    metadata.send("PUT", path, {
      ...whole,
      Description: label("Where money rests"),
      IsAuditEnabled: { Value: true },
      SyncToExternalSearchIndex: true,
      IconVectorName: "new_bank.svg",
      IconMediumName: "new_bank.png",
    });
    expect(get(path)).toMatchObject({
      Description: { UserLocalizedLabel: { Label: "Where money rests" } },
      IsAuditEnabled: { Value: true },
      SyncToExternalSearchIndex: true,
      IconVectorName: "new_bank.svg",
      IconMediumName: "new_bank.png",
      IconLargeName: null,
    });
    metadata.send("PATCH", path, { IconVectorName: "" });
    expect(get(path)).toMatchObject({ IconVectorName: null, IconMediumName: "new_bank.png" });
    const column = `${path}/Attributes(LogicalName='new_accountname')`;
    metadata.send("PUT", column, {
      ...get(`${column}/Microsoft.Dynamics.CRM.StringAttributeMetadata`),
      Description: label("As on the card"),
      IsAuditEnabled: { Value: false },
      IsValidForAdvancedFind: { Value: false },
    });
    expect(get(column)).toMatchObject({
      Description: { UserLocalizedLabel: { Label: "As on the card" } },
      IsAuditEnabled: { Value: false },
      IsValidForAdvancedFind: { Value: false },
    });
  });

  test("of an option: description, colour, value elsewhere", () => {
    const option = {
      Value: 1,
      Label: label("Open"),
      Description: label("In use"),
      Color: "#0000ff",
      ExternalValue: "O",
    };
    const column = {
      "@odata.type": "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
      SchemaName: "new_Mode",
      DisplayName: label("Mode"),
      OptionSet: { Options: [option] },
    };
    expect(post(`${path}/Attributes`, column).status).toBe(204);
    const shown = () =>
      get(
        `${path}/Attributes(LogicalName='new_mode')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata/OptionSet`,
      ).Options as Json[];
    expect(shown()).toMatchObject([
      {
        Description: { UserLocalizedLabel: { Label: "In use" } },
        Color: "#0000ff",
        ExternalValue: "O",
      },
    ]);
    const place = {
      EntityLogicalName: "new_bankaccount",
      AttributeLogicalName: "new_mode",
      MergeLabels: true,
    };
    post("UpdateOptionValue", { ...place, Value: 1, Label: label("Opened"), Color: "#00ff00" });
    post("InsertOptionValue", {
      ...place,
      Value: 2,
      Label: label("Shut"),
      Description: label("Over"),
    });
    expect(shown()).toMatchObject([
      { Label: { UserLocalizedLabel: { Label: "Opened" } }, Color: "#00ff00", ExternalValue: "O" },
      { Value: 2, Description: { UserLocalizedLabel: { Label: "Over" } }, Color: null },
    ]);
    expect(post("UpdateOptionValue", { ...place, Value: 1, Color: "blue" }).status).toBe(400);
  });

  test("every property that the model declares is in the answer", () => {
    const document = csdlDocument(metadata.catalog).toString("utf8");
    const declared = (type: string): string[] => {
      const [, base, body = ""] =
        new RegExp(
          `<EntityType Name="${type}"(?: BaseType="mscrm\\.(\\w+)")?[^>]*>([\\s\\S]*?)</EntityType>`,
        ).exec(document) ?? [];
      const own = [...body.matchAll(/<Property Name="(\w+)"/g)].map(([, name]) => name ?? "");
      return [...own, ...(base === undefined || base.startsWith("crm") ? [] : declared(base))];
    };
    const lacking = (type: string, json: Json) => declared(type).filter((name) => !(name in json));
    expect(declared("EntityMetadata").length).toBeGreaterThan(80);
    expect(lacking("EntityMetadata", get(path))).toEqual([]);
    const attributes = get("EntityDefinitions(LogicalName='account')/Attributes").value as Json[];
    const types = new Set(attributes.map((one) => String(one["@odata.type"]).split(".").at(-1)));
    for (const type of types) {
      const one = attributes.find((each) => String(each["@odata.type"]).endsWith(`.${type}`));
      expect([type, lacking(String(type), one ?? {})]).toEqual([type, []]);
    }
  });

  test("publishing knows the tables that it is told", () => {
    const xml = (names: string) => ({
      ParameterXml: `<importexportxml><entities>${names}</entities></importexportxml>`,
    });
    expect(post("PublishXml", xml("<entity>account</entity>")).status).toBe(204);
    for (const [body, code] of [
      [xml("<entity>nonsense</entity>"), "0x80041102"],
      [xml("<entity>account"), "0x80040203"],
      [{ ParameterXml: "<other/>" }, "0x80040203"],
    ] as const)
      expect(post("PublishXml", body).body.error).toMatchObject({ code });
  });
});
