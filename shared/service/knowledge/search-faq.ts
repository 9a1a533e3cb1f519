import type { ToolSettings } from "../../config/tool-settings";
import type { Dataverse } from "../../dataverse";
import { readAhead, takeTurns } from "../../text";
import { queryIfThere, textOf } from "../record/optional-read";
import { type Candidate, plain } from "./candidate";
import { recordAddress } from "./knowledge-articles";
import { faqId, type KnowledgeSource } from "./knowledge-sources";

/** Questions and answers are few: all are compared. */
export async function searchFaq(
  dataverse: Dataverse,
  settings: ToolSettings,
  source: KnowledgeSource,
): Promise<Candidate[]> {
  const table = await dataverse.metadata.table(faqId);
  if (table === undefined) return [];
  const { rows } = await queryIfThere(dataverse, faqId, {
    select: [table.primaryId, "faqdata", "source"],
    top: 200,
  });
  const turn = takeTurns();
  const found: Candidate[] = [];
  for (const row of rows) {
    await turn();
    const id = String(row[table.primaryId]);
    const pairs = readFaq(textOf(row.faqdata) ?? "");
    await readAhead(pairs.flatMap(({ question, answer }) => [question, answer]));
    const candidates = pairs.map((pair) => ({
      source: source.name,
      table: faqId,
      id: `${id}`,
      number: undefined,
      ...plain(pair.question, pair.answer),
      link: textOf(row.source) ?? recordAddress(settings, faqId, id),
      isInternal: false,
      isTitled: true,
    }));
    found.push(...candidates);
  }
  return found;
}

/** JSON of pairs, or plain text. */
function readFaq(data: string): { question: string; answer: string }[] {
  try {
    const json: unknown = JSON.parse(data);
    const list: unknown[] = Array.isArray(json) ? json : [json];
    return list.flatMap((each) => {
      const row = each as Record<string, unknown>;
      const question = textOf(row.question) ?? textOf(row.Question);
      const answer = textOf(row.answer) ?? textOf(row.Answer);
      return question === undefined || answer === undefined ? [] : [{ question, answer }];
    });
  } catch {
    return data === "" ? [] : [{ question: "", answer: data }];
  }
}
