import {
  type CaseStory,
  enriched,
  enrichmentSummary,
  readStory,
  type Suggestion,
  suggestionsFor,
  tagsOf,
} from "../../intelligence/case-agent";
import {
  DataverseError,
  type SqlRow,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { switchesOf } from "../../switches";
import { demandRow, invalidArgument } from "../access";
import type { Operation } from "../operation";
import { isObject, parametersOf, referenceOf } from "../reference";
import { closeIncident } from "./close-incident";

const levels = ["Full", "Semi", "Shadow"] as const;
type Level = (typeof levels)[number];

interface Step {
  readonly action: "enrich" | "resolve";
  readonly source: SqlRow | undefined;
  readonly level: Level;
}

const validForMs = 7 * 86_400_000;
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const timeOf = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

/** The activity that a step looks at; one of the case. */
function sourceOf(request: WebRequest, world: World, value: unknown): SqlRow | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  const bare = typeof value === "string" && guid.test(value) ? `emails(${value})` : value;
  const reference = referenceOf(world, bare);
  if (reference === undefined || !reference.entity.isActivity) {
    throw invalidArgument(`'${String(value)}' is no activity: write emails(<guid>).`);
  }
  const { entity, id } = reference;
  return demandRow(world, request.principal, "Read", entity.logicalName, id);
}

function levelOf(value: unknown): Level {
  if (value === undefined || value === null || value === "") return "Semi";
  const level = levels.find((one) => one.toLowerCase() === String(value).toLowerCase());
  if (level !== undefined) return level;
  throw invalidArgument(`automationLevel must be ${levels.join(", ")}; it is '${String(value)}'.`);
}

/** The steps in `msdyn_actions`, JSON in a string; all are read before one is taken. */
function stepsOf(request: WebRequest, world: World, text: unknown): Step[] {
  let list: unknown;
  try {
    list = JSON.parse(String(text));
  } catch {
    throw invalidArgument("'msdyn_actions' is not valid JSON.");
  }
  if (!Array.isArray(list) || list.length === 0) {
    throw invalidArgument("'msdyn_actions' must be a list of at least one action.");
  }
  return list.map((each: unknown) => {
    const step = isObject(each) ? each : {};
    if (step.action !== "enrich" && step.action !== "resolve") {
      throw invalidArgument(`The action '${String(step.action)}' is neither enrich nor resolve.`);
    }
    return {
      action: step.action,
      source: sourceOf(request, world, step.sourceContextEntity),
      level: levelOf(step.automationLevel),
    };
  });
}

/** Active rows that speak of the case give way to new ones. */
function retire(
  request: WebRequest,
  world: World,
  table: string,
  column: string,
  caseId: string,
  reason: number,
): void {
  const rows = world.db
    .prepare(`SELECT "${table}id" AS id FROM "${table}" WHERE "${column}" = ? AND "statecode" = 0`)
    .all(caseId);
  for (const { id } of rows) {
    const change = { statecode: 1, statuscode: reason };
    world.records.update(table, String(id), change, request.principal, { internal: true });
  }
}

function bindTo(world: World, table: string, column: string, caseId: string) {
  const property = world.catalog.byName(table)?.attribute(column)?.navigation?.[0]?.property;
  return { [`${property}@odata.bind`]: `/incidents(${caseId})` };
}

function enrich(request: WebRequest, world: World, story: CaseStory, level: Level): void {
  if (level === "Shadow") return;
  const caseId = String(story.incident.incidentid);
  const change = enriched(world, story);
  if (Object.keys(change).length > 0) {
    world.records.update("incident", caseId, change, request.principal);
  }
  retire(request, world, "msdyn_caseenrichment", "msdyn_caseid", caseId, 2);
  const body = {
    msdyn_name: `Enrichment of ${String(story.incident.ticketnumber ?? caseId)}`.slice(0, 100),
    msdyn_summary: enrichmentSummary(story),
    msdyn_tags: (tagsOf(story.text) || "case").slice(0, 500),
    ...bindTo(world, "msdyn_caseenrichment", "msdyn_caseid", caseId),
  };
  world.records.create("msdyn_caseenrichment", body, request.principal, { internal: true });
}

/** With full automation the first step is taken at once, when it is one that can be: to resolve the case. */
function take(request: WebRequest, world: World, caseId: string, first: Suggestion): boolean {
  if (first.kind !== "ResolveCase") return false;
  const resolution = {
    "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
    subject: first.detail,
    "incidentid@odata.bind": `/incidents(${caseId})`,
  };
  closeIncident({ ...request, body: { IncidentResolution: resolution, Status: 5 } }, world);
  return true;
}

