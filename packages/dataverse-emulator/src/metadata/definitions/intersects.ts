import type { AttributeDefinition, ManyToManyDefinition } from "../../model";
import { metadataIdOf } from "../ids";
import type { ParsedTable } from "./parse";

interface Link {
  schemaName: string;
  intersect: string;
  one: string;
  other: string;
}

/** The many-to-many relationships between shipped tables. The id columns are the tables' primary ids. */
const LINKS: readonly Link[] = [
  {
    schemaName: "systemuserroles_association",
    intersect: "systemuserroles",
    one: "systemuser",
    other: "role",
  },
  {
    schemaName: "teammembership_association",
    intersect: "teammembership",
    one: "team",
    other: "systemuser",
  },
  { schemaName: "teamroles_association", intersect: "teamroles", one: "team", other: "role" },
  {
    schemaName: "roleprivileges_association",
    intersect: "roleprivileges",
    one: "role",
    other: "privilege",
  },
  {
    schemaName: "systemuserprofiles_association",
    intersect: "systemuserprofiles",
    one: "systemuser",
    other: "fieldsecurityprofile",
  },
  {
    schemaName: "teamprofiles_association",
    intersect: "teamprofiles",
    one: "team",
    other: "fieldsecurityprofile",
  },
  {
    schemaName: "queuemembership_association",
    intersect: "queuemembership",
    one: "queue",
    other: "systemuser",
  },
  {
    schemaName: "knowledgearticle_category",
    intersect: "knowledgearticlescategories",
    one: "knowledgearticle",
    other: "category",
  },
  {
    schemaName: "product_entitlement_association",
    intersect: "entitlementproducts",
    one: "product",
    other: "entitlement",
  },
  {
    schemaName: "entitlementcontacts_association",
    intersect: "entitlementcontacts",
    one: "entitlement",
    other: "contact",
  },
  {
    schemaName: "servicecontractcontacts_association",
    intersect: "servicecontractcontacts",
    one: "contract",
    other: "contact",
  },
  {
    schemaName: "accountleads_association",
    intersect: "accountleads",
    one: "account",
    other: "lead",
  },
  {
    schemaName: "contactleads_association",
    intersect: "contactleads",
    one: "contact",
    other: "lead",
  },
  {
    schemaName: "leadproduct_association",
    intersect: "leadproduct",
    one: "lead",
    other: "product",
  },
  {
    schemaName: "KnowledgeBaseRecord_Incident",
    intersect: "incidentknowledgebaserecord",
    one: "incident",
    other: "knowledgebaserecord",
  },
  {
    schemaName: "botcomponent_dvtablesearch",
    intersect: "botcomponent_dvtablesearch",
    one: "botcomponent",
    other: "dvtablesearch",
  },
  {
    schemaName: "bot_botcomponent",
    intersect: "bot_botcomponent",
    one: "bot",
    other: "botcomponent",
  },
];

interface Head {
  readonly code: number;
  readonly schemaName?: string;
  /** Where it is not `<intersect>id`. */
  readonly primaryId?: string;
  readonly setName?: string;
  /** One of them, and many. */
  readonly names?: readonly [string, string];
}

/** Intersect tables that have no generated definition, with what is known of them. */
const HEADS: Readonly<Record<string, Head>> = {
  accountleads: {
    code: 16,
    schemaName: "AccountLeads",
    primaryId: "accountleadid",
    names: ["AccountLeads", "AccountLeads"],
  },
  bot_botcomponent: { code: 10_155, setName: "bot_botcomponentset" },
  contactleads: {
    code: 22,
    schemaName: "ContactLeads",
    primaryId: "contactleadid",
    names: ["ContactLeads", "ContactLeads"],
  },
  entitlementcontacts: {
    code: 7272,
    schemaName: "EntitlementContacts",
    primaryId: "entitlementcontactid",
    names: ["Entitlement Contact", "Entitlement Contacts"],
  },
  entitlementproducts: {
    code: 6363,
    schemaName: "EntitlementProducts",
    primaryId: "entitlementproductid",
    names: ["Entitlement Product", "Entitlement Products"],
  },
  knowledgearticlescategories: {
    code: 9960,
    schemaName: "KnowledgeArticlesCategories",
    primaryId: "knowledgearticlecategoryid",
    setName: "KnowledgeArticleCategories",
    names: ["Knowledge Article Category", "KnowledgeArticle Categories"],
  },
  leadproduct: {
    code: 27,
    schemaName: "LeadProduct",
    setName: "leadproducts",
    names: ["LeadProduct", "LeadProduct"],
  },
  queuemembership: { code: 1213, schemaName: "QueueMembership", setName: "queuememberships" },
  servicecontractcontacts: {
    code: 20,
    schemaName: "ServiceContractContacts",
    primaryId: "servicecontractcontactid",
    names: ["Service Contract Contact", "Service Contract Contacts"],
  },
};

export const MANY_TO_MANY: readonly ManyToManyDefinition[] = LINKS.map((link) => ({
  schemaName: link.schemaName,
  metadataId: metadataIdOf("relationship", link.schemaName),
  entity1: link.one,
  entity2: link.other,
  intersectEntity: link.intersect,
  entity1Attribute: `${link.one}id`,
  entity2Attribute: `${link.other}id`,
  entity1Navigation: link.schemaName,
  entity2Navigation: link.schemaName,
}));

function idColumn(table: string, logicalName: string): AttributeDefinition {
  return {
    logicalName,
    schemaName: logicalName,
    displayName: logicalName,
    metadataId: metadataIdOf("attribute", table, logicalName),
    type: logicalName === "versionnumber" ? "BigInt" : "Uniqueidentifier",
    isPrimaryId: false,
    isPrimaryName: false,
    required: "None",
    validForCreate: false,
    validForUpdate: false,
    validForRead: true,
    isCustom: false,
  };
}

/** An intersect table in the shape of a generated one: its own id, the two ids, the row version. */
export function intersectTable(
  definition: ManyToManyDefinition,
  code: number,
  options: Omit<Head, "code"> & { isCustom?: boolean } = {},
): ParsedTable {
  const table = definition.intersectEntity;
  const primaryId = options.primaryId ?? `${table}id`;
  const [displayName, displayCollectionName] = options.names ?? [table, table];
  const columns = [
    primaryId,
    definition.entity1Attribute,
    definition.entity2Attribute,
    "versionnumber",
  ];
  return {
    head: {
      logicalName: table,
      schemaName: options.schemaName ?? table,
      displayName,
      displayCollectionName,
      description: "",
      entitySetName: options.setName ?? `${table}collection`,
      metadataId: metadataIdOf("entity", table),
      objectTypeCode: code,
      primaryIdAttribute: primaryId,
      primaryNameAttribute: undefined,
      ownership: "None",
      isActivity: false,
      isIntersect: true,
      isCustom: options.isCustom ?? false,
    },
    columns: () => columns.map((column) => ({ attribute: idColumn(table, column), links: [] })),
    lookups: () => [],
  };
}

/** The intersect tables that the generated definitions lack. */
export function missingIntersects(): ParsedTable[] {
  return MANY_TO_MANY.flatMap((definition) => {
    const head = HEADS[definition.intersectEntity];
    return head === undefined ? [] : [intersectTable(definition, head.code, head)];
  });
}
