// What the referee is given: requests to the running emulator, broad enough to meet every kind of answer.

const ALL = { prefer: 'odata.include-annotations="*"' };
const TRACKED = { prefer: "odata.track-changes" };

/** Every table: plain, with all annotations, one row of it, and its to-one navigation properties expanded. */
async function tables(client, ask) {
  const { value } = await client.json("");
  for (const { name } of value) {
    if (/Definitions$/.test(name)) continue;
    const page = await ask(`${name}`, "set", `${name}?$top=5`);
    await ask(`${name} annotated`, "set", `${name}?$top=5`, { headers: ALL });
    const table = client.tables.get(name);
    const row = page?.value?.[0];
    if (row === undefined || table === undefined) continue;
    const one = `${name}(${row[table.PrimaryIdAttribute]})`;
    await ask(`${name} one`, "row", one);
    await ask(`${name} one annotated`, "row", one, { headers: ALL });
    const { one: lookups, many } = client.navigation.get(table.LogicalName) ?? {
      one: [],
      many: [],
    };
    for (const property of lookups.slice(0, 12)) {
      await ask(`${name} expand ${property}`, "set", `${name}?$top=3&$expand=${property}`, {
        headers: ALL,
      });
    }
    for (const property of many.slice(0, 6)) {
      const link = `${one}?$select=${table.PrimaryIdAttribute}&$expand=${property}`;
      await ask(`${name} expand ${property}`, "row", link, { headers: ALL });
      await ask(`${name} path ${property}`, "set", `${one}/${property}?$top=2`, { headers: ALL });
    }
  }
}

/** Query options, nested expansions, paths, paging. */
async function queries(client, ask) {
  const { value: cases } = await client.json(
    "incidents?$top=1&$filter=_primarycontactid_value ne null and _customerid_value ne null&$expand=customerid_account($select=accountid)",
  );
  const id = cases[0].incidentid;
  const sets = [
    "incidents?$select=title,prioritycode&$filter=statecode eq 0&$orderby=createdon desc&$top=3&$count=true",
    "incidents?$select=title&$expand=customerid_account($select=name;$expand=primarycontactid($select=fullname)),ownerid,subjectid($select=title)",
    "incidents?$select=title&$expand=Incident_Emails($select=subject),Incident_Annotation",
    "incidents?$select=title&$expand=customerid_account/$ref",
    "emails?$expand=email_activity_parties,regardingobjectid_incident_email($select=title)",
    "activitypointers?$filter=activitytypecode eq 'email'&$top=3",
    "systemusers?$select=fullname&$expand=businessunitid($select=name),systemuserroles_association($select=name,roleid)",
    "teams?$expand=teammembership_association($select=fullname)",
    `incidents?fetchXml=${encodeURIComponent('<fetch top="3"><entity name="incident"><attribute name="title"/><attribute name="customerid"/><order attribute="title"/></entity></fetch>')}`,
    "accounts?$select=name&$top=3&$expand=incident_customer_accounts($select=title;$filter=statecode eq 0;$orderby=createdon desc;$top=2),primarycontactid($select=fullname)",
    "accounts?$select=name&$top=3&$expand=incident_customer_accounts($select=title;$expand=ownerid,primarycontactid($select=fullname)),ownerid",
    "accounts?$select=name&$top=3&$expand=incident_customer_accounts,parentaccountid,owninguser",
    "incidents?$select=incidentid&$filter=incident_parent_incident/any() or Incident_Tasks/all(t:t/statecode eq 1)",
    "incidents?$select=title&$orderby=_customerid_value,prioritycode desc&$top=3",
    "savedqueries?$select=name,fetchxml&$top=2",
    `incidents(${id})/customerid_account/incident_customer_accounts?$select=title`,
    `incidents(${id})/Incident_Emails?$select=subject`,
    `incidents(${id})/Incident_Annotation`,
  ];
  for (const link of sets) {
    await ask(`query ${link}`, "set", link);
    await ask(`query annotated ${link}`, "set", link, { headers: ALL });
  }
  const paged = await ask("page", "set", "contacts?$select=fullname", {
    headers: { prefer: 'odata.maxpagesize=4,odata.include-annotations="*"' },
  });
  if (paged?.["@odata.nextLink"]) {
    await ask("next page", "set", paged["@odata.nextLink"], {
      headers: { prefer: "odata.maxpagesize=4" },
    });
  }
  await ask(
    "page with collections in pages",
    "set",
    "accounts?$select=name&$expand=incident_customer_accounts($select=title;$expand=primarycontactid($select=fullname))",
    {
      headers: { prefer: 'odata.maxpagesize=2,odata.include-annotations="*"' },
    },
  );
  await ask(
    "one selected",
    "row",
    `incidents(${id})?$select=title,_customerid_value&$expand=primarycontactid($select=fullname)`,
    { headers: ALL },
  );
  await ask("to-one path", "row", `incidents(${id})/primarycontactid`);
  await ask("to-one path annotated", "row", `incidents(${id})/primarycontactid?$select=fullname`, {
    headers: ALL,
  });
  await ask("property", "property", `incidents(${id})/title`);
  await ask("property, number", "property", `incidents(${id})/prioritycode`);
  await ask("to-many references", "references", `incidents(${id})/Incident_Emails/$ref`);
  await ask("to-one reference", "reference", `incidents(${id})/primarycontactid/$ref`);
  return id;
}

