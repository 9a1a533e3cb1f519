/**
 * The queries of `RetrieveMetadataChanges`: one request brings names, or a whole table.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/query-schema-definitions
 */

type Json = Readonly<Record<string, unknown>>;

/** Sends the function with the given parameters; `strong` reads past Dataverse's own caches. */
export type ReadChanges = (
  query: Json,
  stamp: string | undefined,
  strong: boolean,
) => Promise<Json>;

const nameProperties = [
  "LogicalName",
  "SchemaName",
  "EntitySetName",
  "DisplayName",
  "DisplayCollectionName",
  "PrimaryIdAttribute",
  "PrimaryNameAttribute",
  "OwnershipType",
  "IsActivity",
  "IsCustomEntity",
  "IsIntersect",
  "IsPrivate",
  "ObjectTypeCode",
];

const attributeProperties = [
  "LogicalName",
  "SchemaName",
  "DisplayName",
  "Description",
  "AttributeType",
  "AttributeTypeName",
  "AttributeOf",
  "RequiredLevel",
  "IsPrimaryId",
  "IsPrimaryName",
  "IsValidForCreate",
  "IsValidForUpdate",
  "IsValidForRead",
  "MaxLength",
  "FormatName",
  "Format",
  "MinValue",
  "MaxValue",
  "Precision",
  "DateTimeBehavior",
  "Targets",
  "OptionSet",
  "DefaultFormValue",
];

const relationshipProperties = [
  "SchemaName",
  "RelationshipType",
  "ReferencedEntity",
  "ReferencedAttribute",
  "ReferencingEntity",
  "ReferencingAttribute",
  "ReferencingEntityNavigationPropertyName",
  "ReferencedEntityNavigationPropertyName",
];

const only = (names: readonly string[]) => ({
  Properties: { AllProperties: false, PropertyNames: names },
});

/** Names of all tables. */
export const namesQuery = { Properties: { AllProperties: false, PropertyNames: nameProperties } };

/** One table with its columns, relationships and keys. */
export const tableQuery = (logicalName: string) => ({
  Properties: {
    AllProperties: false,
    PropertyNames: [
      ...nameProperties,
      "Description",
      "Attributes",
      "ManyToOneRelationships",
      "OneToManyRelationships",
      "Keys",
    ],
  },
  Criteria: {
    FilterOperator: "And",
    Conditions: [
      {
        ConditionOperator: "Equals",
        PropertyName: "LogicalName",
        Value: { Type: "System.String", Value: logicalName },
      },
    ],
  },
  AttributeQuery: only(attributeProperties),
  RelationshipQuery: only(relationshipProperties),
  KeyQuery: only(["SchemaName", "KeyAttributes"]),
  LabelQuery: { FilterLanguages: [], MissingLabelBehavior: 0 },
});

/** Whatever changed since a stamp, down to columns, relationships and keys: enough to know which tables to read again. */
export const changesQuery = {
  Properties: {
    AllProperties: false,
    PropertyNames: [
      "LogicalName",
      "Attributes",
      "ManyToOneRelationships",
      "OneToManyRelationships",
      "Keys",
    ],
  },
  AttributeQuery: only(["LogicalName"]),
  RelationshipQuery: only(["SchemaName"]),
  KeyQuery: only(["SchemaName"]),
};
