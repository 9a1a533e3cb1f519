/** The words of FetchXML that Dataverse understands, by what they stand in; `test/facts/` holds Microsoft's schema against them. */
const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export interface OperatorGroup {
  /** What kind of column it asks. */
  readonly kind: string;
  readonly values: "none" | "one" | "two" | "many";
  readonly names: readonly string[];
}

const group = (kind: string, values: OperatorGroup["values"], names: string): OperatorGroup => ({
  kind,
  values,
  names: words(names),
});

export const operators: readonly OperatorGroup[] = [
  group(
    "comparison",
    "one",
    `
      eq neq ne gt ge le lt`,
  ),
  group(
    "string",
    "one",
    `
      like not-like begins-with not-begin-with ends-with not-end-with`,
  ),
  group(
    "comparison",
    "many",
    `
      in not-in`,
  ),
  group(
    "comparison",
    "two",
    `
      between not-between`,
  ),
  group(
    "comparison",
    "none",
    `
      null not-null`,
  ),
  group(
    "date",
    "none",
    `
      yesterday today tomorrow last-seven-days next-seven-days last-week this-week next-week
      last-month this-month next-month last-year this-year next-year`,
  ),
  group(
    "date",
    "one",
    `
      on on-or-before on-or-after last-x-hours next-x-hours last-x-days next-x-days last-x-weeks
      next-x-weeks last-x-months next-x-months olderthan-x-months olderthan-x-years
      olderthan-x-weeks olderthan-x-days olderthan-x-hours olderthan-x-minutes last-x-years
      next-x-years`,
  ),
  group(
    "caller",
    "none",
    `
      eq-userid ne-userid eq-userteams eq-useroruserteams eq-businessid ne-businessid
      eq-userlanguage`,
  ),
  group(
    "hierarchy",
    "none",
    `
      eq-useroruserhierarchy eq-useroruserhierarchyandteams`,
  ),
  group(
    "fiscal",
    "none",
    `
      this-fiscal-year this-fiscal-period next-fiscal-year next-fiscal-period last-fiscal-year
      last-fiscal-period`,
  ),
  group(
    "fiscal",
    "one",
    `
      last-x-fiscal-years last-x-fiscal-periods next-x-fiscal-years next-x-fiscal-periods
      in-fiscal-year in-fiscal-period`,
  ),
  group(
    "fiscal",
    "two",
    `
      in-fiscal-period-and-year in-or-before-fiscal-period-and-year
      in-or-after-fiscal-period-and-year`,
  ),
  group(
    "hierarchy",
    "one",
    `
      under eq-or-under not-under above eq-or-above`,
  ),
  group(
    "multiselect",
    "many",
    `
      contain-values not-contain-values`,
  ),
];

export const linkTypes: readonly string[] = [
  "inner",
  "outer",
  "any",
  "not any",
  "all",
  "not all",
  "exists",
  "in",
  "matchfirstrowusingcrossapply",
  "natural",
];

export const aggregates = words("count countcolumn sum avg min max");

export const dateGroupings = words("day week month quarter year fiscal-period fiscal-year");

/** Attributes of every element. */
export const attributes: Readonly<Record<string, readonly string[]>> = {
  fetch: words(`
      version count page paging-cookie utc-offset aggregate distinct top mapping
      min-active-row-version output-format returntotalrecordcount no-lock aggregatelimit
      datasource latematerialize options useraworderby`),
  entity: words(`
      name enableprefiltering prefilterparametername`),
  attribute: words(`
      name alias aggregate groupby dategrouping usertimezone distinct rowaggregate build addedby`),
  order: words(`
      attribute alias descending entityname`),
  "link-entity": words(`
      name from to alias link-type visible intersect enableprefiltering prefilterparametername`),
  filter: words(`
      type isquickfindfields hint overridequickfindrecordlimitenabled
      overridequickfindrecordlimitdisabled`),
  condition: words(`
      attribute column entityname operator value aggregate rowaggregate alias uiname uitype
      uihidden valueof`),
};
