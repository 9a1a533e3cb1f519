import type { EntityDefinition } from "../model";

/** Tables of the service itself that search looks into, and the columns of their Quick Find views; the primary name comes first. */
const QUICK_FIND: Readonly<Record<string, string>> = {
  account: "name accountnumber emailaddress1 telephone1 telephone2 address1_city",
  annotation: "subject notetext filename",
  appointment: "subject description location",
  contact: "fullname firstname lastname emailaddress1 telephone1 mobilephone address1_city",
  email: "subject description sender torecipients",
  feedback: "title comments",
  incident: "title ticketnumber description",
  kbarticle: "title keywords number",
  knowledgearticle: "title articlepublicnumber keywords description content",
  lead: "fullname companyname subject emailaddress1 telephone1",
  letter: "subject description",
  opportunity: "name description",
  phonecall: "subject description phonenumber",
  product: "name productnumber description",
  queue: "name emailaddress",
  task: "subject description",
};

/** `SyncToExternalSearchIndex`: whether rows of the table are found by search. */
export const isSearched = (entity: EntityDefinition): boolean =>
  entity.isSearched ?? Object.hasOwn(QUICK_FIND, entity.logicalName);

/** The columns that search looks into, the primary name first. */
export function quickFindColumns(entity: EntityDefinition): readonly string[] {
  const own = QUICK_FIND[entity.logicalName]?.split(" ");
  return own ?? (entity.primaryNameAttribute === undefined ? [] : [entity.primaryNameAttribute]);
}
