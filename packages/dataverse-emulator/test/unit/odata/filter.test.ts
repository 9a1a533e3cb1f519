import { beforeAll, describe, expect, test } from "@jest/globals";
import { fillSmall, id, type OData, openOData } from "./support";

let dataverse: OData;
beforeAll(async () => {
  dataverse = await openOData();
  fillSmall(dataverse);
  dataverse.insert("task", [
    {
      activityid: id(7, 1),
      subject: "Call",
      statecode: 0,
      regardingobjectid: id(1, 1),
      regardingobjectid__type: "incident",
    },
    {
      activityid: id(7, 2),
      subject: "Write",
      statecode: 1,
      regardingobjectid: id(1, 1),
      regardingobjectid__type: "incident",
    },
    {
      activityid: id(7, 3),
      subject: "Call back",
      statecode: 1,
      regardingobjectid: id(1, 2),
      regardingobjectid__type: "incident",
    },
  ]);
});

describe("comparisons", () => {
  test.each<[string, number[]]>([
    ["title eq 'BROKEN fan'", [1, 2]],
    ["title eq 'cafe 100%  '", [3]],
    ["'no_sound' eq title", [6]],
    ["prioritycode eq 1", [1, 5]],
    // What is not equal takes rows without a value along.
    ["prioritycode ne 1", [2, 3, 4, 6, 7, 8]],
    ["prioritycode gt 1", [2, 3, 6]],
    ["1 lt prioritycode", [2, 3, 6]],
    ["prioritycode eq null", [4, 7, 8]],
    ["prioritycode ne null", [1, 2, 3, 5, 6]],
    ["prioritycode eq @nothing", [4, 7, 8]],
    ["isescalated eq true", [1]],
    ["isescalated", [1]],
    ["not isescalated", [2, 3, 4, 5, 6, 7, 8]],
    ["numberofchildincidents gt 2.5", [2, 5]],
    ["prioritycode in (1,3)", [1, 3, 5]],
    ["not (prioritycode in (1,3))", [2, 4, 6, 7, 8]],
    ["title in ('no_SOUND','zebra')", [6, 8]],
    [`incidentid eq ${id(1, 3).toUpperCase()}`, [3]],
    [`_customerid_value eq '${id(2, 1)}'`, [1, 2]],
    [`_customerid_value ne ${id(2, 1)}`, [3, 4, 5, 6, 7, 8]],
    ["createdon ge 2026-06-17", [1, 7]],
    ["createdon gt 2026-06-17T08:59:59.500Z", [1, 7]],
    ["createdon lt 2025-12-31T23:59:59.500Z", [6]],
    ["createdon eq 2026-06-17T11:00:00+02:00", [1]],
    ["statuscode eq prioritycode", [1, 5]],
    ["statuscode ne prioritycode", [2, 3, 4, 6, 7, 8]],
    ["title ge 'no'", [6, 7, 8]],
  ])("%s", (filter, expected) => {
    expect(dataverse.cases(filter)).toEqual(expected);
  });
});

describe("logic", () => {
  test.each<[string, number[]]>([
    ["prioritycode eq 1 and statecode eq 0 or title eq 'zebra'", [1, 5, 8]],
    ["prioritycode eq 1 and (statecode eq 1 or title eq 'broken fan')", [1]],
    ["not (prioritycode eq 1 or statecode eq 1)", [3, 4, 6, 8]],
    ["not (prioritycode gt 1)", [1, 5]],
    ["not not (prioritycode eq 1)", [1, 5]],
    ["not contains(title,'n')", [3, 4, 5, 8]],
  ])("%s", (filter, expected) => {
    expect(dataverse.cases(filter)).toEqual(expected);
  });
});

