import type { Filter, Operand } from "../parse/filter-tree";
import { invalid } from "../parse/literal";
import { fetchCondition } from "./fetch-condition";
import { resolveNamed, type Scope, type Sql } from "./scope";

type Call = Extract<Filter, { kind: "function" }>;
/** `value`: PropertyValue. `values`: PropertyValues. `two`: PropertyValue1 and PropertyValue2. `pair`: PropertyValues, two of them. */
type Arity = "none" | "value" | "values" | "two" | "pair";

/**
 * Each query function is an operator of FetchXML.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/queryfunctions
 */
const lists: Readonly<Record<Arity, string>> = {
  none:
    "EqualBusinessId=eq-businessid EqualUserId=eq-userid EqualUserLanguage=eq-userlanguage " +
    "EqualUserOrUserHierarchy=eq-useroruserhierarchy EqualUserOrUserHierarchyAndTeams=eq-useroruserhierarchyandteams " +
    "EqualUserOrUserTeams=eq-useroruserteams EqualUserTeams=eq-userteams Last7Days=last-seven-days " +
    "LastFiscalPeriod=last-fiscal-period LastFiscalYear=last-fiscal-year LastMonth=last-month LastWeek=last-week " +
    "LastYear=last-year Next7Days=next-seven-days NextFiscalPeriod=next-fiscal-period NextFiscalYear=next-fiscal-year " +
    "NextMonth=next-month NextWeek=next-week NextYear=next-year NotEqualBusinessId=ne-businessid " +
    "NotEqualUserId=ne-userid ThisFiscalPeriod=this-fiscal-period ThisFiscalYear=this-fiscal-year ThisMonth=this-month " +
    "ThisWeek=this-week ThisYear=this-year Today=today Tomorrow=tomorrow Yesterday=yesterday",
  value:
    "Above=above AboveOrEqual=eq-or-above Contains=like DoesNotContain=not-like InFiscalPeriod=in-fiscal-period " +
    "InFiscalYear=in-fiscal-year LastXDays=last-x-days LastXFiscalPeriods=last-x-fiscal-periods " +
    "LastXFiscalYears=last-x-fiscal-years LastXHours=last-x-hours LastXMonths=last-x-months LastXWeeks=last-x-weeks " +
    "LastXYears=last-x-years NextXDays=next-x-days NextXFiscalPeriods=next-x-fiscal-periods " +
    "NextXFiscalYears=next-x-fiscal-years NextXHours=next-x-hours NextXMonths=next-x-months NextXWeeks=next-x-weeks " +
    "NextXYears=next-x-years NotUnder=not-under OlderThanXDays=olderthan-x-days OlderThanXHours=olderthan-x-hours " +
    "OlderThanXMinutes=olderthan-x-minutes OlderThanXMonths=olderthan-x-months OlderThanXWeeks=olderthan-x-weeks " +
    "OlderThanXYears=olderthan-x-years On=on OnOrAfter=on-or-after OnOrBefore=on-or-before Under=under " +
    "UnderOrEqual=eq-or-under",
  values: "ContainValues=contain-values DoesNotContainValues=not-contain-values In=in NotIn=not-in",
  two:
    "InFiscalPeriodAndYear=in-fiscal-period-and-year InOrAfterFiscalPeriodAndYear=in-or-after-fiscal-period-and-year " +
    "InOrBeforeFiscalPeriodAndYear=in-or-before-fiscal-period-and-year",
  pair: "Between=between NotBetween=not-between",
};

const functions: ReadonlyMap<string, { operator: string; arity: Arity }> = new Map(
  (Object.keys(lists) as Arity[]).flatMap((arity) =>
    lists[arity].split(" ").map((entry): [string, { operator: string; arity: Arity }] => {
      const [name = "", operator = ""] = entry.split("=");
      return [name, { operator, arity }];
    }),
  ),
);

/** Names below `Microsoft.Dynamics.CRM.` that `$filter` takes. */
export const queryFunctionNames: readonly string[] = [...functions.keys()].sort();

/** Operators whose opposite is one, too; `not` before any other turns its result round. */
const opposites: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ["in", "not-in"],
    ["like", "not-like"],
    ["between", "not-between"],
    ["contain-values", "not-contain-values"],
    ["under", "not-under"],
    ["eq-userid", "ne-userid"],
    ["eq-businessid", "ne-businessid"],
  ].flatMap(([one = "", other = ""]) => [
    [one, other],
    [other, one],
  ]),
);

const parameterNames: Readonly<Record<Arity, readonly string[]>> = {
  none: [],
  value: ["PropertyValue"],
  values: ["PropertyValues"],
  two: ["PropertyValue1", "PropertyValue2"],
  pair: ["PropertyValues"],
};

/** `Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)` and its kind. */
export function queryFunction(call: Call, scope: Scope, isNegated: boolean): Sql {
  const found = functions.get(call.name);
  if (found === undefined)
    throw invalid(
      `An unknown function with name 'Microsoft.Dynamics.CRM.${call.name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`,
    );
  const { operator, arity } = found;
  checkParameters(call, ["PropertyName", ...parameterNames[arity]]);
  const column = resolveNamed(scope, propertyOf(call).split("/"));
  const values = parameterNames[arity].flatMap((name) => textsOf(call, name));
  if (arity === "pair" && values.length !== 2)
    throw invalid(`The function ${call.name} takes two PropertyValues, not ${values.length}.`);
  if (values.length === 0 && arity === "values")
    throw invalid(`The function ${call.name} needs at least one of PropertyValues.`);
  const isFullText = call.name === "Contains" || call.name === "DoesNotContain";
  if (isFullText && column.entity.logicalName !== "kbarticle")
    throw invalid(
      `The function ${call.name} works on columns with a full-text index only, which '${column.entity.logicalName}' has none of. Use contains().`,
    );
  const wanted = isFullText ? values.map((text) => `%${text}%`) : values;
  const opposite = isNegated ? opposites[operator] : operator;
  const condition = fetchCondition(scope, column, opposite ?? operator, wanted);
  return opposite === undefined ? { ...condition, sql: `NOT (${condition.sql})` } : condition;
}

function checkParameters(call: Call, wanted: readonly string[]): void {
  const names = [...call.parameters.keys()];
  const isRight = names.length === wanted.length && wanted.every((name) => names.includes(name));
  if (!isRight)
    throw invalid(
      `The function Microsoft.Dynamics.CRM.${call.name} takes the parameters ${wanted.join(", ")}, but ${names.join(", ") || "none"} ${names.length === 1 ? "was" : "were"} given.`,
    );
}

function propertyOf({ name, parameters }: Call): string {
  const property = parameters.get("PropertyName") as Operand;
  if (property.kind === "literal" && property.type === "text") return property.value;
  throw invalid(`The PropertyName of the function ${name} must be a property's name in quotes.`);
}

/** Values as FetchXML writes them; the service takes numbers in quotes, too. */
function textsOf({ name, parameters }: Call, parameter: string): string[] {
  const value = parameters.get(parameter) as Operand | readonly Operand[];
  const isList = Array.isArray(value);
  if (isList !== (parameter === "PropertyValues"))
    throw invalid(
      `The parameter ${parameter} of the function ${name} must be ${isList ? "one value" : "a list in square brackets"}.`,
    );
  return ([value].flat() as Operand[]).map((operand) => {
    if (operand.kind === "literal" && operand.type !== "null") return operand.value;
    throw invalid(`The parameter ${parameter} of the function ${name} must be a value.`);
  });
}
