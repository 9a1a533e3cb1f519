import type { ServiceDesk } from "../../support/service-desk";
import { counted, type Item, rows, type ToolUse, type Truth } from "./call";

let last = 0;
const nextName = () => `Visit ${(++last).toString(36)}${crypto.randomUUID().slice(0, 4)}`;

const schemaCall = async (desk: ServiceDesk, tool: string, args: Item) => {
  const answer = await desk.call(tool, args, "administrator");
  if (answer.isError) throw new Error(answer.text);
  return answer.structured as { tablename: string };
};

const tablesNamed = (desk: ServiceDesk, displayname: string) =>
  rows(
    desk,
    "EntityDefinitions?$select=LogicalName,DisplayName&$filter=IsCustomEntity eq true",
  ).then((all) =>
    all.filter(
      (each) =>
        (each.DisplayName as { UserLocalizedLabel?: { Label?: string } } | null)?.UserLocalizedLabel
          ?.Label === displayname,
    ),
  );
const columnsOf = async (desk: ServiceDesk, table: string) =>
  (
    await rows(desk, `EntityDefinitions(LogicalName='${table}')/Attributes?$select=LogicalName`)
  ).map((each) => String(each.LogicalName));
const drop = async (desk: ServiceDesk, displayname: string) => {
  for (const { LogicalName } of await tablesNamed(desk, displayname))
    await desk.write("DELETE", `EntityDefinitions(LogicalName='${LogicalName}')`, undefined);
};

/** Tools that change definitions. */
export const schemaUses: readonly ToolUse[] = [
  {
    tool: "create_table",
    use: "with a lookup",
    as: "administrator",
    isRepeatable: true,
    async prepare(desk) {
      const name = nextName();
      return {
        args: {
          tablename: name,
          displayname: name,
          item: [
            { name: "Weather", type: "string" },
            { name: "Case", type: "lookup", relatedtable: "incident" },
          ],
        },
        async truth(): Promise<Truth> {
          const tables = await tablesNamed(desk, name);
          const [table] = tables;
          if (table === undefined) return counted(0);
          const columns = await columnsOf(desk, String(table.LogicalName));
          const isWhole = ["_weather", "_case"].every((end) =>
            columns.some((column) => column.endsWith(end)),
          );
          return { done: isWhole ? "done" : "part", things: tables.length };
        },
        clean: () => drop(desk, name),
      };
    },
  },
  {
    tool: "update_table",
    use: "a column and a name",
    as: "administrator",
    isRepeatable: true,
    async prepare(desk) {
      const name = nextName();
      const { tablename } = await schemaCall(desk, "create_table", {
        tablename: name,
        displayname: name,
        item: [],
      });
      return {
        args: {
          tablename,
          item: [{ name: "Mood", type: "string" }],
          newDisplayName: `${name} on site`,
        },
        async truth(): Promise<Truth> {
          const moods = (await columnsOf(desk, tablename)).filter((each) => /_mood/.test(each));
          const isRenamed = (await tablesNamed(desk, `${name} on site`)).length > 0;
          const parts = (moods.length > 0 ? 1 : 0) + (isRenamed ? 1 : 0);
          return {
            done: parts === 2 ? "done" : parts === 1 ? "part" : "not done",
            things: moods.length,
          };
        },
        async clean() {
          await drop(desk, name);
          await drop(desk, `${name} on site`);
        },
      };
    },
  },
  {
    tool: "delete_table",
    use: "a table",
    as: "administrator",
    isRepeatable: false,
    async prepare(desk) {
      const name = nextName();
      const { tablename } = await schemaCall(desk, "create_table", {
        tablename: name,
        displayname: name,
        item: [],
      });
      return {
        args: { tablename, hasUserApproved: true },
        truth: async () => counted((await tablesNamed(desk, name)).length === 0 ? 1 : 0),
        clean: () => drop(desk, name),
      };
    },
  },
];
