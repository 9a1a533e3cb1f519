import assert from "node:assert/strict";
import { need, rowsOf } from "./mcp-tools.mjs";

/** Rows, queries, links, batches, changes, files and search once more, with every argument that the tools know. */

const someCase = "1c000000-0000-4000-8000-000000000003";
const representative = "0a000000-0000-4000-8000-000000000001";
const manager = "0a000000-0000-4000-8000-000000000002";
const pause = () => new Promise((done) => setTimeout(done, 1_100));

export async function checkVariants(tools) {
  await queries(tools);
  await writes(tools);
  await changes(tools);
  await files(tools);
  await searches(tools);
}

async function queries({ call, run, step, holds }) {
  const everything = { formattedValues: true, keepODataAnnotations: true, compact: false };
  await run(
    "query",
    {
      entitySetName: "incidents",
      select: ["title", "prioritycode", "_customerid_value"],
      filter: "prioritycode eq 2 and contains(title,'e')",
      orderby: "title asc,createdon desc",
      expand: "primarycontactid($select=fullname),incident_parent_incident($select=title)",
      top: 3,
      count: true,
      ...everything,
    },
    "Normal",
    "_customerid_value",
  );
  await run(
    "query",
    {
      entitySetName: "activitypointers",
      select: ["subject", "activitytypecode"],
      filter: "activitytypecode eq 'email'",
      top: 2,
      compact: true,
    },
    "subject",
  );
  await run(
    "query",
    {
      entitySetName: "incidents",
      apply:
        "filter(statecode eq 0)/groupby((_ownerid_value,statuscode),aggregate(incidentid with countdistinct as n))",
    },
    '"n"',
  );
  await run(
    "query",
    {
      entitySetName: "accounts",
      filter:
        "incident_customer_accounts/any(i:i/statecode eq 0) and Microsoft.Dynamics.CRM.LastXYears(PropertyName='createdon',PropertyValue=30)",
      select: ["name"],
      top: 2,
    },
    "name",
  );
  const fetchXml =
    '<fetch count="9"><entity name="incident"><attribute name="title"/><order attribute="createdon"/></entity></fetch>';
  await run("execute_fetchxml", { fetchXml, entitySetName: "incidents", ...everything }, "title");
  await run("execute_fetchxml", { fetchXml }, "title");
  await run(
    "execute_fetchxml",
    {
      entitySetName: "incidents",
      fetchXml:
        '<fetch aggregate="true"><entity name="incident"><attribute name="incidentid" alias="n" aggregate="count"/><attribute name="statecode" alias="s" groupby="true"/></entity></fetch>',
      formattedValues: true,
    },
    '"n"',
  );
  await run(
    "execute_fetchxml",
    {
      fetchAll: true,
      fetchXml:
        '<fetch><entity name="contact"><attribute name="fullname"/><link-entity name="account" from="accountid" to="parentcustomerid" alias="a" link-type="outer"><attribute name="name"/></link-entity></entity></fetch>',
    },
    "a.name",
  );
  await run(
    "fetchxml_workbench_execute",
    {
      entitySetName: "contacts",
      fetchAll: true,
      compact: false,
      fetchXml: '<fetch><entity name="contact"><attribute name="fullname"/></entity></fetch>',
    },
    "fullname",
  );
  await step("retrieve_multiple_with_paging, all options", async () => {
    const data = await call("retrieve_multiple_with_paging", {
      entitySetName: "contacts",
      select: ["fullname", "_parentcustomerid_value"],
      filter: "statecode eq 0",
      orderby: "fullname desc",
      expand: "parentcustomerid_account($select=name)",
      maxTotal: 25,
      ...everything,
    });
    holds(data, "fullname", "parentcustomerid_account");
    assert.equal(rowsOf(data).length, 25);
  });
  await run(
    "get",
    {
      entitySetName: "incidents",
      id: someCase,
      select: ["title", "statuscode"],
      expand: "ownerid,Incident_Emails($select=subject;$top=2)",
      formattedValues: true,
      compact: false,
    },
    "title",
  );
  await run("table_browser_get_rows", { entitySetName: "accounts" }, "name");
  await run("whoami", {}, "userId");
}

