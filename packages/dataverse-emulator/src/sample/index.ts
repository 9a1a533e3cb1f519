import type { Catalog, Database } from "../model";
import { createIndexes, prepareVersions } from "../store";
import { createCalendar } from "./calendar";
import { writeCatalogue } from "./company/catalogue";
import { writeCustomers } from "./company/customers";
import { type Organization, writeOrganization } from "./company/organization";
import { writePrivileges } from "./company/privileges";
import { writeViews } from "./company/views";
import { writeActivities } from "./desk/activities";
import { createCaseAgentWork } from "./desk/case-agent";
import { writeCase } from "./desk/cases";
import { writeHardRows } from "./desk/hard-rows";
import { createIntentLibrary } from "./desk/intents";
import type { PlannedCase } from "./desk/planned-case";
import { type Article, writeKnowledge } from "./knowledge/knowledge";
import { writeKnowledgeSources } from "./knowledge/knowledge-sources";
import type { Language } from "./people";
import { createPlan, type SamplePlan } from "./plan";
import { createWriter, growingTables } from "./writer";

export { growingTables } from "./writer";

/** Moves with every change of what is generated, so that a file of an older generator is not taken for a new one. */
export const sampleVersion = 13;

export interface SampleOptions {
  /** 0 to 1,000,000. */
  readonly cases: number;
  /** The present of the data; times are relative to it. */
  readonly asOf: Date;
  readonly seed: number;
  /** Main language of the customers; English unless told. */
  readonly language?: Language | undefined;
  /** Of the tables that grow with the cases, only these, and those that they point to; all unless told. */
  readonly tables?: readonly string[] | undefined;
  /** Told now and then: what is being written, and how much of all is done, 0 to 1. */
  readonly onProgress?: ((what: string, done: number) => void) | undefined;
}

export interface SampleResult {
  readonly rows: number;
  /** Ground truth that the database does not hold: the fault of each case, by its id. */
  readonly faults: ReadonlyMap<string, string>;
  /** Ids of the published articles that cure each fault. */
  readonly articles: ReadonlyMap<string, readonly string[]>;
}

/** Of the tables that grow, those that are there before and with the cases; all others hang on cases. */
const before: readonly string[] = ["account", "contact", "entitlement", "incident"];
const customers = before.slice(0, 3);

/** A case is nothing without its customer, and what hangs on a case nothing without it. */
function closureOf(tables: readonly string[] | undefined): ReadonlySet<string> | undefined {
  if (tables === undefined) return undefined;
  const all = new Set(tables);
  const hangs = growingTables.filter((table) => !before.includes(table));
  const hasCases = all.has("incident") || hangs.some((table) => all.has(table));
  if (hasCases) all.add("incident");
  if (hasCases || customers.some((table) => all.has(table)))
    for (const table of customers) all.add(table);
  if (all.has("msdyn_emailsentiment") || all.has("activityparty")) all.add("email");
  if (all.has("email")) all.add("activityparty");
  return all;
}

/**
 * Fills an empty database (tables made, no indexes) with an invented company's service desk, then makes indexes, text
 * shadows and statistics. The same options give the same rows, on every machine.
 */
export function seed(
  world: { readonly db: Database; readonly catalog: Catalog },
  options: SampleOptions,
): SampleResult {
  const { db, catalog } = world;
  const tell = options.onProgress ?? (() => {});
  const only = closureOf(options.tables);
  const writer = createWriter(db, catalog, only);
  const hasActivities =
    only === undefined || growingTables.some((table) => only.has(table) && !before.includes(table));
  const plan = createPlan({
    seed: options.seed,
    cases: options.cases,
    asOf: options.asOf.getTime(),
    language: options.language ?? "en",
    catalog,
    writer,
  });
  const faults = new Map<string, string>();
  let written: readonly Article[] = [];

  db.transaction(() => {
    tell("people and products", 0);
    const organization = writeOrganization(plan);
    writePrivileges(plan, organization);
    const catalogue = writeCatalogue(plan);
    tell("customers", 0.05);
    const customers = writeCustomers(plan, organization);
    written = writeKnowledge(plan, organization);
    // What people link to a case and agents suggest is in the language of the desk.
    const articles = byFault(written.filter(({ isTranslation }) => !isTranslation));
    const calendar = createCalendar(plan.asOf);
    const agent = options.cases > 0 ? setUpAgents(plan, organization, articles) : undefined;
    const step = Math.max(500, Math.floor(options.cases / 20));
    for (let row = 0; row < options.cases; row++) {
      if (row % step === 0)
        tell(`cases ${row} of ${options.cases}`, 0.1 + (0.75 * row) / options.cases);
      const planned = writeCase(plan, { organization, customers, catalogue, calendar }, row);
      faults.set(planned.id, planned.story.fault.id);
      if (!hasActivities) continue;
      writeActivities(plan, { organization, articles }, planned);
      agent?.writeCase(planned);
    }
    agent?.finish();
    if (options.cases > 0) writeHardRows(plan, organization, customers);
    writeViews(plan);
  });

  tell("indexes", 0.88);
  createIndexes(db, catalog);
  prepareVersions(db, catalog, writer.lastVersion());
  // Without statistics the planner of SQLite takes the wrong index for lookups; it needs no more than a good guess.
  db.exec("PRAGMA analysis_limit = 10000; ANALYZE");
  tell("done", 1);
  return {
    rows: writer.count(),
    faults,
    articles: new Map(
      [...byFault(written)].map(([fault, list]) => [fault, list.map(({ id }) => id)]),
    ),
  };
}

/** Copilot's agents: what they know, what they made of each case, and what they learned from all. */
function setUpAgents(
  plan: SamplePlan,
  organization: Organization,
  articles: ReadonlyMap<string, readonly Article[]>,
) {
  writeKnowledgeSources(plan);
  const intents = createIntentLibrary(plan, organization, articles);
  const work = createCaseAgentWork(plan, articles);
  return {
    writeCase(planned: PlannedCase) {
      intents.writeCase(planned);
      work.writeCase(planned);
    },
    finish: () => intents.finish(),
  };
}

function byFault(articles: readonly Article[]): ReadonlyMap<string, readonly Article[]> {
  const map = new Map<string, Article[]>();
  for (const article of articles) {
    if (!article.isPublished) continue;
    map.set(article.faultId, [...(map.get(article.faultId) ?? []), article]);
  }
  return map;
}
