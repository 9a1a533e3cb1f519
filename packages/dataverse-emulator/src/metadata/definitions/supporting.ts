/**
 * Platform tables that clients read, with the columns that they name: solutions' and processes' parts, audit,
 * sharing, security profiles. In the generated format (see regenerate.mjs); keys and the columns that every table
 * has are added by `completed`. Names, set names and type codes are Dataverse's.
 */
export const SUPPORTING: readonly string[] = [
  `Organization	organizations	1019	organizationid	name	None	Organization	Organizations
CreatedOn	Created On	DateTime	r	fmt=DateAndTime
ModifiedOn	Modified On	DateTime	r	fmt=DateAndTime
ExpireChangeTrackingInDays	Max supported number of days	Integer		max=365
Name	Organization Name	String	r	len=160
BaseCurrencyId	Currency	Lookup		to=transactioncurrency::basecurrency_organization
CascadeStatusUpdate	Cascade Status Update	Boolean		opt=1:Yes;0:No
FriendlyName	Friendly Name	String	r	len=160
IsAuditEnabled	Is Auditing Enabled	Boolean		opt=1:Yes;0:No
LanguageCode	Language	Integer	r	max=2147483647
LocaleId	Locale	Integer		max=2147483647
AllowedMimeTypes	List of allowed mime types.	Memo		len=1073741823
BlockedAttachments	Block Attachments	Memo		len=1073741823
BlockedMimeTypes	List of blocked mime types.	Memo		len=1073741823
MaxUploadFileSize	Max Upload File Size	Integer		max=131072
RestrictStatusUpdate	Restrict Status update	Boolean		opt=1:Yes;0:No
SchemaNamePrefix	Customization Name Prefix	String	r	len=8
UniqueName	Unique Name	String	r	len=160
Version	Version	String	r	len=30`,
  `Workflow	workflows	4703	workflowid	name	UserOwned	Process	Processes
Category	Category	Picklist		opt=0:Workflow;1:Dialog;2:Business Rule;3:Action;4:Business Process Flow;5:Modern Flow;6:Desktop Flow;7:AI Flow
ClientData	Client Data	Memo		len=1073741823
Description	Description	Memo		len=100000
IsManaged	Is Managed	Boolean	r	opt=1:Managed;0:Unmanaged
Mode	Mode	Picklist		opt=0:Background;1:Real-time
Name	Process Name	String	R	len=300
OnDemand	Run as On Demand	Boolean		opt=1:Yes;0:No
PrimaryEntity	Primary Entity	EntityName	R
Rank	Rank	Integer		min=-2147483648	max=2147483647
Scope	Scope	Picklist		opt=1:User;2:Business Unit;3:Parent: Child Business Units;4:Organization
SolutionId	Solution	Uniqueidentifier	r
statecode	Status	State		opt=0:Draft;1:Activated;2:Suspended
statuscode	Status Reason	Status		opt=1@0:Draft;2@1:Activated;3@2:CompanyDLPViolation
Subprocess	Is Child Process	Boolean		opt=1:Yes;0:No
TriggerOnCreate	Trigger On Create	Boolean		opt=1:Yes;0:No
TriggerOnDelete	Trigger On Delete	Boolean		opt=1:Yes;0:No
TriggerOnUpdateAttributeList	Trigger On Update Attribute List	Memo		len=1073741823
Type	Type	Picklist		opt=1:Definition;2:Activation;3:Template
UniqueName	Unique Name	String		len=256
WorkflowIdUnique	Workflow Id Unique	Uniqueidentifier	r
Xaml	XAML	Memo		len=1073741823`,
  `SdkMessage	sdkmessages	4606	sdkmessageid	name	OrganizationOwned	Sdk Message	Sdk Messages
AutoTransact	Auto Transact	Boolean		opt=1:Yes;0:No
Availability	Availability	Integer		min=-2147483648	max=2147483647
CategoryName	Category Name	String		len=25
IsActive	Is Active	Boolean		opt=1:Yes;0:No
IsManaged	State	Boolean	r	opt=1:Managed;0:Unmanaged
IsPrivate	Is Private	Boolean		opt=1:Yes;0:No
IsReadOnly	Intent	Boolean		opt=1:Yes;0:No
IsValidForExecuteAsync	Is Valid for Execute Async	Boolean	r	opt=1:Yes;0:No
Name	Name	String		len=256
Template	Template	Boolean		opt=1:Yes;0:No
WorkflowSdkStepEnabled	WorkflowSdkStepEnabled	Boolean	r	opt=1:Yes;0:No`,
  `SdkMessageFilter	sdkmessagefilters	4607	sdkmessagefilterid	name	OrganizationOwned	Sdk Message Filter	Sdk Message Filters
IsCustomProcessingStepAllowed	Custom Processing Step Allowed	Boolean		opt=1:Yes;0:No
PrimaryObjectTypeCode	Primary Object Type Code	EntityName	r
SecondaryObjectTypeCode	Secondary Object Type Code	EntityName	r
SdkMessageId	SDK Message ID	Lookup	r	to=sdkmessage::sdkmessageid_sdkmessagefilter`,
  `PluginAssembly	pluginassemblies	4605	pluginassemblyid	name	OrganizationOwned	Plug-in Assembly	Plug-in Assemblies
Culture	Culture	String		len=32
IsManaged	State	Boolean	r	opt=1:Managed;0:Unmanaged
IsolationMode	Isolation Mode	Picklist		opt=1:None;2:Sandbox;3:External
Name	Name	String		len=256
PublicKeyToken	Public Key Token	String		len=32
SourceType	Source Type	Picklist		opt=0:Database;1:Disk;2:Normal;3:AzureWebApp;4:File Store
Version	Version	String		len=48`,
  `PluginType	plugintypes	4602	plugintypeid	name	OrganizationOwned	Plug-in Type	Plug-in Types
AssemblyName	Assembly Name	String	r	len=256
FriendlyName	Display Name	String		len=256
IsWorkflowActivity	Is Workflow Activity	Boolean	r	opt=1:Yes;0:No
Name	Name	String		len=256
PluginAssemblyId	Plugin Assembly	Lookup		to=pluginassembly::pluginassembly_plugintype
TypeName	Type Name	String		len=256
Version	Version	String	r	len=48`,
  `SdkMessageProcessingStep	sdkmessageprocessingsteps	4608	sdkmessageprocessingstepid	name	OrganizationOwned	Sdk Message Processing Step	Sdk Message Processing Steps
AsyncAutoDelete	Asynchronous Automatic Delete	Boolean		opt=1:Yes;0:No
Configuration	Configuration	Memo		len=1073741823
Description	Description	String		len=256
FilteringAttributes	Filtering Attributes	Memo		len=100000
Mode	Execution Mode	Picklist		opt=0:Synchronous;1:Asynchronous
Name	Name	String		len=256
PluginTypeId	Plug-In Type	Lookup		to=plugintype::plugintypeid_sdkmessageprocessingstep
Rank	Execution Order	Integer		max=2147483647
SdkMessageFilterId	SdkMessage Filter	Lookup		to=sdkmessagefilter::sdkmessagefilterid_sdkmessageprocessingstep
SdkMessageId	SDK Message	Lookup		to=sdkmessage::sdkmessageid_sdkmessageprocessingstep
Stage	Execution Stage	Picklist		opt=5:Initial Pre-operation (For internal use only);10:Pre-validation;15:Internal Pre-operation Before External Plugins (For internal use only);20:Pre-operation;30:Main Operation (For internal use only);40:Post-operation;50:Post-operation (Deprecated)
statecode	Status	State		opt=0:Enabled;1:Disabled
statuscode	Status Reason	Status		opt=1@0:Enabled;2@1:Disabled
SupportedDeployment	Deployment	Picklist		opt=0:Server Only;1:Microsoft Dynamics 365 Client for Outlook Only;2:Both`,
  `PluginTraceLog	plugintracelogs	4619	plugintracelogid	typename	OrganizationOwned	Plug-in Trace Log	Plug-in Trace Logs
CorrelationId	Correlation Id	Uniqueidentifier	r
Depth	Depth	Integer	r	max=2147483647
ExceptionDetails	Exception Details	Memo	r	len=1073741823
MessageBlock	Message Block	Memo	r	len=1073741823
MessageName	Message Name	String	r	len=1024
Mode	Mode	Picklist	r	opt=0:Synchronous;1:Asynchronous
OperationType	Operation Type	Picklist	r	opt=0:Unknown;1:Plug-in;2:Workflow Activity
PerformanceExecutionDuration	Execution Duration	Integer	r	max=2147483647
PrimaryEntity	Primary Entity	String	r	len=1000
RequestId	Request Id	Uniqueidentifier	r
TypeName	Type Name	String	r	len=1024`,
  `AsyncOperation	asyncoperations	4700	asyncoperationid	name	UserOwned	System Job	System Jobs
CompletedOn	Completed On	DateTime	r	fmt=DateAndTime
CorrelationId	Correlation Id	Uniqueidentifier	r
ErrorCode	Error Code	Integer	r	min=-2147483648	max=2147483647
FriendlyMessage	Friendly message	Memo		len=1073741823
Message	Message	Memo	r	len=1073741823
MessageName	Message Name	String		len=160
Name	System Job Name	String		len=256
OperationType	System Job Type	Picklist		opt=1:System Event;10:Workflow;13:Bulk Delete;30:Matchcode Update;54:Execute Async Request;202:Export Solution Async Operation;203:Import Solution Async Operation
PostponeUntil	Postpone Until	DateTime		fmt=DateAndTime
PrimaryEntityType	Primary Entity Type	EntityName	r
RegardingObjectId	Regarding	Lookup		to=account:regardingobjectid_account:Account_AsyncOperations;contact:regardingobjectid_contact:Contact_AsyncOperations;incident:regardingobjectid_incident:Incident_AsyncOperations
RetryCount	Retry Count	Integer	r	max=2147483647
StartedOn	Started On	DateTime	r	fmt=DateAndTime
statecode	Status	State		opt=0:Ready;1:Suspended;2:Locked;3:Completed
statuscode	Status Reason	Status		opt=0@0:Waiting For Resources;10@1:Waiting;20@2:In Progress;21@2:Pausing;22@2:Canceling;30@3:Succeeded;31@3:Failed;32@3:Canceled`,
  `backgroundoperation	backgroundoperations	10212	backgroundoperationid	name	OrganizationOwned	Background Operation	Background Operations	Elastic
BackgroundOperationStateCode	Status	Picklist		opt=0:Ready;2:Locked;3:Completed	def=none
BackgroundOperationStatusCode	Status Reason	Picklist		opt=0:Waiting For Resources;20:In Progress;22:Canceling;30:Succeeded;31:Failed;32:Canceled	def=none
DisplayName	DisplayName	String	r	len=100
EndTime	End Time	DateTime	r	fmt=DateAndTime
ErrorCode	Error Code	Integer	r	min=-2147483648	max=2147483647
ErrorMessage	Error Message	Memo	r	len=1048576
InputParameters	Input Parameters	Memo	r	len=1048576
Name	Name	String	r	len=128
OutputParameters	Output Parameters	Memo	r	len=1048576
RetryCount	Retry Count	Integer	r	max=2147483647
RunAs	Run As	String	r	len=36
StartTime	Start Time	DateTime	r	fmt=DateAndTime
TTLInSeconds	Time to live	Integer		max=2147483647`,
  `Audit	audits	4567	auditid		None	Auditing	Auditing
Action	Event	Picklist	r	opt=0:Unknown;1:Create;2:Update;3:Delete;4:Activate;5:Deactivate;11:Cascade;12:Merge;13:Assign;14:Share;15:Retrieve;16:Close;17:Cancel;64:User Access via Web
AttributeMask	Attribute Mask	Memo	r	len=10000
CallingUserId	Calling User	Lookup	r	to=systemuser::lk_audit_callinguserid
ChangeData	Change Data	Memo	r	len=1073741823
CreatedOn	Changed Date	DateTime	r	fmt=DateAndTime
ObjectId	Record	Lookup	r	to=account:objectid_account:account_audits;contact:objectid_contact:contact_audits;incident:objectid_incident:incident_audits;email:objectid_email:email_audits;systemuser:objectid_systemuser:systemuser_audits
Operation	Operation	Picklist	r	opt=1:Create;2:Update;3:Delete;4:Access;5:Upsert;115:Archive;116:Retain;117:UndoRetain;200:Custom Operation
TransactionId	Transaction Id	Uniqueidentifier	r
UserId	Changed By	Lookup	r	to=systemuser::lk_audit_userid`,
  `SavedQuery	savedqueries	1039	savedqueryid	name	OrganizationOwned	View	Views
ColumnSetXml	Column Set	Memo		len=1073741823
Description	Description	Memo		len=1073741823
FetchXml	FetchXml	Memo		len=1073741823
IsDefault	Default View	Boolean		opt=1:Yes;0:No
IsManaged	State	Boolean	r	opt=1:Managed;0:Unmanaged
IsQuickFindQuery	Is Quick Find Query	Boolean		opt=1:Yes;0:No
IsUserDefined	User-Defined	Boolean	r	opt=1:Yes;0:No
LayoutXml	Layout XML	Memo		len=1073741823
Name	Name	String	R	len=200
QueryType	Query Type	Integer		max=1073741823
ReturnedTypeCode	Entity Name	EntityName	R
statecode	Status	State		opt=0:Active;1:Inactive
statuscode	Status Reason	Status		opt=1@0:Active;2@1:Inactive`,
  `UserQuery	userqueries	4230	userqueryid	name	UserOwned	Saved View	Saved Views
ColumnSetXml	Column Set	Memo		len=1073741823
Description	Description	Memo		len=1073741823
FetchXml	FetchXml	Memo		len=1073741823
LayoutXml	Layout XML	Memo		len=1073741823
Name	Name	String	R	len=200
QueryType	Query Type	Integer		max=1073741823
ReturnedTypeCode	Entity Name	EntityName	R`,
  `connectionreference	connectionreferences	10110	connectionreferenceid	connectionreferencedisplayname	UserOwned	Connection Reference	Connection References
connectionid	Connection	String		len=1000
connectionreferencedisplayname	Connection Reference Display Name	String	R	len=100
connectionreferencelogicalname	Connection Reference Logical Name	String		len=100
connectorid	Connector Id	String		len=500
description	Description	Memo		len=4000
ismanaged	Is Managed	Boolean	r	opt=1:Managed;0:Unmanaged`,
  `connector	connectors	372	connectorid	name	UserOwned	Connector	Connectors
description	Description	Memo		len=1000
displayname	Display Name	String		len=100
name	Name	String	R	len=100
openapidefinition	OpenAPI Definition	Memo		len=1048576`,
  `EnvironmentVariableDefinition	environmentvariabledefinitions	380	environmentvariabledefinitionid	schemaname	UserOwned	Environment Variable Definition	Environment Variable Definitions
DefaultValue	Default Value	Memo		len=2000
Description	Description	Memo		len=2000
DisplayName	Display Name	String	R	len=100
IsManaged	Is Managed	Boolean	r	opt=1:Managed;0:Unmanaged
IsRequired	Is Required	Boolean		opt=1:Yes;0:No
SchemaName	Schema Name	String	R	len=100
SecretStore	Secret Store	Picklist		opt=0:Azure Key Vault;1:Microsoft Dataverse
Type	Type	Picklist		opt=100000000:String;100000001:Number;100000002:Boolean;100000003:JSON;100000004:Data Source;100000005:Secret`,
  `EnvironmentVariableValue	environmentvariablevalues	381	environmentvariablevalueid	schemaname	UserOwned	Environment Variable Value	Environment Variable Values
EnvironmentVariableDefinitionId	Environment Variable Definition	Lookup	R	to=environmentvariabledefinition:EnvironmentVariableDefinitionId:environmentvariabledefinition_environmentvariablevalue
IsManaged	Is Managed	Boolean	r	opt=1:Managed;0:Unmanaged
SchemaName	Schema Name	String		len=100
Value	Value	Memo		len=2000`,
  `PrincipalObjectAccess	principalobjectaccessset	11	principalobjectaccessid		None	Field Sharing	Field Sharings
AccessRightsMask	Access Rights Mask	Integer	r	max=2147483647
ChangedOn	Changed On	DateTime	r	fmt=DateAndTime
InheritedAccessRightsMask	Inherited Access Rights Mask	Integer	r	max=2147483647
ObjectId	Object	Uniqueidentifier	r
ObjectTypeCode	Object Type Code	EntityName	r
PrincipalId	Principal	Uniqueidentifier	r
PrincipalTypeCode	Principal Type Code	EntityName	r`,
  `WebResource	webresourceset	9333	webresourceid	name	OrganizationOwned	Web Resource	Web Resources
Content	Content	Memo		len=1073741823
Description	Description	Memo		len=2000
DisplayName	Display Name	String		len=200
IsManaged	State	Boolean	r	opt=1:Managed;0:Unmanaged
LanguageCode	Language	Integer		max=2147483647
Name	Name	String	R	len=256
WebResourceType	Type	Picklist		opt=1:Webpage (HTML);2:Style Sheet (CSS);3:Script (JScript);4:Data (XML);5:PNG format;6:JPG format;7:GIF format;8:Silverlight (XAP);9:Style Sheet (XSL);10:ICO format;11:Vector format (SVG);12:String (RESX)	def=none`,
  `ProcessStage	processstages	4724	processstageid	stagename	None	Process Stage	Process Stages
PrimaryEntityTypeCode	Primary Entity Type Code	EntityName
ProcessId	Process	Lookup		to=workflow::process_processstage
StageCategory	Stage Category	Picklist		opt=0:Qualify;1:Develop;2:Propose;3:Close;4:Identify;5:Research;6:Resolve;7:Approval	def=none
StageName	Stage Name	String		len=100`,
  `Post	posts	8000	postid	text	OrganizationOwned	Post	Posts
RegardingObjectId	Regarding	Lookup		to=incident:regardingobjectid_incident:incident_Posts;account:regardingobjectid_account:account_Posts;contact:regardingobjectid_contact:contact_Posts
Source	Source	Picklist		opt=1:Auto Post;2:Manual Post
Text	Text	String		len=2000
Type	Type	Picklist		opt=1:Check-in;2:Idea;3:News;4:Private Message;5:Question;6:Re-post;7:Status	def=none`,
  `CustomAPI	customapis	10027	customapiid	name	UserOwned	Custom API	Custom APIs
BindingType	Binding Type	Picklist		opt=0:Global;1:Entity;2:Entity Collection
BoundEntityLogicalName	Bound Entity Logical Name	String		len=100
Description	Description	String		len=300
DisplayName	Display Name	String	R	len=100
IsFunction	Is Function	Boolean		opt=1:Yes;0:No
IsManaged	Is Managed	Boolean	r	opt=1:Managed;0:Unmanaged
IsPrivate	Is Private	Boolean		opt=1:Yes;0:No
Name	Name	String	R	len=100
UniqueName	Unique Name	String	R	len=128`,
  `AppModule	appmodules	9006	appmoduleid	name	OrganizationOwned	Model-driven App	Model-driven Apps
ClientType	Client Type	Integer		max=31
Description	Description	String		len=2000
Name	Name	String	R	len=100
UniqueName	Unique Name	String	R	len=100
URL	URL	String		len=200`,
  `SiteMap	sitemaps	4709	sitemapid	sitemapname	OrganizationOwned	Site Map	Site Maps
SiteMapName	Site Map Name	String		len=128
SiteMapNameUnique	Site Map Unique Name	String		len=128
SiteMapXml	Site Map XML	Memo		len=1073741823`,
  `SystemForm	systemforms	1030	formid	name	OrganizationOwned	System Form	System Forms
Description	Description	Memo		len=2000
FormXml	Form XML	Memo		len=1073741823
IsDefault	Default Form	Boolean		opt=1:Yes;0:No
Name	Name	String	R	len=100
ObjectTypeCode	Entity Name	EntityName	R
Type	Form Type	Picklist		opt=0:Dashboard;2:Main;5:Mobile - Express;6:Quick View Form;7:Quick Create;11:Card`,
  `SolutionComponent	solutioncomponents	7103	solutioncomponentid		None	Solution Component	Solution Components
ComponentType	Object Type Code	Picklist	r	opt=1:Entity;2:Attribute;9:Option Set;10:Entity Relationship;14:Entity Key;20:Role;26:Saved Query;29:Workflow;60:System Form;61:Web Resource;62:Site Map;80:App Module;91:Plugin Assembly;92:SDK Message Processing Step
ObjectId	Object	Uniqueidentifier	r
RootComponentBehavior	Include Behavior	Picklist	r	opt=0:Include Subcomponents;1:Do not include subcomponents;2:Include As Shell Only
SolutionId	Solution	Lookup	r	to=solution::solution_solutioncomponent`,
  `Dependency	dependencies	7105	dependencyid		None	Component Dependency	Component Dependencies
DependencyType	Dependency Type	Picklist	r	opt=0:None;1:Solution Internal;2:Published;4:Unpublished
DependentComponentObjectId	Dependent Component	Uniqueidentifier	r
DependentComponentType	Dependent Component Type	Picklist	r	opt=1:Entity;2:Attribute;9:Option Set;10:Entity Relationship;14:Entity Key;26:Saved Query;29:Workflow;60:System Form
RequiredComponentObjectId	Required Component	Uniqueidentifier	r
RequiredComponentType	Required Component Type	Picklist	r	opt=1:Entity;2:Attribute;9:Option Set;10:Entity Relationship;14:Entity Key;26:Saved Query;29:Workflow;60:System Form`,
  `FileAttachment	fileattachments	55	fileattachmentid	filename	None	File Attachment	File Attachments
CreatedOn	Created On	DateTime	r	fmt=DateAndTime
FileName	File Name	String	r	len=255
FileSizeInBytes	File Size (Bytes)	BigInt	r
IsCommitted	Is Committed	Boolean	r	opt=1:Yes;0:No
MimeType	Mime Type	String	r	len=256
ObjectTypeCode	Regarding Object Type	EntityName	r
RegardingFieldName	Regarding attribute name	String	r	len=200`,
  `msdyn_iotalert	msdyn_iotalerts	10402	msdyn_iotalertid	msdyn_description	UserOwned	IoT Alert	IoT Alerts
msdyn_Case	Case	Lookup		to=incident:msdyn_Case:msdyn_incident_msdyn_iotalert_Case
msdyn_Description	Alert Description	String		len=100`,
  `LanguageLocale	languagelocale	9957	languagelocaleid	name	OrganizationOwned	Language	Languages
Code	Code	String		len=10
Language	Language	String		len=100
LocaleId	Locale	Integer	R	max=2147483647
Name	Name	String	R	len=100
Region	Region	String		len=100
statecode	Status	State		opt=0:Active;1:Inactive
statuscode	Status Reason	Status		opt=1@0:Active;2@1:Inactive`,
  `Mailbox	mailboxes	9606	mailboxid	name	UserOwned	Mailbox	Mailboxes
EmailAddress	Email Address	String		len=100
IsEmailAddressApprovedByO365Admin	Email Address Approved	Boolean	r	opt=1:Yes;0:No
MailboxStatus	Mailbox Status	Picklist		opt=0:Not Run;1:Success;2:Failure
Name	Name	String	R	len=160
RegardingObjectId	Regarding	Lookup		to=queue:regardingobjectid_queue:mailbox_regarding_queue;systemuser:regardingobjectid_systemuser:mailbox_regarding_systemuser`,
];
