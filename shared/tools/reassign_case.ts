import { z } from "zod";
import { AppError } from "../errors";
import { type CaseName, findIncident } from "../service/case/find-case-row";
import { findTable } from "../service/record/find-table";
import { textOf } from "../service/record/optional-read";
import { type HandOver, handOver, noteFailedWords } from "../service/routing/hand-over";
import { type NamedTarget, readTarget } from "../service/routing/read-target";
import { recordLine, recordWord } from "../text/records/record-text";
import { caseNumberArgument, incidentIdArgument } from "./arguments";
import { defineTool } from "./define";
import { reassignSeveral } from "./reassign_case/several";

/** So many go over by one call. */
const mostAtOnce = 25;

export const reassignCase = defineTool({
  name: "reassign_case",
  title: "Hand a case over",
  description:
    "Moves a case, or several, to a queue, or hands them over to a colleague or a team, with a note on each.",
  effect: "update",
  needs: {
    tables: {
      annotation: ["Create", "Read", "Append"],
      incident: ["Read", "Write", "Assign", "AppendTo"],
      queue: ["Read", "AppendTo"],
      queueitem: ["Create", "Read", "Write", "Append"],
      systemuser: ["Read"],
      team: ["Read"],
    },
  },
  input: z.strictObject({
    incidentId: incidentIdArgument,
    caseNumber: caseNumberArgument,
    cases: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(mostAtOnce)
      .optional()
      .describe("Several: numbers or GUIDs, 25 at most"),
    targetType: z.enum(["user", "team", "queue"]).optional(),
    targetId: z.string().min(1).max(200).describe("me, a name, mail or id"),
    reason: z.string().max(10_000).optional().describe("The handover note"),
  }),
  output: z.object({
    incidentId: z.string().optional(),
    caseNumber: z.string().optional(),
    outcome: z.string().optional().describe("moved, released (nobody works on it now) or there"),
    records: z
      .array(
        z.object({
          recordId: z.string(),
          caseNumber: z.string(),
          outcome: z.string(),
          why: z.string().optional(),
        }),
      )
      .optional()
      .describe("Of several: those, or not done, not known, not tried"),
    target: z.object({ table: z.string(), id: z.string(), name: z.string() }),
    isNoted: z.boolean().describe("On each that went over"),
  }),

  async run({ targetType, targetId, reason: said, cases, ...name }, context) {
    const { dataverse, settings, caller } = context;
    const table = await findTable(dataverse.metadata, "incident");
    const note = said === undefined || said.trim() === "" ? undefined : said;
    if (cases !== undefined) {
      refuseBoth(name);
      const target = await readTarget(dataverse, targetId, targetType);
      return reassignSeveral(context, table, cases, target, note);
    }
    const [row, target] = await Promise.all([
      findIncident(dataverse, name, ["statecode", "_ownerid_value"]),
      readTarget(dataverse, targetId, targetType),
    ]);
    const handed = {
      id: String(row.incidentid),
      number: textOf(row.ticketnumber) ?? "",
      ownerId: textOf(row._ownerid_value),
    };
    if (row.statecode !== 0) throw closed(handed.number);
    const asker = { environment: settings.dataverseUrl, objectId: caller.objectId };
    const done = await handOver(dataverse, context, asker, table, handed, target, note);
    return {
      text: [
        // What was asked and not done stands first.
        ...(done.noteFailed === undefined ? [] : [noteFailedWords(handed.id, done.noteFailed)]),
        doneWords(handed.number, target, done),
      ].join("\n"),
      details: [
        ...(done.isNoted ? ["The handover note is on the case."] : []),
        ...done.notes,
        ...(target.table === "queue"
          ? ["Its owner stays; who takes it by pick_case_from_queue owns it."]
          : []),
      ].join("\n"),
      structured: {
        incidentId: handed.id,
        caseNumber: handed.number,
        outcome: done.is,
        target: { table: target.table, id: target.id, name: target.name },
        isNoted: done.isNoted,
      },
    };
  },
});

/** @throws AppError `invalid` for one case beside several */
function refuseBoth({ incidentId, caseNumber }: CaseName): void {
  if (!incidentId?.trim() && !caseNumber?.trim()) return;
  throw new AppError("invalid", "One case and several are named side by side. Nothing was moved.", {
    hint: "Give incidentId or caseNumber for one, or cases for several.",
  });
}

const closed = (number: string) =>
  new AppError("conflict", `Case ${recordWord(number)} is closed. Nothing was changed.`, {
    hint: 'Reopen it first, if the user wants that: update_record with item {"statecode": "Active"}.',
  });

function doneWords(
  number: string,
  target: NamedTarget,
  { is, before, isNoted, hadNote }: HandOver,
): string {
  const who = `${target.table} ${recordLine(target.name)}`;
  const from = before === undefined ? "" : ` It was in the queue ${recordLine(before.queue)}.`;
  switch (is) {
    case "there":
      if (isNoted && !hadNote)
        return `Case ${recordWord(number)} is with ${who} already and was not moved; the note was missing and is written.`;
      return `Nothing was changed: case ${recordWord(number)} is with ${who} already.`;
    case "released":
      return `Case ${recordWord(number)} is in ${who} as it was, and nobody works on it any more.`;
    case "moved":
      return `Case ${recordWord(number)} is with ${who} now.${from}`;
  }
}
