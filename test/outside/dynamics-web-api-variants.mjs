import assert from "node:assert/strict";
import { DynamicsWebApi } from "dynamics-web-api";

/** The rest of what dynamics-web-api can do: each method again with its other arguments. */

const someCase = "1c000000-0000-4000-8000-000000000003";
const administrator = "0b000000-0000-4000-8000-000000000003";
const formatted = "OData.Community.Display.V1.FormattedValue";
const pause = () => new Promise((done) => setTimeout(done, 1_100));
const label = (text) => ({
  "@odata.type": "Microsoft.Dynamics.CRM.Label",
  LocalizedLabels: [
    { "@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel", Label: text, LanguageCode: 1033 },
  ],
});

export async function checkVariants(api, settings, step) {
  await rows(api, settings, step);
  await reading(api, settings, step);
  await changes(api, step);
  await operations(api, step);
  await schema(api, step);
  await searches(api, settings, step);
  await batches(api, step);
}

async function rows(api, settings, step) {
  const account = await step("create, with every option", async () => {
    const row = await api.create({
      collection: "accounts",
      data: { name: "Options Ltd.", primarycontactid: { firstname: "O", lastname: "P" } },
      returnRepresentation: true,
      select: ["name"],
      expand: [{ property: "primarycontactid", select: ["fullname"] }],
      includeAnnotations: "*",
      duplicateDetection: true,
      tag: "outside",
      noCache: true,
      headers: { "x-ms-client-request-id": "1a000000-0000-4000-8000-000000000001" },
    });
    assert.equal(row.primarycontactid.fullname, "O P");
    return row.accountid;
  });
  await step("create below a row", async () => {
    const row = await api.create({
      collection: "accounts",
      key: account,
      navigationProperty: "contact_customer_accounts",
      data: { lastname: "Below" },
      returnRepresentation: true,
      select: ["lastname", "_parentcustomerid_value"],
    });
    assert.equal(row._parentcustomerid_value, account);
  });
  await step("retrieve a navigation property", async () => {
    const contact = await api.retrieve({
      collection: "accounts",
      key: account,
      navigationProperty: "primarycontactid",
      select: ["fullname"],
    });
    assert.equal(contact.fullname, "O P");
    const { value } = await api.retrieve({
      collection: "accounts",
      key: account,
      navigationProperty: "contact_customer_accounts",
      select: ["lastname"],
    });
    assert.equal(value.length, 1);
    const one = await api.retrieve({
      collection: "accounts",
      key: account,
      navigationProperty: "contact_customer_accounts",
      navigationPropertyKey: value[0].contactid,
      select: ["lastname"],
    });
    assert.equal(one.lastname, "Below");
  });
  await step("retrieve, nested expand with filter and order", async () => {
    const row = await api.retrieve({
      collection: "accounts",
      key: account,
      select: ["name"],
      expand: [
        {
          property: "contact_customer_accounts",
          select: ["lastname"],
          filter: "lastname ne 'x'",
        },
        {
          property: "primarycontactid",
          select: ["fullname"],
          expand: [{ property: "ownerid", select: ["ownerid"] }],
        },
      ],
    });
    assert.equal(row.contact_customer_accounts.length, 1);
    assert.ok(row.primarycontactid.ownerid.ownerid);
  });
  await step("update, if-match", async () => {
    const row = await api.retrieve({ collection: "accounts", key: account, select: ["name"] });
    await api.update({
      collection: "accounts",
      key: account,
      data: { fax: "1" },
      ifmatch: row["@odata.etag"],
      duplicateDetection: true,
      bypassCustomPluginExecution: true,
    });
  });
  await step("updateSingleProperty, representation", async () => {
    const row = await api.updateSingleProperty({
      collection: "accounts",
      key: account,
      fieldValuePair: { telephone1: "5" },
      returnRepresentation: true,
      select: ["telephone1"],
      includeAnnotations: formatted,
    });
    assert.equal(row.telephone1, "5");
  });
  await step("upsert, update only", async () => {
    await assert.rejects(() =>
      api
        .upsert({
          collection: "accounts",
          key: "0f0f0f0f-0000-4000-8000-000000000001",
          data: { name: "No" },
          ifmatch: "*",
        })
        .then((done) => {
          if (done === null || done === undefined || done === false) throw new Error("refused");
        }),
    );
  });
  await step("upsert, representation", async () => {
    const row = await api.upsert({
      collection: "accounts",
      key: "aaaaaaaa-0000-4000-8000-000000000002",
      data: { name: "Upserted, whole" },
      returnRepresentation: true,
      select: ["name"],
      expand: [{ property: "ownerid", select: ["ownerid"] }],
    });
    assert.equal(row.name, "Upserted, whole");
  });
  await step("alternate key that is not defined", () =>
    assert.rejects(
      () => api.retrieve({ collection: "accounts", key: "accountnumber='A1'" }),
      (error) => error.status === 400 && error.code === "0x80060890",
    ),
  );
  await step("alternate key of one's own", async () => {
    await api.create({
      collection: "EntityDefinitions",
      key: "LogicalName='account'",
      navigationProperty: "Keys",
      data: {
        SchemaName: "new_NumberKey",
        DisplayName: label("Number"),
        KeyAttributes: ["accountnumber"],
      },
    });
    const { Keys } = await api.retrieveEntity({
      key: "LogicalName='account'",
      select: ["LogicalName"],
      expand: [{ property: "Keys", select: ["SchemaName", "EntityKeyIndexStatus"] }],
    });
    assert.deepEqual(
      Keys.map((row) => [row.SchemaName, row.EntityKeyIndexStatus]),
      [["new_NumberKey", "Active"]],
    );
    const key = "accountnumber='A1'";
    for (const name of ["Made by key", "Changed by key"])
      await api.upsert({ collection: "accounts", key, data: { name } });
    const row = await api.retrieve({
      collection: "accounts",
      key,
      select: ["name", "accountnumber"],
    });
    assert.deepEqual([row.name, row.accountnumber], ["Changed by key", "A1"]);
    await api.update({ collection: "accounts", key, data: { fax: "1" } });
    await api.deleteRecord({ collection: "accounts", key });
  });
  await step("upsert, alternate key", () =>
    api.upsert({
      collection: "systemusers",
      key: `azureactivedirectoryobjectid=${administrator}`,
      data: { jobtitle: "Administrator" },
    }),
  );
  await step("deleteRecord, stale etag", async () => {
    const done = await api
      .deleteRecord({ collection: "accounts", key: account, ifmatch: 'W/"1"' })
      .catch((error) => assert.equal(error.status, 412));
    assert.ok(done === false || done === undefined || done === null);
  });
  await step("update by entity names", async () => {
    const named = new DynamicsWebApi({ ...settings, useEntityNames: true });
    const row = await named.retrieve({ collection: "account", key: account, select: ["name"] });
    assert.equal(row.name, "Options Ltd.");
    assert.equal(named.Utility.getCollectionName("incident"), "incidents");
    await named.associate({
      collection: "account",
      primaryKey: account,
      relationshipName: "contact_customer_accounts",
      relatedCollection: "contact",
      relatedKey: await named.create({ collection: "contact", data: { lastname: "Named" } }),
    });
  });
  await step("relative links", () =>
    new DynamicsWebApi({ ...settings, disableODataIdAbsoluteUrl: true }).associateSingleValued({
      collection: "accounts",
      primaryKey: account,
      navigationProperty: "ownerid",
      relatedCollection: "systemusers",
      relatedKey: "0a000000-0000-4000-8000-000000000001",
    }),
  );
  await step("collection by reference", async () => {
    const row = await api.retrieve({ collection: "accounts", key: account, select: ["name"] });
    await api.deleteRecord({ collection: "accounts", key: account, ifmatch: row["@odata.etag"] });
  });
}

