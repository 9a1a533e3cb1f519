import assert from "node:assert/strict";
import { rowsOf } from "./mcp-tools.mjs";

/** Definitions, processes, settings and rights once more, with every argument that the tools know. */

const representative = "0a000000-0000-4000-8000-000000000001";
const someCase = "1c000000-0000-4000-8000-000000000003";

export async function checkAdministration(tools) {
  await definitions(tools);
  await schema(tools);
  await processes(tools);
  await settings(tools);
  await rights(tools);
  await ownTools(tools);
}

async function definitions({ run, step, call }) {
  await run("list_tables", {});
  await run("list_tables", { includeSystemTables: true, verbose: true }, '"account"');
  for (const logicalName of ["account", "systemuser", "activitypointer", "knowledgearticle"]) {
    await run("get_table_metadata", { logicalName }, logicalName);
    await run("get_table_metadata", { logicalName, includeAttributes: false, verbose: true });
    await run("schema_explorer_get_entity", { logicalName }, logicalName);
  }
  for (const relationshipType of ["OneToMany", "ManyToOne", "ManyToMany"])
    await run("get_relationships", { logicalName: "contact", relationshipType }, "contact");
  await step("get_option_set", async () => {
    const sets = rowsOf(await call("list_global_option_sets", {}));
    const name = sets[0]?.Name ?? sets[0]?.name;
    assert.ok(name, "there are no shared choices");
    const data = await call("get_option_set", { name });
    assert.ok(JSON.stringify(data).includes(name));
  });
  for (const attributeLogicalName of ["statecode", "statuscode", "prioritycode"])
    await run("get_attribute_option_set", { entityLogicalName: "incident", attributeLogicalName });
  for (const name of ["account", "accounts"]) await run("resolve_entity_name", { name }, "account");
  await run("get_entity_key", { tableName: "account" });
  await run("fetchxml_workbench_list_attributes", { entityLogicalName: "email" }, "subject");
}