function resolve(request: WebRequest, world: World, story: CaseStory, level: Level): void {
  if (level === "Shadow") return;
  const caseId = String(story.incident.incidentid);
  const suggestions = suggestionsFor(world, request.principal, story).slice(0, 3);
  const [first] = suggestions;
  const isTaken = level === "Full" && first !== undefined && take(request, world, caseId, first);
  retire(request, world, "msdyn_nextaction", "msdyn_regarding", caseId, 4);
  const now = world.now();
  for (const suggestion of isTaken ? suggestions.slice(0, 1) : suggestions) {
    const { type, title, kind, detail, confidence, evidence } = suggestion;
    const body = {
      msdyn_name: title.slice(0, 100),
      msdyn_actiontype: type,
      msdyn_actiondata: JSON.stringify({ kind, title, detail, confidence, evidence }),
      msdyn_validfrom: timeOf(now),
      msdyn_validto: timeOf(new Date(now.getTime() + validForMs)),
      msdyn_isfullautonomous: level === "Full",
      ...(isTaken ? { statecode: 1, statuscode: 3 } : {}),
      ...bindTo(world, "msdyn_nextaction", "msdyn_regarding", caseId),
    };
    world.records.create("msdyn_nextaction", body, request.principal, { internal: true });
  }
}

function caseOf(
  request: WebRequest,
  world: World,
  value: unknown,
  right: "Read" | "Write",
): SqlRow {
  if (typeof value !== "string" || !guid.test(value)) {
    throw invalidArgument("Required field 'msdyn_incidentId' is missing: a case's GUID.");
  }
  return demandRow(world, request.principal, right, "incident", value.toLowerCase());
}

/**
 * POST msdyn_invokeCaseProcessingAgent {msdyn_incidentId, msdyn_actions} → 204. `enrich` fills the case and keeps what it
 * understood as msdyn_caseenrichment; `resolve` keeps what to do next as msdyn_nextaction. All of it or nothing.
 * @see https://learn.microsoft.com/dynamics365/customer-service/develop/use-case-processing-agent
 */
function invokeAgent(request: WebRequest, world: World): WebResponse {
  const parameters = parametersOf(request.body);
  if (!switchesOf(world).caseManagementAgent) {
    throw new DataverseError(
      400,
      "0x80040265",
      "The Case Management Agent is not configured in this environment.",
    );
  }
  const { incidentid } = caseOf(request, world, parameters.msdyn_incidentId, "Write");
  const steps = stepsOf(request, world, parameters.msdyn_actions);
  world.db.transaction(() => {
    for (const { action, source, level } of steps) {
      const incident = world.records.read("incident", String(incidentid));
      if (incident === undefined) continue;
      const story = readStory(world, incident, source);
      (action === "enrich" ? enrich : resolve)(request, world, story, level);
    }
  });
  return { status: 204 };
}

/**
 * POST msdyn_InvokeGetNextSuggestion {msdyn_incidentId, msdyn_sourceContextEntityId, msdyn_automationLevel, msdyn_runId} →
 * {msdyn_suggestions}, JSON in a string; only reads. Without the Case Management Agent there are no suggestions.
 */
function getNextSuggestion(request: WebRequest, world: World): WebResponse {
  const parameters = parametersOf(request.body);
  const incident = caseOf(request, world, parameters.msdyn_incidentId, "Read");
  const source = sourceOf(request, world, parameters.msdyn_sourceContextEntityId);
  levelOf(parameters.msdyn_automationLevel);
  const suggestions = switchesOf(world).caseManagementAgent
    ? suggestionsFor(world, request.principal, readStory(world, incident, source))
    : [];
  const context = `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.msdyn_InvokeGetNextSuggestionResponse`;
  return {
    status: 200,
    body: {
      "@odata.context": context,
      msdyn_suggestions: JSON.stringify(
        suggestions.map(({ type, ...rest }) => ({ actionType: type, ...rest })),
      ),
    },
  };
}

export const caseAgentOperations: Readonly<Record<string, Operation>> = {
  msdyn_InvokeGetNextSuggestion: {
    kind: "Action",
    parameters: {
      msdyn_incidentId: "Edm.Guid!",
      msdyn_sourceContextEntityId: "Edm.String",
      msdyn_automationLevel: "Edm.String",
      msdyn_runId: "Edm.String",
    },
    returns: { msdyn_suggestions: "Edm.String" },
    run: getNextSuggestion,
  },
  msdyn_invokeCaseProcessingAgent: {
    kind: "Action",
    parameters: { msdyn_incidentId: "Edm.Guid!", msdyn_actions: "Edm.String!" },
    run: invokeAgent,
  },
};