async function reading(api, settings, step) {
  await step("retrieveMultiple, many options", async () => {
    const answer = await api.retrieveMultiple({
      collection: "incidents",
      select: ["title", "_customerid_value"],
      filter:
        "(startswith(title,'C') or endswith(title,'s') or not contains(title,'zzz')) and createdon ge 2020-01-01T00:00:00Z",
      orderBy: ["prioritycode asc", "createdon desc"],
      expand: [{ property: "Incident_Emails", select: ["subject"], top: 2 }],
      count: true,
      maxPageSize: 5,
      includeAnnotations: "*",
    });
    assert.equal(answer.value.length, 5);
    assert.ok(answer["@Microsoft.Dynamics.CRM.totalrecordcount"] > 5);
    const next = await api.retrieveMultiple(
      { collection: "incidents", maxPageSize: 5 },
      answer.oDataNextLink,
    );
    assert.equal(next.value.length, 5);
  });
  await step("count, filter", async () => {
    const open = await api.count({ collection: "incidents", filter: "statecode eq 0" });
    const all = await api.count({ collection: "incidents" });
    assert.ok(open > 0 && open < all);
  });
  await step("countAll, select", async () =>
    assert.ok((await api.countAll({ collection: "contacts", select: ["fullname"] })) >= 40),
  );
  await step("retrieveAll, filter", async () => {
    const { value } = await api.retrieveAll({
      collection: "incidents",
      filter: "statecode eq 0",
      select: ["title"],
    });
    assert.ok(value.length > 3);
  });
  await step("defaults of the client", async () => {
    const whole = new DynamicsWebApi({
      ...settings,
      includeAnnotations: formatted,
      maxPageSize: 3,
      returnRepresentation: true,
      headers: { Consistency: "Strong" },
    });
    const { value } = await whole.retrieveMultiple({
      collection: "incidents",
      select: ["statecode"],
    });
    assert.equal(value.length, 3);
    assert.ok(`statecode@${formatted}` in value[0]);
    const row = await whole.create({ collection: "contacts", data: { lastname: "Whole" } });
    assert.equal(row.lastname, "Whole");
  });
  await step("savedQuery and userQuery of a row set", async () => {
    const id = await api.create({
      collection: "userqueries",
      data: {
        name: "Mine",
        returnedtypecode: "incident",
        querytype: 0,
        fetchxml: '<fetch><entity name="incident"><attribute name="title"/></entity></fetch>',
        layoutxml: "<grid/>",
      },
    });
    const { value } = await api.retrieveMultiple({ collection: "incidents", userQuery: id });
    assert.ok(value.length > 10);
  });
  await step("fetch, linked, aggregated, top", async () => {
    const linked = await api.fetch({
      collection: "incidents",
      fetchXml:
        '<fetch top="3"><entity name="incident"><attribute name="title"/><link-entity name="account" from="accountid" to="customerid" alias="a"><attribute name="name"/></link-entity></entity></fetch>',
      includeAnnotations: formatted,
    });
    assert.ok(linked.value.length > 0 && "a.name" in linked.value[0]);
    const counted = await api.fetch({
      collection: "incidents",
      fetchXml:
        '<fetch aggregate="true"><entity name="incident"><attribute name="incidentid" alias="n" aggregate="count"/></entity></fetch>',
    });
    assert.ok(counted.value[0].n > 10);
  });
  await step("elastic table, partition", async () => {
    const { value } = await api.retrieveMultiple({
      collection: "msdyn_intentcontexthistories",
      partitionId: "p1",
    });
    assert.ok(Array.isArray(value));
  });
  await step("impersonate by user id", async () => {
    const me = "0a000000-0000-4000-8000-000000000001";
    const answer = await api.callFunction({ name: "WhoAmI", impersonate: me });
    assert.equal(answer.UserId, me);
    const other = await api.callFunction({ name: "WhoAmI", impersonateAAD: administrator });
    assert.notEqual(other.UserId, me);
  });
}

