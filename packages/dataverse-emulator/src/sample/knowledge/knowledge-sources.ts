import { glossary, manuals, questionsAndAnswers, synonyms } from "../data/knowledge.json";
import { organizationId, personas, rootBusinessUnitId } from "../identities";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { isoTime, type SampleRow } from "../writer";

const adminId = personas[2]?.systemUserId ?? "";
const owned = ownedBy({ id: adminId, type: "systemuser", businessUnitId: rootBusinessUnitId });
const active = { statecode: 0, statuscode: 1 };

/** `botcomponent.componenttype` of a knowledge source */
const knowledgeSource = 16;

interface TableSource {
  readonly key: string;
  readonly name: string;
  readonly searchType: 0 | 1;
  readonly config?: string;
  readonly tables: readonly {
    readonly table: string;
    readonly name: string;
    readonly searchable: readonly string[];
    readonly retrievable: readonly string[];
  }[];
}

/** What an administrator set up in Copilot Studio: three sources over tables, and a site of another service. */
const tableSources: readonly TableSource[] = [
  {
    key: "articles",
    name: "Product help",
    searchType: 0,
    tables: [
      {
        table: "knowledgearticle",
        name: "Knowledge Article",
        searchable: ["title", "content", "keywords", "description"],
        retrievable: ["title", "content", "keywords", "articlepublicnumber"],
      },
    ],
  },
  {
    key: "cases",
    name: "Solved cases",
    searchType: 0,
    tables: [
      {
        table: "incident",
        name: "Case",
        searchable: ["title", "description"],
        retrievable: ["title", "description", "ticketnumber"],
      },
      {
        table: "incidentresolution",
        name: "Case Resolution",
        searchable: ["subject", "description"],
        retrievable: ["subject", "description"],
      },
    ],
  },
  {
    key: "catalogue",
    name: "Product catalogue",
    searchType: 0,
    tables: [
      {
        table: "product",
        name: "Product",
        searchable: ["name", "productnumber"],
        retrievable: ["name", "productnumber"],
      },
    ],
  },
  {
    key: "site",
    name: "Service team site",
    searchType: 1,
    config: JSON.stringify({
      driveItems: [
        {
          $kind: "list",
          displayName: "Work instructions",
          webUrl: "https://halvren.example/sites/service/work-instructions",
        },
      ],
    }),
    tables: [],
  },
];

/** Everything that `list_knowledge_sources` and Copilot Studio read: agents, their sources, manuals, questions, glossary. */
export function writeKnowledgeSources(plan: SamplePlan): void {
  const by = stamped(adminId, isoTime(plan.asOf - 150 * 86_400_000));
  const write = (table: string, row: SampleRow) =>
    plan.writer.write(table, { ...row, ...active, ...owned, ...by });
  const agent = writeAgents(plan, write, by);
  const idOf = (table: string, row: number) => plan.draw(table, row).guid("id");
  writeTableSources(plan, write, agent);
  writeFiles(write, idOf, agent);
  questionsAndAnswers.forEach(({ page, pairs }, row) => {
    write("knowledgefaq", {
      knowledgefaqid: idOf("knowledgefaq", row),
      botcomponentid: idOf("botcomponent", 10 + row),
      source: page,
      faqdata: JSON.stringify(pairs),
    });
  });
  writeFederated(plan, by);
}

type Write = (table: string, row: SampleRow) => void;
type IdOf = (table: string, row: number) => string;

/** @returns the agent that has the sources */
function writeAgents(plan: SamplePlan, write: Write, by: ReturnType<typeof stamped>): string {
  const id = plan.draw("bot", 0).guid("id");
  write("bot", {
    botid: id,
    name: "Halvren Service Assistant",
    schemaname: "new_halvrenServiceAssistant",
    language: 1033,
    accesscontrolpolicy: 0,
    authenticationmode: 2,
    authenticationtrigger: 1,
    runtimeprovider: 0,
    template: "default-2.1.0",
    publishedon: by.createdon,
    publishedby: adminId,
  });
  for (const [row, name, title] of [
    [0, "msdyn_ServiceCopilot", "Copilot in Dynamics 365 Customer Service"],
    [1, "new_HalvrenServiceAssistant", "Halvren Service Assistant"],
  ] as const) {
    plan.writer.write("aicopilot", {
      aicopilotid: plan.draw("aicopilot", row).guid("id"),
      name,
      displayname: title,
      description: "Answers from the knowledge sources of this environment.",
      organizationid: organizationId,
      ...active,
      ...by,
    });
  }
  return id;
}

