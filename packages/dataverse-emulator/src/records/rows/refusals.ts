import { DataverseError, type EntityDefinition } from "../../model";

/** 400 0x80048d19: the OData layer did not understand the payload. */
export const badPayload = (entity: EntityDefinition, what: string) =>
  new DataverseError(
    400,
    "0x80048d19",
    `Error identified in Payload provided by the user for Entity :'${entity.entitySetName}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${what}`,
  );

export const doesNotExist = (table: string, id: string) =>
  new DataverseError(404, "0x80040217", `Entity '${table}' With Id = ${id} Does Not Exist`);

export const accessDenied = () =>
  new DataverseError(
    403,
    "0x80048306",
    "Not enough privilege to access the Microsoft Dynamics 365 object or perform the requested operation.",
  );

/** 412 0x80040237: the key of the row is taken. */
export const duplicateRow = () =>
  new DataverseError(412, "0x80040237", "A record with matching key values already exists.");

/** Columns whose absence has words of its own, by `table.column`. */
const MISSING: Readonly<Record<string, readonly [code: string, message: string]>> = {
  "incident.customerid": ["0x80044410", "You should specify a parent contact or account."],
  "queueitem.objectid": [
    "0x80040529",
    "You must enter the name of the record that you would like to put in the queue. Provide a valid value in the Queue Item field and try again.",
  ],
  "queueitem.queueid": [
    "0x80040528",
    "You must enter the target queue. Provide a valid value in the Queue field and try again.",
  ],
};

/** 400 0x80040203, or what the platform says of that column. */
export function missingField(table: string, column: string): DataverseError {
  const [code, message] = MISSING[`${table}.${column}`] ?? [
    "0x80040203",
    `Required field '${column}' is missing`,
  ];
  return new DataverseError(400, code, message);
}
