import assert from "node:assert/strict";
import { DynamicsWebApi } from "dynamics-web-api";
import { checkVariants } from "./dynamics-web-api-variants.mjs";
import { createSteps, tokenFor } from "./emulator-process.mjs";

/** What dynamics-web-api can send, with what each request must bring back. */

const demoCase = "1c000000-0000-4000-8000-000000000001";
const administrator = "0b000000-0000-4000-8000-000000000003";

export async function checkDynamicsWebApi(url) {
  const token = await tokenFor(url);
  const settings = {
    serverUrl: url,
    dataApi: { version: "9.2" },
    searchApi: { version: "2.0" },
    onTokenRefresh: () => Promise.resolve(token),
  };
  const api = new DynamicsWebApi(settings);
  const { step, finish } = createSteps("dynamics-web-api");
  const refused = async (work, status) => {
    const error = await work().then(
      () => assert.fail("was not refused"),
      (reason) => reason,
    );
    assert.equal(error.status, status, `${error.status}: ${error.message}`);
    return error;
  };

  // Create.
  const account = await step("create", () =>
    api.create({ collection: "accounts", data: { name: "Web Api Ltd.", accountnumber: "DWA-1" } }),
  );
  await step("create answers an id", () => assert.match(account, /^[0-9a-f-]{36}$/i));
  const whole = await step("create, representation", () =>
    api.create({
      collection: "incidents",
      data: { title: "From outside", "customerid_account@odata.bind": `/accounts(${account})` },
      returnRepresentation: true,
      select: ["title", "ticketnumber"],
    }),
  );
  await step("the row comes with its number", () => assert.match(whole.ticketnumber, /^CAS-/));
  await step("create, deep", async () => {
    const row = await api.create({
      collection: "accounts",
      data: { name: "Deep", primarycontactid: { lastname: "Inner" } },
      returnRepresentation: true,
    });
    assert.ok(row._primarycontactid_value);
  });

  // Read.
  const read = await step("retrieve", () =>
    api.retrieve({
      collection: "incidents",
      key: demoCase,
      select: ["title", "ticketnumber"],
      expand: [
        { property: "primarycontactid", select: ["fullname"] },
        { property: "customerid_account", select: ["name"] },
      ],
      includeAnnotations: "*",
    }),
  );
  await step("retrieve brings the expanded row", () =>
    assert.ok("primarycontactid" in read || "customerid_account" in read),
  );
  await step("retrieve, alternate key", async () => {
    const user = await api.retrieve({
      collection: "systemusers",
      key: `azureactivedirectoryobjectid=${administrator}`,
      select: ["fullname"],
    });
    assert.equal(user.fullname, "Tomasz Wierzba");
  });
  await step("retrieve, if-none-match", async () => {
    const row = await api.retrieve({ collection: "accounts", key: account, select: ["name"] });
    const again = await api.retrieve({
      collection: "accounts",
      key: account,
      select: ["name"],
      ifnonematch: row["@odata.etag"],
    });
    assert.equal(again ?? null, null);
  });
  await step("retrieveMultiple", async () => {
    const { value } = await api.retrieveMultiple({
      collection: "incidents",
      select: ["title", "statecode"],
      filter: "statecode eq 0 and contains(title,'e')",
      orderBy: ["createdon desc"],
      top: 3,
      includeAnnotations: "OData.Community.Display.V1.FormattedValue",
    });
    assert.ok(value.length > 0 && value.length <= 3);
    assert.equal(value[0]["statecode@OData.Community.Display.V1.FormattedValue"], "Active");
  });
  await step("retrieveMultiple, count", async () => {
    const answer = await api.retrieveMultiple({
      collection: "incidents",
      select: ["title"],
      count: true,
    });
    assert.equal(answer.oDataCount, answer.value.length);
  });
  await step("retrieveMultiple, pages", async () => {
    const first = await api.retrieveMultiple({
      collection: "contacts",
      select: ["fullname"],
      maxPageSize: 7,
    });
    const second = await api.retrieveMultiple(
      { collection: "contacts", select: ["fullname"], maxPageSize: 7 },
      first.oDataNextLink,
    );
    assert.equal(first.value.length, 7);
    const ids = new Set([...first.value, ...second.value].map((row) => row.contactid));
    assert.equal(ids.size, 14);
  });
  await step("retrieveAll", async () => {
    const { value } = await api.retrieveAll({
      collection: "contacts",
      select: ["fullname"],
      maxPageSize: 11,
    });
    assert.equal(new Set(value.map((row) => row.contactid)).size, value.length);
    assert.ok(value.length >= 40);
  });
  await step("count", async () => assert.ok((await api.count({ collection: "incidents" })) > 60));
  await step("countAll", async () =>
    assert.ok((await api.countAll({ collection: "incidents", filter: "statecode eq 0" })) > 3),
  );
  await step("$apply", async () => {
    const { value } = await api.retrieveMultiple({
      collection: "incidents",
      apply: "groupby((statuscode),aggregate($count as n))",
    });
    assert.ok(value.every((row) => row.n > 0));
  });
  await step("query parameters", async () => {
    const { value } = await api.retrieveMultiple({
      collection: "accounts",
      select: ["name"],
      filter: "Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)",
      queryParams: ["@p1='name'", "@p2=['Web Api Ltd.','Nobody']"],
    });
    assert.equal(value.length, 1);
  });
  await step("savedQuery", async () => {
    const { value: views } = await api.retrieveMultiple({
      collection: "savedqueries",
      select: ["savedqueryid", "name"],
      filter: "returnedtypecode eq 'incident'",
    });
    assert.ok(views.length > 0, "there are no views of cases");
    const { value } = await api.retrieveMultiple({
      collection: "incidents",
      savedQuery: views[0].savedqueryid,
    });
    assert.ok(Array.isArray(value));
  });
  await step("track changes", async () => {
    const answer = await api.retrieveMultiple({
      collection: "accounts",
      select: ["name"],
      trackChanges: true,
    });
    assert.match(answer["@odata.deltaLink"] ?? answer.oDataDeltaLink ?? "", /deltatoken/);
  });
  const fetchXml =
    '<fetch count="6"><entity name="incident"><attribute name="title"/><order attribute="createdon" descending="true"/></entity></fetch>';
  await step("fetch, two pages", async () => {
    const first = await api.fetch({ collection: "incidents", fetchXml, includeAnnotations: "*" });
    assert.equal(first.value.length, 6);
    const second = await api.fetch({
      collection: "incidents",
      fetchXml,
      pageNumber: first.PagingInfo.nextPage,
      pagingCookie: first.PagingInfo.cookie,
      includeAnnotations: "*",
    });
    assert.equal(new Set([...first.value, ...second.value].map((row) => row.incidentid)).size, 12);
  });
  await step("fetchAll", async () => {
    const { value } = await api.fetchAll({ collection: "incidents", fetchXml });
    assert.equal(new Set(value.map((row) => row.incidentid)).size, value.length);
    assert.ok(value.length > 60, `${value.length} rows`);
  });

  // Change.
  await step("update", () =>
    api.update({ collection: "accounts", key: account, data: { telephone1: "1" } }),
  );
  await step("update, representation", async () => {
    const row = await api.update({
      collection: "accounts",
      key: account,
      data: { fax: "2" },
      returnRepresentation: true,
      select: ["fax", "telephone1"],
    });
    assert.deepEqual([row.fax, row.telephone1], ["2", "1"]);
  });
  await step("update, stale etag", () =>
    refused(
      () =>
        api
          .update({ collection: "accounts", key: account, data: { fax: "3" }, ifmatch: 'W/"1"' })
          .then((done) => {
            if (done === false) throw Object.assign(new Error("412"), { status: 412 });
          }),
      412,
    ),
  );
  await step("update, unknown row", () =>
    refused(
      () =>
        api.update({
          collection: "accounts",
          key: "00000000-0000-0000-0000-000000000009",
          data: { fax: "3" },
        }),
      404,
    ),
  );
  await step("updateSingleProperty", () =>
    api.updateSingleProperty({
      collection: "accounts",
      key: account,
      fieldValuePair: { name: "Renamed Ltd." },
    }),
  );
  await step("the property is changed", async () =>
    assert.equal(
      (await api.retrieve({ collection: "accounts", key: account, select: ["name"] })).name,
      "Renamed Ltd.",
    ),
  );
  await step("delete a property", () =>
    api.deleteRecord({ collection: "accounts", key: account, fieldName: "fax" }),
  );
  await step("upsert makes", async () =>
    assert.ok(
      await api.upsert({
        collection: "accounts",
        key: "aaaaaaaa-0000-4000-8000-000000000001",
        data: { name: "Upserted" },
      }),
    ),
  );
  await step("upsert, create only", async () =>
    assert.equal(
      (await api.upsert({
        collection: "accounts",
        key: "aaaaaaaa-0000-4000-8000-000000000001",
        data: { name: "Again" },
        ifnonematch: "*",
      })) ?? null,
      null,
    ),
  );
  await step("duplicate detection", () =>
    api.create({
      collection: "accounts",
      data: { name: "Not a duplicate of anything" },
      duplicateDetection: true,
    }),
  );
  const contact = await step("contact", () =>
    api.create({ collection: "contacts", data: { lastname: "Outside" } }),
  );
  await step("associate", () =>
    api.associate({
      collection: "accounts",
      primaryKey: account,
      relationshipName: "contact_customer_accounts",
      relatedCollection: "contacts",
      relatedKey: contact,
    }),
  );
  await step("the link is there", async () =>
    assert.equal(
      (
        await api.retrieve({
          collection: "contacts",
          key: contact,
          select: ["_parentcustomerid_value"],
        })
      )._parentcustomerid_value,
      account,
    ),
  );
  await step("disassociate", () =>
    api.disassociate({
      collection: "accounts",
      primaryKey: account,
      relationshipName: "contact_customer_accounts",
      relatedKey: contact,
    }),
  );
  await step("associateSingleValued", () =>
    api.associateSingleValued({
      collection: "accounts",
      primaryKey: account,
      navigationProperty: "primarycontactid",
      relatedCollection: "contacts",
      relatedKey: contact,
    }),
  );
  await step("disassociateSingleValued", () =>
    api.disassociateSingleValued({
      collection: "accounts",
      primaryKey: account,
      navigationProperty: "primarycontactid",
    }),
  );

  // Functions, actions.
  await step("unbound function", async () => assert.ok((await api.callFunction("WhoAmI")).UserId));
  const user = await step(
    "user",
    async () =>
      (
        await api.retrieveMultiple({
          collection: "systemusers",
          select: ["systemuserid"],
          filter: "fullname eq 'Avery Lindholm'",
        })
      ).value[0].systemuserid,
  );
  await step("bound function", async () => {
    const answer = await api.callFunction({
      collection: "systemusers",
      key: user,
      name: "Microsoft.Dynamics.CRM.RetrievePrincipalAccess",
      parameters: { Target: { "@odata.id": `incidents(${demoCase})` } },
    });
    assert.match(answer.AccessRights, /ReadAccess/);
  });
  await step("unbound action", () =>
    api.callAction({
      actionName: "CloseIncident",
      action: {
        IncidentResolution: {
          "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
          subject: "Done",
          "incidentid@odata.bind": `/incidents(${demoCase})`,
        },
        Status: 5,
      },
    }),
  );
  await step("bound action", async () => {
    const [queue] = (
      await api.retrieveMultiple({ collection: "queues", select: ["queueid"], top: 1 })
    ).value;
    const answer = await api.callAction({
      collection: "queues",
      key: queue.queueid,
      actionName: "Microsoft.Dynamics.CRM.AddToQueue",
      action: {
        Target: { "@odata.type": "Microsoft.Dynamics.CRM.incident", incidentid: whole.incidentid },
      },
    });
    assert.ok(answer.QueueItemId);
  });
  await step("CreateMultiple", async () => {
    const answer = await api.callAction({
      collection: "accounts",
      actionName: "Microsoft.Dynamics.CRM.CreateMultiple",
      action: {
        Targets: [
          { "@odata.type": "Microsoft.Dynamics.CRM.account", name: "m1" },
          { "@odata.type": "Microsoft.Dynamics.CRM.account", name: "m2" },
        ],
      },
    });
    assert.equal(answer.Ids.length, 2);
  });

  // Definitions.
  await step("retrieveEntities", async () => {
    const { value } = await api.retrieveEntities({
      select: ["LogicalName", "EntitySetName"],
      filter: "LogicalName eq 'incident'",
    });
    assert.equal(value[0].EntitySetName, "incidents");
  });
  const definition = await step("retrieveEntity", () =>
    api.retrieveEntity({
      key: "LogicalName='incident'",
      select: ["EntitySetName", "MetadataId"],
      expand: [{ property: "Attributes", select: ["LogicalName"] }],
    }),
  );
  await step("retrieveEntity brings columns", () => assert.ok(definition.Attributes.length > 100));
  await step("retrieveAttributes", async () => {
    const { value } = await api.retrieveAttributes({
      entityKey: "LogicalName='incident'",
      castType: "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
      expand: [{ property: "OptionSet" }],
    });
    assert.ok(
      value.some(
        (each) => each.LogicalName === "prioritycode" && each.OptionSet.Options.length === 3,
      ),
    );
  });
  await step("retrieveRelationships", async () => {
    const { value } = await api.retrieveRelationships({
      castType: "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      filter: "ReferencedEntity eq 'account'",
    });
    assert.ok(value.length > 3 && value.every((each) => each.ReferencedEntity === "account"));
  });
  await step("retrieveGlobalOptionSets", async () =>
    assert.ok(Array.isArray((await api.retrieveGlobalOptionSets()).value)),
  );
  await step("csdl", async () => {
    const text = await api.retrieveCsdlMetadata();
    assert.match(text, /<edmx:Edmx/);
    assert.match(text, /EntityType Name="incident"/);
  });
  const label = (text) => ({
    "@odata.type": "Microsoft.Dynamics.CRM.Label",
    LocalizedLabels: [
      { "@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel", Label: text, LanguageCode: 1033 },
    ],
  });
  const table = await step("createEntity", () =>
    api.createEntity({
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
        SchemaName: "new_Probe",
        DisplayName: label("Probe"),
        DisplayCollectionName: label("Probes"),
        OwnershipType: "UserOwned",
        HasActivities: false,
        HasNotes: false,
        IsActivity: false,
        Attributes: [
          {
            "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
            SchemaName: "new_Name",
            IsPrimaryName: true,
            MaxLength: 100,
            FormatName: { Value: "Text" },
            RequiredLevel: { Value: "None" },
            DisplayName: label("Name"),
          },
        ],
      },
    }),
  );
  await step("createAttribute, file", () =>
    api.createAttribute({
      entityKey: "LogicalName='new_probe'",
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.FileAttributeMetadata",
        SchemaName: "new_File",
        MaxSizeInKB: 32768,
        RequiredLevel: { Value: "None" },
        DisplayName: label("File"),
      },
    }),
  );
  await step("updateEntity", async () => {
    const entity = await api.retrieveEntity({ key: "LogicalName='new_probe'" });
    await api.updateEntity({ data: { ...entity, DisplayName: label("Sample probe") } });
    const again = await api.retrieveEntity({
      key: "LogicalName='new_probe'",
      select: ["DisplayName"],
    });
    assert.equal(again.DisplayName.UserLocalizedLabel.Label, "Sample probe");
  });
  await step("createRelationship", () =>
    api.createRelationship({
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
        SchemaName: "new_account_new_probe",
        ReferencedEntity: "account",
        ReferencedAttribute: "accountid",
        ReferencingEntity: "new_probe",
        Lookup: {
          "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
          SchemaName: "new_AccountId",
          DisplayName: label("Account"),
          RequiredLevel: { Value: "None" },
        },
      },
    }),
  );
  await step("createGlobalOptionSet", () =>
    api.createGlobalOptionSet({
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
        Name: "new_colour",
        DisplayName: label("Colour"),
        IsGlobal: true,
        OptionSetType: "Picklist",
        Options: [{ Value: 100000000, Label: label("Red") }],
      },
    }),
  );

  // Files.
  const content = Buffer.from("From outside, byte by byte: ä €\n".repeat(50), "utf8");
  const probe = await step("row with a file", () =>
    api.create({ collection: "new_probes", data: { new_name: "P" } }),
  );
  await step("upload file", () =>
    api.uploadFile({
      collection: "new_probes",
      key: probe,
      fieldName: "new_file",
      fileName: "a.txt",
      data: content,
    }),
  );
  await step("download file", async () => {
    const file = await api.downloadFile({
      collection: "new_probes",
      key: probe,
      fieldName: "new_file",
    });
    assert.equal(file.fileName, "a.txt");
    assert.ok(Buffer.from(file.data).equals(content), "the content is another");
  });
  await step("deleteEntity", async () => {
    const entity =
      table ??
      (await api.retrieveEntity({ key: "LogicalName='new_probe'", select: ["MetadataId"] }))
        .MetadataId;
    await api.deleteRecord({ collection: "EntityDefinitions", key: entity });
  });

  // Search.
  const searched = await step("search query", () =>
    api.query({ query: { search: "connection", entities: [{ name: "incident" }], count: true } }),
  );
  await step("search finds", () => assert.ok(JSON.stringify(searched).length > 20));
  await new Promise((done) => setTimeout(done, 1_100));
  await step("search suggest", () => api.suggest({ query: { search: "con" } }));
  await new Promise((done) => setTimeout(done, 1_100));
  await step("search autocomplete", () => api.autocomplete({ query: { search: "con" } }));
  const older = new DynamicsWebApi({ ...settings, searchApi: { version: "1.0" } });
  await new Promise((done) => setTimeout(done, 1_100));
  await step("search query, v1.0", () =>
    older.query({
      query: { search: "connection", entities: ["incident"], returnTotalRecordCount: true },
    }),
  );

  // Impersonation, batch, long addresses.
  await step("impersonate", async () => {
    const me = await new DynamicsWebApi({
      ...settings,
      impersonateAAD: administrator,
    }).callFunction("WhoAmI");
    assert.notEqual(me.UserId, (await api.callFunction("WhoAmI")).UserId);
  });
  await step("batch, change set with references", async () => {
    api.startBatch();
    void api.create({ collection: "accounts", data: { name: "Batch" }, contentId: "1" });
    void api.create({
      collection: "contacts",
      data: { lastname: "Batch", "parentcustomerid_account@odata.bind": "$1" },
    });
    const answers = await api.executeBatch();
    assert.equal(answers.length, 2);
    const { value } = await api.retrieveMultiple({
      collection: "contacts",
      select: ["lastname"],
      filter: "lastname eq 'Batch'",
      expand: [{ property: "parentcustomerid_account", select: ["name"] }],
    });
    assert.equal(value[0].parentcustomerid_account.name, "Batch");
  });
  await step("batch of reads", async () => {
    api.startBatch();
    void api.retrieveMultiple({ collection: "accounts", select: ["name"], top: 2 });
    void api.retrieve({ collection: "accounts", key: account, select: ["name"] });
    const [list, row] = await api.executeBatch();
    assert.equal(list.value.length, 2);
    assert.equal(row.name, "Renamed Ltd.");
  });
  await step("long address becomes a batch", async () => {
    const filter = Array.from(
      { length: 80 },
      (_, at) => `contains(title,'nothing like this ${at}')`,
    ).join(" or ");
    const { value } = await api.retrieveMultiple({
      collection: "incidents",
      select: ["title"],
      filter,
    });
    assert.deepEqual(value, []);
  });
  await step("delete", async () => {
    const row = await api.create({ collection: "contacts", data: { lastname: "Gone" } });
    await api.deleteRecord({ collection: "contacts", key: row });
    await refused(() => api.retrieve({ collection: "contacts", key: row }), 404);
  });
  await checkVariants(api, settings, step);
  return finish();
}
