import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../src";
import { applicationUser } from "../../src/sample/identities";
import { batchBody, batchType, type Operation, readBatchAnswers } from "../support/batch";
import { type Dataverse, startDataverse } from "../support/dataverse";

/** Point 11: `$batch` with change sets that roll back and `$1` references. */

let dataverse: Dataverse;
beforeAll(async () => {
  dataverse = await startDataverse();
});
afterAll(() => dataverse.close());

const post = (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  dataverse.send("POST", "$batch", body, { headers: { ...batchType, ...headers } });

async function named(name: string): Promise<number> {
  const answer = await dataverse.send("GET", `accounts?$filter=name eq '${name}'&$count=true`);
  return Number(answer.json["@odata.count"]);
}

const account = (name: string, contentId?: string): Operation => ({
  method: "POST",
  url: "/api/data/v9.2/accounts",
  body: { name },
  ...(contentId === undefined ? {} : { contentId }),
});

describe("point 11: a batch", () => {
  test("answers with the boundaries that clients look for", async () => {
    const answer = await post(batchBody([account("Batch A"), [account("Batch B", "1")]]));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(
      /^multipart\/mixed; boundary=batchresponse_/,
    );
    expect(answer.text).toMatch(
      /^--batchresponse_[0-9a-f-]{36}\r\nContent-Type: application\/http\r\n/,
    );
    expect(answer.text).toMatch(
      /\r\nContent-Type: multipart\/mixed; boundary=changesetresponse_[0-9a-f-]{36}\r\n\r\n--changesetresponse_/,
    );
    const answers = readBatchAnswers(answer.text);
    expect(answers.map((each) => [each.status, each.contentId])).toEqual([
      [204, undefined],
      [204, "1"],
    ]);
    expect(answers[1]?.headers.get("odata-entityid")).toMatch(/accounts\([0-9a-f-]{36}\)$/);
    expect(await named("Batch B")).toBe(1);
  });

  test.each([
    ["\r\n", [200, 204], 1],
    // Reading is forgiven; of a write no body is found.
    ["\n", [200, 400], 0],
  ] as const)("whose lines end in %j is answered with %j", async (lineBreak, statuses, made) => {
    const name = `Break ${lineBreak.length}`;
    const answer = await post(
      batchBody([{ method: "GET", url: "accounts?$top=1" }, [account(name, "1")]], lineBreak),
    );
    const answers = readBatchAnswers(answer.text);
    expect(answers.map((each) => each.status)).toEqual(statuses);
    if (made === 0) {
      expect(answers[1]?.code).toBe("0x80048d19");
      expect(answers[1]?.text).toContain("Stream was not readable");
      expect(answers[1]?.headers.get("req_id")).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(await named(name)).toBe(made);
  });

  test("takes absolute, root-relative and set-relative addresses", async () => {
    const answer = await post(
      batchBody(
        [`${dataverse.root}WhoAmI`, "/api/data/v9.2/WhoAmI", "WhoAmI", "accounts?$top=1"].map(
          (url) => ({ method: "GET", url }),
        ),
      ),
    );
    expect(readBatchAnswers(answer.text).map((each) => each.status)).toEqual([200, 200, 200, 200]);
  });

  test("puts the rows made before where $1 and $2 stand, in the address and in the body", async () => {
    const answer = await post(
      batchBody([
        [
          account("Reference", "1"),
          {
            method: "POST",
            url: "contacts",
            body: { lastname: "Referred", "parentcustomerid_account@odata.bind": "$1" },
            contentId: "2",
          },
          {
            method: "PATCH",
            url: "$1",
            body: { "primarycontactid@odata.bind": "/$2" },
            contentId: "3",
          },
          {
            method: "PUT",
            url: "/api/data/v9.2/$1/telephone1",
            body: { value: "$1 5" },
            contentId: "4",
          },
          {
            method: "POST",
            url: "$1/contact_customer_accounts/$ref",
            body: { "@odata.id": "$2" },
            contentId: "5",
          },
        ],
      ]),
    );
    expect(readBatchAnswers(answer.text).map((each) => each.status)).toEqual([
      204, 204, 204, 204, 204,
    ]);
    const rows = await dataverse.send(
      "GET",
      "accounts?$filter=name eq 'Reference'&$select=name,telephone1&$expand=primarycontactid($select=lastname),contact_customer_accounts($select=lastname)",
    );
    expect((rows.json.value as unknown[])[0]).toMatchObject({
      telephone1: "$1 5",
      primarycontactid: { lastname: "Referred" },
      contact_customer_accounts: [{ lastname: "Referred" }],
    });
  });

  test("refers to a row that was answered with its representation", async () => {
    const answer = await post(
      batchBody([
        [
          {
            ...account("Represented", "a.1"),
            url: "accounts?$select=name",
            headers: { Prefer: "return=representation" },
          },
          { method: "PATCH", url: "$a.1", body: { telephone1: "7" }, contentId: "b" },
        ],
      ]),
    );
    expect(readBatchAnswers(answer.text).map((each) => each.status)).toEqual([201, 204]);
  });

  test("refuses a reference to what comes later, and undoes the set", async () => {
    const answer = await post(
      batchBody([
        [
          account("Never", "2"),
          {
            method: "POST",
            url: "contacts",
            body: { lastname: "Never", "parentcustomerid_account@odata.bind": "$1" },
            contentId: "3",
          },
          account("Never", "1"),
        ],
      ]),
    );
    const [refusal] = readBatchAnswers(answer.text);
    expect(answer.status).toBe(400);
    expect(refusal?.text).toContain(
      "Content-ID Reference: '$1' does not exist in the batch context.",
    );
    expect(await named("Never")).toBe(0);
  });

  test("undoes a change set whose part fails, and answers it with that refusal alone", async () => {
    const answer = await post(
      batchBody([
        [
          account("Half", "1"),
          { method: "POST", url: "accounts", body: { name: "x".repeat(161) }, contentId: "2" },
          account("Half", "3"),
        ],
      ]),
    );
    expect(answer.status).toBe(400);
    const answers = readBatchAnswers(answer.text);
    expect(answers.map((each) => [each.status, each.contentId, each.code])).toEqual([
      [400, "2", "0x80044331"],
    ]);
    expect(await named("Half")).toBe(0);
  });

  test("stops at the first failure, whose status is its own, unless told to go on", async () => {
    const items = [account("Before"), { method: "GET", url: "nothings" }, account("After")];
    const stopped = await post(batchBody(items));
    expect(stopped.status).toBe(404);
    expect(readBatchAnswers(stopped.text).map((each) => each.status)).toEqual([204, 404]);
    expect(await named("After")).toBe(0);
    const gone = await post(batchBody(items), { Prefer: "odata.continue-on-error" });
    expect(gone.status).toBe(200);
    expect(readBatchAnswers(gone.text).map((each) => each.status)).toEqual([204, 404, 204]);
    expect(await named("After")).toBe(1);
  });

  test("holds a thousand operations and not one more", async () => {
    const many = (n: number) =>
      batchBody(Array.from({ length: n }, () => ({ method: "GET", url: "WhoAmI" })));
    const most = await post(many(1_000));
    expect(readBatchAnswers(most.text)).toHaveLength(1_000);
    const over = await post(many(1_001));
    expect([over.status, over.code]).toEqual([400, "0x80060888"]);
    expect(over.message).toContain("'1000'");
  });

  test.each<[string, () => string, Record<string, string>, RegExp]>([
    [
      "a change set part without Content-ID",
      () => batchBody([account("Whole"), [account("Whole")]]),
      {},
      /Content-ID header not present/,
    ],
    [
      "a GET in a change set",
      () => batchBody([account("Whole"), [{ method: "GET", url: "accounts", contentId: "1" }]]),
      {},
      /An invalid HTTP method 'GET' was detected/,
    ],
    [
      "two parts with one Content-ID",
      () => batchBody([account("Whole"), [account("Whole", "1"), account("Whole", "1")]]),
      {},
      /found more than once/,
    ],
    [
      "a body that was cut",
      () => batchBody([account("Whole"), account("Whole")]).slice(0, -40),
      {},
      /closing boundary/,
    ],
    [
      "another boundary than the header's",
      () => batchBody([account("Whole")]),
      { "Content-Type": "multipart/mixed; boundary=other" },
      /does not occur/,
    ],
    [
      "a body that is no multipart",
      () => "{}",
      { "Content-Type": "application/json" },
      /must be multipart\/mixed/,
    ],
    [
      "a part without a request line",
      () => "--batch_1\r\nContent-Type: application/http\r\n\r\nhello\r\n--batch_1--",
      {},
      /request line/,
    ],
    [
      "a part of another type",
      () => "--batch_1\r\nContent-Type: text/plain\r\n\r\nGET WhoAmI HTTP/1.1\r\n\r\n--batch_1--",
      {},
      /application\/http/,
    ],
  ])("is refused whole, as plain JSON, for %s", async (_, body, headers, message) => {
    const answer = await post(body(), headers);
    expect([answer.status, answer.code]).toEqual([400, "0x80060888"]);
    expect(answer.message).toMatch(message);
    expect(await named("Whole")).toBe(0);
  });

  test("is never held in another batch", async () => {
    const answer = await post(
      batchBody([{ method: "POST", url: "/api/data/v9.2/$batch", body: "--x--" }]),
    );
    expect(readBatchAnswers(answer.text)[0]?.code).toBe("0x80060888");
  });

  test("keeps the text of its parts as it is", async () => {
    const name = "Zażółć 東京 😀\u00e9";
    await post(batchBody([{ ...account(name), headers: { "Content-Length": "5" } }]));
    expect(await named(encodeURIComponent(name))).toBe(1);
  });
});

describe("the person inside a batch", () => {
  const [representative, , administrator, withoutRoles] = personas;
  const as = (objectId = "") => ({ CallerObjectId: objectId });
  const createdBy = async (name: string) => {
    const { json } = await dataverse.send(
      "GET",
      `accounts?$select=_createdby_value&$filter=name eq '${name}'`,
    );
    return (json.value as { _createdby_value: string }[]).map((row) => row._createdby_value);
  };
  const deletion: Operation = {
    method: "DELETE",
    url: "/api/data/v9.2/roles(11111111-1111-4111-8111-111111111111)",
    contentId: "2",
  };

  test("is whom each part names, whoever sent the batch", async () => {
    const answer = await post(
      batchBody([
        [
          { ...account("By Avery", "1"), headers: as(representative?.objectId) },
          { ...account("By Tomasz", "2"), headers: as(administrator?.objectId) },
        ],
      ]),
    );
    expect(readBatchAnswers(answer.text).map(({ status }) => status)).toEqual([204, 204]);
    expect(await createdBy("By Avery")).toEqual([representative?.systemUserId]);
    expect(await createdBy("By Tomasz")).toEqual([administrator?.systemUserId]);
  });

  test("is not handed down: a part that names nobody acts as the user of the token", async () => {
    const answer = await post(batchBody([[{ ...account("By nobody", "1"), headers: as() }]]));
    const [{ status, code } = { status: 0, code: "" }] = readBatchAnswers(answer.text);
    expect([status, code]).toEqual([204, undefined]);
    // Not by the administrator, whom the batch's own headers name.
    expect(await createdBy("By nobody")).toEqual([applicationUser.systemUserId]);
  });

  test.each([
    ["without roles", withoutRoles?.objectId, "0x80042f09"],
    ["whom nobody knows", "11111111-1111-4111-8111-111111111111", "0x80072560"],
  ])("%s is refused inside a change set, and the set is undone", async (_, objectId, expected) => {
    const name = `Undone ${expected}`;
    const answer = await post(
      batchBody([[account(name, "1"), { ...account(name, "2"), headers: as(objectId) }]]),
    );
    expect(readBatchAnswers(answer.text)).toMatchObject([{ status: 403, code: expected }]);
    expect(await named(name)).toBe(0);
  });

  test("may do inside no more than outside", async () => {
    const name = "Undone by rights";
    const refused = { ...deletion, headers: as(representative?.objectId) };
    const answer = await post(batchBody([[account(name, "1"), refused]]));
    expect(readBatchAnswers(answer.text)).toMatchObject([{ status: 403 }]);
    expect(await named(name)).toBe(0);
  });
});
