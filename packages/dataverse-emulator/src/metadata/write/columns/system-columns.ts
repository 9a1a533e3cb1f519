import type { AttributeDefinition, EntityDefinition, OneToManyDefinition } from "../../../model";
import { metadataIdOf } from "../../ids";
import { blankAttribute } from "./attribute";

const MAX_INTEGER = 2_147_483_647;

/** Lookups that Dataverse adds: column, schema name, label, target, stem of the relationship's name. */
const PEOPLE: readonly (readonly [string, string, string, string])[] = [
  ["CreatedBy", "Created By", "systemuser", "lk_{table}_createdby"],
  ["CreatedOnBehalfBy", "Created By (Delegate)", "systemuser", "lk_{table}_createdonbehalfby"],
  ["ModifiedBy", "Modified By", "systemuser", "lk_{table}_modifiedby"],
  ["ModifiedOnBehalfBy", "Modified By (Delegate)", "systemuser", "lk_{table}_modifiedonbehalfby"],
];
const OWNERS: readonly (readonly [string, string, string, string])[] = [
  ["OwningBusinessUnit", "Owning Business Unit", "businessunit", "business_unit_{table}"],
  ["OwningTeam", "Owning Team", "team", "team_{table}"],
  ["OwningUser", "Owning User", "systemuser", "user_{table}"],
];

type Head = Pick<EntityDefinition, "logicalName" | "schemaName" | "displayName" | "ownership">;

/** System columns are not custom, though their table is. */
function system(
  table: string,
  schemaName: string,
  displayName: string,
  more: Partial<AttributeDefinition> & Pick<AttributeDefinition, "type">,
): AttributeDefinition {
  const base = blankAttribute(schemaName, more.type);
  return {
    ...base,
    displayName,
    isCustom: false,
    metadataId: metadataIdOf("attribute", table, base.logicalName, base.metadataId),
    ...more,
  };
}

const READ_ONLY = { validForCreate: false, validForUpdate: false } as const;

function lookups(head: Head): {
  attributes: AttributeDefinition[];
  relationships: OneToManyDefinition[];
} {
  const table = head.logicalName;
  const rows = head.ownership === "UserOwned" ? [...PEOPLE, ...OWNERS] : PEOPLE;
  const attributes: AttributeDefinition[] = [];
  const relationships: OneToManyDefinition[] = [];
  for (const [schemaName, label, target, stem] of rows) {
    const column = schemaName.toLowerCase();
    attributes.push(
      system(table, schemaName, label, {
        type: "Lookup",
        ...READ_ONLY,
        targets: [target],
        navigation: [{ target, property: column }],
      }),
    );
    relationships.push(link(table, column, target, stem.replace("{table}", table)));
  }
  if (head.ownership === "UserOwned") {
    attributes.push(
      system(table, "OwnerId", "Owner", {
        type: "Owner",
        required: "SystemRequired",
        targets: ["systemuser", "team"],
        navigation: [
          { target: "systemuser", property: "ownerid" },
          { target: "team", property: "ownerid" },
        ],
      }),
    );
    relationships.push(link(table, "ownerid", "owner", `owner_${table}`));
  }
  return { attributes, relationships };
}

function link(
  table: string,
  column: string,
  target: string,
  schemaName: string,
): OneToManyDefinition {
  return {
    schemaName,
    metadataId: metadataIdOf("relationship", schemaName),
    referencedEntity: target,
    referencedAttribute: `${target}id`,
    referencingEntity: table,
    referencingAttribute: column,
    referencingNavigation: column,
    referencedNavigation: schemaName,
    deleteCascade: target === "businessunit" ? "Restrict" : "NoCascade",
  };
}

function states(table: string): AttributeDefinition[] {
  return [
    system(table, "statecode", "Status", {
      type: "State",
      required: "SystemRequired",
      validForCreate: false,
      defaultValue: 0,
      options: [
        { value: 0, label: "Active" },
        { value: 1, label: "Inactive" },
      ],
    }),
    system(table, "statuscode", "Status Reason", {
      type: "Status",
      defaultValue: 1,
      options: [
        { value: 1, label: "Active", state: 0 },
        { value: 2, label: "Inactive", state: 1 },
      ],
    }),
  ];
}

/** The columns and lookups that every new table gets, by its ownership. */
export function systemColumns(head: Head): {
  attributes: AttributeDefinition[];
  relationships: OneToManyDefinition[];
} {
  const table = head.logicalName;
  const date = { type: "DateTime", dateTimeBehavior: "UserLocal" } as const;
  const small = { type: "Integer", minValue: -1, maxValue: MAX_INTEGER, format: "None" } as const;
  const { attributes, relationships } = lookups(head);
  return {
    relationships,
    attributes: [
      system(table, `${head.schemaName}Id`, head.displayName, {
        type: "Uniqueidentifier",
        isPrimaryId: true,
        required: "SystemRequired",
        validForUpdate: false,
      }),
      system(table, "CreatedOn", "Created On", { ...date, ...READ_ONLY, format: "DateAndTime" }),
      system(table, "ModifiedOn", "Modified On", { ...date, ...READ_ONLY, format: "DateAndTime" }),
      system(table, "OverriddenCreatedOn", "Record Created On", {
        ...date,
        format: "DateOnly",
        validForUpdate: false,
      }),
      system(table, "ImportSequenceNumber", "Import Sequence Number", {
        ...small,
        minValue: -MAX_INTEGER - 1,
        validForUpdate: false,
      }),
      system(table, "TimeZoneRuleVersionNumber", "Time Zone Rule Version Number", small),
      system(table, "UTCConversionTimeZoneCode", "UTC Conversion Time Zone Code", small),
      system(table, "VersionNumber", "Version Number", { type: "BigInt", ...READ_ONLY }),
      ...states(table),
      ...attributes,
    ],
  };
}

/** Columns that the first money column brings along. */
export function currencyColumns(table: string): {
  attributes: AttributeDefinition[];
  relationships: OneToManyDefinition[];
} {
  const schemaName = `TransactionCurrency_${table}`;
  return {
    attributes: [
      system(table, "TransactionCurrencyId", "Currency", {
        type: "Lookup",
        targets: ["transactioncurrency"],
        navigation: [{ target: "transactioncurrency", property: "transactioncurrencyid" }],
      }),
      system(table, "ExchangeRate", "Exchange Rate", {
        type: "Decimal",
        ...READ_ONLY,
        minValue: 1e-12,
        maxValue: 100_000_000_000,
        precision: 12,
      }),
    ],
    relationships: [
      {
        ...link(table, "transactioncurrencyid", "transactioncurrency", schemaName),
        deleteCascade: "Restrict",
      },
    ],
  };
}
