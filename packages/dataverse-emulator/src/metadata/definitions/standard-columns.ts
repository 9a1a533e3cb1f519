import { pluralOf } from "../plural";

/** Columns that Dataverse gives every table of an ownership, in the generated format; `{t}` is the logical name, `{p}` the plural. */
const PEOPLE = `CreatedBy	Created By	Lookup	r	to=systemuser::lk_{t}_createdby
CreatedOn	Created On	DateTime	r	fmt=DateAndTime
CreatedOnBehalfBy	Created By (Delegate)	Lookup	r	to=systemuser::lk_{t}_createdonbehalfby
ImportSequenceNumber	Import Sequence Number	Integer		min=-2147483648	max=2147483647
ModifiedBy	Modified By	Lookup	r	to=systemuser::lk_{t}_modifiedby
ModifiedOn	Modified On	DateTime	r	fmt=DateAndTime
ModifiedOnBehalfBy	Modified By (Delegate)	Lookup	r	to=systemuser::lk_{t}_modifiedonbehalfby
OverriddenCreatedOn	Record Created On	DateTime		fmt=DateOnly
TimeZoneRuleVersionNumber	Time Zone Rule Version Number	Integer		min=-1	max=2147483647
UTCConversionTimeZoneCode	UTC Conversion Time Zone Code	Integer		min=-1	max=2147483647`;
/** Activities share the properties of their base, so those of each kind bear its name. */
const PEOPLE_OF_ACTIVITY = PEOPLE.replace(
  /to=systemuser::lk_\{t\}_(\w+)/g,
  "to=systemuser:$1_{t}:lk_{t}_$1",
);
const OWNER = `OwnerId	Owner	Owner		to=systemuser::owner_{t};team::owner_{t}
OwningBusinessUnit	Owning Business Unit	Lookup	r	to=businessunit::business_unit_{t}
OwningTeam	Owning Team	Lookup	r	to=team::team_{t}
OwningUser	Owning User	Lookup	r	to=systemuser::user_{t}`;
const STATES = `statecode	Status	State		opt=0:Active;1:Inactive
statuscode	Status Reason	Status		opt=1@0:Active;2@1:Inactive`;
const ACTIVITY = `ActivityTypeCode	Activity Type	EntityName	r
ActualDurationMinutes	Duration	Integer		max=2147483647
ActualEnd	Actual End	DateTime		fmt=DateAndTime
ActualStart	Actual Start	DateTime		fmt=DateAndTime
Description	Description	Memo		len=2000
PriorityCode	Priority	Picklist		opt=0:Low;1:Normal;2:High
RegardingObjectId	Regarding	Lookup		to=account:regardingobjectid_account_{t}:{a}ccount_{p};contact:regardingobjectid_contact_{t}:{c}ontact_{p};incident:regardingobjectid_incident_{t}:{i}ncident_{p}
ScheduledEnd	Due Date	DateTime		fmt=DateAndTime
ScheduledStart	Start Date	DateTime		fmt=DateAndTime
statecode	Activity Status	State		opt=0:Open;1:Completed;2:Canceled
statuscode	Status Reason	Status		opt=1@0:Open;2@1:Completed;3@2:Canceled`;
const VERSION = "VersionNumber	Version Number	BigInt	r";
const ORGANIZATION =
  "OrganizationId	Organization Id	Lookup	r	to=organization::organization_{t}";
const UNIT = "BusinessUnitId	Business Unit	Lookup		to=businessunit::business_unit_{t}s";

const BY_OWNERSHIP: Readonly<Record<string, readonly string[]>> = {
  BusinessOwned: [PEOPLE, UNIT, VERSION],
  None: [VERSION],
  OrganizationOwned: [PEOPLE, ORGANIZATION, VERSION],
  UserOwned: [PEOPLE, OWNER, STATES, VERSION],
};

const columnName = (line: string): string => line.slice(0, line.indexOf("\t")).toLowerCase();

/** A head line with columns of its own, completed by its keys and the columns that every such table has. */
export function completed(text: string): string {
  const [head = "", ...own] = text.split("\n");
  const [schemaName = "", , , id = "", name = "", ownership = "None", display = ""] =
    head.split("\t");
  const table = schemaName.toLowerCase();
  const schema = id === `${table}id` ? `${schemaName}Id` : id;
  const keys = [`${schema}	${display}	Uniqueidentifier	`];
  if (name !== "") keys.push(`${name}	Name	String		len=200`);
  const parts = BY_OWNERSHIP[ownership] ?? [VERSION];
  const standard =
    id === "activityid"
      ? [ACTIVITY, PEOPLE_OF_ACTIVITY, ...parts.filter((part) => part !== PEOPLE)]
      : parts;
  const lines = [...own, ...keys, ...standard.flatMap((part) => part.split("\n"))];
  const seen = new Set<string>();
  const kept = lines.filter((line) => {
    const column = columnName(line);
    return !seen.has(column) && column !== "" && seen.add(column);
  });
  const plural = pluralOf(schemaName);
  // Activities of apps are named all in lower case.
  const isApp = schemaName === table;
  const names: Record<string, string> = { t: table, p: plural };
  return [head, ...kept]
    .join("\n")
    .replace(/\{(\w)\}/g, (_, key: string) => names[key] ?? (isApp ? key : key.toUpperCase()));
}
