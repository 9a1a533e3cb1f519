/** What a computed column is called. Names by `table.column` or by column. */
interface Named {
  readonly logicalName: string;
  readonly schemaName: string;
}

/** Columns without a label or a name beside them. */
export const SHADOWLESS: ReadonlySet<string> = new Set([
  "contact.isautocreate",
  "incident.existingcase",
]);

/** Lookups whose type column does not follow the pattern `<column>type`. */
export const TYPE_COLUMNS: Readonly<Record<string, string>> = {
  objectid: "objecttypecode",
  partyid: "partyobjecttypecode",
  regardingobjectid: "regardingobjecttypecode",
};

/** Columns whose shadows are not named after them. */
export const SHADOW_STEMS: Readonly<Record<string, string>> = {
  "account.masterid": "masteraccountid",
  "contact.masterid": "mastercontactid",
  "lead.masterid": "masterleadid",
  donotsendmm: "donotsendmarketingmaterial",
  slaid: "sla",
};

/** How what does not begin with its column's name is written. */
const STEM_NAMES: Readonly<Record<string, string>> = {
  masteraccountid: "MasterAccountId",
  mastercontactid: "MasterContactId",
  masterleadid: "MasterLeadId",
  donotsendmarketingmaterial: "DoNotSendMarketingMaterial",
  sla: "SLA",
};

const named = (schemaName: string): Named => ({
  logicalName: schemaName.toLowerCase(),
  schemaName,
});

/** Labels whose names follow no rule. */
export const LABEL_NAMES: Readonly<Record<string, Named>> = {
  "incident.customercontacted": named("customercontactedName"),
  "incident.routecase": named("routecaseName"),
  "knowledgearticle.expiredreviewoptions": named("isExpiredReviewOptions"),
  "knowledgearticle.readyforreview": named("isReadyForReview"),
  "knowledgearticle.review": named("isReview"),
  "knowledgearticle.setproductassociations": named("isProductAssociations"),
  "knowledgearticle.updatecontent": named("isUpdateContent"),
};

/** `customeridyominame` is written `CustomerIdYomiName`. */
export function schemaNameOf(
  owner: { readonly logicalName: string; readonly schemaName: string },
  logicalName: string,
): string {
  const written = (ending: string) =>
    ending === "yominame" ? "YomiName" : `${ending.charAt(0).toUpperCase()}${ending.slice(1)}`;
  if (logicalName.startsWith(owner.logicalName))
    return `${owner.schemaName}${written(logicalName.slice(owner.logicalName.length))}`;
  const stem = Object.keys(STEM_NAMES).find((each) => logicalName.startsWith(each));
  return stem === undefined
    ? logicalName
    : `${STEM_NAMES[stem]}${written(logicalName.slice(stem.length))}`;
}