describe("text functions", () => {
  test.each<[string, number[]]>([
    ["contains(title,'AN')", [1, 2]],
    ["startswith(title,'bro')", [1, 2]],
    ["endswith(title,'FAN')", [1]],
    // Wildcards work as in LIKE, and brackets take them literally.
    ["contains(title,'_o%')", [1, 2, 6, 7]],
    ["contains(title,'[%]')", [3]],
    ["contains(title,'[[]x]')", [5]],
    ["startswith(title,'[a-c]')", [1, 2, 3]],
    ["contains(title,'''')", []],
  ])("%s", (filter, expected) => {
    expect(dataverse.cases(filter)).toEqual(expected);
  });
});

describe("paths and lambdas", () => {
  test.each<[string, number[]]>([
    ["customerid_account/name eq 'contoso'", [1, 2]],
    ["customerid_account/name ne 'contoso'", [3, 4, 5, 6, 7, 8]],
    ["customerid_account/name eq null", [4, 5, 7, 8]],
    ["customerid_contact/firstname eq 'Eve'", [4, 5]],
    ["customerid_account/parentaccountid/name eq 'Contoso'", [3]],
    ["parentcaseid/customerid_account/name eq 'contoso'", [6]],
    ["Incident_Tasks/any()", [1, 2]],
    ["not Incident_Tasks/any()", [3, 4, 5, 6, 7, 8]],
    ["Incident_Tasks/any(t:startswith(t/subject,'call'))", [1, 2]],
    ["Incident_Tasks/any(t:t/statecode eq 0 and t/subject eq 'call')", [1]],
    ["Incident_Tasks/all(t:t/statecode eq 1)", [2, 3, 4, 5, 6, 7, 8]],
    ["Incident_Tasks/any() and Incident_Tasks/all(t:t/statecode eq 1)", [2]],
    ["incident_parent_incident/any(c:c/title eq 'nothing?')", [6]],
    [
      "incident_parent_incident/any(c:c/incident_parent_incident/any(d:d/title eq 'nothing?'))",
      [1],
    ],
    ["incident_parent_incident/any(c:c/customerid_account/name eq 'ålpha')", [1]],
    // Inside a lambda a bare name is of the request's own rows.
    ["Incident_Tasks/any(t:t/statecode eq 1 and prioritycode eq 2)", [2]],
    ["Incident_Tasks/any(t:$it/prioritycode eq 2)", [2]],
  ])("%s", (filter, expected) => {
    expect(dataverse.cases(filter)).toEqual(expected);
  });

  test("over a many-to-many relationship", () => {
    const names = (filter: string) =>
      dataverse
        .rows(`systemusers?$select=fullname&$orderby=fullname&$filter=${filter}`)
        .map((row) => row.fullname);
    expect(names("teammembership_association/any(t:t/name eq 'service')")).toEqual(["Ada", "Bob"]);
    expect(names("not teammembership_association/any()")).toEqual(["Zoë"]);
  });
});

const crm = "Microsoft.Dynamics.CRM.";

