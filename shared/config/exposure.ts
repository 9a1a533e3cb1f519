import type { ExposureLists } from "../policy/exposure";
import { list, type Reader } from "./setting-reader";

const tableName = /^[a-z_]\w{0,127}$/;
const columnName = /^(\*|[a-z_]\w{0,127})\.[a-z_]\w{0,127}$/;
/** Of all tables it would be no list of what is shown, but of what all tables have. */
const ownColumnName = /^[a-z_]\w{0,127}\.[a-z_]\w{0,127}$/;

/** What is shown and what is kept back. A list with a mistake in it serves nobody, so it need not be read as far as it goes. */
export function readExposure(read: Reader): ExposureLists {
  const lists: ExposureLists = {
    shownTables: names(read, "MCP_SHOWN_TABLES", tableName, "logical names of tables"),
    hiddenTables: names(read, "MCP_HIDDEN_TABLES", tableName, "logical names of tables"),
    shownColumns: names(read, "MCP_SHOWN_COLUMNS", ownColumnName, "columns, as contact.fullname"),
    hiddenColumns: names(
      read,
      "MCP_HIDDEN_COLUMNS",
      columnName,
      "columns, as contact.birthdate or *.birthdate",
    ),
  };
  refuseBoth(read, "MCP_HIDDEN_TABLES", "MCP_SHOWN_TABLES", lists.hiddenTables, lists.shownTables);
  refuseBoth(
    read,
    "MCP_HIDDEN_COLUMNS",
    "MCP_SHOWN_COLUMNS",
    lists.hiddenColumns,
    lists.shownColumns,
  );
  return lists;
}

type Name = "MCP_SHOWN_TABLES" | "MCP_HIDDEN_TABLES" | "MCP_SHOWN_COLUMNS" | "MCP_HIDDEN_COLUMNS";

function names(read: Reader, name: Name, form: RegExp, what: string): readonly string[] {
  const found = [...new Set(list(read.text(name).toLowerCase()))];
  const isRight = found.every((each) => form.test(each));
  if (!isRight) read.report(name, `must be ${what}, separated by commas.`);
  return isRight ? found : [];
}

/** Which of the two is meant cannot be known. */
function refuseBoth(
  read: Reader,
  name: Name,
  other: Name,
  hidden: readonly string[],
  shown: readonly string[],
): void {
  const both = hidden.filter((each) => shown.includes(each)).length;
  if (both > 0)
    read.report(
      name,
      `names ${both === 1 ? "something" : `${both} things`} that ${other} names, too.`,
    );
}
