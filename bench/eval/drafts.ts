import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { startServiceDesk } from "../../test/support/service-desk";
import { checks, failures, type Judged } from "../rubric/checks";
import { percent, type Row } from "./scores";

/** A draft of the sample desk with what the rubric says of it. */
export interface JudgedDraft {
  readonly judged: Judged;
  readonly responseType: string;
  readonly fails: readonly string[];
}

const names: Readonly<Record<string, readonly [string, string]>> = {
  de: ["Anna", "Köhler"],
  en: ["Mara", "Vexley"],
  es: ["Lucía", "Ortega"],
  fr: ["Claire", "Dubois"],
  it: ["Paolo", "Riva"],
  ja: ["Hanako", "Sato"],
  nl: ["Sanne", "Visser"],
  pl: ["Tomasz", "Zieliński"],
  pt: ["Rui", "Almeida"],
};
const spoken = Object.keys(names);

interface Told {
  readonly language: string;
  readonly title: string;
  readonly text: string;
}

/** Hand-written cases in people's words, of each language that drafts speak in turn, so that few are as varied as many. */
function casesToDraft(cases: readonly Told[], most: number): readonly Told[] {
  const all = cases.filter(({ language }) => spoken.includes(language));
  const others = all.filter(({ language }) => language !== "en");
  const english = all.filter(({ language }) => language === "en");
  const half = Math.min(others.length, Math.ceil(most / 2));
  const step = Math.max(1, Math.floor(english.length / (most - half)));
  return [
    ...english.filter((_, at) => at % step === 0).slice(0, most - half),
    ...others
      .filter((_, at) => at % Math.max(1, Math.floor(others.length / half)) === 0)
      .slice(0, half),
  ];
}

/** Has the product draft a reply to each of some cases in people's words, over HTTP, and judges it by the rubric. */
export async function judgeDrafts(
  cases: readonly Told[],
  most = 64,
): Promise<readonly JudgedDraft[]> {
  const desk = await startServiceDesk({
    cases: 600,
    settings: { KNOWLEDGE_ARTICLE_URL: "https://help.halvren.example/a/{number}" },
  });
  try {
    const self = personas.find(({ key }) => key === "representative");
    const owned = { "ownerid@odata.bind": `/systemusers(${self?.systemUserId})` };
    const { value } = await desk.read(
      "knowledgearticles?$select=title,content,isinternal,articlepublicnumber&$filter=statecode eq 3",
    );
    const articles = value as readonly Readonly<Record<string, string | boolean>>[];
    const done: JudgedDraft[] = [];
    for (const { language, title, text } of casesToDraft(cases, most)) {
      const [firstname, lastname] = names[language] ?? ["", ""];
      const [contact, incidentId] = [crypto.randomUUID(), crypto.randomUUID()];
      await desk.write("PATCH", `contacts(${contact})`, {
        firstname,
        lastname,
        emailaddress1: `${contact}@example.com`,
        ...owned,
      });
      await desk.write("PATCH", `incidents(${incidentId})`, {
        title,
        description: text,
        "customerid_contact@odata.bind": `/contacts(${contact})`,
        "primarycontactid@odata.bind": `/contacts(${contact})`,
        ...owned,
      });
      await desk.write("PATCH", `emails(${crypto.randomUUID()})`, {
        subject: title,
        description: text,
        directioncode: false,
        "regardingobjectid_incident_email@odata.bind": `/incidents(${incidentId})`,
        email_activity_parties: [
          { "partyid_contact@odata.bind": `/contacts(${contact})`, participationtypemask: 1 },
        ],
        ...owned,
      });
      const answer = await desk.call("draft_email_with_suggested_response", { incidentId });
      if (answer.isError) throw new Error(`${title}: ${answer.text}`);
      const { structured } = answer;
      const judged: Judged = {
        draft: structured.body,
        subject: structured.subject,
        customer: text,
        title,
        language,
        name: `${firstname} ${lastname}`,
        signature: self === undefined ? "" : `${self.firstName} ${self.lastName}`,
        articles: articles
          .filter(({ isinternal }) => isinternal !== true)
          .map((each) => ({
            title: String(each.title),
            text: String(each.content),
            url: `https://help.halvren.example/a/${each.articlepublicnumber}`,
          })),
        hosts: [],
        beside: answer.text,
        sent: [],
        secrets: articles
          .filter(({ isinternal }) => isinternal === true)
          .map(({ articlepublicnumber }) => String(articlepublicnumber)),
      };
      done.push({ judged, responseType: structured.responseType, fails: failures(judged) });
    }
    return done;
  } finally {
    await desk.close();
  }
}

/** What the table of an evaluation says of the drafts: percent of them that keep to each check, and of all checks on all. */
export function rowOfDrafts(done: readonly JudgedDraft[]): Row {
  const failed = new Map<string, number>();
  for (const name of done.flatMap(({ fails }) => fails))
    failed.set(name, (failed.get(name) ?? 0) + 1);
  const all = done.length * checks.length;
  const missed = [...failed.values()].reduce((sum, count) => sum + count, 0);
  return {
    kind: "drafts",
    set: "drafts by the rubric of thirty checks",
    provider: "embedded",
    values: {
      drafts: done.length,
      rubric: percent(all - missed, all),
      clean: percent(done.filter(({ fails }) => fails.length === 0).length, done.length),
      ...Object.fromEntries(
        [...failed].map(([name, count]) => [name, percent(done.length - count, done.length)]),
      ),
    },
  };
}

/** A page of whole drafts for people to read. */
export function pageOfDrafts(done: readonly JudgedDraft[]): string {
  const quoted = (text: string) =>
    text
      .split("\n")
      .map((line) => `> ${line}`)
      .join("\n");
  const parts = done.map(
    ({ judged, responseType, fails }, at) =>
      `## ${at + 1}. ${judged.title} (${judged.language}, ${responseType})\n\n${quoted(judged.customer)}\n\n\`\`\`text\n${judged.draft}\n\`\`\`\n\n${fails.length === 0 ? "Keeps to the rubric." : `Against the rubric: ${fails.join("; ")}.`}`,
  );
  return `# Drafts to read\n\nMade by \`npm run eval -- --set drafts\` from hand-written cases on the sample service desk; do not edit.\n\n${parts.join("\n\n")}\n`;
}
