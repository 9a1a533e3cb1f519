import type { Dataverse } from "../../dataverse";
import { htmlToText, ownLines, placeholdersIn } from "../../text";
import { textOf } from "../record/optional-read";

/** What is still to be filled in, in a body as it is stored (HTML or plain) and in a subject. An earlier mail below it does not count. */
export const leftOpen = (subject: string, body: string): readonly string[] => [
  ...new Set(
    [subject, ownLines(htmlToText(body).text).lines.join("\n")].flatMap((text) =>
      placeholdersIn(text),
    ),
  ),
];

/** What is still to be filled in in a stored mail; empty when there is nothing, or no such mail. */
export async function leftOpenIn(dataverse: Dataverse, id: string): Promise<readonly string[]> {
  const row = await dataverse.retrieve("email", id, { select: ["subject", "description"] });
  return leftOpen(textOf(row?.subject) ?? "", textOf(row?.description) ?? "");
}
