import { z } from "zod";

/** How the service tools name a case and what to read it from, in the words of Microsoft's later server. */
export const caseArguments = {
  incidentId: z.string().max(100).optional().describe("GUID of the case (or caseNumber)"),
  caseNumber: z.string().max(100).optional().describe("CAS-…"),
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