/** Values that a request names itself: of aggregates, and of tables that FetchXML links. */
async function aliased(_client, ask) {
  const xml = (text, attributes = "") =>
    `incidents?fetchXml=${encodeURIComponent(`<fetch ${attributes}><entity name="incident">${text}</entity></fetch>`)}`;
  const links = [
    ["incidents?$apply=aggregate($count as n)", ["n"]],
    ["incidents?$apply=groupby((statuscode),aggregate($count as n))", ["n"]],
    ["incidents?$apply=groupby((statuscode,prioritycode))", []],
    [
      "accounts?$apply=groupby((statecode),aggregate(revenue with sum as total,revenue with average as mean,revenue with max as most,revenue with min as least,$count as n))",
      ["total", "mean", "most", "least", "n"],
    ],
    [
      "incidents?$apply=filter(statecode eq 0)/groupby((_ownerid_value),aggregate(incidentid with countdistinct as cases,createdon with max as latest))",
      ["cases", "latest"],
    ],
    [
      "incidents?$apply=groupby((primarycontactid/fullname),aggregate($count as n))",
      ["contact_fullname", "n"],
    ],
    [
      xml(
        '<attribute name="incidentid" alias="n" aggregate="count"/><attribute name="statecode" alias="state" groupby="true"/><attribute name="createdon" alias="month" groupby="true" dategrouping="month"/>',
        'aggregate="true"',
      ),
      ["n", "state", "month"],
    ],
    [
      xml(
        '<attribute name="title"/><link-entity name="contact" from="contactid" to="primarycontactid" alias="who"><attribute name="fullname" alias="person"/></link-entity>',
        'top="3"',
      ),
      ["person"],
    ],
  ];
  for (const [link, aliases] of links) {
    await ask(`aliased ${link}`, "aliased", link, { aliases });
    await ask(`aliased and annotated ${link}`, "aliased", link, { aliases, headers: ALL });
  }
}

