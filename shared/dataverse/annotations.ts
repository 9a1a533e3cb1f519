const crm = "Microsoft.Dynamics.CRM";

/** What Dataverse can say beside values, by the names that a `Prefer` header asks for. */
export const annotationNames = {
  formattedValue: "OData.Community.Display.V1.FormattedValue",
  lookupTable: `${crm}.lookuplogicalname`,
  lookupProperty: `${crm}.associatednavigationproperty`,
  metadataVersion: `${crm}.globalmetadataversion`,
  pagingCookie: `${crm}.fetchxmlpagingcookie`,
  moreRecords: `${crm}.morerecords`,
} as const;

/** Behind the name of a property: the value as the caller's language shows it. */
export const formattedValue = `@${annotationNames.formattedValue}` as const;
/** Behind the name of a lookup's property: logical name of the table that it points into. */
export const lookupTable = `@${annotationNames.lookupTable}` as const;
