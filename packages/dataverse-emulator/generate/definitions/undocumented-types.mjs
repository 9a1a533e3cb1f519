// Types of the columns that Microsoft's table reference names without one: by `table.column`, as facets of the
// generated format (type, then `key=value` facets). Chosen by name and by what clients write into them; the columns
// that every table has are copied from a table whose types are known.

const MEMO = ["Memo", "len=1048576"];
const TEXT = ["String", "len=100"];
const LONG = ["String", "len=4000"];
const FLAG = ["Boolean", "opt=1:Yes;0:No"];
const NUMBER = ["Integer", "min=-2147483648", "max=2147483647"];
const SCORE = ["Double", "min=-100000000000", "max=100000000000"];
const GUID = ["Uniqueidentifier"];
const MANAGED = ["ManagedProperty"];
const DATE = ["DateTime", "fmt=DateAndTime"];

/** Of every table that has the column. */
export const BY_COLUMN = {
  canbedeleted: MANAGED,
  canmodifystate: MANAGED,
  entityimage_timestamp: ["BigInt"],
  iscustomizable: MANAGED,
  safedescription: MEMO,
};

export const BY_NAME = {
  "incident.msdyn_casesentiment": [
    "Picklist",
    "opt=0:N/A;7:Very negative;8:Negative;9:Slightly negative;10:Neutral;11:Slightly positive;12:Positive;13:Very positive",
    "def=none",
  ],
  "email.purviewrights": LONG,
  "email.sensitivitylabelinfo": MEMO,
  "email.parentsensitivitylabelid": GUID,
  "knowledgearticle.msdyn_harvestsourceentity": TEXT,
  "knowledgearticle.languagelocaleidlocaleid": ["Integer", "min=0", "max=2147483647"],
  "knowledgearticle.subjectiddsc": ["Integer", "min=0", "max=2147483647"],
  "kbarticle.kbarticletemplateidtitle": ["String", "len=500"],
  "product.msdyn_alsoknownas": LONG,
  "product.msdyn_scopes": LONG,
  "systemuser.isallowedbyipfirewall": FLAG,
  "systemuser.systemmanagedusertype": [
    "Picklist",
    "opt=0:Entra User;1:C2 User;2:Impersonable Stub User;3:Agentic User",
    "def=none",
  ],
  "role.applicationid": GUID,
  "role.issystemgenerated": ["Integer", "min=0", "max=1"],
  "allowedmcpclient.applicationid": TEXT,
  "solution.publisheridoptionvalueprefix": ["Integer", "min=10000", "max=99999"],
  "solution.publisheridprefix": ["String", "len=8"],
  "dvtablesearch.knowledgesourceconsumerid": GUID,
  "dvtablesearch.knowledgesourceprofileid": GUID,
  "dvtablesearchattribute.isattributeenabledforvectorsearch": FLAG,
  "dvfilesearchattribute.isvectorizable": FLAG,
  "unstructuredfilesearchentity.knowledgesource": TEXT,
  "unstructuredfilesearchentity.sourceurl": LONG,
  "unstructuredfilesearchrecord.attributetype": TEXT,
  "unstructuredfilesearchrecord.citationlink": LONG,
  "unstructuredfilesearchrecord.columnname": LONG,
  "unstructuredfilesearchrecord.content": MEMO,
  "unstructuredfilesearchrecord.fileid": TEXT,
  "unstructuredfilesearchrecord.filename": LONG,
  "unstructuredfilesearchrecord.recordid": TEXT,
  "knowledgefaq.botcomponentid": TEXT,
  "knowledgefaq.faqdata": MEMO,
  "knowledgefaq.source": LONG,
  "botcomponent.dependencies": MEMO,
  "mcpserver.audience": LONG,
  "mcpserver.configuration": MEMO,
  "mcpserver.description": MEMO,
  "mcpserver.icon": ["Image"],
  "mcpserver.icon_timestamp": ["BigInt"],
  "mcpserver.icon_url": ["String", "len=200"],
  "mcpserver.iconid": GUID,
  "mcpserver.instructions": MEMO,
  "mcpserver.isremote": FLAG,
  "mcpserver.relativepath": LONG,
  "mcpserver.scope": LONG,
  "mcpserver.servertype": ["Picklist", "opt=0:Dataverse;1:External", "def=none"],
  "mcptool.annotations": MEMO,
  "mcptool.backendtooltype": ["Picklist", "opt=0:Custom API;1:Connector", "def=none"],
  "mcptool.connectorid": TEXT,
  "mcptool.description": MEMO,
  "mcptool.httpmethod": TEXT,
  "mcptool.inputschema": MEMO,
  "mcptool.operationid": TEXT,
  "mcptool.relativepath": LONG,
  "mcptool.sdkmessagepairid": TEXT,
  "mcptool.title": TEXT,
  "allowedmcpclient.isenabled": FLAG,
  "msdyn_intent.msdyn_description": MEMO,
  "msdyn_intent.msdyn_intentsolutionrate": SCORE,
  "msdyn_intent.msdyn_intentvolume": NUMBER,
  "msdyn_intent.msdyn_is_selfserve_enabled": FLAG,
  "msdyn_intent.msdyn_reviewstatesource": TEXT,
  "msdyn_intentfamily.msdyn_cpaautomationlevel": TEXT,
  "msdyn_intentfamily.msdyn_iscaseintentfromactivityenabled": FLAG,
  "msdyn_intententity.msdyn_retrytoc2count": NUMBER,
  "msdyn_intententity.msdyn_solutionquery": MEMO,
  "msdyn_intententity.msdyn_source": TEXT,
  "msdyn_intentsolutionmap.msdyn_solutionmetadata": MEMO,
  "msdyn_intentplaybook.msdyn_description": MEMO,
  "msdyn_intentplaybookmap.msdyn_targetsource": TEXT,
  "msdyn_intentcontexthistory.msdyn_agentactivitytype": TEXT,
  "msdyn_intentcontexthistory.msdyn_agenttype": TEXT,
  "msdyn_intentcontexthistory.msdyn_correlationid": TEXT,
  "msdyn_intentcontexthistory.msdyn_intentcontext": MEMO,
  "msdyn_intentcontexthistory.msdyn_lastprocessedtimestamp": DATE,
  "msdyn_intentcontexthistory.partitionid": TEXT,
  "msdyn_intentcontexthistory.ttlinseconds": ["Integer", "min=-2147483648", "max=2147483647"],
  "msdyn_nextaction.msdyn_isfullautonomous": FLAG,
  "msdyn_aiagentstatus.msdyn_currentaistatus": TEXT,
  "msdyn_aiagentstatus.msdyn_escalatedon": DATE,
  "msdyn_aiagentstatus.msdyn_fallbackreason": LONG,
  "msdyn_emailsentiment.msdyn_responsetime": DATE,
  "msdyn_emailsentiment.msdyn_sentimentscore": SCORE,
  "msdyn_emailsentiment.msdyn_timezone": TEXT,
  "msdyn_casesentimentsetting.channelweightage": SCORE,
  "msdyn_casesentimentsetting.chatweightage": SCORE,
  "msdyn_casesentimentsetting.emailweightage": SCORE,
  "msdyn_casesentimentsetting.enablechat": FLAG,
  "msdyn_casesentimentsetting.enableemail": FLAG,
  "msdyn_casesentimentsetting.enablevoice": FLAG,
  "msdyn_casesentimentsetting.voiceweightage": SCORE,
  "msdyn_copilottranscript.msdyn_copilotmode": TEXT,
  "msdyn_copilottranscript.msdyn_copilotskill": TEXT,
};

/** A table whose types are known; what it shares with the others is copied from it. */
export const MODEL_TABLE = "dvtablesearch";