/** Definitions: all casts, expansions, single ones, relationships, choices, keys, changes. */
async function definitions(_client, ask) {
  const sets = [
    "EntityDefinitions?$select=LogicalName,SchemaName,EntitySetName,DisplayName,OwnershipType&$filter=IsCustomEntity eq false",
    "EntityDefinitions?$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'&$select=LogicalName&$expand=Attributes($select=LogicalName,AttributeType)",
    "EntityDefinitions",
    "EntityDefinitions(LogicalName='incident')/Attributes",
    "EntityDefinitions(LogicalName='incident')/Attributes?$select=LogicalName,RequiredLevel&$filter=AttributeType eq Microsoft.Dynamics.CRM.AttributeTypeCode'Picklist'",
    ...["ManyToOneRelationships", "OneToManyRelationships", "ManyToManyRelationships", "Keys"].map(
      (name) => `EntityDefinitions(LogicalName='systemuser')/${name}`,
    ),
    "RelationshipDefinitions?$select=SchemaName",
    "RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata?$filter=ReferencedEntity eq 'account'",
    "RelationshipDefinitions/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
    "GlobalOptionSetDefinitions",
  ];
  const casts = [
    "BigInt",
    "Boolean",
    "DateTime",
    "Decimal",
    "Double",
    "EntityName",
    "Image",
    "Integer",
    "Lookup",
    "Memo",
    "Money",
    "Picklist",
    "State",
    "Status",
    "String",
    "MultiSelectPicklist",
    "ManagedProperty",
    "File",
  ];
  for (const cast of casts) {
    const expand = /Boolean|Picklist|State|Status/.test(cast)
      ? "?$expand=OptionSet,GlobalOptionSet"
      : "";
    const table = /MultiSelect|Managed/.test(cast) ? "bot" : "account";
    sets.push(
      `EntityDefinitions(LogicalName='${table}')/Attributes/Microsoft.Dynamics.CRM.${cast}AttributeMetadata${expand}`,
    );
  }
  for (const link of sets) await ask(`definitions ${link}`, "set", link);
  for (const link of [
    "EntityDefinitions(LogicalName='incident')",
    "EntityDefinitions(LogicalName='incident')?$select=LogicalName&$expand=Attributes,Keys,OneToManyRelationships($select=SchemaName)",
    "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='title')",
    "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet",
    "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata/OptionSet",
    "RelationshipDefinitions(SchemaName='Incident_Emails')",
    "RelationshipDefinitions(SchemaName='systemuserroles_association')/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
  ]) {
    await ask(`definition ${link}`, "row", link);
  }
  const names = [
    "LogicalName",
    "SchemaName",
    "EntitySetName",
    "DisplayName",
    "OwnershipType",
    "ObjectTypeCode",
    "Attributes",
    "ManyToOneRelationships",
    "OneToManyRelationships",
    "ManyToManyRelationships",
    "Keys",
  ];
  const query = JSON.stringify({
    Properties: { AllProperties: false, PropertyNames: names },
    Criteria: {
      FilterOperator: "Or",
      Conditions: ["incident", "bot", "systemuser"].map((Value) => ({
        ConditionOperator: "Equals",
        PropertyName: "LogicalName",
        Value: { Type: "System.String", Value },
      })),
    },
    AttributeQuery: { Properties: { AllProperties: true } },
    RelationshipQuery: { Properties: { AllProperties: true } },
    KeyQuery: { Properties: { AllProperties: true } },
  });
  const changes = await ask(
    "metadata changes",
    "row",
    `RetrieveMetadataChanges(Query=@p1)?@p1=${encodeURIComponent(query)}`,
  );
  const since = encodeURIComponent(`'${changes?.ServerVersionStamp}'`);
  const label = (Label) => ({ LocalizedLabels: [{ Label, LanguageCode: 1033 }] });
  const made = {
    "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
    SchemaName: "new_Referee",
    DisplayName: label("Referee"),
    DisplayCollectionName: label("Referees"),
    OwnershipType: "UserOwned",
    HasNotes: true,
    Attributes: [
      {
        "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
        SchemaName: "new_Name",
        IsPrimaryName: true,
        MaxLength: 50,
        DisplayName: label("Name"),
      },
    ],
  };
  await ask("create a table", "none", "EntityDefinitions", { method: "POST", body: made });
  const activity = {
    "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
    SchemaName: "new_Visit",
    DisplayName: label("Visit"),
    DisplayCollectionName: label("Visits"),
    OwnershipType: "UserOwned",
    IsActivity: true,
  };
  await ask("create an activity table", "none", "EntityDefinitions", {
    method: "POST",
    body: activity,
  });
  await ask("create an activity", "row", "new_visits", {
    method: "POST",
    body: { subject: "Visit", new_visit_activity_parties: [{ participationtypemask: 5 }] },
    headers: { prefer: "return=representation" },
  });
  await ask("activities of a new table", "set", "new_visits?$expand=new_visit_activity_parties", {
    headers: ALL,
  });
  await ask("activities of all tables", "set", "activitypointers?$filter=subject eq 'Visit'");
  await ask(
    "changes since",
    "row",
    `RetrieveMetadataChanges(Query=@p1,ClientVersionStamp=@p2)?@p1=${encodeURIComponent(query)}&@p2=${since}`,
  );
  const whole = JSON.stringify({ Properties: { AllProperties: true } });
  await ask(
    "whole definitions changed",
    "row",
    `RetrieveMetadataChanges(Query=@p1,ClientVersionStamp=@p2)?@p1=${encodeURIComponent(whole)}&@p2=${since}`,
  );
}

