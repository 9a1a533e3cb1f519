import type { AttributeDefinition, ManyToManyDefinition } from "../../model";
import { metadataIdOf } from "../ids";
import type { ParsedTable } from "./parse";

interface Link {
  schemaName: string;
  intersect: string;
  one: string;
  other: string;
  /** Where it is not `<intersect>collection`. */
  setName?: string;
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
    setName: "bot_botcomponentset",
  },
];

/** Intersect tables that have no generated definition, with their object type codes. */
const TYPE_CODES: Readonly<Record<string, number>> = {
  accountleads: 16,
  bot_botcomponent: 10_155,
  contactleads: 22,
  entitlementcontacts: 7272,
  entitlementproducts: 6363,
  knowledgearticlescategories: 9960,
  leadproduct: 27,
  queuemembership: 2023,
  servicecontractcontacts: 20,
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

const SETS = new Map(LINKS.map((link) => [link.intersect, link.setName]));

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
  options: { isCustom?: boolean; setName?: string | undefined } = {},
): ParsedTable {
  const table = definition.intersectEntity;
  const primaryId = `${table}id`;
  const columns = [
    primaryId,
    definition.entity1Attribute,
    definition.entity2Attribute,
    "versionnumber",
  ];
  return {
    head: {
      logicalName: table,
      schemaName: table,
      displayName: table,
      displayCollectionName: table,
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
    const code = TYPE_CODES[definition.intersectEntity];
    return code === undefined
      ? []
      : [intersectTable(definition, code, { setName: SETS.get(definition.intersectEntity) })];
  });
}
