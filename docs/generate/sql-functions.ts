import { conditionFunctions } from "../../shared/sql/fetchxml/condition-functions";
import { aggregates } from "../../shared/sql/functions/aggregate/aggregates";
import { refusals } from "../../shared/sql/functions/refusals";
import { specialForms } from "../../shared/sql/functions/special-forms";
import { functionGroups } from "../../shared/sql/functions/table";
import { tableFunctions } from "../../shared/sql/functions/table/tables";
import { windowFunctions } from "../../shared/sql/functions/window/windows";
import { code, table } from "./markdown";

interface Written {
  readonly name: string;
  readonly syntax: string;
}

interface Group {
  readonly title: string;
  readonly functions: readonly Written[];
}

/** Every function by its group; variants that only the parser names are left out. */
export const functionList: readonly Group[] = [
  { title: "Values and types", functions: specialForms },
  ...functionGroups,
  { title: "Aggregates", functions: aggregates },
  { title: "Windows", functions: windowFunctions },
  { title: "Rows, in FROM", functions: tableFunctions },
].map(({ title, functions }) => ({
  title,
  functions: functions.filter(({ syntax }: Written) => syntax !== ""),
}));

export const functionsTable = (): string =>
  functionList
    .map(({ title, functions }) =>
      [
        `### ${title} (${functions.length})`,
        "",
        table(
          ["Function", "How it is written"],
          functions.map(({ name, syntax }) => [code(name), code(syntax)]),
        ),
      ].join("\n"),
    )
    .join("\n\n");

export const refusalsTable = (): string =>
  table(
    ["Not offered, because it …", "Functions"],
    refusals.map(([reason, names]) => [reason, names.split(" ").map(code).join(", ")]),
  );

const words: Readonly<Record<string, string>> = {
  datetime: "dates",
  lookup: "lookups and ids",
  integer: "numbers of a language",
  text: "texts",
};

export function conditionsTable(): string {
  const groups = new Map<string, string[]>();
  for (const { name, columns, values } of conditionFunctions) {
    const column = words[columns[0] ?? ""] ?? "";
    const group = groups.get(column) ?? [];
    group.push(code(`${name}(${values.join(", ")})`));
    groups.set(column, group);
  }
  return table(
    ["Behind a column of", "Conditions"],
    [...groups].map(([column, names]) => [column, names.join(", ")]),
  );
}