/** Actions, functions, writes that answer with rows, bulk. */
async function operations(client, ask, incident) {
  const who = await ask("WhoAmI", "row", "WhoAmI");
  await ask("total count", "row", "RetrieveTotalRecordCount(EntityNames=['account','incident'])");
  await ask(
    "user privileges",
    "row",
    `systemusers(${who.UserId})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`,
  );
  await ask(
    "access",
    "row",
    `systemusers(${who.UserId})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=${encodeURIComponent(JSON.stringify({ "@odata.id": `incidents(${incident})` }))}`,
  );
  const { value: roles } = await client.json("roles?$select=roleid&$top=1");
  await ask("role privileges", "row", `RetrieveRolePrivilegesRole(RoleId=${roles[0].roleid})`);
  const { value: queues } = await client.json("queues?$select=queueid&$top=1");
  const { value: open } = await client.json(
    "incidents?$select=incidentid&$filter=statecode eq 0&$top=1",
  );
  await ask(
    "add to queue",
    "row",
    `queues(${queues[0].queueid})/Microsoft.Dynamics.CRM.AddToQueue`,
    {
      method: "POST",
      body: {
        Target: {
          "@odata.type": "Microsoft.Dynamics.CRM.incident",
          incidentid: open[0].incidentid,
        },
      },
    },
  );
  const post = (name, action, body, kind = "row") =>
    ask(name, kind, action, { method: "POST", body });
  await ask("version", "row", "RetrieveVersion()");
  await ask(
    "privileges by name",
    "row",
    `systemusers(${who.UserId})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=["prvReadAccount"]`,
  );
  await ask(
    "privilege by name",
    "row",
    `systemusers(${who.UserId})/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvReadAccount')`,
  );
  const { value: teams } = await client.json("teams?$select=teamid&$top=1");
  await ask(
    "access of a team",
    "row",
    `teams(${teams[0].teamid})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t=${encodeURIComponent(JSON.stringify({ "@odata.id": `incidents(${incident})` }))}`,
  );
  const lead = await client.send("leads", {
    method: "POST",
    body: { lastname: "Referee", companyname: "Referee Ltd.", subject: "Buys" },
  });
  const [, leadId] = /\(([0-9a-f-]{36})\)/.exec(lead.headers.get("odata-entityid"));
  await post(
    "qualify a lead",
    `leads(${leadId})/Microsoft.Dynamics.CRM.QualifyLead`,
    { CreateAccount: true, CreateContact: true, CreateOpportunity: true, Status: -1 },
    "set",
  );
  const { value: notes } = await client.json("annotations?$select=annotationid&$top=1");
  const Target = {
    "@odata.type": "Microsoft.Dynamics.CRM.annotation",
    annotationid: notes[0].annotationid,
    filename: "referee.txt",
    mimetype: "text/plain",
  };
  const upload = await post("upload in blocks", "InitializeAnnotationBlocksUpload", { Target });
  const block = { FileContinuationToken: upload.FileContinuationToken };
  await client.send("UploadBlock", {
    method: "POST",
    body: { ...block, BlockId: "YQ==", BlockData: "YQ==" },
  });
  await post("commit blocks", "CommitAnnotationBlocksUpload", {
    ...block,
    Target,
    BlockList: ["YQ=="],
  });
  const read = await post("download in blocks", "InitializeAnnotationBlocksDownload", { Target });
  await post("a block", "DownloadBlock", {
    Offset: 0,
    BlockLength: 1,
    FileContinuationToken: read.FileContinuationToken,
  });
  await ask("owner's key", "set", "accounts?$select=name&$expand=ownerid($select=ownerid)&$top=2");
  await ask("partition", "set", "msdyn_intentcontexthistories?partitionId='p'&$top=2");
  await ask(
    "shared with",
    "row",
    `RetrieveSharedPrincipalsAndAccess(Target=@t)?@t=${encodeURIComponent(JSON.stringify({ "@odata.id": `incidents(${incident})` }))}`,
  );
  await post("search", "searchquery", { search: "connection", count: true });
  await ask("search status", "row", "searchstatus()");
  await ask("search statistics", "row", "searchstatistics()");
  const Text = "The line drops every night. Restart the box.";
  for (const action of ["AIReply", "AISummarize", "AISentiment"]) {
    await post(action, action, { Text });
  }
  await post("AIClassify", "AIClassify", { Text, Categories: ["Problem", "Question"] });
  await post("AIExtract", "AIExtract", { Text, Entity: "phone number" });
  await post("AITranslate", "AITranslate", { Text, TargetLanguage: "fr" });
  await post("next suggestion", "msdyn_InvokeGetNextSuggestion", { msdyn_incidentId: incident });
  await post(
    "find articles",
    "FullTextSearchKnowledgeArticle",
    {
      SearchText: "connection drops",
      UseInflection: true,
      RemoveDuplicates: true,
      StateCode: 3,
      QueryExpression: {
        "@odata.type": "Microsoft.Dynamics.CRM.QueryExpression",
        EntityName: "knowledgearticle",
        ColumnSet: { "@odata.type": "Microsoft.Dynamics.CRM.ColumnSet", Columns: ["title"] },
      },
    },
    "set",
  );
  const sql = encodeURIComponent(
    "SELECT i.title, i.customerid, i.prioritycode FROM incident i WHERE i.statecode = 0",
  );
  await ask("sql", "set", `incidents?sql=${sql}`);
  await ask("sql annotated", "set", `incidents?sql=${sql}`, { headers: ALL });
  const made = await ask("create and return", "row", "accounts?$select=name,revenue", {
    method: "POST",
    body: { name: "Referee", revenue: 12.5 },
    headers: { prefer: 'return=representation,odata.include-annotations="*"' },
  });
  await ask("update and return", "row", `accounts(${made.accountid})`, {
    method: "PATCH",
    body: { name: "Referee 2" },
    headers: { prefer: "return=representation", "if-match": "*" },
  });
  await ask("create several", "row", "accounts/Microsoft.Dynamics.CRM.CreateMultiple", {
    method: "POST",
    body: { Targets: [{ "@odata.type": "Microsoft.Dynamics.CRM.account", name: "a" }] },
  });
  for (const [name, body] of [
    ["AIReply", { Text: "The router drops." }],
    ["AISummarize", { Text: "The router drops every night." }],
    ["AISentiment", { Text: "Great service." }],
    ["AIClassify", { Text: "Refund please", Categories: ["billing", "other"] }],
    ["AIExtract", { Text: "Call 555-0100", Entity: "phone number" }],
    ["AITranslate", { Text: "Hello", TargetLanguage: "fr" }],
    [
      "InsertOptionValue",
      {
        EntityLogicalName: "incident",
        AttributeLogicalName: "caseorigincode",
        Label: { LocalizedLabels: [{ Label: "Fax", LanguageCode: 1033 }] },
      },
    ],
  ]) {
    await ask(`action ${name}`, "row", name, { method: "POST", body });
  }
}

