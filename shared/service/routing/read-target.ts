import type { Dataverse } from "../../dataverse";
import { AppError } from "../../errors";
import { findTable } from "../record/find-table";
import { findNamed } from "../record/lookups/find-named";
import type { Reference } from "../record/lookups/lookup-values";
import { readRecordName } from "../record/record-name";
import type { Target } from "./queue-actions";

/** Whom a case goes to. The name is text from a record: data. */
export interface NamedTarget extends Target {
  readonly name: string;
}

type Kind = "user" | "team" | "queue";
const tables = { user: "systemuser", team: "team", queue: "queue" } as const;

/**
 * The queue, person or team that is meant by `me`, a name, a mail address or an id.
 *
 * @throws AppError `invalid` for nobody, or for several; it tells them apart
 */
export async function readTarget(
  dataverse: Dataverse,
  said: string,
  kind: Kind | undefined,
): Promise<NamedTarget> {
  const cases = await findTable(dataverse.metadata, "incident");
  const items = await dataverse.metadata.table("queueitem");
  const person = async (relatedTable?: string) =>
    findNamed(
      dataverse,
      cases,
      "ownerid",
      relatedTable === undefined ? said : { relatedTable, recordId: said },
      "targetId",
    );
  const queue = async () =>
    items === undefined
      ? { problem: "targetId: this environment shows no queues." }
      : findNamed(dataverse, items, "queueid", said, "targetId");
  const found = await Promise.all(
    kind === "queue"
      ? [queue()]
      : kind === undefined && !/^me$/i.test(said.trim())
        ? [person(), queue()]
        : [person(kind && tables[kind])],
  );
  const all = found.flatMap((each): Reference[] => ("problem" in each ? [] : [each]));
  // A person's own queue has the person's address.
  const hits = said.includes("@") ? all.slice(0, 1) : all;
  const problems = nearest(found.flatMap((each) => ("problem" in each ? [each.problem] : [])));
  const isSeveral = problems.some((problem) => problem.includes("records are named"));
  const [hit] = hits;
  if (hit === undefined || hits.length > 1 || isSeveral) {
    throw new AppError("invalid", "The case was not moved.", {
      problems:
        hits.length > 1 ? ["targetId is the name of a queue and of a person or team."] : problems,
      hint:
        hits.length > 1
          ? "Ask the user which is meant, and give targetType."
          : "Ask the user whom they mean, and give the id or the mail address.",
    });
  }
  const table = hit.table.logicalName as Target["table"];
  return { table, id: hit.id, name: await readRecordName(dataverse, hit.table, hit.id) };
}

/** Where one search has names to offer, that another has none helps nobody. */
function nearest(problems: readonly string[]): readonly string[] {
  const withNames = problems.filter((problem) =>
    /records are named|part of their name/.test(problem),
  );
  return withNames.length === 0 ? problems : withNames;
}
