import { demoCases } from "../../packages/dataverse-emulator/src/sample/identities";
import type { ServiceDesk } from "../support/service-desk";

const [, demo] = demoCases;

const guid = (n: number) => `66100000-0000-4000-8000-0000000000${n.toString(16).padStart(2, "0")}`;
const ids = {
  family: guid(1),
  group: guid(2),
  intent: guid(3),
  onCase: guid(4),
  attribute: guid(5),
  set: guid(6),
  tables: guid(16),
  entity: guid(17),
  column: guid(18),
  files: guid(19),
  record: guid(20),
  faq: guid(21),
  federated: guid(22),
  synonyms: guid(23),
  glossary: guid(24),
  template: guid(25),
  fileEntity: guid(26),
  fileSet: guid(27),
};

/** What the optional reads of the tools look for: an intent of a case, a template, a source of each kind. */
export async function setTheTable(desk: ServiceDesk): Promise<void> {
  const put = (set: string, id: string, body: Record<string, unknown>) =>
    desk.write("PATCH", `${set}(${id})`, body);
  const base = {
    msdyn_reviewstate: 192350001,
    msdyn_harvestingsource: 192350002,
    "msdyn_intentfamilyid@odata.bind": `/msdyn_intentfamilies(${ids.family})`,
  };
  await put("msdyn_intentfamilies", ids.family, {
    msdyn_name: "Devices",
    msdyn_description: "d",
    msdyn_isdefault: false,
    msdyn_isenabled: true,
  });
  await put("msdyn_intents", ids.group, {
    ...base,
    msdyn_name: "Faults of invoices",
    msdyn_intentstring: "group",
    msdyn_isgroup: true,
  });
  await put("msdyn_intents", ids.intent, {
    ...base,
    msdyn_name: "VAT number missing on the invoice",
    msdyn_intentstring: "The VAT number is missing",
    msdyn_isgroup: false,
    "msdyn_parentgroupid@odata.bind": `/msdyn_intents(${ids.group})`,
  });
  await put("msdyn_intententities", ids.onCase, {
    msdyn_name: "x",
    msdyn_objecttype: "incident",
    msdyn_intentstate: 192350000,
    "msdyn_objectid_incident@odata.bind": `/incidents(${demo.id})`,
    "msdyn_intentid@odata.bind": `/msdyn_intents(${ids.intent})`,
    "msdyn_intentfamilyid@odata.bind": `/msdyn_intentfamilies(${ids.family})`,
  });
  await put("msdyn_intentattributes", ids.attribute, {
    msdyn_name: "VAT number",
    msdyn_reviewstate: 192350001,
    msdyn_source: 192350002,
    "msdyn_intentfamilyid@odata.bind": `/msdyn_intentfamilies(${ids.family})`,
  });
  await put("msdyn_intentattributesets", ids.set, {
    msdyn_name: "Which VAT number should stand there?",
    msdyn_ismandatory: true,
    msdyn_reviewstate: 192350001,
    "msdyn_intentattributeid@odata.bind": `/msdyn_intentattributes(${ids.attribute})`,
    "msdyn_intentid@odata.bind": `/msdyn_intents(${ids.intent})`,
    "msdyn_intentfamilyid@odata.bind": `/msdyn_intentfamilies(${ids.family})`,
  });
  await put("dvtablesearchs", ids.tables, { name: "Product help", searchtype: 0 });
  await put("dvtablesearchentities", ids.entity, {
    name: "Articles",
    entitylogicalname: "knowledgearticle",
    "DVTableSearch@odata.bind": `/dvtablesearchs(${ids.tables})`,
  });
  await put("copilotsynonyms", ids.synonyms, {
    name: "words",
    columnlogicalname: "title",
    synonyms: "wobble, jiggle",
    "skillentity@odata.bind": `/dvtablesearchentities(${ids.entity})`,
  });
  await put("copilotglossaryterms", ids.glossary, {
    name: "BT",
    term: "BT9",
    description: "administration page",
    "skill@odata.bind": `/dvtablesearchs(${ids.tables})`,
  });
  await put("dvtablesearchattributes", ids.column, {
    name: "Title",
    attributelogicalname: "title",
    issearchable: true,
    isretrievable: true,
    "dvtablesearchentity@odata.bind": `/dvtablesearchentities(${ids.entity})`,
  });
  await put("federatedknowledgeconfigurations", ids.federated, { name: "Team site" });
  await put("dvfilesearchs", ids.files, { name: "Manuals" });
  await put("dvfilesearchentities", ids.fileEntity, {
    name: "Pages of the manuals",
    entitylogicalname: "account",
    "DVFileSearch@odata.bind": `/dvfilesearchs(${ids.files})`,
  });
  await put("unstructuredfilesearchentities", ids.fileSet, { name: "Manuals" });
  await put("unstructuredfilesearchrecords", ids.record, {
    columnname: "content",
    content: "The Zephyr valve is turned by a quarter to the left before it is cleaned.",
    citationlink: "https://files.halvren.example/zephyr.pdf",
    "UnstructuredFileSearchEntityId@odata.bind": `/unstructuredfilesearchentities(${ids.fileSet})`,
  });
  await put("knowledgefaqs", ids.faq, {
    source: "https://halvren.example/faq",
    faqdata: JSON.stringify([
      { question: "How do I return a parcel?", answer: "Print the label." },
    ]),
  });
  await put("templates", ids.template, {
    title: "Desk reply",
    subject: "Your case",
    body: "<p>Hello</p>",
    templatetypecode: "incident",
    ispersonal: false,
    languagecode: 1033,
    mimetype: "text/html",
  });
}
