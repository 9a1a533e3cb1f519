/**
 * Tables of column security and of duplicate detection, in the format of the generated ones (see regenerate.mjs); the
 * facts that those come from leave these tables out. Names, codes and options after Microsoft's table reference.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/fieldpermission
 */
const fieldSecurityProfile = `FieldSecurityProfile	fieldsecurityprofiles	1200	fieldsecurityprofileid	name	OrganizationOwned	Field Security Profile	Field Security Profiles
CreatedBy	Created By	Lookup	r	to=systemuser::lk_fieldsecurityprofile_createdby
CreatedOn	Created On	DateTime	r	fmt=DateAndTime
CreatedOnBehalfBy	Created By (Delegate)	Lookup	r	to=systemuser::lk_fieldsecurityprofile_createdonbehalfby
Description	Description	Memo		len=2000
FieldSecurityProfileId	Field Security Profile	Uniqueidentifier
IsManaged	Is Managed	Boolean	r	opt=1:Managed;0:Unmanaged
ModifiedBy	Modified By	Lookup	r	to=systemuser::lk_fieldsecurityprofile_modifiedby
ModifiedOn	Modified On	DateTime	r	fmt=DateAndTime
ModifiedOnBehalfBy	Modified By (Delegate)	Lookup	r	to=systemuser::lk_fieldsecurityprofile_modifiedonbehalfby
Name	Name	String	R	len=100
VersionNumber	Version Number	BigInt	r`;

const fieldPermission = `FieldPermission	fieldpermissions	1201	fieldpermissionid		None	Field Permission	Field Permissions
AttributeLogicalName	Name of the attribute for which this privilege is defined	String	R	len=128
CanCreate	Can create the attribute	Picklist		opt=0:Not Allowed;4:Allowed	def=0
CanRead	Can Read the attribute	Picklist		opt=0:Not Allowed;4:Allowed	def=0
CanUpdate	Can Update the attribute	Picklist		opt=0:Not Allowed;4:Allowed	def=0
EntityName	Name of the Entity for which this privilege is defined	EntityName	R
FieldPermissionId	Field Permission	Uniqueidentifier
FieldSecurityProfileId	Profile	Lookup	R	to=fieldsecurityprofile::lk_fieldpermission_fieldsecurityprofileid
IsManaged	Is Managed	Boolean	r	opt=1:Managed;0:Unmanaged
VersionNumber	Version Number	BigInt	r`;

const systemUserProfiles = `SystemUserProfiles	systemuserprofilescollection	1202	systemuserprofileid		None		
FieldSecurityProfileId		Uniqueidentifier	r
SystemUserId		Uniqueidentifier	r
SystemUserProfileId		Uniqueidentifier
VersionNumber	Version Number	BigInt	r`;

const teamProfiles = `TeamProfiles	teamprofilescollection	1203	teamprofileid		None		
FieldSecurityProfileId		Uniqueidentifier	r
TeamId		Uniqueidentifier	r
TeamProfileId		Uniqueidentifier
VersionNumber	Version Number	BigInt	r`;

const duplicateRule = `DuplicateRule	duplicaterules	4414	duplicateruleid	name	UserOwned	Duplicate Detection Rule	Duplicate Detection Rules
BaseEntityName	Base Record Type	EntityName	R
CreatedBy	Created By	Lookup	r	to=systemuser::lk_duplicaterulebase_createdby
CreatedOn	Created On	DateTime	r	fmt=DateAndTime
CreatedOnBehalfBy	Created By (Delegate)	Lookup	r	to=systemuser::lk_duplicaterulebase_createdonbehalfby
Description	Description	Memo		len=2000
DuplicateRuleId	Duplicate Detection Rule	Uniqueidentifier
ExcludeInactiveRecords	Exclude Inactive Records	Boolean		opt=1:True;0:False
IsCaseSensitive	Case Sensitive	Boolean		opt=1:True;0:False
MatchingEntityName	Matching Record Type	EntityName	R
ModifiedBy	Modified By	Lookup	r	to=systemuser::lk_duplicaterulebase_modifiedby
ModifiedOn	Modified On	DateTime	r	fmt=DateAndTime
ModifiedOnBehalfBy	Modified By (Delegate)	Lookup	r	to=systemuser::lk_duplicaterulebase_modifiedonbehalfby
Name	Rule Name	String	R	len=160
OwnerId	Owner	Owner		to=systemuser::owner_DuplicateRules;team::owner_DuplicateRules
OwningBusinessUnit	Owning Business Unit	Lookup	r	to=businessunit::BusinessUnit_DuplicateRules
OwningTeam	Owning Team	Lookup	r	to=team::team_DuplicateRules
OwningUser	Owning User	Lookup	r	to=systemuser::SystemUser_DuplicateRules
StateCode	Status	State	r	opt=0:Inactive;1:Active
StatusCode	Status Reason	Status		opt=0@0:Unpublished;1@0:Publishing;2@1:Published
VersionNumber	Version Number	BigInt	r`;

const duplicateRuleCondition = `DuplicateRuleCondition	duplicateruleconditions	4416	duplicateruleconditionid		None	Duplicate Rule Condition	Duplicate Rule Conditions
BaseAttributeName	Base Attribute Name	String	R	len=256
CreatedBy	Created By	Lookup	r	to=systemuser::lk_duplicateruleconditionbase_createdby
CreatedOn	Created On	DateTime	r	fmt=DateAndTime
CreatedOnBehalfBy	Created By (Delegate)	Lookup	r	to=systemuser::lk_duplicateruleconditionbase_createdonbehalfby
DuplicateRuleConditionId	Duplicate Rule Condition	Uniqueidentifier
IgnoreBlankValues	Ignore Blank Values	Boolean		opt=1:True;0:False
MatchingAttributeName	Matching Attribute Name	String	R	len=256
ModifiedBy	Modified By	Lookup	r	to=systemuser::lk_duplicateruleconditionbase_modifiedby
ModifiedOn	Modified On	DateTime	r	fmt=DateAndTime
ModifiedOnBehalfBy	Modified By (Delegate)	Lookup	r	to=systemuser::lk_duplicateruleconditionbase_modifiedonbehalfby
OperatorCode	Operator Code	Picklist	R	opt=0:Exact Match;1:Same First Characters;2:Same Last Characters;3:Same Date;4:Same Date and Time;5:Exact Match (Pick List Label);6:Exact Match (Pick List Value)	def=0
OperatorParam	Operator Parameter	Integer		min=1	max=500
RegardingObjectId	Regarding Object	Lookup	R	to=duplicaterule::DuplicateRule_DuplicateRuleConditions
VersionNumber	Version Number	BigInt	r`;

export const GUARD_TABLES: readonly string[] = [
  fieldSecurityProfile,
  fieldPermission,
  systemUserProfiles,
  teamProfiles,
  duplicateRule,
  duplicateRuleCondition,
];
