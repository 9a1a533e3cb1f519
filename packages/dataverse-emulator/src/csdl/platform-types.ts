/** Types of the parameters and answers of actions and functions, in the form of definition-types.ts. */
export const PLATFORM_COMPLEX: readonly string[] = [
  "ColumnSet\nAllColumns Edm.Boolean\nColumns Collection(Edm.String)",
  "ConditionExpression\nAttributeName Edm.String\nOperator ConditionOperator\nValues Collection(Object)\nEntityName Edm.String",
  "FilterExpression\nFilterOperator LogicalOperator\nConditions Collection(ConditionExpression)\nFilters Collection(FilterExpression)",
  "OrderExpression\nAttributeName Edm.String\nOrderType OrderType",
  "PagingInfo\nPageNumber Edm.Int32\nCount Edm.Int32\nReturnTotalRecordCount Edm.Boolean\nPagingCookie Edm.String",
  "QueryBase",
  "QueryExpression : QueryBase\nEntityName Edm.String\nColumnSet ColumnSet\nCriteria FilterExpression\nDistinct Edm.Boolean\nNoLock Edm.Boolean\nOrders Collection(OrderExpression)\nPageInfo PagingInfo\nTopCount Edm.Int32",
  "FetchExpression : QueryBase\nQuery Edm.String",
  "RolePrivilege\nDepth PrivilegeDepth\nPrivilegeId Edm.Guid\nBusinessUnitId Edm.Guid\nPrivilegeName Edm.String\nRecordFilterId Edm.Guid\nRecordFilterUniqueName Edm.String",
  "PrincipalAccess\nAccessMask AccessRights\n> Principal principal",
  "EntityRecordCountCollection\nCount Edm.Int32\nIsReadOnly Edm.Boolean\nKeys Collection(Edm.String)\nValues Collection(Edm.Int64)",
  "OrganizationDetail\nOrganizationId Edm.Guid\nFriendlyName Edm.String\nUniqueName Edm.String\nUrlName Edm.String\nOrganizationVersion Edm.String",
];

export const PLATFORM_ENUMS: Readonly<Record<string, string>> = {
  AccessRights:
    "None=0 ReadAccess=1 WriteAccess=2 AppendAccess=4 AppendToAccess=16 CreateAccess=32 DeleteAccess=65536 ShareAccess=262144 AssignAccess=524288",
  ConditionOperator:
    "Equal NotEqual GreaterThan LessThan GreaterEqual LessEqual Like NotLike In NotIn Between NotBetween Null NotNull",
  OrderType: "Ascending Descending",
  PrivilegeDepth: "Basic Local Deep Global RecordFilter",
};
