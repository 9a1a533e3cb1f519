import type { EntityDefinition, Principal, SqlRow, World } from "../model";
import { readSearch } from "../search/request";
import { runSearch } from "../search/run";
import { wordsOf } from "../search/words";
import { fold } from "../store";
import { classOf, replyTo, sentimentScore, summaryOf } from "./answers";
import { bareText, sentencesOf, stemsOf } from "./text";

/** What a case and the mail that moved it say. */
export interface CaseStory {
  readonly incident: SqlRow;
  /** The mail or other activity that is looked at: the one named, else the last that came in. */
  readonly source: SqlRow | undefined;
  readonly text: string;
}

export interface Suggestion {
  /** `msdyn_actiontype` */
  readonly type: number;
  readonly kind:
    | "KnowledgeArticleDraftReview"
    | "ResolveCase"
    | "EmailFollowup"
    | "ReplyToCustomer";
  readonly title: string;
  readonly detail: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly evidence: readonly { readonly table: string; readonly id: string }[];
}

const types = {
  KnowledgeArticleDraftReview: 100_000_000,
  ResolveCase: 100_000_001,
  EmailFollowup: 100_000_002,
  ReplyToCustomer: 100_000_003,
} as const;

const textOf = (row: SqlRow | undefined, ...columns: string[]): string[] =>
  columns.flatMap((column) => {
    const value = row?.[column];
    return typeof value === "string" && value.trim() !== "" ? [bareText(value)] : [];
  });

function mailsOf(world: World, incidentId: string): SqlRow[] {
  return world.db
    .prepare(
      'SELECT * FROM "email" WHERE "regardingobjectid" = ? ORDER BY coalesce("senton", "actualend", "createdon"), "activityid"',
    )
    .all(incidentId);
}

/** Reads a case with the activity that is named, or the last mail that came in. */
export function readStory(world: World, incident: SqlRow, source: SqlRow | undefined): CaseStory {
  const incoming = mailsOf(world, String(incident.incidentid)).filter(
    (mail) => mail.directioncode === 0,
  );
  const seen = source ?? incoming.at(-1);
  const text = [
    ...textOf(incident, "title", "description"),
    ...textOf(seen, "subject", "description"),
  ].join("\n");
  return { incident, source: seen, text };
}

const urgent =
  /\b(urgent(ly)?|immediately|asap|emergency|outage|critical|right away|dringend|sofort|urgente?)\b/i;

const navigationOf = (entity: EntityDefinition, column: string, target: string) =>
  entity.attribute(column)?.navigation?.find((each) => each.target === target)?.property;

/** The row of a table whose name stands in the text, the longest name first. */
function named(world: World, table: string, columns: readonly string[], text: string) {
  const entity = world.catalog.byName(table);
  if (entity === undefined) return undefined;
  const folded = ` ${wordsOf(text).join(" ")} `;
  const rows = world.db
    .prepare(`SELECT * FROM "${table}" ORDER BY "${entity.primaryIdAttribute}"`)
    .all();
  let best: { id: string; length: number } | undefined;
  for (const row of rows) {
    for (const column of columns) {
      const name = wordsOf(String(row[column] ?? "")).join(" ");
      if (name.length < 4 || name.length <= (best?.length ?? 0)) continue;
      if (folded.includes(` ${name} `)) {
        best = { id: String(row[entity.primaryIdAttribute]), length: name.length };
      }
    }
  }
  return best?.id;
}

/** Columns of the case that the story fills: those that are empty, the feeling, and the priority of what is urgent. */
export function enriched(world: World, { incident, text }: CaseStory): Record<string, unknown> {
  const entity = world.catalog.byName("incident");
  if (entity === undefined) return {};
  const change: Record<string, unknown> = {};
  const isEmpty = (column: string) => incident[column] === null || incident[column] === undefined;
  const kinds = entity.attribute("casetypecode")?.options ?? [];
  if (isEmpty("casetypecode") && kinds.length > 0) {
    const label = classOf(
      text,
      kinds.map((kind) => kind.label),
    );
    change.casetypecode = kinds.find((kind) => kind.label === label)?.value;
  }
  if (urgent.test(text) && (isEmpty("prioritycode") || incident.prioritycode === 2)) {
    change.prioritycode = 1;
  }
  for (const [column, table, columns] of [
    ["productid", "product", ["name", "productnumber"]],
    ["subjectid", "subject", ["title"]],
  ] as const) {
    const property = navigationOf(entity, column, table);
    const id = isEmpty(column) ? named(world, table, columns, text) : undefined;
    const set = world.catalog.byName(table)?.entitySetName;
    if (property !== undefined && id !== undefined) {
      change[`${property}@odata.bind`] = `/${set}(${id})`;
    }
  }
  const feelings = entity.attribute("msdyn_casesentiment")?.options ?? [];
  const feeling = 10 + Math.max(-3, Math.min(3, sentimentScore(text)));
  if (feelings.some((one) => one.value === feeling) && incident.msdyn_casesentiment !== feeling) {
    change.msdyn_casesentiment = feeling;
  }
  return change;
}

