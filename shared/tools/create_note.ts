import { z } from "zod";
import { writeNote } from "../service/activity/note";
import { findIncident } from "../service/case/find-case-row";
import { textOf } from "../service/record/optional-read";
import { recordWord } from "../text/records/record-text";
import { caseNumberArgument, incidentIdArgument, newIdArgument, newIdOf } from "./arguments";
import { defineTool } from "./define";

export const createNote = defineTool({
  name: "create_note",
  title: "Write a note",
  description: "Writes a note on a case, for colleagues only.",
  effect: "create",
  needs: { tables: { annotation: ["Create", "Append"], incident: ["Read", "AppendTo"] } },
  input: z.strictObject({
    incidentId: incidentIdArgument,
    caseNumber: caseNumberArgument,
    text: z.string().trim().min(1).max(100_000),
    title: z.string().max(500).optional(),
    recordId: newIdArgument,
  }),
  output: z.object({
    noteId: z.string(),
    incidentId: z.string(),
    caseNumber: z.string(),
    notes: z.array(z.string()),
  }),

  async run({ text, title, recordId, ...name }, context) {
    const { dataverse, settings, caller } = context;
    const row = await findIncident(dataverse, name, []);
    const id = String(row.incidentid);
    const number = textOf(row.ticketnumber) ?? "";
    const asker = { environment: settings.dataverseUrl, objectId: caller.objectId };
    const written = await writeNote(dataverse, context, asker, id, {
      text,
      title,
      id: newIdOf(recordId),
    });
    return {
      text: `Note written on case ${recordWord(number || id)} (annotation ${written.id}).`,
      ...(written.notes.length === 0 ? {} : { details: written.notes.join("\n") }),
      structured: {
        noteId: written.id,
        incidentId: id,
        caseNumber: number,
        notes: [...written.notes],
      },
    };
  },
});
