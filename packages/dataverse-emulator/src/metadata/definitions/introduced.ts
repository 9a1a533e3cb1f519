/** Columns by the version that brought them, as definitions of 2024 and 2025 have it; parted by blanks. By table. */
const VERSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  contact: {
    "1.0": "msdyn_contactkpiid msdyn_gdproptout msdyn_orgchangestatus",
    "1.0.0.0":
      "msa_managingpartnerid msdyn_decisioninfluencetag msdyn_isassistantinorgchart mspp_userpreferredlcid",
    "1.0.30.0": "msdyn_primarytimezone",
    "6.0.0.0":
      "address1_composite address2_composite entityimage entityimage_timestamp entityimage_url entityimageid processid stageid",
    "7.0.0.0": "business2 callback company home2 traversedpath",
    "8.0.0.0": "createdbyexternalparty modifiedbyexternalparty",
    "8.1.0.0": "lastonholdtime onholdtime slaid slainvokedid",
    "8.2.0.0": "followemail marketingonly timespentbymeonemailandmeetings",
    "8.4.0.0":
      "msdyn_disablewebtracking msdyn_isminor msdyn_isminorwithparentalconsent msdyn_portaltermsagreementdate",
    "9.0.0.0": "businesscard businesscardattributes teamsfollowed",
  },
  incident: {
    "1.0": "msdyn_casesurveyinviteurl msdyn_precreateattachmentsid msdyn_precreatenotesid",
    "1.0.0.0": "caseage deactivatedon lastinteraction msdyn_iotalert nextsla",
    "1.0.0.1": "msdyn_copilotengaged",
    "6.0.0.0":
      "activitiescomplete checkemail entityimage entityimage_timestamp entityimage_url entityimageid followuptaskcreated",
    "6.1.0.0":
      "blockedprofile customercontacted entitlementid escalatedon firstresponsesent firstresponseslastatus influencescore isescalated masterid merged messagetypecode numberofchildincidents parentcaseid primarycontactid resolveby resolvebyslastatus responseby routecase sentimentvalue slainvokedid socialprofileid",
    "7.0.0.0": "firstresponsebykpiid lastonholdtime onholdtime resolvebykpiid",
    "7.1.0.0": "decremententitlementterm",
    "8.0.0.0":
      "createdbyexternalpartyname createdbyexternalpartyyominame modifiedbyexternalpartyname modifiedbyexternalpartyyominame slaid",
    "5.0.0.0": "slaname",
  },
  knowledgearticle: {
    "1.0":
      "msdyn_contentstore msdyn_creationmode msdyn_iscontentsyncedtostore msdyn_retrycountformigrationtocontentstore",
    "1.0.0.0": "msdyn_externalreferenceid msdyn_integratedsearchproviderid msdyn_languagecode",
    "8.1.0.0":
      "isinternal rating rating_count rating_date rating_state rating_sum setcategoryassociations",
    "9.1.0.0":
      "msdyn_ingestedarticleurl msdyn_isingestedarticle msdyn_keywordsdescsuggestioncontrol",
  },
};
/** What two tables have in common came to both at once. */
const LIKE: Readonly<Record<string, string>> = { account: "contact" };

/** The version that brought the table, where it is not the first. */
const TABLE_VERSIONS: Readonly<Record<string, string>> = { knowledgearticle: "8.0.0.0" };
const FIRST = "5.0.0.0";

const known = new Map(
  Object.entries(VERSIONS).map(([table, versions]) => [
    table,
    new Map(
      Object.entries(versions).flatMap(([version, columns]) =>
        columns.split(" ").map((column) => [column, version] as const),
      ),
    ),
  ]),
);

interface Named {
  readonly logicalName: string;
  readonly attributeOf?: string;
}

/** IntroducedVersion of a shipped column; what is computed beside one came with it. */
export function introducedIn(table: string, { logicalName, attributeOf }: Named): string {
  const versions = known.get(LIKE[table] ?? table);
  const found = versions?.get(logicalName) ?? versions?.get(attributeOf ?? logicalName);
  if (found !== undefined) return found;
  // The third address of account and contact.
  if (/^address3_/.test(logicalName)) return "7.0.0.0";
  return isOfSolution(logicalName) ? "1.0.0.0" : (TABLE_VERSIONS[table] ?? FIRST);
}

/** A column that a solution added to a table of the service: its name begins with a publisher's prefix. */
export const isOfSolution = (logicalName: string): boolean =>
  /^(?:adx|ms[a-z]*)_/.test(logicalName);

/** Tables that apps bring; all others of the service are there without them. */
const APP_TABLES: ReadonlySet<string> = new Set(
  "contract contractdetail entitlement equipment incident incidentresolution knowledgearticleincident lead opportunity pricelevel product service site territory".split(
    " ",
  ),
);

/** A table that came by a solution, of Microsoft's apps or of others. */
export const isOfApp = (table: string): boolean => APP_TABLES.has(table) || isOfSolution(table);
