import { type Catalog, DataverseError, type Handler } from "../model";
import type { MutableCatalog } from "./catalog";
import { retrieveMetadataChanges } from "./changes/retrieve";
import { noSegment, readEntityDefinitions, readRelationships } from "./read/definitions-route";
import { segmentsOf } from "./read/path";
import type { WriteContext } from "./write/context";
import {
  dependenciesForDelete,
  notAllowed,
  schemaAction,
  writeEntityDefinitions,
  writeRelationships,
} from "./write/route";

const OWN =
  /^(EntityDefinitions|RelationshipDefinitions|GlobalOptionSetDefinitions|RetrieveMetadataChanges|RetrieveDependenciesForDelete|CreateCustomerRelationships|CreatePolymorphicLookupAttribute|PublishXml|PublishAllXml)(?=[/(]|$)/;

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
        ? readEntityDefinitions(request, catalog, segments)
        : writeEntityDefinitions(context, segments);
    }
    case "RelationshipDefinitions": {
      const segments = segmentsOf(request.path);
      return reading
        ? readRelationships(request, catalog, segments)
        : writeRelationships(context, segments);
    }
    case "GlobalOptionSetDefinitions":
      return globalOptionSets(request.serviceRoot, request.path, reading);
    default: {
      const [only, extra] = segmentsOf(request.path);
      if (extra !== undefined) throw noSegment(extra.name);
      return schemaAction(context, only?.name ?? name);
    }
  }
};

/** Every shipped choice is local to its column, so the list of global ones is empty. */
function globalOptionSets(serviceRoot: string, path: string, reading: boolean) {
  if (!reading) {
    throw new DataverseError(
      400,
      "0x80060888",
      "The emulator keeps choices with their columns; global choices cannot be created.",
    );
  }
  const [segment] = segmentsOf(path);
  if (segment?.key !== undefined) {
    throw new DataverseError(
      404,
      "0x80040217",
      `Could not find an option set with ${segment.key.name} ${segment.key.value}.`,
    );
  }
  const context = `${serviceRoot}$metadata#GlobalOptionSetDefinitions`;
  return { status: 200, body: { "@odata.context": context, value: [] } };
}
