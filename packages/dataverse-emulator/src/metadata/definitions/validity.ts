import type { AttributeDefinition } from "../../model";

type ByTable = Readonly<Record<string, string>>;

/** Columns of every table that are written on create at most. */
const CREATE_ONLY: ReadonlySet<string> = new Set(["importsequencenumber", "overriddencreatedon"]);

/** The same of single tables. */
const CREATE_ONLY_OF: ByTable = {
  contact: "subscriptionid",
  account: "subscriptionid",
  duplicaterule: "baseentityname matchingentityname name statuscode",
  environmentvariabledefinition: "schemaname secretstore type",
  incident:
    "blockedprofile customercontacted influencescore messagetypecode routecase sentimentvalue socialprofileid ticketnumber",
  knowledgearticle: "articlepublicnumber isrootarticle publishstatusid",
  solution: "solutiontype templatesuffix thumbprint uniquename",
  team: "azureactivedirectoryobjectid delegatedauthorizationid membershiptype regardingobjectid teamtemplateid teamtype",
};

/** Written by a change alone. */
const UPDATE_ONLY_OF: ByTable = { account: "lastusedincampaign", contact: "lastusedincampaign" };

/** Never read, by anybody. `isprivate` is one wherever nobody may write it. */
const UNREADABLE_OF: ByTable = {
  account: "subscriptionid",
  annotation: "filepointer storagepointer",
  contact: "subscriptionid",
  solution: "fileid isinternal thumbprint",
  team: "sastoken",
};

const lists = new WeakMap<ByTable, Map<string, ReadonlySet<string>>>();
const none: ReadonlySet<string> = new Set();

function has(list: ByTable, table: string, column: string): boolean {
  let known = lists.get(list);
  if (known === undefined) {
    known = new Map(
      Object.entries(list).map(([name, columns]) => [name, new Set(columns.split(" "))]),
    );
    lists.set(list, known);
  }
  return (known.get(table) ?? none).has(column);
}

/** IsValidForCreate, IsValidForUpdate and IsValidForRead of a shipped column, beyond "read-only", which the facts say. */
export function applyValidity(table: string, attribute: AttributeDefinition): void {
  const { logicalName, type } = attribute;
  if (logicalName === "isprivate" && !attribute.validForCreate && !attribute.validForUpdate)
    attribute.validForRead = false;
  if (has(UNREADABLE_OF, table, logicalName)) attribute.validForRead = false;
  // A row begins in its first state, and reaches others by a change.
  if (type === "State" || has(UPDATE_ONLY_OF, table, logicalName)) attribute.validForCreate = false;
  if (CREATE_ONLY.has(logicalName) || has(CREATE_ONLY_OF, table, logicalName))
    attribute.validForUpdate = false;
}
