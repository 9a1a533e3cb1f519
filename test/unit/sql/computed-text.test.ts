import { describe, expect, test } from "@jest/globals";
import { ask } from "./support/ask";

const many = (text: string, count: number) => text.repeat(count);
const lengthOf = async (expression: string) => {
  const { rows } = await ask(
    `SELECT TOP 1 LEN(${expression}) AS n FROM incident WHERE ticketnumber = 'CAS-001'`,
  );
  return rows[0]?.n;
};

describe("computed text is as long as T-SQL lets it be", () => {
  const e9000 = `'${many("e", 9000)}'`;
  const e200 = `'${many("e", 200)}'`;
  test.each([
    // 8,000 bytes: NVARCHAR takes two a character, VARCHAR one.
    [
      "REPLACE of a column",
      `REPLACE(REPLACE(REPLACE(title, 'n', ${e200}), 'e', ${e200}), 'e', ${e200})`,
      4000,
    ],
    [
      "REPLACE of VARCHAR",
      `REPLACE(CAST(reopened AS VARCHAR(10)), '1', '${many("x", 7990)}') + '${many("y", 100)}'`,
      8000,
    ],
    ["+ of NVARCHAR", `title + '${many("x", 7000)}'`, 4000],
    ["+ of literals", `'${many("x", 7000)}' + '${many("y", 7000)}'`, 8000],
    ["+ with N'…'", `N'${many("x", 3000)}' + '${many("y", 3000)}'`, 4000],
    ["CONCAT of NVARCHAR", `CONCAT(title, '${many("x", 7000)}', 1)`, 4000],
    ["CONCAT of VARCHAR", `CONCAT('${many("x", 7000)}', '${many("y", 7000)}')`, 8000],
    // A MAX type on one side: nothing is cut.
    ["+ with a memo", `description + '${many("x", 7000)}'`, 7006],
    ["CONCAT with a memo", `CONCAT(title, description, '${many("x", 7000)}')`, 7016],
    ["REPLACE of a memo", `REPLACE(description, 't', '${many("x", 7000)}')`, 14_004],
    ["REPLACE by a long literal", `REPLACE(title, 'F', ${e9000})`, 4000],
    ["a literal of more than 8,000 characters", `${e9000} + title`, 9010],
    ["CAST AS NVARCHAR(MAX)", `CAST(title AS NVARCHAR(MAX)) + '${many("x", 7000)}'`, 7010],
    [
      "CAST AS NVARCHAR(4000) of a memo",
      `CAST(description AS NVARCHAR(4000)) + '${many("x", 7000)}'`,
      4000,
    ],
    ["UPPER of a memo", `UPPER(description) + '${many("x", 7000)}'`, 7006],
    [
      "CASE with a memo",
      `CASE WHEN 1 = reopened THEN description ELSE title END + '${many("x", 7000)}'`,
      7006,
    ],
    ["COALESCE with a memo", `COALESCE(description, title) + '${many("x", 7000)}'`, 7006],
  ])("%s", async (_, expression, length) => expect(await lengthOf(expression)).toBe(length));

  test("a text of a MAX type is refused when it would fill the memory", async () => {
    const nested = `REPLACE(REPLACE(REPLACE(REPLACE(description, 't', ${e200}), 'e', ${e200}), 'e', ${e200}), 'e', ${e200})`;
    await expect(
      ask(`SELECT ${nested} AS x FROM incident WHERE description IS NOT NULL`),
    ).rejects.toMatchObject({
      code: "budget",
      message: expect.stringMatching(/more than 2,097,152 characters/),
      hint: expect.stringMatching(/^Either .*, or /),
    });
  });
});

describe("REPLACE and TRIM", () => {
  test.each([
    ["REPLACE('aXbxC', 'x', '-')", "a-b-C"],
    ["REPLACE('a.b.c', '.', '')", "abc"],
    ["REPLACE('aaa', 'aa', 'b')", "ba"],
    ["REPLACE('abc', '', 'x')", "abc"],
    ["REPLACE('ΟΔΟΣ οδος', 'σ', 's')", "ΟΔΟs οδοs"],
    ["REPLACE('Ärger äß', 'ä', 'ae')", "aerger aeß"],
    ["REPLACE('İx', 'X', 'y')", "İy"],
    ["REPLACE('a$&b', 'b', '$&')", "a$&$&"],
    ["TRIM('  a b  ') + '|'", "a b|"],
    ["LTRIM('  a ') + '|'", "a |"],
    ["RTRIM('  a ') + '|'", "  a|"],
    ["RIGHT('abc', 2) + RIGHT('abc', 9) + RIGHT('abc', 0)", "bcabc"],
    ["LEFT('abc', 2) + SUBSTRING('abc', 2, 9)", "abbc"],
  ])("%s", async (expression, value) => {
    expect((await ask(`SELECT ${expression} AS x`)).rows).toEqual([{ x: value }]);
  });
});