async function schema({ run, step, call, idIn }) {
  await run("create_web_resource", {
    name: "new_pump.svg",
    displayName: "Pump",
    webResourceType: "SVG",
    contentBase64: "PHN2Zy8+",
    description: "A pump",
  });
  await run("create_table", {
    schemaName: "new_Pump",
    displayName: "Pump",
    displayCollectionName: "Pumps",
    description: "What moves water.",
    ownershipType: "OrganizationOwned",
    hasNotes: true,
    hasActivities: true,
    isAuditEnabled: true,
    primaryNameColumnSchemaName: "new_Title",
    primaryNameColumnDisplayName: "Title",
    iconVectorName: "new_pump.svg",
  });
  const common = { entityLogicalName: "new_pump", confirm: true };
  const options = [
    { value: 100000000, label: "Red" },
    { value: 100000001, label: "Blue" },
  ];
  for (const [attributeType, more] of [
    ["String", { maxLength: 20, requiredLevel: "ApplicationRequired", description: "Text" }],
    ["Memo", { maxLength: 5000, requiredLevel: "Recommended" }],
    ["Integer", { minValue: -5, maxValue: 5 }],
    ["Decimal", { precision: 3, minValue: 0, maxValue: 1 }],
    ["Money", { precision: 4, minValue: 0, maxValue: 100 }],
    ["DateTime", { dateTimeFormat: "DateAndTime" }],
    ["Boolean", { defaultBooleanValue: false }],
    ["Picklist", { picklistOptions: options }],
    ["MultiSelectPicklist", { picklistOptions: options }],
    ["AutoNumber", { autoNumberFormat: "P-{SEQNUM:4}", maxLength: 50 }],
    ["Image", {}],
  ])
    await run("create_attribute", {
      ...common,
      schemaName: `new_${attributeType}2`,
      attributeType,
      displayName: `A ${attributeType}`,
      languageCode: 1033,
      autoPublish: true,
      ...more,
    });
  const pump = await step("create in a new table", async () =>
    idIn(
      await call("create", {
        entitySetName: "new_pumps",
        data: {
          new_title: "P",
          new_string2: "s",
          new_memo2: "m",
          new_integer2: 3,
          new_decimal2: 0.5,
          new_money2: 9.99,
          new_datetime2: "2026-01-02T03:04:05Z",
          new_boolean2: true,
          new_picklist2: 100000001,
          new_multiselectpicklist2: "100000000,100000001",
        },
      }),
      "(?:id|new_pumpid)",
    ),
  );
  await run("get", { entitySetName: "new_pumps", id: pump }, "P-1000", "100000000,100000001");
  await run("create_annotation", { recordId: pump, entitySetName: "new_pumps", noteText: "n" });
  await run("update_attribute", {
    ...common,
    attributeLogicalName: "new_string2",
    displayName: "Serial number",
    description: "Engraved",
    requiredLevel: "None",
    maxLength: 60,
    isSearchable: true,
    languageCode: 1033,
    autoPublish: true,
  });
  await run(
    "get_attribute_option_set",
    {
      entityLogicalName: "new_pump",
      attributeLogicalName: "new_multiselectpicklist2",
    },
    "Blue",
  );
  for (const [schemaName, cascadeConfiguration, referencedEntity] of [
    ["new_OwnerAccount", "Referential", "account"],
    ["new_Case", "Parental", "incident"],
  ])
    await run("create_lookup_attribute", {
      ...common,
      schemaName,
      displayName: schemaName,
      description: "Where it belongs",
      referencedEntity,
      requiredLevel: "Recommended",
      languageCode: 1033,
      cascadeConfiguration,
      autoPublish: true,
    });
  for (const cascadeDelete of ["Cascade", "RemoveLink", "Restrict"])
    await run("create_relationship", {
      type: "OneToMany",
      schemaName: `new_product_new_pump_${cascadeDelete}`,
      referencedEntity: "product",
      referencingEntity: "new_pump",
      referencingAttributeSchemaName: `new_Product${cascadeDelete}`,
      referencingAttributeDisplayName: "Product",
      cascadeDelete,
    });
  await run("create_relationship", {
    type: "ManyToMany",
    schemaName: "new_pump_contact",
    entity1LogicalName: "new_pump",
    entity2LogicalName: "contact",
  });
  await run("update_entity", {
    ...common,
    hasNotes: true,
    changeTrackingEnabled: true,
    isAuditEnabled: false,
    autoPublish: true,
  });
  await run("change_detection", { entitySetName: "new_pumps", deltaToken: null });
  await run("set_table_icon", {
    ...common,
    iconVectorName: "",
    iconLargeName: "new_large.png",
    iconMediumName: "new_medium.png",
    autoPublish: true,
  });
  await run("upload_file_column", {
    entitySetName: "new_pumps",
    recordId: pump,
    columnName: "new_image2",
    fileContent: Buffer.from("GIF89a").toString("base64"),
    fileName: "a.gif",
  });
  await run("download_file_column", {
    entitySetName: "new_pumps",
    recordId: pump,
    columnName: "new_image2",
  });
  await step("retrieve_dependencies_for_delete", async () => {
    const table = idIn(
      await call("get_table_metadata", { logicalName: "new_pump", verbose: true }),
      "MetadataId",
    );
    await call("retrieve_dependencies_for_delete", { componentType: 1, objectId: table });
    const whole = JSON.stringify(
      await call("get_table_metadata", {
        logicalName: "new_pump",
        includeAttributes: true,
        verbose: true,
      }),
    );
    const [, column] =
      /"LogicalName":"new_case"[^{}]*?"MetadataId":"([0-9a-f-]{36})"/.exec(whole) ??
      /"MetadataId":"([0-9a-f-]{36})"[^{}]*?"LogicalName":"new_case"/.exec(whole) ??
      [];
    if (column !== undefined)
      await call("retrieve_dependencies_for_delete", { componentType: 2, objectId: column });
  });
  await run("delete_attribute", {
    ...common,
    attributeLogicalName: "new_decimal2",
    autoPublish: true,
  });
  await run("publish_customizations", {});
  await run("publish_customizations", {
    components: {
      entities: ["new_pump", "account"],
      webResources: ["new_pump.svg"],
      optionSets: ["incident_caseorigincode"],
    },
  });
}

