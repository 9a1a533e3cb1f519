export const months: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** From Sunday, where weeks begin (DATEFIRST 7). */
export const weekdays: readonly string[] = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
];

const byName: ReadonlyMap<string, number> = new Map(
  months.flatMap((name, index) => [
    [name.toLowerCase(), index + 1],
    [name.slice(0, 3).toLowerCase(), index + 1],
  ]),
);

/** 1 for `jan` and `January`; undefined for no month. */
export const monthOf = (name: string): number | undefined => byName.get(name.toLowerCase());

export const shortMonth = (month: number): string => (months[month - 1] ?? "").slice(0, 3);