/** Change tracking: of every table that allows it first answers and empty deltas; then rows made, changed and deleted. */
async function changes(client, ask) {
  const { value: definitions } = await client.json(
    "EntityDefinitions?$select=EntitySetName&$filter=ChangeTrackingEnabled eq true",
  );
  for (const { EntitySetName: set } of definitions) {
    const all = await ask(`tracked ${set}`, "set", set, { headers: TRACKED });
    await ask(`no changes of ${set}`, "delta", all["@odata.deltaLink"]);
  }
  const links = {};
  for (const table of [
    "accounts",
    "contacts?$select=fullname,_parentcustomerid_value,versionnumber",
  ]) {
    const all = await ask(`tracked ${table}`, "set", table, { headers: TRACKED });
    links[table] = all["@odata.deltaLink"];
  }
  const ids = [];
  for (let at = 0; at < 5; at++) {
    const made = await client.send("accounts", {
      method: "POST",
      body: { name: `Later ${at}`, revenue: at, primarycontactid: { lastname: `Later ${at}` } },
      headers: { prefer: "return=representation" },
    });
    ids.push(await made.json());
  }
  for (const { accountid, _primarycontactid_value: contact } of ids.slice(0, 3)) {
    await client.send(`accounts(${accountid})`, { method: "DELETE" });
    await client.send(`contacts(${contact})`, { method: "DELETE" });
  }
  for (const [table, link] of Object.entries(links)) {
    const delta = await ask(`delta ${table}`, "delta", link);
    const gone = delta.value.filter((row) => row.reason === "deleted");
    if (gone.length !== 3 || delta.value.length !== 5)
      throw new Error(`The changes of ${table} are others: ${JSON.stringify(delta)}`);
    await ask(`delta annotated ${table}`, "delta", link, { headers: ALL });
    let next = link;
    for (let page = 1; next !== undefined; page++) {
      const answer = await ask(`delta ${table}, page ${page}`, "delta", next, {
        headers: { prefer: 'odata.maxpagesize=2,odata.include-annotations="*"' },
      });
      next = answer["@odata.nextLink"];
    }
    await ask(`changes counted ${table}`, "value", link.replace("?", "/$count?"));
  }
}

