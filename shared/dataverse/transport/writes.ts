import type { DataverseRequest } from "../request";

/** Actions that take a POST and change nothing: they search, or make something up and give it back. */
const readingActions: ReadonlySet<string> = new Set([
  "AIClassify",
  "AIReply",
  "FullTextSearchKnowledgeArticle",
  "InstantiateTemplate",
  "searchquery",
]);

/** Search counts by itself, one request a second for a user: it is refused long before anything else is. */
export const hasOwnLimit = ({ path }: DataverseRequest): boolean => path === "searchquery";

/** Whether a request may change something at Dataverse. What is not known to read counts as a write. */
export const isWrite = ({ method, path }: DataverseRequest): boolean =>
  method !== "GET" && !(method === "POST" && readingActions.has(path));
