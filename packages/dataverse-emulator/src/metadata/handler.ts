import type { Catalog, Handler, WebRequest, World } from "../model";
import type { MutableCatalog } from "./catalog";
import { retrieveMetadataChanges } from "./changes/retrieve";
import { noSegment, readEntityDefinitions, readRelationships } from "./read/definitions-route";
import { segmentsOf } from "./read/path";
import type { WriteContext } from "./write/context";
import { demandDefinitions } from "./write/rights";
import {
  dependenciesForDelete,
  globalChoices,
  notAllowed,
  schemaAction,
  writeEntityDefinitions,
  writeRelationships,
} from "./write/route";

const OWN =
  /^(EntityDefinitions|RelationshipDefinitions|GlobalOptionSetDefinitions|RetrieveMetadataChanges|RetrieveDependenciesForDelete|CreateCustomerRelationships|CreatePolymorphicLookupAttribute|InsertOptionValue|InsertStatusValue|UpdateOptionValue|DeleteOptionValue|OrderOption|PublishXml|PublishAllXml)(?=[/(]|$)/;

function isMutable(catalog: Catalog): catalog is MutableCatalog {
  return "change" in catalog && "relationship" in catalog;
}

/** Reading and changing definitions: EntityDefinitions, RelationshipDefinitions, RetrieveMetadataChanges, publishing. */
export const metadataHandler: Handler = (request, world) => {
  const name = OWN.exec(request.path)?.[1];
  if (name === undefined) return undefined;
  const { catalog } = world;
  if (!isMutable(catalog)) {
    throw new Error("The emulator was started with a catalog that loadCatalog() did not make.");
  }
  const context: WriteContext = { request, world, catalog };
  const reading = request.method === "GET";
  if (reading) demandReading(request, world, name);
  switch (name) {
    case "RetrieveMetadataChanges":
      if (!reading) throw notAllowed(request.method, name);
      return retrieveMetadataChanges(request, catalog);
    case "RetrieveDependenciesForDelete":
      if (!reading) throw notAllowed(request.method, name);
      return dependenciesForDelete(context);
    case "EntityDefinitions": {
      const segments = segmentsOf(request.path);
      return reading
        ? readEntityDefinitions(request, world.db, catalog, segments)
        : writeEntityDefinitions(context, segments);
    }
    case "RelationshipDefinitions": {
      const segments = segmentsOf(request.path);
      return reading
        ? readRelationships(request, catalog, segments)
        : writeRelationships(context, segments);
    }
    case "GlobalOptionSetDefinitions":
      return globalChoices(context, segmentsOf(request.path));
    default: {
      const [only, extra] = segmentsOf(request.path);
      if (extra !== undefined) throw noSegment(extra.name);
      return schemaAction(context, only?.name ?? name);
    }
  }
};

/** Columns and relationships have a privilege beside that of their table. */
function demandReading(request: WebRequest, world: World, name: string): void {
  const asked =
    name === "RetrieveMetadataChanges"
      ? [...request.query.values()].join(" ").replaceAll("Query", "")
      : `${request.path} ${request.query.get("$expand") ?? ""}`;
  if (name === "EntityDefinitions" || name === "RetrieveMetadataChanges")
    demandDefinitions(world, request.principal, "Entity");
  if (/\b(Attributes|Attribute)\b/.test(asked))
    demandDefinitions(world, request.principal, "Attribute");
  if (name === "RelationshipDefinitions" || /Relationships?\b/.test(asked))
    demandDefinitions(world, request.principal, "Relationship");
}
