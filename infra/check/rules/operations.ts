import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Json } from "../arm-expression";
import type { Deployment } from "../deployment";
import { at, demand, list, ofType, only, type Rule, sameSet, texts } from "./rule";

const queryFolder = resolve(__dirname, "../../queries");

/** Alerts by the file of their query, and the column that is watched. */
const watched: Readonly<Record<string, string>> = {
  "error-rate": "FailedPercent",
  "latency-now": "P95Ms",
  "throttling-now": "Throttled",
  "identity-failures": "Failures",
};

export const readQueries = (folder = queryFolder): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith(".kql"))
      .sort()
      .map((name) => [name.replace(".kql", ""), readFileSync(join(folder, name), "utf8")]),
  );

/** Telemetry is kept, fenced and watched: the same queries in the alerts, in the workbook and in docs/operate.md. */
export const operations: Rule = {
  name: "operations",
  check(deployment) {
    const [workspace, noWorkspace] = only(deployment, "Microsoft.OperationalInsights/workspaces");
    const [component] = ofType(deployment, "Microsoft.Insights/components");
    if (workspace === undefined || component === undefined) return noWorkspace;
    const asked = deployment.parameters;
    return [
      ...demand(component, "properties.WorkspaceResourceId", workspace.id, "one store"),
      ...demand(
        workspace,
        "properties.retentionInDays",
        Number(asked.logRetentionDays ?? 30),
        "as asked",
      ),
      ...demand(
        workspace,
        "properties.workspaceCapping.dailyQuotaGb",
        Number(asked.logDailyQuotaGb ?? 1),
        "a fence for the bill",
      ),
      ...checkAlerts(deployment, component.id),
      ...checkWorkbook(deployment, component.id),
      ...checkBudget(deployment),
    ];
  },
};

const lf = (text: Json | undefined) => String(text).replaceAll("\r\n", "\n");

function checkAlerts(deployment: Deployment, componentId: string): string[] {
  const alerts = ofType(deployment, "Microsoft.Insights/scheduledQueryRules");
  if (deployment.parameters.alertsEnabled === false)
    return alerts.map(({ name }) => `The alert ${name} was not asked for.`);
  const people = ofType(deployment, "Microsoft.Insights/actionGroups");
  const mail = String(deployment.parameters.alertEmail ?? "");
  const queries = readQueries();
  return [
    ...sameSet(
      alerts.map(({ body }) => lf(at(list(at(body, "properties.criteria.allOf"))[0], "query"))),
      Object.keys(watched).map((name) => queries[name] ?? ""),
      "Queries of the alerts",
    ),
    ...alerts.flatMap((alert) => {
      const [criterion] = list(at(alert.body, "properties.criteria.allOf"));
      const query = lf(at(criterion, "query"));
      const file = Object.keys(watched).find((name) => queries[name] === query);
      const column = at(criterion, "metricMeasureColumn");
      return [
        ...demand(alert, "properties.enabled", true, "an alert that is off tells nobody"),
        ...demand(alert, "properties.scopes", [componentId], "the app's telemetry"),
        ...demand(alert, "properties.autoMitigate", true, "it ends by itself"),
        ...demand(
          alert,
          "properties.actions.actionGroups",
          people.map(({ id }) => id),
          "who is told",
        ),
        ...(column === watched[file ?? ""]
          ? []
          : [`The alert ${alert.name} watches the column ${column}.`]),
        ...(at(criterion, "operator") === "GreaterThan"
          ? []
          : [`The alert ${alert.name} looks the wrong way.`]),
      ];
    }),
    ...sameSet(
      people.flatMap(({ body }) =>
        list(at(body, "properties.emailReceivers")).map((each) => String(at(each, "emailAddress"))),
      ),
      mail === "" ? [] : [mail],
      "Who is told",
    ),
  ];
}

function checkWorkbook(deployment: Deployment, componentId: string): string[] {
  const [workbook, complaints] = only(deployment, "Microsoft.Insights/workbooks");
  if (workbook === undefined) return complaints;
  const data = JSON.parse(String(at(workbook.body, "properties.serializedData"))) as Json;
  return [
    ...complaints,
    ...demand(workbook, "properties.sourceId", componentId, "the app's telemetry"),
    ...sameSet(
      list(at(data, "items")).map((item) => lf(at(item, "content.query"))),
      Object.values(readQueries()),
      "Queries of the workbook",
    ),
  ];
}

function checkBudget(deployment: Deployment): string[] {
  const budgets = ofType(deployment, "Microsoft.Consumption/budgets");
  const amount = Number(deployment.parameters.monthlyBudget ?? 0);
  if (amount === 0) return budgets.map(({ name }) => `The budget ${name} was not asked for.`);
  const [budget] = budgets;
  if (budget === undefined) return ["A budget was asked for, but there is none."];
  const notifications = Object.values(
    (at(budget.body, "properties.notifications") ?? {}) as Record<string, Json>,
  );
  const told = notifications.filter(
    (each) =>
      at(each, "enabled") === true &&
      [...texts(at(each, "contactEmails")), ...texts(at(each, "contactRoles"))].length > 0,
  );
  return [
    ...demand(budget, "properties.amount", amount, "as asked"),
    ...demand(budget, "properties.timeGrain", "Monthly", "as asked"),
    ...(/^\d{4}-\d{2}-01$/.test(String(at(budget.body, "properties.timePeriod.startDate")))
      ? []
      : ["A budget begins at the first of a month."]),
    ...(told.length >= 1 && told.length === notifications.length
      ? []
      : ["The budget tells nobody."]),
  ];
}