async function changes(api, step) {
  await step("track changes, round", async () => {
    const first = await api.retrieveMultiple({
      collection: "contacts",
      select: ["lastname"],
      trackChanges: true,
      maxPageSize: 20,
    });
    let last = first;
    while (last.oDataNextLink)
      last = await api.retrieveMultiple(
        { collection: "contacts", trackChanges: true, maxPageSize: 20 },
        last.oDataNextLink,
      );
    const made = await api.create({ collection: "contacts", data: { lastname: "Later" } });
    const gone = await api.create({ collection: "contacts", data: { lastname: "Gone" } });
    await api.deleteRecord({ collection: "contacts", key: gone });
    const delta = await api.retrieveMultiple(
      { collection: "contacts", select: ["lastname"] },
      last.oDataDeltaLink,
    );
    assert.deepEqual(
      delta.value.map((row) => row.contactid ?? `${row.reason} ${row.id}`),
      [made, `deleted ${gone}`],
    );
    assert.ok(delta.oDataDeltaLink);
  });
  await step("retrieveAll tells the delta link", async () => {
    const all = await api.retrieveAll({
      collection: "queues",
      select: ["name"],
      trackChanges: true,
      maxPageSize: 2,
    });
    assert.match(all.oDataDeltaLink, /deltatoken/);
  });
}

