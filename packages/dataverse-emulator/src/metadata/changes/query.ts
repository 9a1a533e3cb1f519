import { DataverseError } from "../../model";
import type { Json } from "../json/labels";

/** EntityQueryExpression and its parts, as `Query=@p1` carries them. All members may be missing. */
export interface MetadataQuery {
  Properties?: Properties;
  Criteria?: Criteria;
  AttributeQuery?: MetadataQuery;
  RelationshipQuery?: MetadataQuery;
  KeyQuery?: MetadataQuery;
  LabelQuery?: { FilterLanguages?: number[] };
}

interface Properties {
  AllProperties?: boolean;
  PropertyNames?: string[];
}

interface Criteria {
  FilterOperator?: string;
  Conditions?: Condition[];
  Filters?: Criteria[];
}

interface Condition {
  ConditionOperator?: string;
  PropertyName?: string;
  Value?: { Type?: string; Value?: unknown } | null;
}

export function invalid(message: string): DataverseError {
  return new DataverseError(400, "0x80040203", message);
}

/** True when the property is asked for; without `Properties` nothing is. */
export function wanted(query: MetadataQuery | undefined, name: string): boolean {
  const properties = query?.Properties;
  return properties?.AllProperties === true || properties?.PropertyNames?.includes(name) === true;
}

/** Keeps the properties asked for, and those that are always there. */
export function projected(json: Json, query: MetadataQuery | undefined): Json {
  if (query === undefined || query.Properties?.AllProperties === true) return json;
  const names = ["@odata.type", ...(query.Properties?.PropertyNames ?? [])];
  const result: Json = {};
  for (const name of [...names, "MetadataId", "HasChanged"]) {
    if (name in json) result[name] = json[name];
  }
  return result;
}

/** Managed properties, type names and labels are compared by their inner value. */
function comparable(value: unknown): string {
  const inner =
    typeof value === "object" && value !== null && "Value" in value ? value.Value : value;
  if (typeof inner === "boolean") return inner ? "true" : "false";
  return inner === null || inner === undefined ? "" : String(inner);
}

/** `["a","b"]`, or the same as text with either kind of quotes. */
function listOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "string") return [comparable(value)];
  const quoted = [...value.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) => match[1] ?? match[2]);
  if (quoted.length > 0) return quoted.map((text) => text ?? "");
  return value
    .replace(/^\[|\]$/g, "")
    .split(",")
    .map((text) => text.trim());
}

/** Values come as text whatever their type (`{"Type":"System.Boolean","Value":"True"}`); GUIDs and booleans in any case. */
function normal(text: string, type: string | undefined): string {
  return type === undefined || /Boolean|Guid/.test(type) ? text.toLowerCase() : text;
}

function holds(condition: Condition, json: Json): boolean {
  const name = condition.PropertyName ?? "";
  if (!(name in json)) {
    throw invalid(`The metadata property '${name}' cannot be used in Criteria: it does not exist.`);
  }
  const type = condition.Value?.Type;
  const left = normal(comparable(json[name]), type);
  const right = condition.Value?.Value;
  switch (condition.ConditionOperator) {
    case "Equals":
      return left === normal(comparable(right), type);
    case "NotEquals":
      return left !== normal(comparable(right), type);
    case "In":
      return listOf(right).some((text) => left === normal(text, type));
    case "NotIn":
      return listOf(right).every((text) => left !== normal(text, type));
    case "GreaterThan":
      return Number(left) > Number(comparable(right));
    case "LessThan":
      return Number(left) < Number(comparable(right));
    default:
      throw invalid(`'${condition.ConditionOperator}' is not a MetadataConditionOperator.`);
  }
}

/** True when the definition meets the criteria; `base` holds every property, asked for or not. */
export function meets(criteria: Criteria | undefined | null, json: Json): boolean {
  if (!criteria) return true;
  const operator = criteria.FilterOperator ?? "And";
  if (operator !== "And" && operator !== "Or")
    throw invalid(`'${operator}' is not a LogicalOperator: FilterOperator is And or Or.`);
  const tests = [
    ...(criteria.Conditions ?? []).map((condition) => () => holds(condition, json)),
    ...(criteria.Filters ?? []).map((filter) => () => meets(filter, json)),
  ];
  if (tests.length === 0) return true;
  return operator === "Or" ? tests.some((test) => test()) : tests.every((test) => test());
}

/** Empties the labels when the one language installed is not among those asked for. */
export function withLabels(value: unknown, query: MetadataQuery): unknown {
  const languages = query.LabelQuery?.FilterLanguages ?? [];
  if (languages.length === 0 || languages.includes(1033)) return value;
  return emptied(value);
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(emptied);
  if (typeof value !== "object" || value === null) return value;
  if ("LocalizedLabels" in value) return { LocalizedLabels: [], UserLocalizedLabel: null };
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, emptied(inner)]));
}
