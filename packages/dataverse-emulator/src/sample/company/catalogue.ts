import { type Fault, productFamilies } from "../faults/faults";
import { organizationId, personas, rootBusinessUnitId } from "../identities";
import { ownedBy, type SamplePlan, stamped } from "../plan";
import { isoTime } from "../writer";

const adminId = personas[2]?.systemUserId ?? "";
const admin = { id: adminId, type: "systemuser", businessUnitId: rootBusinessUnitId } as const;
export const unitId = "0d000000-0000-4000-8000-0000000000d1";
export const unitGroupId = "0d000000-0000-4000-8000-0000000000d2";

export interface Catalogue {
  /** By model. */
  readonly productIds: ReadonlyMap<string, string>;
  /** What a case of this fault is filed under. */
  subjectOf(familyKey: string, fault: Fault): string;
}

/** Hours to resolve a case of high, normal and low priority; without weekends, but for the last. */
export const serviceLevels = [
  { name: "Standard", hours: [48, 96, 120] },
  { name: "Business hours plus", hours: [24, 72, 96] },
  { name: "Around the clock", hours: [36, 72, 120] },
] as const;

export const slaIdOf = (plan: SamplePlan, level: number): string => plan.idOf("sla", level);
export const slaItemIdOf = (plan: SamplePlan, level: number, priority: number): string =>
  plan.idOf("slaitem", level * 3 + priority - 1);

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
      family.parts.map((part) => writeSubject(part, top)),
    );
  }
  writeServiceLevels(plan, by);
  return {
    productIds,
    subjectOf: (familyKey, fault) => subjects.get(familyKey)?.[fault.part] ?? "",
  };
}

const hourly = (hours: number) => hours * 60;

function writeServiceLevels(plan: SamplePlan, by: ReturnType<typeof stamped>): void {
  serviceLevels.forEach(({ name, hours }, row) => {
    plan.writer.write("sla", {
      slaid: slaIdOf(plan, row),
      name,
      slatype: 1,
      statecode: 1,
      statuscode: 2,
      isdefault: row === 0 ? 1 : 0,
      objecttypecode: 112,
      ...ownedBy(admin),
      ...by,
    });
    hours.forEach((limit, index) => {
      plan.writer.write("slaitem", {
        slaitemid: slaItemIdOf(plan, row, index + 1),
        name: `Resolve by, ${["high", "normal", "low"][index]} priority`,
        slaid: slaIdOf(plan, row),
        applicableentity: "incident",
        applicablewhenxml: `<and><condition attribute="prioritycode" operator="eq" value="${index + 1}"/></and>`,
        successconditionsxml:
          '<and><condition attribute="statecode" operator="eq" value="1"/></and>',
        relatedfield: "resolvebykpiid",
        failureafter: hourly(limit),
        warnafter: hourly(limit - 4),
        allowpauseresume: 1,
        sequencenumber: index + 1,
        ownerid: adminId,
        ownerid__type: "systemuser",
        ...by,
      });
    });
  });
}
