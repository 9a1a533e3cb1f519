import type { WebRequest, WebResponse, World } from "../model";
import { demandRow, invalidArgument } from "./access";
import type { Operation } from "./operation";
import { parametersOf } from "./reference";

const unpublished = { statecode: 0, statuscode: 0 };
const published = { statecode: 1, statuscode: 2 };

function setState(
  { principal }: WebRequest,
  world: World,
  id: string,
  state: typeof published,
): WebResponse {
  demandRow(world, principal, "Write", "duplicaterule", id);
  world.records.update("duplicaterule", id, state, principal, { internal: true });
  return { status: 204 };
}

/** A rule without conditions finds nothing, so it is not published. */
function publish(request: WebRequest, world: World, id: string): WebResponse {
  const condition = world.db
    .prepare("SELECT 1 AS there FROM duplicaterulecondition WHERE regardingobjectid = ? LIMIT 1")
    .get(id);
  demandRow(world, request.principal, "Write", "duplicaterule", id);
  if (condition === undefined)
    throw invalidArgument(`The duplicate detection rule ${id} has no conditions.`);
  return setState(request, world, id, published);
}

function unpublish(request: WebRequest, world: World): WebResponse {
  const { DuplicateRuleId: id } = parametersOf(request.body);
  if (typeof id !== "string") throw invalidArgument("Required field 'DuplicateRuleId' is missing");
  return setState(request, world, id.toLowerCase(), unpublished);
}

/** Rules of duplicate detection are put into force and out of it; here at once, in the service by a job. */
export const duplicateRuleOperations: Readonly<Record<string, Operation>> = {
  PublishDuplicateRule: {
    kind: "Action",
    boundTo: "duplicaterule",
    parameters: {},
    run: publish,
  },
  UnpublishDuplicateRule: {
    kind: "Action",
    parameters: { DuplicateRuleId: "Edm.Guid!" },
    run: (request, world) => unpublish(request, world),
  },
};
