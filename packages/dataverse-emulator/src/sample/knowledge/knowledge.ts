import type { Organization } from "../company/organization";
import { productFamilies } from "../faults/faults";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { isoTime } from "../writer";

export interface Article {
  readonly id: string;
  readonly number: string;
  readonly faultId: string;
  readonly isPublished: boolean;
}

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

/** Two articles for each fault: how to cure it, and a short answer. They really hold the cure. */
export function writeKnowledge(plan: SamplePlan, organization: Organization): Article[] {
  const articles: Article[] = [];
  for (const family of productFamilies) {
    for (const fault of family.faults) {
      const cure = `<h2>Symptom</h2><p>${capital(fault.symptom)}.</p><h2>Cause</h2><p>${fault.cause}</p><h2>What to do</h2><p>${fault.resolution}</p><h2>Before you begin</h2><p>${fault.question}</p>`;
      const short = `<p><b>${fault.question}</b></p><p>${fault.resolution}</p>`;
      articles.push(
        writeArticle(plan, organization, articles.length, {
          title: `${family.name}: ${fault.symptom}`,
          content: cure,
          keywords: `${family.models.join(", ")}, ${fault.symptom}`,
          faultId: fault.id,
        }),
      );
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
  return articles;
}

function writeArticle(
  plan: SamplePlan,
  organization: Organization,
  row: number,
  article: { title: string; content: string; keywords: string; faultId: string },
): Article {
  const draw = plan.draw("knowledgearticle", row);
  const id = draw.guid("id");
  const number = `KA-${String(1_001 + row).padStart(5, "0")}`;
  const state = row % 2 === 0 ? published : draw.weighted("state", states);
  const author = draw.pick("author", organization.representatives);
  const made = plan.asOf - draw.whole("age", 60, 700) * dayMs;
  plan.writer.write("knowledgearticle", {
    knowledgearticleid: id,
    articlepublicnumber: number,
    title: article.title,
    content: article.content,
    keywords: article.keywords,
    description: article.title.slice(0, 155),
    ...state,
    isinternal: row % 17 === 5 ? 1 : 0,
    islatestversion: 1,
    isrootarticle: 0,
    isprimary: 1,
    majorversionnumber: 1,
    minorversionnumber: 0,
    languagelocaleid: null,
    primaryauthorid: author.id,
    publishon: state.statecode === 3 ? isoTime(made + dayMs) : null,
    knowledgearticleviews: draw.whole("views", 0, 400),
    ...ownedBy({ id: author.id, type: "systemuser", businessUnitId: author.businessUnitId }),
    ...stamped(author.id, isoTime(made), isoTime(made + 2 * dayMs)),
  });
  return { id, number, faultId: article.faultId, isPublished: state.statecode === 3 };
}
