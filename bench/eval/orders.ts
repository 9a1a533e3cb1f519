import { join } from "node:path";
import { sanitise } from "../../shared/text";
import { readJson, readLines } from "./files";
import { percent, type Row } from "./scores";

const isFlagged = (text: string) => sanitise(text).suspicions.length > 0;

/**
 * How many published attack texts (BIPIA: text_attack_train.json, a list for each kind) are taken for orders to a machine, and
 * how many of its clean mails (email_train.jsonl). Kinds that only ask a question, such as "Information Retrieval", order
 * nothing and cannot be told from what customers write.
 */
export function measureOrders(set: string, folder: string): readonly Row[] {
  const kinds = readJson<Readonly<Record<string, readonly string[]>>>(
    join(folder, "text_attack_train.json"),
  );
  const attacks = Object.values(kinds).flat();
  const mails = readLines<{ readonly context: string }>(join(folder, "email_train.jsonl"));
  const clean = mails.filter(({ context }) => isFlagged(context)).length;
  return [
    {
      kind: "chance",
      set: `${set}, attacks`,
      provider: "embedded",
      values: {
        texts: attacks.length,
        flagged: percent(attacks.filter(isFlagged).length, attacks.length),
      },
    },
    {
      kind: "chance",
      set: `${set}, clean mails`,
      provider: "embedded",
      values: { texts: mails.length, flagged: percent(clean, mails.length) },
    },
  ];
}
