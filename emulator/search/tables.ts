import type { AttributeDefinition, Catalog, EntityDefinition } from "../model";
import { isStored } from "../store";

/** The tables that are enabled for search, and the columns of their Quick Find views; the primary name comes first. */
const enabled: Readonly<Record<string, string>> = {
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

export interface SearchTable {
  readonly entity: EntityDefinition;
  readonly columns: readonly AttributeDefinition[];
}

export function searchTables(catalog: Catalog): SearchTable[] {
  return Object.entries(enabled).flatMap(([name, list]) => {
    const entity = catalog.byName(name);
    if (entity === undefined) return [];
    const columns = list.split(" ").flatMap((column) => {
      const attribute = entity.attribute(column);
      return attribute !== undefined && isStored(attribute) ? [attribute] : [];
    });
    return columns.length === 0 ? [] : [{ entity, columns }];
  });
}
