import type { CaseFields } from "./case-fields";

/** What tools know about this deployment. */
export interface ToolSettings {
  readonly caseFields: CaseFields;
  /** Origin of the environment, for links that the representative opens. */
  readonly dataverseUrl: string;
  /** Address of a published article for customers, with `{number}` or `{id}`; undefined where there is no portal. */
  readonly articleUrl: string | undefined;
  /** Rows, and their characters, in one answer of a query; the engine's own limits where left out. */
  readonly maxRows?: number;
  readonly maxAnswerCharacters?: number;
}
