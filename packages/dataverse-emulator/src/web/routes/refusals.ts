import { DataverseError, type EntityDefinition, type WebRequest, type World } from "../../model";
import { noSuchKey, type RowKey } from "../../row-key";

export type Body = Record<string, unknown>;

/** 400 0x80048d19 in the words of the OData layer. */
export const badPayload = (entity: EntityDefinition, what: string) =>
  new DataverseError(
    400,
    "0x80048d19",
    `Error identified in Payload provided by the user for Entity :'${entity.entitySetName}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${what}`,
  );

export const notAllowed = (request: WebRequest) =>
  new DataverseError(
    405,
    "0x80060888",
    `The requested resource does not support http method '${request.method}'.`,
  );

export const noSegment = (name: string) =>
  new DataverseError(404, "0x80060888", `Resource not found for the segment '${name}'.`);

/** The JSON object that a body must be. */
export function objectOf(request: WebRequest, entity: EntityDefinition): Body {
  const { body } = request;
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Body;
  throw badPayload(entity, "A JSON object was expected.");
}

/** A new row points nowhere by leaving a property out: a bind of it must name a row. */
export function demandNoNullBind(entity: EntityDefinition, body: Body): void {
  for (const [name, value] of Object.entries(body)) {
    if (value === null && name.endsWith("@odata.bind"))
      throw badPayload(
        entity,
        "The 'odata.bind' instance or property annotation has a null value. In OData, the 'odata.bind' instance or property annotation must have a non-null string value.",
      );
    for (const each of [value].flat())
      if (typeof each === "object" && each !== null) demandNoNullBind(entity, each as Body);
  }
}

const missingRow = (entity: EntityDefinition, key: RowKey) =>
  key.kind === "id"
    ? new DataverseError(
        404,
        "0x80040217",
        `Entity '${entity.logicalName}' With Id = ${key.id} Does Not Exist`,
      )
    : noSuchKey(entity);

/** The id of a row that is there. */
export function existing(entity: EntityDefinition, key: RowKey, world: World): string {
  if (key.id === undefined || world.records.read(entity.logicalName, key.id) === undefined)
    throw missingRow(entity, key);
  return key.id;
}
