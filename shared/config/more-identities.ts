import { guid, list, type Reader } from "./setting-reader";

/** Each is an application user that an administrator has to look after. */
const most = 9;

/** Client ids of the identities beside the first, in lower case. */
export function readMoreIdentities(read: Reader): readonly string[] {
  const setting = "DATAVERSE_MORE_CLIENT_IDS";
  const ids = list(read.text(setting)).map((id) => id.toLowerCase());
  if (ids.length === 0) return [];
  const first = read.text("AZURE_CLIENT_ID").toLowerCase();
  if (ids.some((id) => !guid.safeParse(id).success)) read.report(setting, "must hold GUIDs.");
  else if (ids.length > most) read.report(setting, `takes ${most} at most.`);
  else if (first === "" || new Set([first, ...ids]).size < ids.length + 1)
    read.report(setting, "must name identities beside that of AZURE_CLIENT_ID, each once.");
  // A token of the person's own has the person's limits.
  else if (read.text("DATAVERSE_PERSON_BY") === "on-behalf-of")
    read.report(setting, "has no meaning where DATAVERSE_PERSON_BY is on-behalf-of.");
  else return ids;
  return [];
}