async function processes({ run, step, call, idIn }) {
  await step("set_workflow_state", async () => {
    const id = idIn(
      await call("create", {
        entitySetName: "workflows",
        data: { name: "From outside", category: 0, type: 1, primaryentity: "account", scope: 4 },
      }),
      "(?:id|workflowid)",
    );
    for (const activate of [true, false])
      await call("set_workflow_state", { workflowId: id, activate });
    await call("get_workflow", { workflowId: id, compact: false });
  });
  await run(
    "list_workflows",
    { category: 0, nameContains: "outside", top: 5, compact: false },
    "From outside",
  );
  await run("list_dependencies", {
    tableName: "account",
    componentType: [
      "Workflow",
      "Flow",
      "BusinessRule",
      "Action",
      "BusinessProcessFlow",
      "Plugin",
      "CustomAPI",
    ],
  });
  await run("list_custom_actions", { top: 5, nameFilter: "Close" });
  await run("list_plugin_steps", { top: 5, activeOnly: false, entityLogicalName: "account" });
  await run("get_plugin_trace_logs", {
    tail: 5,
    pluginTypeFilter: "My",
    messageFilter: "Update",
    entityFilter: "account",
    exceptionsOnly: true,
    compact: false,
  });
  await run("plugin_trace_viewer_get_logs", {
    tail: 5,
    exceptionsOnly: true,
    entityFilter: "account",
    pluginFilter: "My",
  });
  await run("get_workflow_trace_logs", {
    tail: 5,
    failedOnly: true,
    entityFilter: "account",
    compact: false,
  });
  await run("get_audit_log", {
    recordId: someCase,
    entityLogicalName: "incident",
    userId: representative,
    fromDate: "2026-01-01T00:00:00Z",
    operations: ["Create", "Update", "Delete"],
    top: 10,
    compact: false,
  });
  await run("get_audit_log", { entityLogicalName: "account" });
}

async function settings({ run }) {
  await run("list_connection_references", { connectorId: "shared", activeOnly: true, top: 5 });
  for (const [type, value] of [
    ["Integer", "5"],
    ["Boolean", "yes"],
    ["JSON", "{}"],
  ]) {
    const schemaName = `new_setting_${type}`;
    await run("create_environment_variable", {
      schemaName,
      displayName: schemaName,
      type,
      value,
      description: "d",
      defaultValue: value,
      confirm: true,
    });
    await run("get_environment_variable", { schemaName }, schemaName);
  }
  await run("create_sitemap", {
    sitemapName: "Outside",
    areas: [
      {
        id: "area1",
        title: "Area",
        groups: [
          {
            title: "Group",
            subareas: [
              { entityLogicalName: "account", title: "Accounts" },
              { url: "https://example.com", title: "Web" },
            ],
          },
        ],
      },
    ],
  });
  for (const webResourceType of ["PNG", "JPG", "GIF", "ICO"])
    await run("create_web_resource", {
      name: `new_picture.${webResourceType.toLowerCase()}`,
      displayName: "Picture",
      webResourceType,
      contentBase64: "AAAA",
    });
  await run("list_views", { entityLogicalName: "account", includePersonal: true, compact: false });
}

async function rights({ run, step, call, idIn }) {
  await run("list_users", { search: "Lindholm", compact: false }, "Avery Lindholm");
  await run("list_users", { includeDisabled: true, includeApplicationUsers: true, top: 50 });
  const units = await call("list_business_units", { includeDisabled: true, compact: false });
  const businessUnitId = idIn(units, "(?:businessunitid|id)");
  await run("list_users", { businessUnitId });
  await run("list_roles", { nameContains: "Manager", businessUnitId, compact: false });
  await run("list_teams", { teamType: 0 });
  await run("list_teams", { teamType: 1, compact: false });
  await run("get_user_roles", { userId: representative, compact: false });
  await run("rbac_inspector_list_users", { search: "Lindholm" }, "Lindholm");
  await step("rbac_inspector_get_profile_permissions", async () => {
    const profileId = idIn(
      await call("create", { entitySetName: "fieldsecurityprofiles", data: { name: "Outside" } }),
      "(?:id|fieldsecurityprofileid)",
    );
    await call("create", {
      entitySetName: "fieldpermissions",
      data: {
        entityname: "account",
        attributelogicalname: "revenue",
        canread: 4,
        cancreate: 0,
        canupdate: 0,
        "fieldsecurityprofileid@odata.bind": `/fieldsecurityprofiles(${profileId})`,
      },
    });
    const data = await call("rbac_inspector_get_profile_permissions", { profileId });
    assert.ok(JSON.stringify(data).includes("revenue"));
  });
  await run(
    "impersonate",
    {
      callerId: representative,
      toolName: "dataverse_query",
      toolArgs: { entitySetName: "incidents", select: ["title"], top: 1 },
    },
    "title",
  );
}

/** Tools that only talk of the client itself. */
async function ownTools({ run }) {
  await run("list_guides", {});
  await run("get_guide", { name: "query_data" });
  await run("suggest_tools", { intent: "close a case" });
  await run("list_tool_tags", {});
  await run("open_table_browser", { tableName: "account", top: 5 });
  await run("open_fetchxml_workbench", {});
  await run("open_plugin_trace_viewer", { exceptionsOnly: true });
  await run("open_schema_explorer", {});
  await run("open_rbac_inspector", {});
}