async function operations(api, step) {
  await step("unbound function with parameters", async () => {
    const answer = await api.callFunction({
      name: "RetrieveTotalRecordCount",
      parameters: { EntityNames: ["account", "incident"] },
    });
    assert.equal(answer.EntityRecordCountCollection.Keys.length, 2);
  });
  await step("bound function, other forms", async () => {
    const user = "0a000000-0000-4000-8000-000000000001";
    const { RolePrivileges } = await api.callFunction({
      collection: "systemusers",
      key: user,
      name: "Microsoft.Dynamics.CRM.RetrieveUserPrivileges",
    });
    assert.ok(RolePrivileges.length > 10);
    const byName = await api.callFunction({
      collection: "systemusers",
      key: user,
      functionName: "Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName",
      parameters: { PrivilegeName: "prvReadIncident" },
    });
    assert.equal(byName.RolePrivileges.length, 1);
  });
  await step("bulk actions", async () => {
    const type = "Microsoft.Dynamics.CRM.contact";
    const { Ids } = await api.callAction({
      collection: "contacts",
      actionName: "Microsoft.Dynamics.CRM.CreateMultiple",
      action: { Targets: [1, 2].map((n) => ({ "@odata.type": type, lastname: `Bulk ${n}` })) },
    });
    await api.callAction({
      collection: "contacts",
      actionName: "Microsoft.Dynamics.CRM.UpdateMultiple",
      action: {
        Targets: Ids.map((contactid) => ({ "@odata.type": type, contactid, jobtitle: "Bulk" })),
      },
    });
    await api.callAction({
      collection: "contacts",
      actionName: "Microsoft.Dynamics.CRM.UpsertMultiple",
      action: {
        Targets: [
          { "@odata.type": type, contactid: Ids[0], lastname: "Upserted" },
          {
            "@odata.type": type,
            contactid: "cccccccc-0000-4000-8000-000000000001",
            lastname: "New",
          },
        ],
      },
    });
    assert.equal(await api.count({ collection: "contacts", filter: "jobtitle eq 'Bulk'" }), 2);
  });
  await step("sharing", async () => {
    const target = { "@odata.type": "Microsoft.Dynamics.CRM.incident", incidentid: someCase };
    const user = {
      "@odata.type": "Microsoft.Dynamics.CRM.systemuser",
      systemuserid: "0a000000-0000-4000-8000-000000000001",
    };
    await api.callAction({
      actionName: "GrantAccess",
      action: { Target: target, PrincipalAccess: { Principal: user, AccessMask: "ReadAccess" } },
    });
    await api.callAction({ actionName: "RevokeAccess", action: { Target: target, Revokee: user } });
  });
  await step("background operation", async () => {
    const started = await api.callAction({
      actionName: "AISentiment",
      action: { Text: "Great service." },
      respondAsync: true,
    });
    assert.ok(started.location.endsWith(started.backgroundOperationId));
    const state = await api.getBackgroundOperationStatus(started.backgroundOperationId);
    assert.equal(typeof state.backgroundOperationStateCode, "number");
    let done = state;
    while (done.backgroundOperationStateCode !== 3) {
      await pause();
      done = await api.getBackgroundOperationStatus(started.backgroundOperationId);
    }
    assert.equal(done.backgroundOperationStatusCode, 30);
    assert.equal(done.AnalyzedSentiment, "Positive");
  });
  await step("background operation, canceled", async () => {
    const started = await api.callAction({
      actionName: "AISummarize",
      action: { Text: "Never mind." },
      respondAsync: true,
    });
    const canceled = await api.cancelBackgroundOperation(started.backgroundOperationId);
    assert.equal(canceled.backgroundOperationStatusCode, 22);
  });
}