/** Five words that the story is about. */
export function tagsOf(text: string): string {
  const counts = new Map<string, { word: string; count: number }>();
  for (const [word] of bareText(text).matchAll(/\p{L}{4,}/gu)) {
    const [stem] = stemsOf(word);
    if (stem === undefined) continue;
    const known = counts.get(stem);
    if (known === undefined) counts.set(stem, { word: fold(word), count: 1 });
    else known.count++;
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || (a.word < b.word ? -1 : 1))
    .slice(0, 5)
    .map(({ word }) => word)
    .join(", ");
}

export const enrichmentSummary = ({ text, incident }: CaseStory): string =>
  (summaryOf(text) || String(incident.title ?? "No description.")).slice(0, 2_000);

/** The published article whose words the story shares most, when it shares enough of its title. */
function articleFor(world: World, principal: Principal, text: string) {
  const words = [...new Set(wordsOf(text))].filter((word) => word.length > 3).slice(0, 40);
  if (words.length === 0) return undefined;
  const base = readSearch(
    world,
    { search: "-", entities: JSON.stringify([{ name: "knowledgearticle" }]) },
    "2.0",
    { top: 50, mostTop: 100, least: 1 },
  );
  const { hits } = runSearch(world, principal, {
    ...base,
    scopes: base.scopes.map((scope) => ({
      ...scope,
      searched: undefined,
      filter: "statecode eq 3 and isinternal ne true",
    })),
    search: words.map((word) => `"${word}"`).join(" "),
    lucene: true,
    top: 5,
  });
  const known = new Set(stemsOf(text));
  const shared = (row: SqlRow) => {
    const stems = [...new Set(stemsOf(String(row.title ?? "")))];
    return stems.filter((stem) => known.has(stem)).length / Math.max(stems.length, 1);
  };
  const best = hits
    .map(({ row }) => ({ row, share: shared(row) }))
    .sort((a, b) => b.share - a.share)[0];
  return best !== undefined && best.share >= 0.4 ? best : undefined;
}

const solved =
  /\b(solved|resolved|fixed|works (again|now|fine)|working (again|now)|all good|can be closed)\b/i;
const followUpMs = 3 * 86_400_000;

function replySuggestion(world: World, principal: Principal, story: CaseStory): Suggestion[] {
  const article = articleFor(world, principal, story.text);
  if (article === undefined) return [];
  const { row, share } = article;
  const advice = sentencesOf(String(row.content ?? "")).join("\n");
  return [
    {
      type: types.ReplyToCustomer,
      kind: "ReplyToCustomer",
      title: `Send the solution: ${String(row.title)}`.slice(0, 100),
      detail: replyTo(`${String(story.incident.title ?? "")}.\n${advice}`),
      confidence: Number(Math.min(0.95, 0.4 + share / 2).toFixed(2)),
      evidence: [{ table: "knowledgearticle", id: String(row.knowledgearticleid) }],
    },
  ];
}

/** What to do next on a case, the best first; always at least one. Nothing is written. */
export function suggestionsFor(world: World, principal: Principal, story: CaseStory): Suggestion[] {
  const id = String(story.incident.incidentid);
  const mails = mailsOf(world, id);
  const last = mails.at(-1);
  const found: Suggestion[] = [];
  const said = textOf(story.source, "subject", "description").join("\n");
  if (story.source !== undefined && solved.test(said) && sentimentScore(said) >= 0) {
    found.push({
      type: types.ResolveCase,
      kind: "ResolveCase",
      title: "Resolve the case",
      detail: "The customer writes that the problem is solved.",
      confidence: 0.9,
      evidence: [
        {
          table: String(story.source.activitytypecode ?? "email"),
          id: String(story.source.activityid),
        },
      ],
    });
  }
  if (story.incident.statecode === 1) {
    return [
      {
        type: types.KnowledgeArticleDraftReview,
        kind: "KnowledgeArticleDraftReview",
        title: "Write an article about the solution",
        detail: enrichmentSummary(story),
        confidence: 0.5,
        evidence: [{ table: "incident", id }],
      },
    ];
  }
  found.push(...replySuggestion(world, principal, story));
  const sentOn =
    last?.directioncode === 1 ? Date.parse(String(last.senton ?? last.createdon)) : Number.NaN;
  if (world.now().getTime() - sentOn > followUpMs) {
    found.push({
      type: types.EmailFollowup,
      kind: "EmailFollowup",
      title: "Ask whether the answer helped",
      detail: "The last mail went out more than three days ago and was not answered.",
      confidence: 0.6,
      evidence: [{ table: "email", id: String(last?.activityid) }],
    });
  }
  if (found.length === 0) {
    found.push({
      type: types.EmailFollowup,
      kind: "EmailFollowup",
      title: "Ask the customer for details",
      detail: "No published article matches what is known of the case so far.",
      confidence: 0.3,
      evidence: [{ table: "incident", id }],
    });
  }
  return found.sort((a, b) => b.confidence - a.confidence);
}