async function writes({ call, idIn, run, step, holds }) {
  const create = (entitySetName, data) =>
    step(`create in ${entitySetName}`, async () =>
      idIn(await call("create", { entitySetName, data }), "(?:id|\\w+id)"),
    );
  const parent = await create("accounts", { name: "Variants Ltd.", revenue: 12.5 });
  const contact = await create("contacts", {
    firstname: "Vera",
    lastname: "Variant",
    "parentcustomerid_account@odata.bind": `/accounts(${parent})`,
  });
  const ticket = await create("incidents", {
    title: "Made from outside",
    "customerid_account@odata.bind": `/accounts(${parent})`,
    "primarycontactid@odata.bind": `/contacts(${contact})`,
    prioritycode: 1,
    caseorigincode: 2,
  });
  // Of an activity this client looks for the id under a name that it has not.
  await run(
    "create",
    {
      entitySetName: "phonecalls",
      data: {
        subject: "Called",
        "regardingobjectid_incident_phonecall@odata.bind": `/incidents(${ticket})`,
      },
    },
    "created",
  );
  await step("the activity is there", async () =>
    holds(
      await call("query_associations", {
        entitySetName: "incidents",
        id: ticket,
        navigationProperty: "Incident_Phonecalls",
        select: "subject",
      }),
      "Called",
    ),
  );
  await step("update with an etag", async () => {
    const row = await call("get", { entitySetName: "accounts", id: parent, compact: false });
    const etag = /"@odata\.etag":"(W\/\\"\d+\\")"/.exec(JSON.stringify(row))?.[1];
    assert.ok(etag, "the row has no etag");
    const arguments_ = { entitySetName: "accounts", id: parent, data: { fax: "1" } };
    await call("update", { ...arguments_, etag: JSON.parse(`"${etag}"`) });
    await assert.rejects(
      () => call("update", { ...arguments_, etag: JSON.parse(`"${etag}"`) }),
      /0x80060882|412|match/i,
    );
  });
  await run("upsert", {
    entitySetName: "systemusers",
    alternateKeys: { azureactivedirectoryobjectid: "0b000000-0000-4000-8000-000000000001" },
    data: { jobtitle: "Senior representative" },
  });
  await run("batch_execute", {
    requests: [
      {
        method: "POST",
        url: "EntityDefinitions(LogicalName='account')/Keys",
        body: {
          SchemaName: "new_NumberKey",
          DisplayName: { LocalizedLabels: [{ Label: "Number", LanguageCode: 1033 }] },
          KeyAttributes: ["accountnumber"],
        },
      },
    ],
  });
  await run("get_entity_key", { tableName: "account" }, "accountnumber");
  for (const mode of ["createOnly", "updateOnly", "upsert"])
    await run("upsert", {
      entitySetName: "accounts",
      alternateKey: "accountnumber",
      alternateKeyValue: "A1",
      data: { name: `By key, ${mode}` },
      mode,
    });
  await run("assign", {
    entitySetName: "incidents",
    id: ticket,
    ownerType: "systemuser",
    ownerId: manager,
  });
  const teams = await call("list_teams", { top: 5, teamType: 0, compact: false });
  const team = idIn(teams, "(?:teamid|id)");
  await run("assign", { entitySetName: "incidents", id: ticket, ownerType: "team", ownerId: team });
  await step("the owner is a team", async () =>
    holds(
      await call("get", { entitySetName: "incidents", id: ticket, select: ["_ownerid_value"] }),
      team,
    ),
  );
  const link = { entitySetName: "contacts", id: contact };
  const lead = await create("leads", { lastname: "Lead", companyname: "Variants", subject: "S" });
  await run("associate", {
    ...link,
    relationshipName: "contactleads_association",
    relatedEntitySetName: "leads",
    relatedId: lead,
  });
  await run(
    "query_associations",
    {
      ...link,
      navigationProperty: "contactleads_association",
      select: "subject,lastname",
      filter: "lastname eq 'Lead'",
      compact: false,
    },
    "Lead",
  );
  await run("disassociate", {
    ...link,
    relationshipName: "contactleads_association",
    relatedId: lead,
    relatedEntitySetName: "leads",
    confirm: true,
  });
  // A lookup's own navigation property has one row to leave, so none is named.
  await run("disassociate", {
    entitySetName: "incidents",
    id: ticket,
    relationshipName: "primarycontactid",
    confirm: true,
  });
  await step("the lookup is empty", async () => {
    const row = await call("get", {
      entitySetName: "incidents",
      id: ticket,
      select: ["_primarycontactid_value", "title"],
    });
    assert.ok(!JSON.stringify(row).includes(contact));
  });
  await step("batch_execute, mixed with a change set", async () => {
    const data = await call("batch_execute", {
      useChangeset: true,
      requests: [
        { method: "GET", url: `accounts(${parent})?$select=name` },
        { method: "POST", url: "contacts", body: { lastname: "Batched" } },
        { method: "PATCH", url: `contacts(${contact})`, body: { jobtitle: "Batched" } },
        { method: "DELETE", url: `leads(${lead})` },
      ],
    });
    holds(data, "Variants Ltd.");
  });
  await step("batch_execute, one part refused", () =>
    assert.rejects(
      () =>
        call("batch_execute", {
          requests: [
            { method: "GET", url: "accounts?$top=1&$select=name" },
            { method: "GET", url: "nonsenses" },
          ],
        }),
      /404/,
    ),
  );
  await run("batch_execute", {
    requests: [
      {
        method: "POST",
        url: `accounts(${parent})/contact_customer_accounts/$ref`,
        body: {
          "@odata.id": `https://embedded.crm.dynamics.com/api/data/v9.2/contacts(${contact})`,
        },
      },
      { method: "PATCH", url: `accounts(${parent})`, body: { telephone1: "1" } },
    ],
  });
  await step("batch_execute, a failed change set leaves nothing", async () => {
    await assert.rejects(
      () =>
        call("batch_execute", {
          useChangeset: true,
          requests: [
            { method: "POST", url: "accounts", body: { name: "Rolled back" } },
            { method: "POST", url: "accounts", body: { nonsense: 1 } },
          ],
        }),
      /400/,
    );
    const rows = rowsOf(
      await call("query", {
        entitySetName: "accounts",
        select: ["name"],
        filter: "name eq 'Rolled back'",
      }),
    );
    assert.deepEqual(rows, []);
  });
  const other = await create("accounts", { name: "Variants GmbH" });
  await run("merge_records", {
    entityLogicalName: "account",
    entitySetName: "accounts",
    targetId: parent,
    subordinateId: other,
    updateContent: { telephone2: "2" },
    performParentingChecks: true,
    confirm: true,
  });
  await run(
    "detect_duplicates",
    { entityLogicalName: "contact", record: { lastname: "Variant", firstname: "Vera" } },
    "Variant",
  );
  await run("create_annotation", {
    recordId: ticket,
    entitySetName: "incidents",
    subject: "With a file",
    noteText: "See the file.",
    fileName: "note.txt",
    mimeType: "text/plain",
    documentBody: Buffer.from("content").toString("base64"),
  });
  await run(
    "get_annotations",
    { recordId: ticket, includeContent: true, mimeTypeFilter: "text/plain", compact: false },
    "note.txt",
    Buffer.from("content").toString("base64"),
  );
  for (const principalType of ["systemuser", "team"]) {
    const principalId = principalType === "team" ? team : representative;
    const share = { entitySetName: "incidents", recordId: ticket, principalId, principalType };
    await run("grant_access", {
      ...share,
      accessRights: [
        "ReadAccess",
        "WriteAccess",
        "AppendAccess",
        "AppendToAccess",
        "AssignAccess",
        "ShareAccess",
        "DeleteAccess",
      ],
    });
    await run("check_record_access", share, "Read");
    await run("revoke_access", share);
  }
  const qualified = await create("leads", {
    lastname: "Good",
    companyname: "Good Ltd.",
    subject: "Buys",
  });
  await run(
    "execute_bound_action",
    {
      entitySetName: "leads",
      id: qualified,
      actionName: "QualifyLead",
      parameters: { CreateAccount: true, CreateContact: true, CreateOpportunity: true, Status: 3 },
    },
    "accountid",
    "contactid",
    "opportunityid",
  );
  await run(
    "execute_function",
    { functionName: "RetrieveTotalRecordCount", parameters: { EntityNames: ["account"] } },
    "account",
  );
  await run(
    "execute_bound_function",
    {
      entitySetName: "systemusers",
      id: representative,
      functionName: "RetrieveUserPrivilegeByPrivilegeName",
      parameters: { PrivilegeName: "prvReadIncident" },
    },
    "RolePrivileges",
  );
  await run("delete", { entitySetName: "incidents", id: ticket, confirm: true });
  await step("the row is gone", () =>
    assert.rejects(
      () => call("get", { entitySetName: "incidents", id: ticket }),
      /0x80040217|does not exist/i,
    ),
  );
}

