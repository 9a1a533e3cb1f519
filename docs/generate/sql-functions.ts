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
