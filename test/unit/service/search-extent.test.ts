import { expect, test } from "@jest/globals";
import type { KnowledgeSource } from "../../../shared/service/knowledge/knowledge-sources";
import { extentOf } from "../../../shared/service/knowledge/search-extent";

const source = (
  name: string,
  kind: KnowledgeSource["kind"],
  ...tables: string[]
): KnowledgeSource => ({
  id: name,
  name,
  kind,
  glossary: [],
  tables: tables.map((table) => ({
    table,
    displayName: table,
    searchable: [],
    retrievable: [],
    synonyms: [],
  })),
});

const sources = [
  source("Help", "tables", "account", "contact"),
  source("More help", "tables", "contact", "knowledgearticle"),
  source("Manuals", "files"),
  source("Other manuals", "files"),
  source("Answers", "faq"),
  source("Articles", "articles", "knowledgearticle"),
];

test.each([
  // Two for all; two a table, and one where it was compared before; four for articles, once; files alike.
  [15, []],
  [14, ["Answers"]],
  [12, ["Manuals", "Other manuals"]],
  [6, ["More help", "Manuals", "Other manuals", "Answers", "Articles"]],
  [0, ["Help", "More help", "Manuals", "Other manuals", "Answers", "Articles"]],
  [Number.POSITIVE_INFINITY, []],
])("with %d requests, what is left out is %j", (requests, names) => {
  expect(extentOf(sources, requests).leftOut).toEqual(names);
});

test("a source is searched in the tables for which there are requests", () => {
  const [help] = extentOf(sources, 4).sources;
  expect(help?.tables.map(({ table }) => table)).toEqual(["account"]);
});
