import { AzureCliError, createAzureCli } from "./azure-cli";
import { Graph, GraphRefusal, graphOf, hopeAtGraph } from "./graph";
import { cliOf, type HookInput, patienceOf, runHook } from "./hook";
import { patiently } from "./patience";
import { toRemove } from "./predown";

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * azd hook: takes the registrations in Entra away, for good. One that is only deleted keeps its unique name for 30 days, and
 * the next deployment under that name would fail.
 *
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-delete
 */
export async function postdown(input: HookInput): Promise<void> {
  const { environment, print, keep } = input;
  const ids = (environment[toRemove] ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => guid.test(id));
  if (ids.length === 0) {
    print("No registration in Entra was noted before; nothing to take away there.");
    return;
  }
  const origin = graphOf(environment);
  try {
    const token = await createAzureCli(cliOf(input)).token({ resource: origin });
    const graph = new Graph(origin, token);
    for (const id of ids) print(await removed(graph, id, input));
    keep?.(toRemove, "");
  } catch (error) {
    if (
      !(
        error instanceof AzureCliError ||
        error instanceof GraphRefusal ||
        error instanceof TypeError
      )
    )
      throw error;
    print(`The registrations were not taken away: ${error.message}`);
    print(
      `  By hand: Entra admin center, App registrations, the ones with the object ids ${ids.join(", ")}:`,
    );
    print(
      "  delete them, then under Deleted applications delete them permanently. Or, signed in with az login as",
    );
    print("  one of their owners: azd hooks run postdown");
  }
}

/** Deletes and purges one registration; says what was found. */
async function removed(graph: Graph, id: string, input: HookInput): Promise<string> {
  const patience = patienceOf(input);
  const was = await patiently(
    () => graph.call("DELETE", `applications/${id}`),
    hopeAtGraph,
    patience,
  );
  // What was deleted a moment ago is not among the deleted ones at once.
  const purged = await patiently(
    async () => {
      const found = await graph.call("DELETE", `directory/deletedItems/${id}`);
      if (found === undefined && was !== undefined) throw new NotYet();
      return found;
    },
    (error) =>
      error instanceof NotYet
        ? { words: "Entra has not moved it to the deleted ones yet" }
        : hopeAtGraph(error),
    { ...patience, tries: 4 },
  ).catch((error: unknown) => {
    if (error instanceof NotYet) return undefined;
    throw error;
  });
  if (purged !== undefined) return `Registration ${id}: deleted, for good.`;
  return was === undefined
    ? `Registration ${id}: was gone already.`
    : `Registration ${id}: deleted; its name is free once it is purged (Entra admin center, Deleted applications).`;
}

class NotYet extends Error {}

if (require.main === module) runHook(postdown);
