import type { AttributeDefinition, OptionDefinition, WebResponse } from "../../../model";
import type { Json } from "../../json/labels";
import { labelText, objectOf, optionExtrasOf, refuse, textOf } from "../body";
import type { WriteContext } from "../context";
import { putChoice } from "./global-choice";

const FIRST_CUSTOM_VALUE = 100_000_000;
const MAX_INTEGER = 2_147_483_647;

/** The options that a body names, and how the changed ones are kept. */
interface Place {
  name: string;
  options: readonly OptionDefinition[];
  /** Present on a column of its own options. */
  attribute: AttributeDefinition | undefined;
  put(options: OptionDefinition[]): void;
}

function columnPlace(context: WriteContext, body: Json): Place {
  const { catalog } = context;
  const table = textOf(body, "EntityLogicalName");
  const column = textOf(body, "AttributeLogicalName");
  const attribute = catalog.byName(table)?.attribute(column);
  if (attribute?.options === undefined || attribute.type === "Boolean") {
    throw refuse("0x80040217", `The choice column '${column}' of '${table}' does not exist.`);
  }
  if (attribute.globalOptionSet !== undefined)
    return globalPlace(context, attribute.globalOptionSet);
  return {
    name: `${table}_${column}`,
    options: attribute.options,
    attribute,
    put: (options) =>
      catalog.change((change) => change.putAttribute(table, { ...attribute, options })),
  };
}

function globalPlace({ catalog }: WriteContext, name: string): Place {
  const set = catalog.optionSet(name);
  if (set === undefined) throw refuse("0x80040217", `The option set '${name}' does not exist.`);
  return {
    name: set.name,
    options: set.options,
    attribute: undefined,
    put: (options) => catalog.change((change) => putChoice(catalog, change, { ...set, options })),
  };
}

function placeOf(context: WriteContext, body: Json): Place {
  return typeof body.OptionSetName === "string" && body.OptionSetName !== ""
    ? globalPlace(context, body.OptionSetName)
    : columnPlace(context, body);
}

function optionValueOf(body: Json): number | undefined {
  const value = body.Value;
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_INTEGER) {
    return value;
  }
  throw refuse("0x80040203", `The option value ${JSON.stringify(value)} is not a whole number.`);
}

function demandOption(place: Place, body: Json): OptionDefinition {
  const value = optionValueOf(body);
  const option = place.options.find((one) => one.value === value);
  if (option !== undefined) return option;
  throw refuse(
    "0x8004431a",
    `The option value ${String(value)} does not exist in '${place.name}'.`,
  );
}

function insert(
  context: WriteContext,
  name: "InsertOptionValue" | "InsertStatusValue",
): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const place = placeOf(context, body);
  const isStatus = place.attribute?.type === "Status";
  if (place.attribute?.type === "State" || isStatus !== (name === "InsertStatusValue")) {
    throw refuse(
      "0x80040203",
      `${name} cannot be used for '${place.name}': status reasons take InsertStatusValue, states take no new values.`,
    );
  }
  const next = Math.max(FIRST_CUSTOM_VALUE - 1, ...place.options.map((one) => one.value)) + 1;
  const value = optionValueOf(body) ?? next;
  const label = labelText(body.Label);
  if (label === undefined) throw refuse("0x80040203", "Required field 'Label' is missing.");
  if (place.options.some((one) => one.value === value)) {
    throw refuse("0x80048403", `The option value ${value} already exists in '${place.name}'.`);
  }
  const state = body.StateCode;
  if (isStatus && typeof state !== "number") {
    throw refuse("0x80040203", "Required field 'StateCode' is missing.");
  }
  place.put([
    ...place.options,
    { value, label, ...(isStatus ? { state: Number(state) } : {}), ...optionExtrasOf(body) },
  ]);
  return {
    status: 200,
    body: {
      "@odata.context": `${context.request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.${name}Response`,
      NewOptionValue: value,
    },
  };
}

function update(context: WriteContext): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const place = placeOf(context, body);
  const option = demandOption(place, body);
  const label = labelText(body.Label) ?? option.label;
  const changed = { ...option, label, ...optionExtrasOf(body) };
  place.put(place.options.map((one) => (one === option ? changed : one)));
  return { status: 204 };
}

function remove(context: WriteContext): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const place = placeOf(context, body);
  const option = demandOption(place, body);
  if (place.attribute?.type === "State") {
    throw refuse("0x80040203", `The states of '${place.name}' cannot be deleted.`);
  }
  place.put(place.options.filter((one) => one !== option));
  return { status: 204 };
}

function order(context: WriteContext): WebResponse {
  const body = objectOf(context.request.body, "The request body");
  const place = placeOf(context, body);
  const values = Array.isArray(body.Values) ? (body.Values as unknown[]) : [];
  const ordered = values.map((value) => place.options.find((one) => one.value === value));
  const isWhole = new Set(values).size === place.options.length && !ordered.includes(undefined);
  if (!isWhole) {
    throw refuse("0x80040203", `Values must name every option of '${place.name}' once.`);
  }
  place.put(ordered.flatMap((option) => option ?? []));
  return { status: 204 };
}

/** Actions on the options of a column or of a shared choice. */
export const OPTION_ACTIONS: Readonly<Record<string, (context: WriteContext) => WebResponse>> = {
  DeleteOptionValue: remove,
  InsertOptionValue: (context) => insert(context, "InsertOptionValue"),
  InsertStatusValue: (context) => insert(context, "InsertStatusValue"),
  OrderOption: order,
  UpdateOptionValue: update,
};