async function schema(api, step) {
  const table = "LogicalName='new_shelf'";
  const string = (schemaName, more = {}) => ({
    "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
    SchemaName: schemaName,
    MaxLength: 100,
    FormatName: { Value: "Text" },
    RequiredLevel: { Value: "None" },
    DisplayName: label(schemaName),
    ...more,
  });
  await step("createEntity", () =>
    api.createEntity({
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
        SchemaName: "new_Shelf",
        DisplayName: label("Shelf"),
        DisplayCollectionName: label("Shelves"),
        OwnershipType: "UserOwned",
        ChangeTrackingEnabled: true,
        Attributes: [string("new_Name", { IsPrimaryName: true })],
      },
    }),
  );
  await step("updateEntity, merge labels", async () => {
    const entity = await api.retrieveEntity({ key: table, select: ["MetadataId", "SchemaName"] });
    await api.updateEntity({
      data: { MetadataId: entity.MetadataId, DisplayName: label("Board") },
      mergeLabels: true,
    });
    const again = await api.retrieveEntity({
      key: entity.MetadataId,
      select: ["DisplayName"],
      expand: [
        { property: "Attributes", select: ["LogicalName"], filter: "IsCustomAttribute eq true" },
        { property: "ManyToOneRelationships", select: ["SchemaName"] },
        { property: "Keys" },
      ],
    });
    assert.equal(again.DisplayName.UserLocalizedLabel.Label, "Board");
    assert.ok(again.Attributes.length >= 1);
  });
  await step("attributes", async () => {
    await api.createAttribute({ entityKey: table, data: string("new_Text") });
    const attribute = await api.retrieveAttribute({
      entityKey: table,
      attributeKey: "LogicalName='new_text'",
      castType: "Microsoft.Dynamics.CRM.StringAttributeMetadata",
    });
    await api.updateAttribute({
      entityKey: table,
      castType: "Microsoft.Dynamics.CRM.StringAttributeMetadata",
      mergeLabels: true,
      data: { ...attribute, MaxLength: 150 },
    });
    const again = await api.retrieveAttribute({
      entityKey: table,
      attributeKey: attribute.MetadataId,
      castType: "Microsoft.Dynamics.CRM.StringAttributeMetadata",
      select: ["MaxLength", "LogicalName"],
    });
    assert.equal(again.MaxLength, 150);
    const { value } = await api.retrieveAttributes({
      entityKey: table,
      select: ["LogicalName"],
      filter: "IsCustomAttribute eq true",
    });
    assert.ok(value.some((row) => row.LogicalName === "new_text"));
    await api.deleteRecord({
      collection: "EntityDefinitions",
      key: table,
      navigationProperty: "Attributes",
      navigationPropertyKey: "LogicalName='new_text'",
    });
  });
  const lookup = await step("relationships", async () => {
    const id = await api.createRelationship({
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
        SchemaName: "new_contact_new_shelf",
        ReferencedEntity: "contact",
        ReferencedAttribute: "contactid",
        ReferencingEntity: "new_shelf",
        CascadeConfiguration: {
          Assign: "Cascade",
          Delete: "Cascade",
          Merge: "NoCascade",
          Reparent: "Cascade",
          Share: "Cascade",
          Unshare: "Cascade",
        },
        Lookup: {
          "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
          SchemaName: "new_ContactId",
          DisplayName: label("Contact"),
          RequiredLevel: { Value: "None" },
        },
      },
    });
    const cast = "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata";
    const row = await api.retrieveRelationship({ key: id, castType: cast });
    assert.equal(row.CascadeConfiguration.Assign, "Cascade");
    const update = {
      mergeLabels: true,
      data: {
        ...row,
        CascadeConfiguration: {
          ...row.CascadeConfiguration,
          Assign: "NoCascade",
          Delete: "RemoveLink",
        },
      },
    };
    // The service takes no PUT through a cast, as was told of it.
    await assert.rejects(api.updateRelationship({ ...update, castType: cast }), { status: 405 });
    await api.updateRelationship({ ...update, data: { "@odata.type": cast, ...update.data } });
    const again = await api.retrieveRelationship({
      key: id,
      castType: cast,
      select: ["CascadeConfiguration", "SchemaName"],
    });
    assert.equal(again.CascadeConfiguration.Assign, "NoCascade");
    assert.equal(again.CascadeConfiguration.Delete, "RemoveLink");
    return id;
  });
  await step("relationships, many to many", async () => {
    const id = await api.createRelationship({
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
        SchemaName: "new_shelf_product",
        Entity1LogicalName: "new_shelf",
        Entity2LogicalName: "product",
        IntersectEntityName: "new_shelf_product",
      },
    });
    const { value } = await api.retrieveRelationships({
      castType: "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
      filter: "Entity1LogicalName eq 'new_shelf'",
      select: ["SchemaName"],
    });
    assert.equal(value.length, 1);
    const row = await api.retrieveRelationship({ key: id });
    assert.equal(row.SchemaName, "new_shelf_product");
    await api.deleteRelationship({ key: id });
    assert.ok((await api.retrieveRelationships()).value.length > 100);
  });
  await step("deleteRelationship", () => api.deleteRelationship({ key: lookup }));
  await step("global choices", async () => {
    const id = await api.createGlobalOptionSet({
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
        Name: "new_size",
        DisplayName: label("Size"),
        IsGlobal: true,
        OptionSetType: "Picklist",
        Options: [
          { Value: 100000000, Label: label("Small") },
          { Value: 100000001, Label: label("Large") },
        ],
      },
    });
    const cast = "Microsoft.Dynamics.CRM.OptionSetMetadata";
    const set = await api.retrieveGlobalOptionSet({ key: id, castType: cast });
    assert.equal(set.Options.length, 2);
    await api.updateGlobalOptionSet({
      castType: cast,
      mergeLabels: true,
      data: { ...set, DisplayName: label("Sizes") },
    });
    const again = await api.retrieveGlobalOptionSet({
      key: "Name='new_size'",
      select: ["Name", "DisplayName"],
    });
    assert.equal(again.DisplayName.UserLocalizedLabel.Label, "Sizes");
    const { value } = await api.retrieveGlobalOptionSets({ castType: cast, select: ["Name"] });
    assert.ok(value.some((row) => row.Name === "new_size"));
    await api.deleteGlobalOptionSet({ key: id });
  });
  await step("csdl, annotated", async () =>
    assert.match(
      await api.retrieveCsdlMetadata({ addAnnotations: true }),
      /Capabilities\.V1\.ChangeTracking/,
    ),
  );
  await step("files, large and by ranges", async () => {
    await api.createAttribute({
      entityKey: table,
      data: {
        "@odata.type": "Microsoft.Dynamics.CRM.FileAttributeMetadata",
        SchemaName: "new_Plan",
        MaxSizeInKB: 32768,
        RequiredLevel: { Value: "None" },
        DisplayName: label("Plan"),
      },
    });
    const id = await api.create({ collection: "new_shelfs", data: { new_name: "F" } });
    const place = { collection: "new_shelfs", key: id, property: "new_plan" };
    const data = Buffer.alloc(5_000_000, 7);
    await api.uploadFile({ ...place, fileName: "large plan ä.bin", data });
    const file = await api.downloadFile(place);
    assert.equal(file.fileSize, data.length);
    assert.ok(Buffer.from(file.data).equals(data));
    await api.deleteRecord(place);
    await assert.rejects(() => api.downloadFile(place));
  });
}

