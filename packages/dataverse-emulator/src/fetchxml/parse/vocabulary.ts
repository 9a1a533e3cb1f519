/**
 * The words of FetchXML.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/
 */
const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Attributes of each element. */
export const ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  fetch: words(
    "version count page paging-cookie utc-offset aggregate distinct top mapping min-active-row-version " +
      "output-format returntotalrecordcount no-lock aggregatelimit datasource latematerialize options useraworderby",
  ),
  entity: words("name enableprefiltering prefilterparametername"),
  "all-attributes": new Set(),
  attribute: words(
    "name alias aggregate groupby dategrouping usertimezone distinct rowaggregate build addedby",
  ),
  order: words("attribute alias descending entityname"),
  "link-entity": words(
    "name from to alias link-type visible intersect enableprefiltering prefilterparametername",
  ),
  filter: words(
    "type isquickfindfields hint overridequickfindrecordlimitenabled overridequickfindrecordlimitdisabled",
  ),
  condition: words(
    "attribute column entityname operator value valueof aggregate rowaggregate alias uiname uitype uihidden",
  ),
  value: words("uiname uitype"),
};

/** Elements that may stand inside each element. */
export const CHILDREN: Readonly<Record<string, ReadonlySet<string>>> = {
  fetch: words("entity"),
  entity: words("all-attributes attribute order link-entity filter"),
  "link-entity": words("all-attributes attribute order link-entity filter"),
  filter: words("condition filter link-entity"),
  condition: words("value"),
};

export type Arity = "none" | "one" | "two" | "many";

const OPERATOR_LISTS: Readonly<Record<Arity, string>> = {
  none:
    "null not-null yesterday today tomorrow last-seven-days next-seven-days last-week this-week next-week " +
    "last-month this-month next-month last-year this-year next-year eq-userid ne-userid eq-userteams " +
    "eq-useroruserteams eq-useroruserhierarchy eq-useroruserhierarchyandteams eq-businessid ne-businessid " +
    "eq-userlanguage this-fiscal-year this-fiscal-period next-fiscal-year next-fiscal-period last-fiscal-year " +
    "last-fiscal-period",
  one:
    "eq neq ne gt ge le lt like not-like begins-with not-begin-with ends-with not-end-with " +
    "on on-or-before on-or-after last-x-hours next-x-hours last-x-days next-x-days last-x-weeks next-x-weeks " +
    "last-x-months next-x-months last-x-years next-x-years olderthan-x-months olderthan-x-years olderthan-x-weeks " +
    "olderthan-x-days olderthan-x-hours olderthan-x-minutes last-x-fiscal-years last-x-fiscal-periods " +
    "next-x-fiscal-years next-x-fiscal-periods in-fiscal-year in-fiscal-period under eq-or-under not-under above " +
    "eq-or-above",
  two:
    "between not-between in-fiscal-period-and-year in-or-before-fiscal-period-and-year " +
    "in-or-after-fiscal-period-and-year",
  many: "in not-in contain-values not-contain-values",
};

/** How many values each operator takes. */
export const OPERATORS: ReadonlyMap<string, Arity> = new Map(
  (Object.keys(OPERATOR_LISTS) as Arity[]).flatMap((arity) =>
    [...words(OPERATOR_LISTS[arity])].map((name): [string, Arity] => [name, arity]),
  ),
);

/** Operators that can compare with another column. */
export const VALUE_OF_OPERATORS = words("eq ne neq gt ge lt le");

export const JOIN_TYPES = words("inner outer natural exists in matchfirstrowusingcrossapply");
export const FILTER_LINK_TYPES: ReadonlySet<string> = new Set(["any", "not any", "all", "not all"]);

/** Values of `options`, in lower case. */
export const SQL_HINTS = words(
  "optimizeforunknown forceorder recompile disablerowgoal enableoptimizerhotfixes loopjoin mergejoin hashjoin " +
    "no_performance_spool enable_hist_amendment_for_asc_keys",
);

export const AGGREGATES = words("avg count countcolumn max min sum");
export const DATE_GROUPINGS = words("day week month quarter year fiscal-period fiscal-year");

export const ALIAS = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const LIMITS = {
  links: 15,
  conditions: 500,
  pageRows: 5_000,
  rowsWithoutCookie: 50_000,
  aggregateRows: 50_000,
  /** Rows that an aggregate query returns in all. */
  groups: 5_000,
} as const;
