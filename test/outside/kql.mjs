// `npm run referee:kql`: Microsoft's own Kusto compiler reads every query of infra/queries against the columns that are
// filled, and finds in each alert's query the number that the alert compares.
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { demand, root } from "./started-product.mjs";

const library = join(root, "test/outside/node_modules/@kusto/language-service-next");
for (const name of ["bridge.min.js", "Kusto.Language.Bridge.min.js"]) {
  const file = join(library, name);
  demand(file, "npm ci --prefix test/outside");
  // Written for a page: it puts its names into the global scope.
  runInThisContext(readFileSync(file, "utf8"), { filename: file });
}
const { GlobalState, KustoCode, Symbols } = globalThis.Kusto.Language;

const schema = JSON.parse(
  readFileSync(join(root, "test/cases/application-insights-tables.json"), "utf8"),
);
const tables = Object.entries(schema).map(([table, columns]) => {
  const text = Object.entries(columns).map(([name, type]) => `${name}:${type}`);
  return Symbols.TableSymbol.From(`(${text})`).WithName(table);
});
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.$ctor1("app", tables));

const listOf = (list) => Array.from({ length: list?.Count ?? 0 }, (_, at) => list.getItem(at));

/** What is wrong with a query, and the columns of its answer with their types. */
function compile(text) {
  const code = KustoCode.ParseAndAnalyze(text, globals);
  return {
    problems: listOf(code.GetDiagnostics()).map((each) => each.Message),
    columns: new Map(listOf(code.ResultType?.Columns).map(({ Name, Type }) => [Name, Type.Name])),
  };
}

// A judge that lets everything pass would be none.
match(compile("dependencies | where nme == 'x'").problems.join(), /'nme' does not refer/);
match(compile("dependencies | sumarize count()").problems.join(), /Query operator expected/);

const folder = join(root, "infra", "queries");
const queries = readdirSync(folder).filter((name) => name.endsWith(".kql"));
ok(queries.length >= 10, "the queries are there");
const compiled = new Map(
  queries.map((name) => [name, compile(readFileSync(join(folder, name), "utf8"))]),
);
for (const [name, { problems, columns }] of compiled) {
  deepEqual(problems, [], name);
  ok(columns.size > 0, `${name} answers nothing`);
}

const alerts = readFileSync(join(root, "infra", "modules", "alerts.bicep"), "utf8");
const compared = [...alerts.matchAll(/queries\/([\w-]+\.kql)'\)\s+column: '(\w+)'/g)];
equal(compared.length, alerts.split("loadTextContent(").length - 1, "each alert names a column");
for (const [, query, column] of compared) {
  const type = compiled.get(query)?.columns.get(column);
  ok(
    ["long", "int", "real"].includes(type),
    `${query}: column ${column} is ${type}, must be a number`,
  );
}
console.log(`Kusto's compiler takes ${queries.length} queries and the ${compared.length} alerts.`);