describe("query functions", () => {
  test.each<[string, number[]]>([
    [`${crm}Today(PropertyName='createdon')`, [1]],
    [`${crm}Last7Days(PropertyName='createdon')`, [1, 2, 3]],
    [`${crm}LastXDays(PropertyName='createdon',PropertyValue=7)`, [1, 2, 3]],
    [`${crm}LastXDays(PropertyName='createdon',PropertyValue='7')`, [1, 2, 3]],
    [`${crm}OlderThanXMonths(PropertyName='createdon',PropertyValue=5)`, [5, 6]],
    [`${crm}ThisFiscalPeriod(PropertyName='createdon')`, [1, 2, 3, 4, 7]],
    [`${crm}InFiscalYear(PropertyName='createdon',PropertyValue=2025)`, [6]],
    [
      `${crm}InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=1,PropertyValue2=2026)`,
      [5],
    ],
    [
      `${crm}InOrBeforeFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=1,PropertyValue2=2026)`,
      [5, 6],
    ],
    [`${crm}On(PropertyName='createdon',PropertyValue='2026-06-16')`, [2]],
    [`${crm}OnOrAfter(PropertyName='createdon',PropertyValue=2026-06-17)`, [1, 7]],
    [`${crm}In(PropertyName='prioritycode',PropertyValues=['1','3'])`, [1, 3, 5]],
    [`${crm}In(PropertyName='title',PropertyValues=["no_sound","ze\\u0062ra"])`, [6, 8]],
    [`${crm}NotIn(PropertyName='prioritycode',PropertyValues=[1,3])`, [2, 4, 6, 7, 8]],
    [`not ${crm}In(PropertyName='prioritycode',PropertyValues=[1,3])`, [2, 4, 6, 7, 8]],
    [`${crm}Between(PropertyName='numberofchildincidents',PropertyValues=["3","4"])`, [2, 5]],
    [`${crm}NotBetween(PropertyName='numberofchildincidents',PropertyValues=[3,4])`, [1]],
    [`${crm}EqualUserId(PropertyName='ownerid')`, [1, 5]],
    [`${crm}EqualUserId(PropertyName='_ownerid_value')`, [1, 5]],
    [`${crm}NotEqualUserId(PropertyName='ownerid')`, [2, 3, 4, 6, 7, 8]],
    [`${crm}EqualUserTeams(PropertyName='ownerid')`, [3]],
    [`${crm}EqualUserOrUserTeams(PropertyName='ownerid')`, [1, 3, 5]],
    [`${crm}EqualUserOrUserHierarchy(PropertyName='ownerid')`, [1, 2, 4, 5]],
    [`${crm}EqualUserOrUserHierarchyAndTeams(PropertyName='ownerid')`, [1, 2, 3, 4, 5]],
    [`${crm}EqualBusinessId(PropertyName='owningbusinessunit')`, []],
    [`${crm}Under(PropertyName='incidentid',PropertyValue='${id(1, 1)}')`, [6, 7]],
    [`${crm}UnderOrEqual(PropertyName='incidentid',PropertyValue='${id(1, 6)}')`, [6, 7]],
    [
      `${crm}NotUnder(PropertyName='incidentid',PropertyValue='${id(1, 6)}')`,
      [1, 2, 3, 4, 5, 6, 8],
    ],
    [`${crm}Above(PropertyName='incidentid',PropertyValue='${id(1, 7)}')`, [1, 6]],
    [`${crm}AboveOrEqual(PropertyName='incidentid',PropertyValue='${id(1, 6)}')`, [1, 6]],
    [`Incident_Tasks/any(t:${crm}In(PropertyName='t/subject',PropertyValues=['write']))`, [1]],
  ])("%s", (filter, expected) => {
    expect(dataverse.cases(filter)).toEqual(expected);
  });

  test("take parameter aliases, for lists too", () => {
    const aliases = `&@p1='prioritycode'&@p2=["1","3"]`;
    expect(dataverse.cases(`${crm}In(PropertyName=@p1,PropertyValues=@p2)`, aliases)).toEqual([
      1, 3, 5,
    ]);
    expect(dataverse.cases("@p1 eq @p2", "&@p1=title&@p2='zebra'")).toEqual([8]);
    const ordered = dataverse.rows(
      "incidents?$select=title&$orderby=@p1 desc,@p2&$top=1&@p1=title",
    );
    expect(ordered[0]).toMatchObject({ title: "zebra" });
  });
});

