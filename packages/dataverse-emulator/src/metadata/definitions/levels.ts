import type { AttributeDefinition, EntityDefinition } from "../../model";

type Level = AttributeDefinition["required"];
type ByTable = Readonly<Record<string, string>>;

/**
 * Requirement levels of the service's own columns, as definitions of real organizations and Microsoft's table reference have
 * them; the generated facts know ApplicationRequired alone. Names of columns by table, parted by blanks.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/about-entity-reference
 */
const BY_LEVEL: readonly (readonly [Level, ByTable])[] = [
  [
    "SystemRequired",
    {
      businessunit: "isdisabled name organizationid",
      contract:
        "activeon billingcustomerid contracttemplateabbreviation contracttemplateid customerid expireson",
      entitlement: "customerid enddate owningbusinessunit startdate",
      equipment: "businessunitid",
      incident: "customerid",
      incidentresolution: "instancetypecode isregularactivity",
      kbarticle: "kbarticletemplateid organizationid subjectid",
      knowledgearticle:
        "articlepublicnumber islatestversion isrootarticle languagelocaleid majorversionnumber minorversionnumber title",
      languagelocale: "code language localeid organizationid",
      organization: "expirechangetrackingindays isauditenabled localeid maxuploadfilesize",
      pricelevel: "organizationid",
      product: "organizationid productnumber productstructure",
      queueitem: "objectid queueid",
      role: "businessunitid name",
      service: "organizationid",
      site: "organizationid",
      sla: "allowpauseresume applicablefrom componentstate ismanaged overwritetime primaryentityotc slaidunique solutionid",
      subject: "organizationid",
      systemuser:
        "accessmode azurestate businessunitid defaultfilterspopulated deletedstate emailrouteraccessapproval identityid incomingemaildeliverymethod internalemailaddress isactivedirectoryuser isemailaddressapprovedbyo365admin isintegrationuser islicensed issyncwithdirectory organizationid outgoingemaildeliverymethod setupuser",
      team: "administratorid businessunitid isdefault name organizationid systemmanaged",
      transactioncurrency:
        "currencyprecision currencysymbol exchangerate isocurrencycode organizationid",
    },
  ],
  [
    "ApplicationRequired",
    {
      businessunit: "parentbusinessunitid",
      contractdetail: "ownerid title",
      msdyn_iotalert: "msdyn_description",
    },
  ],
  ["Recommended", { contact: "firstname", knowledgearticle: "keywords", product: "pricelevelid" }],
  ["None", { entitlement: "statecode" }],
];

const ALWAYS: ReadonlySet<string> = new Set(["activitytypecode", "statecode"]);

const byColumn = new Map<string, Map<string, Level>>();

function levelsOf(table: string): ReadonlyMap<string, Level> {
  let levels = byColumn.get(table);
  if (levels === undefined) {
    levels = new Map(
      BY_LEVEL.flatMap(([level, tables]) =>
        (tables[table]?.split(" ") ?? []).map((column) => [column, level] as const),
      ),
    );
    byColumn.set(table, levels);
  }
  return levels;
}

/** The level of a shipped column; undefined where only the generated facts say it. */
export function levelOf(
  {
    logicalName: table,
    primaryIdAttribute,
  }: Pick<EntityDefinition, "logicalName" | "primaryIdAttribute">,
  { logicalName, type }: Pick<AttributeDefinition, "logicalName" | "type">,
): Level | undefined {
  if (logicalName === primaryIdAttribute) return "SystemRequired";
  const known = levelsOf(table).get(logicalName);
  if (known !== undefined) return known;
  return ALWAYS.has(logicalName) || type === "Owner" ? "SystemRequired" : undefined;
}