/** The whole round of change tracking by this client's own token. */
async function changes({ call, step, idIn }) {
  await step("change_detection, round", async () => {
    const first = await call("change_detection", {
      entitySetName: "accounts",
      deltaToken: null,
      select: ["name"],
      compact: false,
    });
    const token = need(first, "nextDeltaToken");
    const made = idIn(
      await call("create", { entitySetName: "accounts", data: { name: "Later" } }),
      "(?:id|accountid)",
    );
    const gone = idIn(
      await call("create", { entitySetName: "accounts", data: { name: "Later, and gone" } }),
      "(?:id|accountid)",
    );
    await call("delete", { entitySetName: "accounts", id: gone, confirm: true });
    const next = await call("change_detection", {
      entitySetName: "accounts",
      deltaToken: token,
      select: ["name"],
    });
    const text = JSON.stringify(next);
    assert.ok(text.includes(made) && text.includes(gone), text.slice(0, 400));
    assert.notEqual(need(next, "nextDeltaToken"), token);
  });
}

/** A file column, which this client can only make in a batch, by the tools for files and by blocks. */
async function files({ call, run, step, idIn, holds }) {
  await run("create_table", {
    schemaName: "new_Drawer",
    displayName: "Drawer",
    displayCollectionName: "Drawers",
  });
  await run("batch_execute", {
    requests: [
      {
        method: "POST",
        url: "EntityDefinitions(LogicalName='new_drawer')/Attributes",
        body: {
          "@odata.type": "Microsoft.Dynamics.CRM.FileAttributeMetadata",
          SchemaName: "new_Sheet",
          DisplayName: { LocalizedLabels: [{ Label: "Sheet", LanguageCode: 1033 }] },
        },
      },
    ],
  });
  const drawer = await step("create a row for a file", async () =>
    idIn(
      await call("create", { entitySetName: "new_drawers", data: { new_drawer_name: "D" } }),
      "(?:id|new_drawerid)",
    ),
  );
  const place = { entitySetName: "new_drawers", recordId: drawer, columnName: "new_sheet" };
  await run("upload_file_column", {
    ...place,
    fileContent: Buffer.from("From outside").toString("base64"),
    fileName: "sheet.txt",
  });
  await run("download_file_column", place);
  await step("a file in blocks", async () => {
    const action = async (actionName, parameters) => {
      const data = await call("execute_action", { actionName, parameters });
      return data.result ?? data;
    };
    const Target = { "@odata.type": "Microsoft.Dynamics.CRM.new_drawer", new_drawerid: drawer };
    const of = { Target, FileAttributeName: "new_sheet" };
    const token = (answer) => /"FileContinuationToken":"([^"]+)"/.exec(JSON.stringify(answer))[1];
    const begun = token(await action("InitializeFileBlocksUpload", { ...of, FileName: "b.txt" }));
    const BlockId = Buffer.from("block-1").toString("base64");
    const BlockData = Buffer.from("In blocks").toString("base64");
    await action("UploadBlock", { BlockId, BlockData, FileContinuationToken: begun });
    const done = await action("CommitFileBlocksUpload", {
      FileName: "b.txt",
      MimeType: "text/plain",
      BlockList: [BlockId],
      FileContinuationToken: begun,
    });
    const read = token(await action("InitializeFileBlocksDownload", of));
    holds(
      await action("DownloadBlock", { Offset: 0, BlockLength: 100, FileContinuationToken: read }),
      BlockData,
    );
    await action("DeleteFile", { FileId: idIn(done, "FileId") });
  });
  await run("execute_action", { actionName: "PublishAllXml" });
}

async function searches({ call, run, step, holds }) {
  await pause();
  await run("search", { query: "connection", entities: ["incident", "knowledgearticle"], top: 3 });
  await pause();
  await step("search, every option", async () => {
    const data = await call("search", {
      query: "connection OR router",
      searchType: "full",
      searchMode: "all",
      entities: ["incident"],
      select: ["title", "createdon"],
      filter: "statecode eq 0",
      facets: ["statecode,count:10"],
      orderby: ["@search.score desc", "createdon desc"],
      top: 5,
      compact: false,
    });
    holds(data, "results");
  });
  await pause();
}