describe("a filter is refused", () => {
  const kinds = "A binary operator with incompatible types was detected. Found operand types";
  test.each<[string, string, string]>([
    [
      "colour eq 'red'",
      "0x80060888",
      "Could not find a property named 'colour' on type 'Microsoft.Dynamics.CRM.incident'.",
    ],
    [
      "customerid eq 1",
      "0x80060888",
      "Could not find a property named 'customerid' on type 'Microsoft.Dynamics.CRM.incident'.",
    ],
    [
      "statecode eq 'Active'",
      "0x80060888",
      `${kinds} 'Edm.Int32' and 'Edm.String' for operator kind 'Equal'.`,
    ],
    [
      "title gt 5",
      "0x80060888",
      `${kinds} 'Edm.String' and 'Edm.Int32' for operator kind 'GreaterThan'.`,
    ],
    [
      "createdon ne '2026-01-01'",
      "0x80060888",
      `${kinds} 'Edm.DateTimeOffset' and 'Edm.String' for operator kind 'NotEqual'.`,
    ],
    [
      "isescalated eq 1",
      "0x80060888",
      `${kinds} 'Edm.Boolean' and 'Edm.Int32' for operator kind 'Equal'.`,
    ],
    [
      "lastname eq 'O'Bryan'",
      "0x80060888",
      "There is an unterminated literal at position 21 in 'lastname eq 'O'Bryan''.",
    ],
    ["title eq 'a' and", "0x80060888", "Expression expected at position 16 in 'title eq 'a' and'."],
    ["(title eq 'a'", "0x80060888", "')' or operator expected at position 13 in '(title eq 'a''."],
    ["title eq 'a' title", "0x80060888", "Syntax error at position 13 in 'title eq 'a' title'."],
    [
      "title eq &",
      "0x80060888",
      "Syntax error: character '&' is not valid at position 9 in 'title eq &'.",
    ],
    [
      "numberofchildincidents add 1 eq 2",
      "0x8006088a",
      "The binary operator 'Add' isn't supported in a $filter.",
    ],
    [
      "numberofchildincidents eq 2 mul 3",
      "0x8006088a",
      "The binary operator 'Multiply' isn't supported in a $filter.",
    ],
    ["year(createdon) eq 2026", "0x8006088a", `The "year" function isn't supported.`],
    ["contains(tolower(title),'a')", "0x8006088a", `The "tolower" function isn't supported.`],
    [
      "soundex(title) eq 'a'",
      "0x80060888",
      "An unknown function with name 'soundex' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.",
    ],
    [
      `${crm}LastXMoons(PropertyName='createdon')`,
      "0x80060888",
      `An unknown function with name '${crm}LastXMoons' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`,
    ],
    [
      "Incident_Tasks/all()",
      "0x80060888",
      "Syntax error at position 19 in 'Incident_Tasks/all()'.",
    ],
    ["5", "0x80060888", "The $filter expression must evaluate to a single boolean value."],
  ])("%s", (filter, code, message) => {
    expect(dataverse.refusal(`incidents?$filter=${encodeURIComponent(filter)}`)).toEqual({
      status: 400,
      code,
      message,
    });
  });

  test.each<[string, RegExp]>([
    [
      `${crm}LastXDays(PropertyName='createdon')`,
      /takes the parameters PropertyName, PropertyValue, but PropertyName was given/,
    ],
    [`${crm}LastXDays(PropertyName='createdon',PropertyValue=0)`, /whole number from 1/],
    [`${crm}LastXDays(PropertyName='title',PropertyValue=1)`, /not valid for the attribute/],
    [`${crm}Contains(PropertyName='title',PropertyValue='a')`, /full-text index/],
    [`${crm}Under(PropertyName='_ownerid_value',PropertyValue='x')`, /System.Guid/],
    ["title gt null", /eq and ne only/],
    ["title eq prioritycode", /incompatible types/],
    ["title eq customerid_account/name", /same row/],
    ["customerid_account/incident_customer_accounts/any()", /nested in a lookup/],
    ["contains(prioritycode,'a')", /No function signature/],
    ["1 eq 1", /two values/],
  ])("%s", (filter, message) => {
    expect(dataverse.refusal(`incidents?$filter=${encodeURIComponent(filter)}`)).toMatchObject({
      status: 400,
      message: expect.stringMatching(message),
    });
  });

  test("for more than 500 conditions", () => {
    const filter = (n: number) => Array.from({ length: n }, () => "statecode eq 0").join(" or ");
    expect(dataverse.cases(filter(500))).toHaveLength(5);
    expect(dataverse.refusal(`incidents?$filter=${encodeURIComponent(filter(501))}`)).toMatchObject(
      { code: "0x8004430c" },
    );
  });
});