function writeTableSources(plan: SamplePlan, write: Write, agent: string): void {
  let entityRow = 0;
  let attributeRow = 0;
  tableSources.forEach((each, row) => {
    const id = plan.draw("dvtablesearch", row).guid("id");
    write("dvtablesearch", {
      dvtablesearchid: id,
      name: each.name,
      searchtype: each.searchType,
      knowledgeconfig: each.config ?? null,
      appmoduleuniquename: "CustomerServiceHub",
    });
    const component = plan.draw("botcomponent", row).guid("id");
    write("botcomponent", componentOf(component, each.name, each.key, agent));
    plan.writer.write("botcomponent_dvtablesearch", {
      botcomponent_dvtablesearchid: plan.draw("botcomponent_dvtablesearch", row).guid("id"),
      botcomponentid: component,
      dvtablesearchid: id,
    });
    for (const table of each.tables) {
      const entity = plan.draw("dvtablesearchentity", entityRow++).guid("id");
      write("dvtablesearchentity", {
        dvtablesearchentityid: entity,
        name: table.name,
        entitylogicalname: table.table,
        dvtablesearch: id,
      });
      for (const column of new Set([...table.searchable, ...table.retrievable])) {
        write("dvtablesearchattribute", {
          dvtablesearchattributeid: plan.draw("dvtablesearchattribute", attributeRow++).guid("id"),
          name: column,
          attributelogicalname: column,
          dvtablesearchentity: entity,
          issearchable: table.searchable.includes(column) ? 1 : 0,
          isretrievable: table.retrievable.includes(column) ? 1 : 0,
        });
      }
      if (table.table === "knowledgearticle") writeSynonyms(plan, write, entity);
    }
    if (row === 0) writeGlossary(plan, write, id);
  });
}

const componentOf = (id: string, name: string, key: string, agent: string): SampleRow => ({
  botcomponentid: id,
  name,
  schemaname: `new_halvrenServiceAssistant.knowledge.${key}`,
  componenttype: knowledgeSource,
  description: `Knowledge source: ${name}.`,
  parentbotid: agent,
  language: 1033,
});

function writeSynonyms(plan: SamplePlan, write: Write, entity: string): void {
  synonyms.forEach(({ column, words }, row) => {
    write("copilotsynonyms", {
      copilotsynonymsid: plan.draw("copilotsynonyms", row).guid("id"),
      name: words.split(",")[0] ?? words,
      columnlogicalname: column,
      synonyms: words,
      description: `Customers use these words for the same thing in ${column}.`,
      skillentity: entity,
    });
  });
}

function writeGlossary(plan: SamplePlan, write: Write, source: string): void {
  glossary.forEach(({ term, meaning }, row) => {
    write("copilotglossaryterm", {
      copilotglossarytermid: plan.draw("copilotglossaryterm", row).guid("id"),
      name: term,
      term,
      description: meaning,
      skill: source,
    });
  });
}

/** The manuals, a row for each page, and the source that searches them. */
function writeFiles(write: Write, idOf: IdOf, agent: string): void {
  const source = idOf("dvfilesearch", 0);
  write("dvfilesearch", { dvfilesearchid: source, name: "Manuals" });
  write("botcomponent", componentOf(idOf("botcomponent", 8), "Manuals", "manuals", agent));
  const entity = idOf("dvfilesearchentity", 0);
  write("dvfilesearchentity", {
    dvfilesearchentityid: entity,
    name: "Manuals",
    entitylogicalname: "unstructuredfilesearchrecord",
    dvfilesearch: source,
  });
  write("dvfilesearchattribute", {
    dvfilesearchattributeid: idOf("dvfilesearchattribute", 0),
    name: "content",
    uniquename: "content",
    attributelogicalname: "content",
    dvfilesearchentity: entity,
    issearchable: 1,
    isvectorizable: 1,
    isfilterable: 0,
  });
  let page = 0;
  manuals.forEach((manual, row) => {
    const address = `https://files.halvren.example/manuals/${manual.file}`;
    const folder = idOf("unstructuredfilesearchentity", row);
    write("unstructuredfilesearchentity", {
      unstructuredfilesearchentityid: folder,
      name: manual.file,
      knowledgesource: "Manuals",
      sourceurl: address,
    });
    manual.pages.forEach((content, index) => {
      write("unstructuredfilesearchrecord", {
        unstructuredfilesearchrecordid: idOf("unstructuredfilesearchrecord", page++),
        columnname: `${manual.file}, page ${index + 1}`,
        attributetype: "File",
        content,
        citationlink: `${address}#page=${index + 1}`,
        fileid: manual.file,
        recordid: source,
        unstructuredfilesearchentityid: folder,
      });
    });
  });
}

/** Two connections to other systems: one that works, one whose account has expired. */
function writeFederated(plan: SamplePlan, by: ReturnType<typeof stamped>): void {
  for (const [row, name, statecode, statuscode, detail] of [
    [0, "Engineering wiki", 1, 1, null],
    [1, "Carrier help centre", 2, 2, "The connection's account has expired."],
  ] as const) {
    const id = plan.draw("federatedknowledgeconfiguration", row).guid("id");
    plan.writer.write("federatedknowledgeconfiguration", {
      federatedknowledgeconfigurationid: id,
      name,
      uniquename: `new_${name.replaceAll(" ", "").toLowerCase()}`,
      knowledgeconfigversion: "1.0",
      statusdetail: detail,
      statecode,
      statuscode,
      ...owned,
      ...by,
    });
    plan.writer.write("federatedknowledgeentityconfiguration", {
      federatedknowledgeentityconfigurationid: plan
        .draw("federatedknowledgeentityconfiguration", row)
        .guid("id"),
      name: `${name}: pages`,
      entityconfigversion: "1.0",
      federatedknowledgeconfiguration: id,
      statecode,
      statuscode,
      ...owned,
      ...by,
    });
  }
}
