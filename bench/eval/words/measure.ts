import { escalationsOf } from "../../../shared/intelligence/escalation";
import { tellLanguage } from "../../../shared/intelligence/language-detection";
import { type ServiceDesk, startServiceDesk } from "../../../test/support/service-desk";
import { percent, type Row } from "../scores";
import toldCases from "./cases.json";
import toldQuestions from "./questions.json";

/** A case in words of a person, with what is true of it beside it. */
export interface ToldCase {
  readonly language: string;
  /** Faults of the sample company that it tells of; none when it is out of scope. */
  readonly faults: readonly string[];
  /** Kinds of escalation that it asks for. */
  readonly escalation: readonly string[];
  readonly title: string;
  readonly text: string;
}

export interface ToldQuestion {
  readonly language: string;
  readonly faults: readonly string[];
  readonly question: string;
}

/** What is asked, with what is true of it. */
export interface Told {
  readonly cases: readonly ToldCase[];
  readonly questions: readonly ToldQuestion[];
}

/** Whom to tell of each miss while the product is worked on. */
export type Report = (miss: string) => void;

export const ours: Told = { cases: toldCases, questions: toldQuestions };

const none: Report = () => undefined;

const row = (set: string, values: Row["values"]): Row => ({
  kind: "words",
  set,
  provider: "embedded",
  values,
});

/** Bodies and subject lines of the cases: is their language told? */
export function measureLanguage(cases: readonly ToldCase[], report: Report = none): Row {
  const told = (language: string, body: string, subject?: string) => {
    const { tag } = tellLanguage(body, subject);
    if (tag !== language) report(`language ${language}, told ${tag}: ${subject} / ${body}`);
    return tag === language;
  };
  const bodies = cases.filter(({ language, title, text }) => told(language, text, title));
  const subjects = cases.filter(({ language, title }) => told(language, "", title));
  return row("language", {
    asked: cases.length,
    bodies: percent(bodies.length, cases.length),
    subjects: percent(subjects.length, cases.length),
  });
}

/** Does a case that asks for more than an answer get it, and none other? */
export function measureEscalation(cases: readonly ToldCase[], report: Report = none): Row {
  let [right, missed, wrong] = [0, 0, 0];
  for (const { title, text, escalation } of cases) {
    const found = escalationsOf([
      { ref: { table: "incident", id: title }, text: `${title}\n${text}` },
    ]).map(({ kind }) => kind);
    const isFound = found.length > 0;
    const isWanted = escalation.length > 0;
    if (isFound && isWanted) right++;
    if (isFound && !isWanted) wrong++;
    if (!isFound && isWanted) missed++;
    if (isFound !== isWanted)
      report(`escalation [${escalation}], seen [${found}]: ${title} / ${text}`);
  }
  return row("escalation", {
    asked: right + missed,
    recall: percent(right, right + missed),
    precision: percent(right, right + wrong),
  });
}

interface Truth {
  readonly articles: ReadonlyMap<string, readonly string[]>;
}

/** Cases and questions through the tools, over HTTP, on a sample service desk of so many cases. */
export async function measureWords(
  size: number,
  { cases, questions }: Told,
  report: Report = none,
): Promise<Row[]> {
  const desk = await startServiceDesk({ cases: size });
  try {
    const truth = desk.emulator.sample;
    if (truth === undefined) throw new Error("The sample service desk was not made anew.");
    return [
      ...(await measureSuggestions(desk, truth, size, cases, report)),
      ...(await measureKnowledge(desk, truth, size, questions, report)),
    ];
  } finally {
    await desk.close();
  }
}

async function ask(desk: ServiceDesk, tool: string, args: Record<string, unknown>) {
  const answer = await desk.call(tool, args, "administrator");
  if (answer.isError) throw new Error(`${tool} ${JSON.stringify(args)}: ${answer.text}`);
  return answer;
}

interface Evidence {
  readonly id: string;
}

