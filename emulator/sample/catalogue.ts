import { productFamilies } from "./faults";
import { organizationId, personas } from "./identities";
import { type SamplePlan, stamped } from "./plan";
import { isoTime } from "./writer";

const adminId = personas[2]?.systemUserId ?? "";
export const unitId = "0d000000-0000-4000-8000-0000000000d1";
export const unitGroupId = "0d000000-0000-4000-8000-0000000000d2";

export interface Catalogue {
  /** By model. */
  readonly productIds: ReadonlyMap<string, string>;
  /** By family, the subject of its cases by the number of the fault. */
  subjectOf(familyKey: string, faultIndex: number): string;
  readonly slaIds: readonly string[];
}

const parts = ["Set-up", "Faults", "Advice"] as const;

/** Products by family, two levels of subjects, and three service levels. */
export function writeCatalogue(plan: SamplePlan): Catalogue {
  const by = stamped(adminId, isoTime(plan.asOf - 3 * 365 * 86_400_000));
  plan.writer.write("uomschedule", { uomscheduleid: unitGroupId, name: "Default Unit", ...by });
  plan.writer.write("uom", { uomid: unitId, name: "Primary Unit" });
  const productIds = new Map<string, string>();
  const subjects = new Map<string, readonly string[]>();
  let productRow = 0;
  let subjectRow = 0;
  const writeProduct = (name: string, parent: string | null, structure: number) => {
    const id = plan.draw("product", productRow++).guid("id");
    plan.writer.write("product", {
      productid: id,
      name,
      productnumber: `P-${1_000 + productRow}`,
      parentproductid: parent,
      productstructure: structure,
      producttypecode: 1,
      quantitydecimal: 0,
      defaultuomid: unitId,
      defaultuomscheduleid: unitGroupId,
      statecode: 0,
      statuscode: 1,
      organizationid: organizationId,
      ...by,
    });
    return id;
  };
  const writeSubject = (title: string, parent: string | null) => {
    const id = plan.draw("subject", subjectRow++).guid("id");
    plan.writer.write("subject", {
      subjectid: id,
      title,
      parentsubject: parent,
      featuremask: 1,
      organizationid: organizationId,
      ...by,
    });
    return id;
  };
  for (const family of productFamilies) {
    const familyProduct = writeProduct(family.name, null, 2);
    for (const model of family.models) productIds.set(model, writeProduct(model, familyProduct, 1));
    const top = writeSubject(family.name, null);
    subjects.set(
      family.key,
      parts.map((part) => writeSubject(part, top)),
    );
  }
  const slaIds = ["Standard", "Business hours plus", "Around the clock"].map((name, row) => {
    const id = plan.draw("sla", row).guid("id");
    plan.writer.write("sla", {
      slaid: id,
      name,
      slatype: 1,
      statecode: 1,
      statuscode: 2,
      isdefault: row === 0 ? 1 : 0,
      objecttypecode: 112,
      ownerid: adminId,
      owninguser: adminId,
      ...by,
    });
    return id;
  });
  return {
    productIds,
    slaIds,
    subjectOf: (familyKey, faultIndex) =>
      subjects.get(familyKey)?.[faultIndex % parts.length] ?? "",
  };
}
