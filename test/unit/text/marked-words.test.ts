import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "@jest/globals";

const root = resolve(__dirname, "../../..");

/** Properties that hold text from records or definitions. */
const foreign =
  /\$\{\s*[\w.?!]*\.(?:label|displayName|displayCollectionName|title|subject|status|statusLabel|recordName|notetext|filename|question|answer|detail|quote)\s*(?:\?\?[^}]*)?\}/g;

/** Texts that no answer shows: what is written into Dataverse, searched, compared or learned from. */
const unseen = new Set([
  "shared/service/case/intent/case-intent.ts",
  "shared/service/mail/email-draft.ts",
  "shared/service/enrichment/enrichment-note.ts",
  "shared/service/knowledge/knowledge-search.ts",
  "shared/service/query/query-source.ts",
  "shared/service/schema/column-page.ts",
  "shared/service/schema/table-list.ts",
]);

const sources = ["shared/tools", "shared/service", "shared/sql/bind"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
);

const bareIn = (code: string) => [...code.matchAll(foreign)].map(([text]) => text);

test("the check finds a title that is put into a sentence as it is", () => {
  const inSentence = (code: string) => `Case $\{${code}}.`;
  expect(bareIn(inSentence("found.title"))).toHaveLength(1);
  expect(bareIn(inSentence("a.b?.label ?? ''"))).toHaveLength(1);
  expect(bareIn(inSentence("recordLine(found.title)"))).toEqual([]);
});

test.each(sources.filter((file) => !unseen.has(file)))(
  "%s puts no text of a record into a sentence without its marks",
  (file) => {
    expect(bareIn(readFileSync(join(root, file), "utf8"))).toEqual([]);
  },
);
