import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Json } from "../arm-expression";
import type { Deployment } from "../deployment";
import { at, demand, list, ofType, only, type Rule, sameSet, texts } from "./rule";

const queryFolder = resolve(__dirname, "../../queries");

interface Watch {
  readonly column: string;
  /** A threshold beyond these tells nobody, or everybody all the time. */
  readonly threshold: readonly [least: number, most: number];
  /** 0 is the gravest; from 3 on nobody gets up. */
  readonly severity: number;
}

/** Alerts by the file of their query. */
const watched: Readonly<Record<string, Watch>> = {
  "error-rate": { column: "FailedPercent", threshold: [1, 10], severity: 1 },
  "latency-now": { column: "P95Ms", threshold: [1_000, 15_000], severity: 2 },
  "throttling-now": { column: "Throttled", threshold: [1, 100], severity: 2 },
  "identity-failures": { column: "Failures", threshold: [0, 0], severity: 1 },
};

/** What stands above each query in the workbook: one under another's question misleads whoever is called at night. */
const panelTitles: Readonly<Record<string, string>> = {
  "cold-starts": "How often, and how long, does an instance start cold?",
  consent: "How often do people agree to a risky change?",
  "dataverse-per-call": "How many requests does a call cost at Dataverse?",
  "error-rate": "Which share of calls fails?",
  "errors-by-kind": "Why do calls fail?",
  "identity-failures": "Does the identity get its tokens?",
  "latency-by-tool": "How fast is each tool?",
  "latency-now": "How slow is it now?",
  refusals: "Who is turned away, and why?",
  throttling: "Does Dataverse throttle us?",
  "throttling-now": "How many answers 429 came just now?",
  truncations: "How often are results cut short?",
  usage: "How much is it used, and by how many people?",
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
      const column = String(at(criterion, "metricMeasureColumn"));
      const watch = watched[file ?? ""];
      const threshold = Number(at(criterion, "threshold"));
      const [least, most] = watch?.threshold ?? [0, 0];
      return [
        ...demand(alert, "properties.enabled", true, "an alert that is off tells nobody"),
        ...demand(alert, "properties.scopes", [componentId], "the app's telemetry"),
        ...demand(alert, "properties.autoMitigate", true, "it ends by itself"),
        ...demand(
          alert,
          "properties.skipQueryValidation",
          true,
          "a new workspace has none of the tables yet",
        ),
        ...demand(
          alert,
          "properties.actions.actionGroups",
          people.map(({ id }) => id),
          "who is told",
        ),
        ...demand(alert, "properties.severity", watch?.severity ?? null, "how grave it is"),
        ...demand(alert, "properties.evaluationFrequency", "PT5M", "told while it lasts"),
        ...demand(alert, "properties.windowSize", "PT15M", "the time that its threshold is for"),
        ...(at(alert.body, "properties.muteActionsDuration") === undefined
          ? []
          : [`The alert ${alert.name} is muted.`]),
        ...(column === watch?.column && new RegExp(`\\b${column}\\s*=`).test(query)
          ? []
          : [`The alert ${alert.name} watches the column ${column}.`]),
        ...(threshold >= least && threshold <= most
          ? []
          : [
              `The alert ${alert.name} has the threshold ${threshold}, must be ${least} to ${most}.`,
            ]),
        ...(at(criterion, "timeAggregation") === "Maximum"
          ? []
          : [`The alert ${alert.name} takes the ${at(criterion, "timeAggregation")}.`]),
        ...(at(criterion, "failingPeriods.numberOfEvaluationPeriods") === 1 &&
        at(criterion, "failingPeriods.minFailingPeriodsToAlert") === 1
          ? []
          : [`The alert ${alert.name} waits for more than one bad period.`]),
        ...(at(criterion, "operator") === "GreaterThan"
          ? []
          : [`The alert ${alert.name} looks the wrong way.`]),
      ];
    }),
    ...people.flatMap((group) => [
      ...demand(group, "properties.enabled", true, "a group that is off tells nobody"),
      ...(String(at(group.body, "properties.groupShortName")).length <= 12
        ? []
        : [`${group.name}: a short name has at most 12 characters.`]),
    ]),
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
  const items = list(at(data, "items"));
  const panels = items.filter((item) => at(item, "type") === 3);
  const parameters = items
    .filter((item) => at(item, "type") === 9)
    .flatMap((item) => list(at(item, "content.parameters")).map((each) => at(each, "name")));
  return [
    ...complaints,
    ...(items.length === panels.length + 1 && parameters.join() === "TimeRange"
      ? []
      : ["The workbook must have one choice, of the time range, and panels."]),
    ...panels
      .filter(
        (item) =>
          at(item, "content.timeContextFromParameter") !== "TimeRange" ||
          !["table", "timechart"].includes(String(at(item, "content.visualization"))),
      )
      .map((item) => `The panel ${at(item, "name")} shows a time or a form of its own.`),
    ...demand(workbook, "properties.sourceId", componentId, "the app's telemetry"),
    ...panels.flatMap((item) => {
      const query = lf(at(item, "content.query"));
      const [file] = Object.entries(readQueries()).find(([, text]) => text === query) ?? [];
      const right = file === undefined ? undefined : panelTitles[file];
      return file === undefined || at(item, "content.title") === right
        ? []
        : [`The panel ${at(item, "content.title")} shows ${file}.kql, which answers: ${right}`];
    }),
    ...(texts(at(data, "fallbackResourceIds")).join() === componentId
      ? []
      : ["The panels of the workbook do not ask the app's telemetry (fallbackResourceIds)."]),
    ...sameSet(
      panels.map((item) => lf(at(item, "content.query"))),
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
      texts(at(each, "contactEmails")).join() === String(deployment.parameters.alertEmail ?? "") &&
      texts(at(each, "contactEmails")).length > 0,
  );
  return [
    ...demand(budget, "properties.amount", amount, "as asked"),
    ...demand(budget, "properties.timeGrain", "Monthly", "as asked"),
    ...(/^\d{4}-\d{2}-01$/.test(String(at(budget.body, "properties.timePeriod.startDate")))
      ? []
      : ["A budget begins at the first of a month."]),
    ...notifications
      .filter(
        (each) => !(Number(at(each, "threshold")) > 0 && Number(at(each, "threshold")) <= 100),
      )
      .map((each) => `The budget tells at ${at(each, "threshold")} %, which is too late.`),
    ...(notifications.every((each) =>
      ["GreaterThan", "GreaterThanOrEqualTo"].includes(String(at(each, "operator"))),
    )
      ? []
      : ["The budget looks the wrong way: it tells when more than the share is spent."]),
    ...demand(budget, "properties.category", "Cost", "money, not units"),
    ...sameSet(
      notifications.map((each) => String(at(each, "thresholdType"))),
      ["Actual", "Forecasted"],
      "What the budget watches",
    ),
    ...(told.length >= 1 && told.length === notifications.length
      ? []
      : [
          "The budget tells nobody, or somebody else than asked: Azure takes none without a mail address.",
        ]),
  ];
}