async function measureSuggestions(
  desk: ServiceDesk,
  truth: Truth,
  size: number,
  cases: readonly ToldCase[],
  report: Report,
): Promise<Row[]> {
  if (cases.length === 0) return [];
  const [contact] = (await desk.read("contacts?$select=contactid&$top=1&$orderby=contactid"))
    .value as { contactid: string }[];
  const told: { language: string; isRight: boolean; isOutside: boolean; isSure: boolean }[] = [];
  for (const { language, faults, title, text } of cases) {
    const { structured: made } = await ask(desk, "create_record", {
      tablename: "incident",
      item: {
        title,
        description: text,
        customerid: { relatedTable: "contact", id: contact?.contactid },
      },
    });
    const incidentId: string = made.id ?? made.recordId;
    const { structured } = await ask(desk, "get_next_suggestion_on_case", { incidentId });
    const steps = structured.steps as { kind: string; title: string; evidence: Evidence[] }[];
    const gold = new Set(faults.flatMap((fault) => truth.articles.get(fault) ?? []));
    const isRight = steps
      .slice(0, 3)
      .some(({ evidence }) => evidence.some(({ id }) => gold.has(id)));
    const isSure = steps.some(
      ({ kind, confidence }: { kind: string; confidence?: number }) =>
        kind === "share-solution" && (confidence ?? 0) >= 0.5,
    );
    told.push({ language, isRight, isOutside: faults.length === 0, isSure });
    if (faults.length === 0 ? isSure : !isRight)
      report(
        `suggestion [${faults}] ${language}: ${title} / ${text}\n      ${steps.map((one) => `${one.kind} ${one.title}`).join(" | ")}`,
      );
    await desk.write("DELETE", `incidents(${incidentId})`, undefined);
  }
  const inside = told.filter(({ isOutside }) => !isOutside);
  const outside = told.filter(({ isOutside }) => isOutside);
  const top3 = (some: typeof told) =>
    percent(some.filter(({ isRight }) => isRight).length, some.length);
  return [
    row(`suggestion, ${size} cases`, {
      asked: told.length,
      english: top3(inside.filter(({ language }) => language === "en")),
      others: top3(inside.filter(({ language }) => language !== "en")),
      all: top3(inside),
      outsideSure: percent(outside.filter(({ isSure }) => isSure).length, outside.length),
    }),
  ];
}

async function measureKnowledge(
  desk: ServiceDesk,
  truth: Truth,
  size: number,
  questions: readonly ToldQuestion[],
  report: Report,
): Promise<Row[]> {
  if (questions.length === 0) return [];
  const told: { language: string; isRight: boolean; isOutside: boolean; isSure: boolean }[] = [];
  for (const { language, faults, question } of questions) {
    const { structured } = await ask(desk, "retrieve_knowledge", { question });
    const passages = structured.passages as { id: string; title: string; score: number }[];
    const gold = new Set(faults.flatMap((fault) => truth.articles.get(fault) ?? []));
    const isRight = passages.slice(0, 5).some(({ id }) => gold.has(id));
    const isSure: boolean = structured.convincing;
    told.push({ language, isRight, isOutside: faults.length === 0, isSure });
    if (faults.length === 0 ? isSure : !isRight)
      report(
        `knowledge [${faults}] ${language}: ${question}\n      ${passages.map(({ title, score }) => `${score} ${title}`).join(" | ")}`,
      );
  }
  const inside = told.filter(({ isOutside }) => !isOutside);
  const outside = told.filter(({ isOutside }) => isOutside);
  const top5 = (some: typeof told) =>
    percent(some.filter(({ isRight }) => isRight).length, some.length);
  return [
    row(`retrieve_knowledge, ${size} cases`, {
      asked: told.length,
      english: top5(inside.filter(({ language }) => language === "en")),
      others: top5(inside.filter(({ language }) => language !== "en")),
      all: top5(inside),
      sure: percent(inside.filter(({ isSure }) => isSure).length, inside.length),
      outsideSure: percent(outside.filter(({ isSure }) => isSure).length, outside.length),
    }),
  ];
}