async function searches(api, settings, step) {
  await step("search, every option", async () => {
    await pause();
    const answer = await api.query({
      query: {
        search: "connection",
        entities: [
          {
            name: "incident",
            selectColumns: ["title"],
            searchColumns: ["title", "description"],
            filter: "statecode eq 0",
          },
          { name: "knowledgearticle" },
        ],
        filter: "createdon gt 2020-01-01",
        facets: ["statecode,count:5"],
        orderBy: ["@search.score desc", "createdon desc"],
        options: { queryType: "lucene", searchMode: "all", bestEffortSearchEnabled: true },
        count: true,
        skip: 0,
        top: 5,
      },
    });
    assert.ok(answer.response.Value.length > 0);
    assert.ok(answer.response.Count > 0);
  });
  await step("search by a term alone", async () => {
    await pause();
    assert.ok((await api.query("connection")).response.Value.length > 0);
    await pause();
    await api.suggest("con");
    await pause();
    await api.autocomplete("con");
  });
  await step("search compatibility", async () => {
    const compatible = new DynamicsWebApi({
      ...settings,
      searchApi: {
        version: "2.0",
        options: { enableResponseCompatibility: true, escapeSpecialCharacters: true },
      },
    });
    await pause();
    const found = await compatible.query({
      query: { search: "connection (slow)", returnTotalRecordCount: true },
    });
    assert.ok(Array.isArray(found.value));
    await pause();
    const suggested = await compatible.suggest({
      query: {
        search: "conn",
        useFuzzy: true,
        top: 3,
        entities: ["incident"],
        options: { advancedSuggestEnabled: true },
      },
    });
    assert.ok(Array.isArray(suggested.value));
  });
  await step("search, first version", async () => {
    const older = new DynamicsWebApi({ ...settings, searchApi: { version: "1.0" } });
    await pause();
    await older.suggest({
      query: { search: "con", useFuzzy: true, entities: ["incident"], orderBy: ["createdon"] },
    });
    await pause();
    await older.autocomplete({ query: { search: "con", useFuzzy: false } });
    await pause();
    await older.query({
      query: {
        search: "connection",
        searchMode: "all",
        searchType: "full",
        top: 3,
        skip: 1,
        facets: ["statecode"],
        filter: "statecode eq 0",
        orderBy: ["createdon desc"],
      },
    });
  });
}

