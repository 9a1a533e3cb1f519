import type { EntityDefinition, WebRequest, World } from "../model";
import { hasPlugIns, runPlugIns } from "../plug-ins";
import { isObject, parametersOf, targetOf } from "./reference";
import { caseIdOf } from "./service/close-incident";

/** The row that an action is about: the one it is bound to, its `Target`, or the case that is closed. */
function subjectOf(
  request: WebRequest,
  world: World,
  bound: { entity: EntityDefinition | undefined; id: string },
): { entity: EntityDefinition; id: string } | undefined {
  const { entity, id } = bound;
  if (entity !== undefined && id !== "") return { entity, id };
  const { Target, IncidentResolution } = parametersOf(request.body);
  if (isObject(Target)) return targetOf(world, Target, "Target");
  const incident = world.catalog.byName("incident");
  return isObject(IncidentResolution) && incident !== undefined
    ? { entity: incident, id: caseIdOf(world, IncidentResolution) }
    : undefined;
}

/** Lets the company's code have its say before an action does anything. */
export function runPlugInsBefore(
  name: string,
  request: WebRequest,
  world: World,
  bound: { entity: EntityDefinition | undefined; id: string },
): void {
  if (!hasPlugIns(world)) return;
  const subject = subjectOf(request, world, bound);
  if (subject === undefined) return;
  const row = world.records.read(subject.entity.logicalName, subject.id);
  if (row !== undefined) runPlugIns(world, name, subject.entity, row);
}
