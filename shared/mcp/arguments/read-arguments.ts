import { z } from "zod";
import { jsonIn } from "../../text/json-text";

/** Words by which clients that have texts only say that there is nothing. */
const nothing = /^(?:null|undefined)?$/i;

/**
 * Reads the arguments of a call in the forms in which clients send them, before they are judged: an optional argument that is
 * unset (`null`, `""`, `"null"`) is absent; numbers and booleans may be texts, texts may be numbers, and objects and lists may be
 * the JSON of them. Where the schema says text, a text stays what it is, whatever stands in it.
 */
export function readArguments(schema: z.core.$ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodOptional) {
    const inner = schema.unwrap();
    return isUnset(value) || isListOfNothing(inner, value)
      ? undefined
      : readArguments(inner, value);
  }
  if (schema instanceof z.ZodObject) return readObject(schema, parsed(value));
  if (schema instanceof z.ZodArray) return readList(schema, parsed(value));
  if (schema instanceof z.ZodRecord) return readRecord(parsed(value));
  if (schema instanceof z.ZodNumber) return readNumber(value);
  if (schema instanceof z.ZodBoolean) return readBoolean(value);
  if (schema instanceof z.ZodString && typeof value === "number" && Number.isFinite(value))
    return String(value);
  return value;
}

const isUnset = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (typeof value === "string" && nothing.test(value.trim()));

/** `["null"]`: how one client passes null on where a list is asked for. */
const isListOfNothing = (schema: z.core.$ZodType, value: unknown): boolean =>
  schema instanceof z.ZodArray && Array.isArray(value) && value.length === 1 && isUnset(value[0]);

const parsed = (value: unknown): unknown =>
  typeof value === "string" ? (jsonIn(value) ?? value) : value;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function readObject(schema: z.ZodObject, value: unknown): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const inner = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    return [key, inner === undefined ? each : readArguments(inner, each)] as const;
  });
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

/** One member that came without its list is a list of one. */
function readList(schema: z.ZodArray, value: unknown): unknown {
  const list = isObject(value) ? [value] : value;
  return Array.isArray(list) ? list.map((each) => readArguments(schema.element, each)) : value;
}

/** A record in a list of its own, as tools of other servers take several. */
function readRecord(value: unknown): unknown {
  const [only] = Array.isArray(value) ? value : [];
  return Array.isArray(value) && value.length === 1 && isObject(only) ? only : value;
}

function readNumber(value: unknown): unknown {
  if (typeof value !== "string" || !/^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(value.trim()))
    return value;
  return Number(value);
}

function readBoolean(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const word = value.trim().toLowerCase();
  return word === "true" ? true : word === "false" ? false : value;
}
