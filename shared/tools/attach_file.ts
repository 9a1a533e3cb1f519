import { z } from "zod";
import { AppError } from "../errors";
import { writeNote } from "../service/activity/note";
import { findIncident } from "../service/case/find-case-row";
import { attachToDraft } from "../service/mail/attach";
import { findDraftId } from "../service/mail/find-draft";
import { textOf } from "../service/record/optional-read";
import { mediaTypeOf, readFileContent } from "../service/record/values/file-content";
import { recordLine, recordWord } from "../text/records/record-text";
import { caseNumberArgument, incidentIdArgument, newIdArgument, newIdOf } from "./arguments";
import { defineTool } from "./define";

export const attachFile = defineTool({
  name: "attach_file",
  title: "Attach a file",
  description: "Attaches a file to a case (as a note), or by emailId to a mail draft.",
  effect: "create",
  needs: {
    tables: {
      // Attachments share the privileges of the activities that they hang on.
      activitypointer: ["Create", "Read", "Append", "AppendTo"],
      annotation: ["Create", "Append"],
      incident: ["Read", "AppendTo"],
    },
  },
  input: z.strictObject({
    incidentId: incidentIdArgument,
    caseNumber: caseNumberArgument,
    emailId: z
      .string()
      .max(1_000)
      .optional()
      .describe("GUID of the draft, or number of the case it waits on"),
    fileName: z.string().trim().min(1).max(255).describe("With its ending"),
    content: z.string().min(1).describe("Base64; of .txt, .csv, .md also plain text"),
    text: z.string().max(100_000).optional(),
    recordId: newIdArgument,
  }),
  output: z.object({
    attachmentId: z.string(),
    attachedTo: z.object({ table: z.string(), id: z.string() }),
    fileName: z.string(),
    bytes: z.int(),
    notes: z.array(z.string()),
  }),

  async run({ emailId, fileName, content, text, recordId, ...name }, context) {
    const { dataverse, settings, caller } = context;
    const read = readFileContent(fileName, content);
    if ("problem" in read)
      throw new AppError("invalid", "Nothing was attached.", { problems: [read.problem] });
    const file = { name: fileName, base64: read.base64, type: mediaTypeOf(fileName) };
    const bytes = Buffer.byteLength(read.base64, "base64");
    const asker = { environment: settings.dataverseUrl, objectId: caller.objectId };
    const said = read.note === undefined ? [] : [read.note];
    const size = `${recordLine(fileName)}, ${bytes} bytes`;
    if (emailId !== undefined && emailId.trim() !== "") {
      const id = await findDraftId(dataverse, emailId);
      const attachment = await attachToDraft(
        dataverse,
        context,
        asker,
        id,
        file,
        newIdOf(recordId),
      );
      return {
        text: `Attached to the draft: ${size}. The mail is not sent.`,
        details: [
          ...said,
          `Attachment ${attachment.id} of email ${id}. A preview of the draft that was shown before holds no more.`,
        ].join("\n"),
        structured: {
          attachmentId: attachment.id,
          attachedTo: { table: "email", id },
          fileName,
          bytes,
          notes: said,
        },
      };
    }
    const row = await findIncident(dataverse, name, []);
    const id = String(row.incidentid);
    const note = { text: text?.trim() ?? "", title: fileName, file, id: newIdOf(recordId) };
    const { id: noteId, notes } = await writeNote(dataverse, context, asker, id, note);
    return {
      text: `Attached to case ${recordWord(textOf(row.ticketnumber) ?? id)}: ${size} (annotation ${noteId}).`,
      ...(said.length + notes.length === 0 ? {} : { details: [...said, ...notes].join("\n") }),
      structured: {
        attachmentId: noteId,
        attachedTo: { table: "incident", id },
        fileName,
        bytes,
        notes: [...said, ...notes],
      },
    };
  },
});
