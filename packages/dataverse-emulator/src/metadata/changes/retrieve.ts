import {
  DataverseError,
  type EntityDefinition,
  type ManyToManyDefinition,
  type OneToManyDefinition,
  type WebRequest,
  type WebResponse,
} from "../../model";
import type { MutableCatalog } from "../catalog";
import { attributeJson } from "../json/attribute-json";
import { entityJson } from "../json/entity-json";
import type { Json } from "../json/labels";
import { keyJson } from "../json/relationship-json";
import { relationshipResource } from "../read/resources";
import { invalid, type MetadataQuery, meets, projected, wanted, withLabels } from "./query";

/** A function argument: `@p1` looked up in the query options, or written in place. */
function argument(request: WebRequest, name: string): string | undefined {
  const inner = /^RetrieveMetadataChanges\((.*)\)$/s.exec(decodeURIComponent(request.path))?.[1];
  const text = new RegExp(`(?:^|,)\\s*${name}\\s*=\\s*(@\\w+|'[^']*'|[^,]+)`).exec(
    inner ?? "",
  )?.[1];
  if (text === undefined || !text.startsWith("@")) return text;
  const value = request.query.get(text);
  if (value === undefined) {
    throw new DataverseError(400, "0x80060888", `The parameter alias '${text}' has no value.`);
  }
  return value;
}

function unquoted(text: string | undefined): string | undefined {
  if (text === undefined || text === "null") return undefined;
  return /'(.*)'$/s.exec(text)?.[1] ?? text;
}

function readQuery(text: string | undefined): MetadataQuery {
  if (text === undefined || text === "null") return { Properties: { AllProperties: true } };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DataverseError(
      400,
      "0x80060888",
      "The value of parameter 'Query' is not valid JSON.",
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("The parameter 'Query' must be an EntityQueryExpression.");
  }
  return value as MetadataQuery;
}

/** What has changed, or undefined when there is no stamp and so everything counts. */
type Changed = ReadonlySet<string> | undefined;

function kept(json: Json, query: MetadataQuery | undefined, changed: Changed): Json[] {
  if (changed !== undefined && !changed.has(String(json.MetadataId))) return [];
  if (!meets(query?.Criteria, json)) return [];
  const marked = { ...json, HasChanged: changed === undefined ? null : true };
  return [projected(marked, query)];
}

function relationships(
  catalog: MutableCatalog,
  rows: readonly (OneToManyDefinition | ManyToManyDefinition)[],
  query: MetadataQuery,
  changed: Changed,
): Json[] {
  return rows.flatMap((row) =>
    kept(relationshipResource(catalog, row).json, query.RelationshipQuery, changed),
  );
}

function childrenOf(
  catalog: MutableCatalog,
  entity: EntityDefinition,
  query: MetadataQuery,
  changed: Changed,
): Record<string, Json[]> {
  const name = entity.logicalName;
  const makers: Record<string, () => Json[]> = {
    Attributes: () =>
      entity.attributes.flatMap((attribute) =>
        changed === undefined || changed.has(attribute.metadataId)
          ? kept(attributeJson(entity, attribute, "Complex"), query.AttributeQuery, changed)
          : [],
      ),
    Keys: () =>
      // Keys are kept with their table, so they change with it.
      changed === undefined || changed.has(entity.metadataId)
        ? entity.keys.flatMap((key) => kept(keyJson(entity, key), query.KeyQuery, undefined))
        : [],
    ManyToOneRelationships: () => relationships(catalog, catalog.manyToOne(name), query, changed),
    OneToManyRelationships: () => relationships(catalog, catalog.oneToMany(name), query, changed),
    ManyToManyRelationships: () => relationships(catalog, catalog.manyToMany(name), query, changed),
  };
  const result: Record<string, Json[]> = {};
  for (const [property, make] of Object.entries(makers)) {
    if (wanted(query, property)) result[property] = make();
  }
  return result;
}

function entityChange(
  catalog: MutableCatalog,
  entity: EntityDefinition,
  query: MetadataQuery,
  changed: Changed,
): Json | undefined {
  const head = entityJson(entity, catalog);
  if (!meets(query.Criteria, head)) return undefined;
  const children = childrenOf(catalog, entity, query, changed);
  const own = changed?.has(entity.metadataId);
  if (own === false && Object.values(children).every((rows) => rows.length === 0)) return undefined;
  return { ...projected({ ...head, HasChanged: own ?? null }, query), ...children };
}

const DELETED_KINDS = ["Entity", "Attribute", "Relationship", "OptionSet", "EntityKey"] as const;

/** DeletedMetadataCollection: kinds and, in the same order, their ids. `Default` is tables only. */
function deletedJson(
  deleted: readonly { id: string; kind: string }[],
  filters: string | undefined,
): Json {
  const asked = (filters ?? "Default").split(",").map((word) => word.trim());
  const kinds = DELETED_KINDS.filter(
    (kind) =>
      (asked.includes("All") ||
        asked.includes(kind) ||
        (kind === "Entity" && asked.includes("Default"))) &&
      deleted.some((row) => row.kind === kind),
  );
  return {
    Count: kinds.length,
    IsReadOnly: false,
    Keys: kinds,
    Values: kinds.map((kind) => ({
      Items: deleted.filter((row) => row.kind === kind).map((row) => row.id),
    })),
  };
}

/**
 * GET RetrieveMetadataChanges(Query=…,ClientVersionStamp=…,DeletedMetadataFilters=…): whole definitions, or what
 * changed since the stamp. 400 0x80044352 when the stamp is not one of this database.
 */
export function retrieveMetadataChanges(request: WebRequest, catalog: MutableCatalog): WebResponse {
  const query = readQuery(argument(request, "Query"));
  const stamp = unquoted(argument(request, "ClientVersionStamp"));
  const since = stamp ? catalog.since(stamp) : undefined;
  if (stamp && since === undefined) {
    throw new DataverseError(
      400,
      "0x80044352",
      "Version stamp associated with the client has expired. Please perform a full sync.",
    );
  }
  const changes = catalog.entities().flatMap((entity) => {
    const json = entityChange(catalog, entity, query, since?.changed);
    return json === undefined ? [] : [withLabels(json, query)];
  });
  const filters = unquoted(argument(request, "DeletedMetadataFilters"));
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.RetrieveMetadataChangesResponse`,
      ServerVersionStamp: catalog.stamp(),
      DeletedMetadata: deletedJson(since?.deleted ?? [], filters),
      EntityMetadata: changes,
    },
  };
}
