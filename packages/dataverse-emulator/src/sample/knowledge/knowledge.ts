import type { Organization, User } from "../company/organization";
import { productFamilies } from "../faults/faults";
import { personas } from "../identities";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { isoTime } from "../writer";
import { englishId, type Translation, translationsOf, writeLanguages } from "./translations";

export interface Article {
  readonly id: string;
  readonly faultId: string;
  readonly isPublished: boolean;
  /** In another language than English. */
  readonly isTranslation: boolean;
}

/** Number of the first row of a translation; the others stand before. */
const firstTranslation = 1_000;

const dayMs = 86_400_000;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const published = { statecode: 3, statuscode: 7 };

/** State and status reason of the second article of each fault; the first is always published. */
const states: readonly (readonly [{ statecode: number; statuscode: number }, number])[] = [
  [published, 60],
  [{ statecode: 0, statuscode: 2 }, 20],
  [{ statecode: 1, statuscode: 5 }, 10],
  [{ statecode: 5, statuscode: 12 }, 10],
];

/** Two articles for each fault: how to cure it, and a short answer. They really hold the cure. Some are translated. */
export function writeKnowledge(plan: SamplePlan, organization: Organization): Article[] {
  if (plan.isShown) writeLanguages(plan, personas[2]?.systemUserId ?? "");
  const articles: Article[] = [];
  const translated: Article[] = [];
  for (const family of productFamilies) {
    for (const fault of family.faults) {
      const cure = `<h2>Symptom</h2><p>${capital(fault.symptom)}.</p><h2>Cause</h2><p>${fault.cause}</p><h2>What to do</h2><p>${fault.resolution}</p><h2>Before you begin</h2><p>${fault.question}</p>`;
      const short = `<p><b>${fault.question}</b></p><p>${fault.resolution}</p>`;
      const full = writeArticle(plan, organization, articles.length, {
        title: `${family.name}: ${fault.symptom}`,
        content: cure,
        keywords: `${family.models.join(", ")}, ${fault.symptom}`,
        faultId: fault.id,
      });
      articles.push(full);
      for (const translation of translationsOf(plan, fault.id))
        translated.push(writeTranslation(plan, translated.length, full, translation));
      articles.push(
        writeArticle(plan, organization, articles.length, {
          title: `Short answer: ${fault.symptom}`,
          content: short,
          keywords: family.name,
          faultId: fault.id,
        }),
      );
    }
  }
  return [...articles, ...translated];
}

interface Written extends Article {
  readonly row: number;
  readonly author: User;
  /** In ms. */
  readonly made: number;
}

function writeArticle(
  plan: SamplePlan,
  organization: Organization,
  row: number,
  article: { title: string; content: string; keywords: string; faultId: string },
): Written {
  const draw = plan.draw("knowledgearticle", row);
  const id = draw.guid("id");
  const state = row % 2 === 0 ? published : draw.weighted("state", states);
  const author = draw.pick("author", organization.representatives);
  const made = plan.asOf - draw.whole("age", 60, 700) * dayMs;
  const { faultId, ...texts } = article;
  plan.writer.write("knowledgearticle", {
    knowledgearticleid: id,
    ...texts,
    ...commonColumns(row, author, made),
    ...state,
    isprimary: 1,
    languagelocaleid: plan.isShown ? englishId(plan) : null,
    description: article.title.slice(0, 155),
    publishon: state.statecode === 3 ? isoTime(made + dayMs) : null,
    knowledgearticleviews: draw.whole("views", 0, 400),
  });
  return {
    id,
    row,
    author,
    made,
    faultId,
    isPublished: state.statecode === 3,
    isTranslation: false,
  };
}

/**
 * A translation has the number of the article that it translates, and that article as its parent. Dataverse keeps a container
 * beside each article, its root; here, as intents see it, the article stands for its root itself.
 */
function writeTranslation(
  plan: SamplePlan,
  index: number,
  of: Written,
  { languageId, ...texts }: Translation,
): Article {
  const draw = plan.draw("knowledgearticle", firstTranslation + index);
  const id = draw.guid("id");
  const made = of.made + 3 * dayMs;
  plan.writer.write("knowledgearticle", {
    knowledgearticleid: id,
    ...texts,
    ...commonColumns(of.row, of.author, made),
    ...published,
    isprimary: 0,
    languagelocaleid: languageId,
    parentarticlecontentid: of.id,
    rootarticleid: of.id,
    description: texts.title.slice(0, 155),
    publishon: isoTime(made + dayMs),
    knowledgearticleviews: draw.whole("views", 0, 60),
  });
  return { id, faultId: of.faultId, isPublished: true, isTranslation: true };
}

const commonColumns = (row: number, author: User, made: number) => ({
  articlepublicnumber: `KA-${String(1_001 + row).padStart(5, "0")}`,
  isinternal: row % 17 === 5 ? 1 : 0,
  islatestversion: 1,
  isrootarticle: 0,
  majorversionnumber: 1,
  minorversionnumber: 0,
  primaryauthorid: author.id,
  ...ownedBy({ id: author.id, type: "systemuser", businessUnitId: author.businessUnitId }),
  ...stamped(author.id, isoTime(made), isoTime(made + 2 * dayMs)),
});