async function batches(api, step) {
  await step("batch, every kind", async () => {
    api.startBatch();
    void api.create({ collection: "accounts", data: { name: "B1" }, contentId: "a" });
    void api.create({ collection: "contacts", data: { lastname: "B2" }, contentId: "b" });
    void api.associateSingleValued({
      collection: "$a",
      navigationProperty: "primarycontactid",
      relatedKey: "$b",
    });
    void api.update({
      collection: "accounts",
      key: "aaaaaaaa-0000-4000-8000-000000000002",
      data: { fax: "9" },
    });
    void api.count({ collection: "accounts" });
    void api.fetch({
      collection: "contacts",
      fetchXml:
        '<fetch top="1"><entity name="contact"><attribute name="fullname"/></entity></fetch>',
    });
    const answers = await api.executeBatch();
    assert.ok(answers.length >= 5);
  });
  await step("batch, outside of change sets and on with errors", async () => {
    api.startBatch();
    void api.retrieve({
      collection: "accounts",
      key: "0f0f0f0f-0000-4000-8000-000000000009",
      inChangeSet: false,
    });
    void api.create({
      collection: "accounts",
      data: { name: "After an error" },
      inChangeSet: false,
    });
    void api.deleteRecord({
      collection: "accounts",
      key: "aaaaaaaa-0000-4000-8000-000000000002",
      inChangeSet: false,
    });
    await api
      .executeBatch({ continueOnError: true })
      .catch((errors) => assert.ok(Array.isArray(errors) || errors.status));
    assert.equal(
      await api.count({ collection: "accounts", filter: "name eq 'After an error'" }),
      1,
    );
  });
}
