import { z } from "zod";
import { readRecordId } from "../service/record/record-id";

/** Arguments that several tools share, with their wording. */

export const tableArgument = z
  .string()
  .min(1)
  .max(200)
  .describe("Logical name of the table, e.g. incident");

export const recordIdArgument = z
  .string()
  .min(1)
  .max(1_000)
  .describe("GUID of the record, or its number (CAS-…)");

/** Of a tool that creates: the id under which an unclear creation is repeated. */
export const newIdArgument = z.string().max(100).optional().describe("Only as an answer says");

/** @throws AppError `invalid` for what is no GUID */
export const newIdOf = (value: string | undefined): string | undefined =>
  value === undefined || value.trim() === "" ? undefined : readRecordId("recordId", value);

export const itemArgument = z
  .record(z.string(), z.unknown())
  .describe(
    'Columns by logical name. Lookup: {"relatedTable","recordId" or "name"}, a GUID or a name. Choice: number or label; several: "1,2". Dates: ISO 8601. null clears.',
  );

/** Clients of the real server send it. It is the model's word, and nobody's yes. */
export const approvalArgument = z.boolean().optional().describe("Accepted, and no approval");

export const columnsArgument = z
  .array(
    z.strictObject({
      name: z.string().max(200).describe("Display name, without prefix"),
      type: z
        .string()
        .max(50)
        .describe(
          "choice, multiselect, customer, multiline text, duration, time zone, language, phone, email, url, lookup, money, string, integer, decimal, boolean, datetime, double, text area, ticker symbol, rich text, file or image",
        ),
      required: z.boolean().optional(),
      relatedtable: z.string().max(200).optional().describe("For lookup: the table it refers to"),
      choices: z
        .array(z.strictObject({ label: z.string().max(1000), value: z.int().optional() }))
        .optional()
        .describe("For choice and multiselect"),
    }),
  )
  .max(200);

export const incidentIdArgument = z
  .string()
  .max(100)
  .optional()
  .describe("GUID or number of the case");
/** The successors of Microsoft's tools take the number by itself. */
export const caseNumberArgument = z.string().max(100).optional();

/** How the service tools name a case and what to read it from, in the words of Microsoft's later server. */
export const caseArguments = {
  incidentId: incidentIdArgument,
  caseNumber: caseNumberArgument,
  tablename: z
    .string()
    .max(200)
    .optional()
    .describe("Another table worked on like cases; default incident"),
  sourceContextEntityId: z
    .string()
    .max(100)
    .optional()
    .describe("GUID of the mail or activity to read; default the latest incoming mail"),
};