/** Refusals of many kinds, plain and with their details. */
async function refusals(_client, ask, incident) {
  const none = "0f0f0f0f-0000-4000-8000-000000000000";
  const requests = [
    ["no row", `incidents(${none})`],
    ["no set", "nonsenses"],
    ["no column", "incidents?$select=nonsense"],
    ["bad filter", "incidents?$filter=title eq"],
    ["skip", "incidents?$skip=1"],
    ["no definition", "EntityDefinitions(LogicalName='nonsense')"],
    [
      "wrong cast",
      "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='title')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
    ],
    ["expired stamp", "RetrieveMetadataChanges(Query=@p1,ClientVersionStamp=@p2)?@p1={}&@p2='1!x'"],
    ["bad body", "incidents", { method: "POST", body: { nonsense: 1 } }],
    ["no customer", "incidents", { method: "POST", body: { title: "x" } }],
    [
      "stale",
      `incidents(${incident})`,
      { method: "PATCH", body: { title: "x" }, headers: { "if-match": 'W/"1"' } },
    ],
    [
      "exists",
      `incidents(${incident})`,
      { method: "PATCH", body: { title: "x" }, headers: { "if-none-match": "*" } },
    ],
    ["managed", "EntityDefinitions(LogicalName='incident')", { method: "DELETE" }],
    ["prefix", "EntityDefinitions", { method: "POST", body: { SchemaName: "x" } }],
    [
      "method",
      "EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='title')",
      { method: "PATCH", body: {} },
    ],
    ["expired link", "accounts?$deltatoken=1!01/01/2020 00:00:00"],
    ["no link", "accounts?$deltatoken=nonsense"],
    ["tracked and filtered", "accounts?$filter=name eq 'a'", { headers: TRACKED }],
    ["not tracked", "solutioncomponents", { headers: TRACKED }],
    ["no user", "incidents", { headers: { callerobjectid: none } }],
  ];
  for (const [name, link, options = {}] of requests) {
    await ask(`refusal ${name}`, "error", link, options);
    await ask(`refusal ${name} annotated`, "error", link, {
      ...options,
      headers: {
        ...options.headers,
        prefer: [options.headers?.prefer, ALL.prefer].filter(Boolean).join(","),
      },
    });
  }
}

async function batches(client, ask, incident) {
  const part = (method, link, body) =>
    [
      "Content-Type: application/http",
      "Content-Transfer-Encoding: binary",
      "",
      `${method} ${client.root}${link} HTTP/1.1`,
      "Accept: application/json",
      ...(body
        ? ["Content-Type: application/json; type=entry", "", JSON.stringify(body)]
        : ["", ""]),
    ].join("\r\n");
  const inner = (id, text) => `--c1\r\n${text.replace("binary", `binary\r\nContent-ID: ${id}`)}`;
  const text = [
    "--b1",
    part("GET", `incidents(${incident})?$select=title`),
    "--b1",
    part("GET", "accounts?$top=2"),
    "--b1",
    part("GET", "nonsenses"),
    "--b1",
    "Content-Type: multipart/mixed; boundary=c1",
    "",
    inner(1, part("POST", "accounts", { name: "In a change set" })),
    inner(2, part("POST", "contacts", { lastname: "In a change set" })),
    "--c1--",
    "--b1--",
    "",
  ].join("\r\n");
  await ask("batch", "batch", "$batch", {
    method: "POST",
    raw: text,
    headers: { "content-type": "multipart/mixed; boundary=b1", prefer: "odata.continue-on-error" },
  });
}

/** Gathers everything; `ask(name, kind, link, options)` keeps the answer for the referee and gives its JSON back. */
export async function gather(client, ask) {
  await ask("service document", "service", "");
  await tables(client, ask);
  const incident = await queries(client, ask);
  await aliased(client, ask);
  await definitions(client, ask);
  await operations(client, ask, incident);
  await changes(client, ask);
  await batches(client, ask, incident);
  await refusals(client, ask, incident);
}
