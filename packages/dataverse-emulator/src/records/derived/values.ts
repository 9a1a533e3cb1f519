import {
  type AttributeDefinition,
  DataverseError,
  type EntityDefinition,
  type SqlValue,
} from "../../model";
import { badPayload } from "../rows/refusals";

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * A JSON value as the column stores it.
 *
 * @throws DataverseError 400 with the code of the check that failed
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
 */
export function toStored(
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  value: unknown,
): SqlValue {
  if (value === null) return null;
  switch (attribute.type) {
    case "String":
    case "Memo":
    case "EntityName":
      return text(entity, attribute, value);
    case "Boolean":
      if (typeof value === "boolean") return value ? 1 : 0;
      throw wrongType(entity, attribute, value, "Edm.Boolean");
    case "Integer":
    case "BigInt":
      return integer(entity, attribute, value);
    case "Decimal":
    case "Double":
    case "Money":
      return real(entity, attribute, value);
    case "Picklist":
    case "State":
      return option(entity, attribute, value);
    case "Status":
      // Which reasons there are is told together with the state they belong to.
      if (typeof value === "number" && Number.isInteger(value)) return value;
      throw wrongType(entity, attribute, value, "Edm.Int32");
    case "MultiSelectPicklist":
      return options(entity, attribute, value);
    case "DateTime":
      return dateTime(entity, attribute, value);
    case "Uniqueidentifier":
      if (typeof value === "string" && guid.test(value)) return value.toLowerCase();
      throw wrongType(entity, attribute, value, "Edm.Guid");
    case "Image":
      return image(entity, attribute, value);
    default:
      // Lookups are written by their navigation properties, and party lists by activity parties.
      throw badPayload(
        entity,
        `A 'PrimitiveValue' node was found for the property '${attribute.logicalName}', which is no primitive property.`,
      );
  }
}

/** Base64 of an image within its limit. */
function image(entity: EntityDefinition, attribute: AttributeDefinition, value: unknown): string {
  if (typeof value !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.length % 4 !== 0)
    throw wrongType(entity, attribute, value, "Edm.Binary");
  if ((value.length * 3) / 4 > (attribute.maxSizeInKB ?? 10_240) * 1_024 + 2)
    throw new DataverseError(400, "0x80044a02", "Attachment file size is too big.");
  return value;
}

function text(entity: EntityDefinition, attribute: AttributeDefinition, value: unknown): string {
  if (typeof value !== "string") throw wrongType(entity, attribute, value, "Edm.String");
  if (attribute.maxLength !== undefined && value.length > attribute.maxLength) {
    throw new DataverseError(
      400,
      "0x80044331",
      `A validation error occurred.  The length of the '${attribute.logicalName}' attribute of the '${entity.logicalName}' entity exceeded the maximum allowed length of '${attribute.maxLength}'.`,
    );
  }
  return value;
}

function inRange(
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  value: number,
  code: string,
): number {
  const { minValue = Number.NEGATIVE_INFINITY, maxValue = Number.POSITIVE_INFINITY } = attribute;
  if (value >= minValue && value <= maxValue) return value;
  throw new DataverseError(
    400,
    code,
    `A validation error occurred. The value ${value} of '${attribute.logicalName}' on record of type '${entity.logicalName}' is outside the valid range(${minValue} to ${maxValue}).`,
  );
}

function integer(entity: EntityDefinition, attribute: AttributeDefinition, value: unknown): number {
  const number = typeof value === "string" && attribute.type === "BigInt" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isInteger(number)) {
    throw wrongType(
      entity,
      attribute,
      value,
      attribute.type === "BigInt" ? "Edm.Int64" : "Edm.Int32",
    );
  }
  if (attribute.type === "Integer" && Math.abs(number) > 2_147_483_648)
    throw wrongType(entity, attribute, value, "Edm.Int32");
  return inRange(entity, attribute, number, "0x8004432f");
}

function real(entity: EntityDefinition, attribute: AttributeDefinition, value: unknown): number {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw wrongType(
      entity,
      attribute,
      value,
      attribute.type === "Double" ? "Edm.Double" : "Edm.Decimal",
    );
  }
  const digits =
    attribute.type === "Money"
      ? (attribute.precision ?? 2)
      : attribute.type === "Double"
        ? (attribute.precision ?? 5)
        : (attribute.precision ?? 10);
  return inRange(entity, attribute, Number(value.toFixed(Math.min(digits, 10))), "0x80044330");
}

function option(entity: EntityDefinition, attribute: AttributeDefinition, value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value))
    throw wrongType(entity, attribute, value, "Edm.Int32");
  const known = attribute.options ?? [];
  if (known.length === 0 || known.some((each) => each.value === value)) return value;
  throw new DataverseError(
    400,
    "0x8004431a",
    `A validation error occurred. The value ${value} of '${attribute.logicalName}' on record of type '${entity.logicalName}' is outside the valid range. Accepted Values: ${known.map((each) => each.value).join(",")}`,
  );
}

function options(
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  value: unknown,
): string | null {
  if (typeof value !== "string") throw wrongType(entity, attribute, value, "Edm.String");
  if (value.trim() === "") return null;
  const chosen = value
    .split(",")
    .map((part) => option(entity, attribute, part.trim() === "" ? Number.NaN : Number(part)));
  return `,${[...new Set(chosen)].sort((a, b) => a - b).join(",")},`;
}

function dateTime(
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  value: unknown,
): string {
  const isDateOnly = attribute.dateTimeBehavior === "DateOnly";
  const pattern = isDateOnly
    ? /^\d{4}-\d{2}-\d{2}$/
    : /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2})?)?$/i;
  if (typeof value !== "string" || !pattern.test(value))
    throw wrongType(entity, attribute, value, isDateOnly ? "Edm.Date" : "Edm.DateTimeOffset");
  const zoned =
    isDateOnly || value.length === 10 || /(Z|[+-]\d{2}:\d{2})$/i.test(value) ? value : `${value}Z`;
  const time = new Date(zoned);
  // JavaScript rolls 30 February over; the day as written must be a day.
  const day = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  const isDay =
    !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === value.slice(0, 10);
  if (!isDay || Number.isNaN(time.getTime()))
    throw wrongType(entity, attribute, value, isDateOnly ? "Edm.Date" : "Edm.DateTimeOffset");
  if (time.getUTCFullYear() < 1753) {
    throw new DataverseError(
      400,
      "0x80040239",
      `DateTime is less than minumum value supported by CrmDateTime. Actual value: ${value}, Minimum value supported: 01/01/1753 00:00:00`,
    );
  }
  return isDateOnly ? value : `${time.toISOString().slice(0, 19)}Z`;
}

const wrongType = (
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  value: unknown,
  type: string,
) => {
  const found =
    typeof value === "object"
      ? Array.isArray(value)
        ? "a collection"
        : "an object"
      : `the literal '${String(value).slice(0, 100)}'`;
  return badPayload(
    entity,
    `Cannot convert ${found} to the expected type '${type}' for the property '${attribute.logicalName}'.`,
  );
};
