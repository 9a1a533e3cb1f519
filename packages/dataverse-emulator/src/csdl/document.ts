import type { Catalog } from "../model";
import {
  DEFINITION_COMPLEX,
  DEFINITION_ENTITIES,
  DEFINITION_ENUMS,
  DEFINITION_SETS,
} from "./definition-types";
import { csdlSource, tableSet, tableType } from "./entity-types";
import { operationImports, operationTypes } from "./operation-types";
import { PLATFORM_COMPLEX, PLATFORM_ENUMS } from "./platform-types";
import { complexType, entityType, enumType } from "./type-text";

const HEAD =
  '<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">';
const TAIL = "</Schema></edmx:DataServices></edmx:Edmx>";

/** Types that others are made from; rows of `expando` take any property. */
const ROOTS =
  '<EntityType Name="crmbaseentity" Abstract="true"/><EntityType Name="crmmodelbaseentity" Abstract="true"/>' +
  '<EntityType Name="expando" BaseType="mscrm.crmbaseentity" Abstract="true" OpenType="true"/>' +
  '<EntityType Name="principal" BaseType="mscrm.crmbaseentity" Abstract="true"><Property Name="ownerid" Type="Edm.Guid"/></EntityType>';

/** The whole service as CSDL: tables, definitions, actions and functions, from what the catalog holds. */
function makeDocument(catalog: Catalog, isAnnotated: boolean): string {
  const source = csdlSource(catalog);
  const tables = catalog.entities();
  const enums = Object.entries({ ...DEFINITION_ENUMS, ...PLATFORM_ENUMS });
  const sets = Object.entries(DEFINITION_SETS).map(
    ([name, type]) => `<EntitySet Name="${name}" EntityType="mscrm.${type}"/>`,
  );
  return [
    HEAD,
    ROOTS,
    ...tables.map((entity) => tableType(source, entity)),
    ...DEFINITION_ENTITIES.map(entityType),
    ...[...DEFINITION_COMPLEX, ...PLATFORM_COMPLEX].map(complexType),
    ...enums.map(([name, text]) => enumType(name, text)),
    operationTypes(),
    '<EntityContainer Name="System">',
    ...tables.map((entity) => tableSet(source, entity, isAnnotated)),
    ...sets,
    operationImports(),
    "</EntityContainer>",
    TAIL,
  ].join("");
}

interface Made {
  readonly version: number;
  readonly bytes: Buffer;
}

const plain = new WeakMap<Catalog, Made>();
const annotated = new WeakMap<Catalog, Made>();

/**
 * The document as bytes: made once for each version of the definitions.
 *
 * @param isAnnotated `$metadata?annotations=true`: says of each set whether its changes can be followed
 */
export function csdlDocument(catalog: Catalog, isAnnotated = false): Buffer {
  const documents = isAnnotated ? annotated : plain;
  const version = catalog.version();
  const known = documents.get(catalog);
  if (known?.version === version) return known.bytes;
  const bytes = Buffer.from(makeDocument(catalog, isAnnotated), "utf8");
  documents.set(catalog, { version, bytes });
  return bytes;
}
