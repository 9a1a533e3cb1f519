import { z } from "zod";
import type { Reader } from "./setting-reader";

/**
 * How one column may be filled by `enrich_case`. `off`: never predicted. `recommend`: shown, never written. `auto`: written
 * when the prediction passes `autoAt`.
 */
const fieldSetting = z.strictObject({
  mode: z.enum(["off", "recommend", "auto"]),
  /** From this confidence on the best value is preselected. */
  selectAt: z.number().min(0).max(1).default(0.6),
  /** Never below `selectAt`. `calibrated`: measured on held-out cases of the tenant. */
  autoAt: z.union([z.number().min(0).max(1), z.literal("calibrated")]).default("calibrated"),
  /** Share of values written automatically that must be right. */
  targetPrecision: z.number().min(0.5).max(1).default(0.95),
  /** Lets a value that a person set be replaced without being asked to. */
  overwriteHuman: z.boolean().default(false),
  /** Logical name of the column whose value restricts this one. */
  dependsOn: z.string().max(128).optional(),
  /** Further words for the predictor, beside the column's own description. */
  description: z.string().max(1_000).optional(),
});

const tableName = z.string().regex(/^[a-z][a-z0-9_]{1,127}$/);

/** The allow-list: table, then column. Whatever is not here is never predicted and never written. */
export const caseFieldsSchema = z.record(tableName, z.record(tableName, fieldSetting));

export type CaseFields = z.output<typeof caseFieldsSchema>;
export type FieldSetting = z.output<typeof fieldSetting>;

/** What `enrich_case` fills where nothing is configured. Priority is poorly readable from text, and an attacker aims at it. */
export const standardCaseFields: CaseFields = caseFieldsSchema.parse({
  incident: {
    subjectid: { mode: "auto" },
    casetypecode: { mode: "auto" },
    productid: { mode: "auto" },
    productserialnumber: { mode: "auto", autoAt: 0.9 },
    prioritycode: { mode: "recommend" },
  },
});

/** The allow-list of this deployment; the standard one where none is set, and where it cannot be read. */
export function readCaseFields(read: Reader): CaseFields {
  const text = read.text("CASE_FIELDS");
  if (text === "") return standardCaseFields;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    read.report("CASE_FIELDS", "is not JSON.");
    return standardCaseFields;
  }
  const parsed = caseFieldsSchema.safeParse(json);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues.slice(0, 10)) {
      read.report("CASE_FIELDS", `${path.join(".")}: ${message}.`);
    }
    return standardCaseFields;
  }
  for (const [table, fields] of Object.entries(parsed.data)) {
    for (const [field, { autoAt, selectAt }] of Object.entries(fields)) {
      if (autoAt !== "calibrated" && autoAt < selectAt) {
        read.report("CASE_FIELDS", `${table}.${field}: autoAt is below selectAt.`);
      }
    }
  }
  return parsed.data;
}
