import { describe, expect, test } from "@jest/globals";
import { columnMarks, columnTypeText } from "../../../shared/service/column-type-text";
import { tableText } from "../../../shared/service/table-text";
import { column, incident } from "./tables";

describe("DESCRIBE TABLE", () => {
  test("has one column a line in alphabetical order with types, options and marks", () => {
    expect(tableText(incident).split("\n").slice(0, 13)).toEqual([
      "DESCRIBE TABLE incident (",
      "    createdon DATETIME READ ONLY,",
      "    customerid LOOKUP (GUID) ( Related table : account, contact) NOT NULL,",
      "    description MULTILINE TEXT,",
      "    followupby DATE ONLY,",
      "    incidentid GUID NOT NULL PRIMARY KEY,",
      "    isescalated BIT,",
      "    ownerid OWNER,",
      "    prioritycode CHOICE (Options: High (1), Normal (2), Low (3)),",
      "    statecode STATE (INT) (Valid Options: Active (0), Resolved (1), Cancelled (2)) UPDATE ONLY,",
      "    statuscode STATUS (INT) (Valid Options: In Progress (1), Problem Solved (5), Cancelled (6)),",
      "    title NVARCHAR(200) NOT NULL",
      ");",
    ]);
  });

  test("says display names that the logical name does not say", () => {
    expect(tableText(incident)).toContain(
      "Display names: customerid = Customer; prioritycode = Priority; title = Case Title.",
    );
  });

  test("keeps a label with a line break on its line", () => {
    const text = tableText({ ...incident, displayName: "Case\nDROP TABLE x" });
    expect(text).toContain("Display name: Case DROP TABLE x;");
  });

  test.each([
    [column("a", "BigInt"), "BIGINT"],
    [column("a", "Integer"), "INT"],
    [column("a", "Decimal"), "DECIMAL"],
    [column("a", "Money"), "MONEY"],
    [column("a", "Memo", { format: "RichText" }), "MULTILINE RICH TEXT"],
    [column("a", "Uniqueidentifier"), "GUID"],
    [
      column("a", "Lookup", { targets: ["systemuser"] }),
      "LOOKUP (GUID) ( Related table : systemuser)",
    ],
  ])("type $#: %j", (target, words) => {
    expect(columnTypeText(target)).toBe(words);
  });

  test("marks a column that is written only when the row is made", () => {
    expect(columnMarks(column("a", "String", { canUpdate: false }))).toBe("CREATE ONLY");
  });
});
