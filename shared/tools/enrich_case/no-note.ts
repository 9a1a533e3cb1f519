import { AppError } from "../../errors";
import { type CaseRecord, caseWords } from "../../service/case/case-record";

/** What is taken back or judged is found by its note. */
export const noNote = (record: CaseRecord) =>
  new AppError(
    "not_found",
    `${caseWords(record)} has no enrichment that could be taken back or judged.`,
    {
      hint: "Only what enrich_case wrote, with its note still in place, can be.",
    },
  );
