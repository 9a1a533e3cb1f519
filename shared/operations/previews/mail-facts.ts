import type { Dataverse } from "../../dataverse";
import { AppError } from "../../errors";
import type { Fact } from "../../policy/preview";
import { htmlToText } from "../../text";
import { type Party, readMail, strangeAddresses } from "../mail-parties";

/** Longest body that is shown, in characters; its digest is that of the whole. */
const longestBody = 6_000;

/** A mail as it would go out: from whom, to whom by address, what it says, what goes with it, whose case. */
export async function mailFacts(dataverse: Dataverse, id: string) {
  const mail = await readMail(dataverse, id);
  if (mail === undefined)
    throw new AppError("not_found", `There is no email with the id ${id} that you may see.`);
  const strange = strangeAddresses(mail);
  const partyFact = (role: Party["role"]): Fact[] => {
    const parties = mail.parties.filter((party) => party.role === role);
    if (parties.length === 0) return [];
    const words = ({ name, address }: Party) =>
      name === "" || name === address ? address || "?" : `${name} <${address || "?"}>`;
    return [
      {
        label: role,
        values: parties.map(words),
        strange: parties
          .filter(({ address }) => role !== "from" && strange.includes(address))
          .map(words),
      },
    ];
  };
  const { text: whole, cut } = htmlToText(mail.body);
  const text = whole.trim();
  const isLong = cut || text.length > longestBody;
  const facts: Fact[] = [
    ...(mail.about === undefined
      ? []
      : [
          { label: "case" as const, values: [`${mail.about.number} ${mail.about.title}`] },
          { label: "customer" as const, values: [mail.about.customer] },
        ]),
    ...(["from", "to", "cc", "bcc"] as const).flatMap(partyFact),
    { label: "subject", values: [mail.subject] },
    { label: "body", values: [isLong ? `${text.slice(0, longestBody)} …` : text] },
    ...(mail.attachments.length === 0
      ? []
      : [
          {
            label: "attachments" as const,
            values: mail.attachments.map(({ name, bytes }) => `${name} (${bytes} B)`),
          },
        ]),
  ];
  const versions = [mail.etag, mail.body, ...mail.attachments.map((each) => each.id)];
  return { facts, versions };
}
