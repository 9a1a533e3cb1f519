import { attachFile } from "./attach_file";
import { createActivity } from "./create_activity";
import { createNote } from "./create_note";
import { createRecord } from "./create_record";
import { createTable } from "./create_table";
import type { Tool } from "./define";
import { deleteRecord } from "./delete_record";
import { deleteTable } from "./delete_table";
import { describeTable } from "./describe_table";
import { draftEmailWithSuggestedResponse } from "./draft_email_with_suggested_response";
import { enrichCase } from "./enrich_case";
import { getCase } from "./get_case";
import { getNextSuggestionOnCase } from "./get_next_suggestion_on_case";
import { listCases } from "./list_cases";
import { listKnowledgeSources } from "./list_knowledge_sources";
import { listTables } from "./list_tables";
import { pickCaseFromQueue } from "./pick_case_from_queue";
import { readQuery } from "./read_query";
import { reassignCase } from "./reassign_case";
import { resolveIncident } from "./resolve_incident";
import { retrieveKnowledge } from "./retrieve_knowledge";
import { sendEmail } from "./send_email";
import { updateRecord } from "./update_record";
import { updateTable } from "./update_table";

/** Every tool, in the order in which `tools/list` shows them: look, read, write, work a case, change the schema. */
export const tools: readonly Tool[] = [
  listTables,
  describeTable,
  readQuery,
  createRecord,
  updateRecord,
  deleteRecord,
  listCases,
  getCase,
  reassignCase,
  pickCaseFromQueue,
  createNote,
  createActivity,
  attachFile,
  enrichCase,
  getNextSuggestionOnCase,
  draftEmailWithSuggestedResponse,
  sendEmail,
  resolveIncident,
  listKnowledgeSources,
  retrieveKnowledge,
  createTable,
  updateTable,
  deleteTable,
];
