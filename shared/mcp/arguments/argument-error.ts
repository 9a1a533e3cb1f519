import type { z } from "zod";
import { AppError } from "../../errors";
import { escapeHidden } from "../../text/records/hidden-characters";
import { onOneLine } from "../../text/records/record-text";
import type { Tool } from "../../tools/define";

/** Path of the first text (a key included) that holds half a surrogate pair: JSON can write one, UTF-8 and a URL cannot. */
function tornText(value: unknown, path: string): string | undefined {
  if (typeof value === "string") return value.isWellFormed() ? undefined : path;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const below = path === "" ? key : `${path}.${key}`;
    if (!key.isWellFormed()) return below.toWellFormed();
    const torn = tornText(child, below);
    if (torn !== undefined) return torn;
  }
  return undefined;
}

/** The refusal of arguments that hold half a character, or undefined. */
export function tornError(given: unknown): AppError | undefined {
  const path = tornText(given, "");
  if (path === undefined) return undefined;
  return new AppError("invalid", `${said(path)} holds half a character (a lone surrogate).`, {
    hint: "It was cut in the middle of a character: send the whole text again.",
  });
}

/** A name that the model sent, as it may stand in a message: one line, cut. */
const said = (name: string) => {
  const json = JSON.stringify(name.slice(0, 80).toWellFormed());
  return /^"[\w.-]*"$/.test(json) ? json.slice(1, -1) : escapeHidden(json);
};

/** Names that models use for our arguments, as seen with other servers of this kind. */
const alsoCalled: Readonly<Record<string, string>> = {
  sql: "querytext",
  query: "querytext",
  table: "tablename",
  tableName: "tablename",
  entity: "tablename",
  data: "item",
  fields: "item",
  record: "item",
  id: "recordId",
  userApproval: "hasUserApproved",
  isUserConfirmed: "hasUserApproved",
  approvedByUser: "hasUserApproved",
};

/** What is wrong with the arguments of a call, all of it. */
export function argumentError(tool: Tool, error: z.ZodError): AppError {
  const known = Object.keys(tool.input.shape);
  return new AppError("invalid", `The arguments of ${tool.name} are not right.`, {
    problems: error.issues.map((issue) => describeIssue(issue, known)),
    hint: `Arguments of ${tool.name}: ${known.join(", ") || "none"}. Mend all that is listed and call again.`,
    cause: error,
  });
}

function describeIssue(issue: z.core.$ZodIssue, known: readonly string[]): string {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownArgument(key, known)).join(" ");
  }
  if (issue.code === "invalid_type" && issue.input === undefined)
    return `${said(path)} is missing (${issue.expected}).`;
  return `${path === "" ? "arguments" : said(path)}: ${onOneLine(issue.message).slice(0, 500)}.`;
}

function unknownArgument(key: string, known: readonly string[]): string {
  const alias = alsoCalled[key];
  const near =
    (alias !== undefined && known.includes(alias) ? alias : undefined) ??
    known.find(
      (name) => name.toLowerCase().replaceAll("_", "") === key.toLowerCase().replaceAll("_", ""),
    );
  return near === undefined
    ? `There is no argument ${said(key)}.`
    : `There is no argument ${said(key)}: use ${near}.`;
}
