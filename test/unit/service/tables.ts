import type { Column, Table } from "../../../shared/dataverse";

export const column = (
  logicalName: string,
  type: Column["type"],
  more: Partial<Column> = {},
): Column => ({
  logicalName,
  schemaName: logicalName,
  displayName: logicalName,
  type,
  isPrimaryId: false,
  isPrimaryName: false,
  required: "none",
  canCreate: true,
  canUpdate: true,
  canRead: true,
  ...more,
});

export const tableOf = (logicalName: string, columns: readonly Column[]): Table => ({
  logicalName,
  schemaName: logicalName,
  setName: `${logicalName}s`,
  displayName: logicalName,
  displayCollectionName: `${logicalName}s`,
  primaryId: `${logicalName}id`,
  primaryName: undefined,
  ownership: "UserOwned",
  isActivity: false,
  isCustom: false,
  isIntersect: false,
  objectTypeCode: 1,
  columns,
  columnByName: new Map(columns.map((each) => [each.logicalName, each])),
  oneToMany: [],
  keys: [],
});

/** A case, as far as these tests look. */
export const incident = tableOf("incident", [
  column("createdon", "DateTime", {
    canCreate: false,
    canUpdate: false,
    displayName: "Created On",
  }),
  column("customerid", "Customer", {
    displayName: "Customer",
    required: "application",
    targets: ["account", "contact"],
    navigation: [
      { target: "account", property: "customerid_account" },
      { target: "contact", property: "customerid_contact" },
    ],
  }),
  column("customeridname", "String", { attributeOf: "customerid", canCreate: false }),
  column("description", "Memo", { displayName: "Description", maxLength: 2000 }),
  column("followupby", "DateTime", {
    displayName: "Follow Up By",
    format: "DateOnly",
    dateTimeBehavior: "DateOnly",
  }),
  column("incidentid", "Uniqueidentifier", {
    isPrimaryId: true,
    canUpdate: false,
    required: "system",
  }),
  column("isescalated", "Boolean", {
    options: [
      { value: 1, label: "Escalated" },
      { value: 0, label: "Not Escalated" },
    ],
  }),
  column("ownerid", "Owner", {
    targets: ["systemuser", "team"],
    navigation: [{ target: "owner", property: "ownerid" }],
  }),
  column("prioritycode", "Picklist", {
    displayName: "Priority",
    options: [
      { value: 1, label: "High" },
      { value: 2, label: "Normal" },
      { value: 3, label: "Low" },
    ],
  }),
  column("statecode", "State", {
    canCreate: false,
    options: [
      { value: 0, label: "Active" },
      { value: 1, label: "Resolved" },
      { value: 2, label: "Cancelled" },
    ],
  }),
  column("statuscode", "Status", {
    options: [
      { value: 1, label: "In Progress", state: 0 },
      { value: 5, label: "Problem Solved", state: 1 },
      { value: 6, label: "Cancelled", state: 2 },
    ],
  }),
  column("title", "String", {
    displayName: "Case Title",
    maxLength: 200,
    required: "application",
    isPrimaryName: true,
  }),
]);
