import { labelWords, verbOf } from "../../approval";
import type { Grade } from "../../policy/grades";
import type { Fact, Preview } from "../../policy/preview";
import { recordList, recordRows } from "../../text/records/record-text";

/** Most values of one fact that an answer shows; the page shows all. */
const mostValues = 12;

const said = ({ facts }: Preview): readonly Fact[] =>
  facts.filter(({ values }) => values.length > 0);

const moreWords = (values: readonly string[]): string =>
  values.length > mostValues ? ` and ${values.length - mostValues} more` : "";

const factWords = (facts: readonly Fact[]): string[] =>
  facts.map(
    ({ label, values }) =>
      `- ${labelWords("en", label)}: ${recordList(values.slice(0, mostValues), "; ")}${moreWords(values)}`,
  );

/** Previews of which the same is asked and told are told together. */
const kindOf = (preview: Preview): string =>
  JSON.stringify([preview.asked, said(preview).map(({ label }) => label)]);

/** What would be done, in our words first; what records say stands as data. */
export function previewWords(previews: readonly Preview[]): string {
  const kinds = new Map<string, Preview[]>();
  for (const preview of previews)
    kinds.set(kindOf(preview), [...(kinds.get(kindOf(preview)) ?? []), preview]);
  return [...kinds.values()].flatMap(kindWords).join("\n");
}

/** Several of a kind: what is the same of all is said once, what differs is a line for each. */
function kindWords(previews: readonly Preview[]): string[] {
  const [first] = previews;
  if (first === undefined) return [];
  const verb = verbOf("en", first.asked);
  if (previews.length === 1) return [`${verb}:`, ...factWords(said(first))];
  const values = (preview: Preview, label: Fact["label"]) =>
    said(preview).find((fact) => fact.label === label)?.values ?? [];
  const isSame = ({ label, values: own }: Fact) =>
    previews.every((each) => JSON.stringify(values(each, label)) === JSON.stringify(own));
  const same = said(first).filter(isSame);
  const different = said(first).filter((fact) => !isSame(fact));
  const rows = previews.map((preview) =>
    different.map(({ label }) => {
      const all = values(preview, label);
      return `${all.slice(0, mostValues).join("; ")}${moreWords(all)}`;
    }),
  );
  return [
    `${verb}, ${previews.length} times:`,
    ...factWords(same),
    ...(different.length === 0
      ? []
      : [
          `- Of each: ${different.map(({ label }) => labelWords("en", label)).join(", ")}`,
          recordRows(rows),
        ]),
  ];
}

/** The same for a form that a client shows its user: plain text, shortened. */
export const questionWords = (previews: readonly Preview[]): string =>
  previews
    .flatMap((preview) => [
      `${verbOf("en", preview.asked)}?`,
      ...preview.facts.map(
        ({ label, values }) =>
          `${labelWords("en", label)}: ${values.slice(0, mostValues).map(oneLine).join("; ")}`,
      ),
    ])
    .join("\n")
    .slice(0, 4_000);

const oneLine = (text: string): string =>
  JSON.stringify(text.replaceAll(/\s+/g, " ").slice(0, 600));

export const dryWords = (grade: Grade): string =>
  grade === "none"
    ? "Dry run: nothing was changed. The call would do this:"
    : `Dry run: nothing was changed. The call would ask for a yes (${grade}) and then do this:`;

interface AskedFor {
  readonly previews: readonly Preview[];
  readonly tool: string;
  readonly link: string | undefined;
  readonly isOneOfSeveral: boolean;
  readonly approvalId: string;
  readonly pageNote: string | undefined;
}

export function askedWords(asked: AskedFor): string {
  const { previews, tool, link, approvalId } = asked;
  const then = `call ${tool} again with the same arguments and approvalId "${approvalId}"`;
  const next =
    link === undefined
      ? `If that is what the user wants, ${then}. It counts for 10 minutes. This step shows what would be done; it is no approval of a person.`
      : [
          `A person has to approve it${asked.isOneOfSeveral ? ", together with the other calls of this request" : ""}. Give the user this link, which counts for 10 minutes: ${link}`,
          `Only the user can answer there. To read what became of it, ${then}.`,
          ...(asked.pageNote === undefined ? [] : [asked.pageNote]),
        ].join("\n");
  return `Nothing was done yet. This would be done:\n${previewWords(previews)}\n${next}`;
}

const states: Readonly<Record<string, string>> = {
  pending: "Nothing was done yet: nobody has answered.",
  expired:
    "Nothing was done: nobody answered within 10 minutes. Call again without approvalId to ask anew.",
  declined: "Nothing was done: the user said no. Do not ask again unless the user wants it.",
  void: "Nothing was done: what was shown has changed since, so the approval counts no longer. Call again without approvalId.",
  acting: "It is being done at this moment. Call again with approvalId to read the outcome.",
  lost: "It was begun, and its outcome was never told: it may be done or not. Look at the records with read_query before anything is repeated.",
};

export const stateWords = (state: string, link: string | undefined): string =>
  `${states[state] ?? states.lost}${link === undefined ? "" : ` The user answers here: ${link}`}`;

export const trustWords =
  "(This endpoint runs with CONSENT=trust-client: it asks no person itself.)";
