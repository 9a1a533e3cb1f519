import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { batchBody, batchType, readBatchAnswers } from "../support/batch";
import { type Dataverse, outcome, startDataverse } from "../support/dataverse";

let dataverse: Dataverse;
let id = "";
const octets = { "Content-Type": "application/octet-stream" };
beforeAll(async () => {
  dataverse = await startDataverse();
  for (const [type, name, more] of [
    ["File", "new_Contract", { MaxSizeInKB: 9_000 }],
    ["Image", "new_Photo", {}],
  ] as const) {
    const made = await dataverse.send(
      "POST",
      "EntityDefinitions(LogicalName='account')/Attributes",
      {
        "@odata.type": `Microsoft.Dynamics.CRM.${type}AttributeMetadata`,
        SchemaName: name.replace("new", "cr8e3"),
        DisplayName: { LocalizedLabels: [{ Label: name, LanguageCode: 1033 }] },
        ...more,
      },
    );
    expect(made.status).toBe(204);
  }
  id = (await dataverse.send("POST", "accounts", { name: "Files" })).id;
});
afterAll(() => dataverse.close());

const column = () => `accounts(${id})/cr8e3_contract`;
const send = (method: string, path: string, body?: unknown, headers = {}) =>
  dataverse.send(method, path, body, { headers });
/** Bytes of every value, so that no text decoding goes unnoticed. */
const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, n) => (n * 7) % 256));

describe("a file column", () => {
  test("takes a file whole and gives it back bare, in JSON and in ranges", async () => {
    const content = bytes(1_000);
    const put = await send("PATCH", column(), content, { ...octets, "x-ms-file-name": "a.pdf" });
    expect(put.status).toBe(204);
    const bare = await send("GET", `${column()}/$value?size=full`);
    expect(bare.bytes.equals(content)).toBe(true);
    expect([
      bare.status,
      bare.headers.get("x-ms-file-size"),
      bare.headers.get("x-ms-file-name"),
      bare.headers.get("mimetype"),
    ]).toEqual([200, "1000", "a.pdf", "application/pdf"]);
    const json = await send("GET", column());
    expect(Buffer.from(String(json.json.value), "base64").equals(content)).toBe(true);
    const part = await send("GET", `${column()}/$value`, undefined, { Range: "bytes=100-199" });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 100-199/1000"]);
    expect(part.bytes.equals(content.subarray(100, 200))).toBe(true);
    const tail = await send("GET", `${column()}/$value`, undefined, { Range: "bytes=900-99999" });
    expect(tail.bytes.equals(content.subarray(900))).toBe(true);
    expect(
      (await send("GET", `${column()}/$value`, undefined, { Range: "bytes=1000-" })).status,
    ).toBe(416);
    const last = await send("GET", `${column()}/$value`, undefined, { Range: "bytes=-4" });
    expect([last.status, last.headers.get("content-range")]).toEqual([206, "bytes 996-999/1000"]);
    expect(last.bytes.equals(content.subarray(996))).toBe(true);
    for (const range of ["bytes=5-2", "bytes=-", "bytes=0-1,4-5", "items=0-3"]) {
      const whole = await send("GET", `${column()}/$value`, undefined, { Range: range });
      expect([range, whole.status, whole.bytes.length]).toEqual([range, 200, 1000]);
    }
    const row = await send("GET", `accounts(${id})?$select=cr8e3_contract`);
    expect(row.json).toMatchObject({
      cr8e3_contract: expect.stringMatching(/^[0-9a-f-]{36}$/),
      cr8e3_contract_name: "a.pdf",
    });
  });

  test("takes a file in parts and keeps the old one until the last", async () => {
    const begun = await send(
      "PATCH",
      `${column()}?x-ms-file-name=${encodeURIComponent("größe.txt")}`,
      undefined,
      { "x-ms-transfer-mode": "chunked" },
    );
    expect([begun.status, begun.headers.get("x-ms-chunk-size")]).toEqual([200, "4194304"]);
    const location = String(begun.headers.get("location"));
    expect(location).toContain(`${dataverse.root}${column()}?sessiontoken=`);
    const content = bytes(2_500);
    const part = (start: number, end: number, size = 2_500) =>
      send("PATCH", location, content.subarray(start, end + 1), {
        ...octets,
        "Content-Range": `bytes ${start}-${end}/${size}`,
      });
    expect((await part(0, 999)).status).toBe(206);
    for (const wrong of [
      await part(0, 999),
      await part(1_500, 2_499),
      await part(1_000, 2_600),
      await send("PATCH", location, bytes(5), {
        ...octets,
        "Content-Range": "bytes 1000-1999/2500",
      }),
      await send("PATCH", location, bytes(5), octets),
    ])
      expect(outcome(wrong)).toBe("400 0x80060888");
    expect((await send("GET", `${column()}/$value`)).bytes.length).toBe(1_000);
    expect((await part(1_000, 1_999)).status).toBe(206);
    expect((await part(2_000, 2_499)).status).toBe(204);
    // dynamics-web-api sends an empty part behind a file that fills its parts.
    expect(
      (await send("PATCH", location, "", { ...octets, "Content-Range": "bytes 2500-2499/2500" }))
        .status,
    ).toBe(204);
    const whole = await send("GET", `${column()}/$value`);
    expect(whole.bytes.equals(content)).toBe(true);
    expect(decodeURI(String(whole.headers.get("x-ms-file-name")))).toBe("größe.txt");
    expect(outcome(await part(0, 999))).toBe("400 0x80060888");
  });

  test("travels inside a batch byte for byte", async () => {
    const content = bytes(600);
    const head = batchBody([
      {
        method: "PATCH",
        url: column(),
        headers: { ...octets, "x-ms-file-name": "b.bin" },
        body: "@@",
      },
      { method: "GET", url: `${column()}/$value` },
    ]);
    const at = head.indexOf("@@");
    const body = Buffer.concat([
      Buffer.from(head.slice(0, at).replace("Content-Type: application/json; type=entry\r\n", "")),
      content,
      Buffer.from(head.slice(at + 2)),
    ]);
    const answer = await send("POST", "$batch", body, batchType);
    expect(readBatchAnswers(answer.bytes.toString("latin1")).map((each) => each.status)).toEqual([
      204, 200,
    ]);
    expect(answer.bytes.includes(content)).toBe(true);
  });

  test("refuses what is too large, has no name or is no file", async () => {
    const large = await send("PATCH", column(), Buffer.alloc(9_000 * 1_024 + 1), {
      ...octets,
      "x-ms-file-name": "a",
    });
    expect([outcome(large), large.message]).toEqual([
      "400 0x80044a02",
      "Attachment file size is too big.",
    ]);
    expect(outcome(await send("PATCH", column(), "x", octets))).toBe("400 0x80060888");
    expect(outcome(await send("PATCH", `accounts(${id})`, { cr8e3_contract: "x" }))).toBe(
      "400 0x80048d19",
    );
    expect(
      outcome(
        await send("PATCH", "accounts(11111111-1111-4111-8111-111111111111)/cr8e3_contract", "x", {
          ...octets,
          "x-ms-file-name": "a",
        }),
      ),
    ).toBe("404 0x80040217");
    expect(outcome(await send("POST", column(), {}))).toBe("405 0x80060888");
  });

  test("is emptied by DELETE, and goes with its row", async () => {
    expect((await send("DELETE", column())).status).toBe(204);
    expect((await send("GET", `${column()}/$value`)).status).toBe(204);
    expect((await send("GET", `accounts(${id})`)).json.cr8e3_contract).toBeNull();
    const other = (await send("POST", "accounts", { name: "Gone" })).id;
    await send("PATCH", `accounts(${other})/cr8e3_contract`, "x", {
      ...octets,
      "x-ms-file-name": "a",
    });
    await send("DELETE", `accounts(${other})`);
    const left = dataverse.emulator.world.db.prepare('SELECT count(*) AS n FROM "__file"').get();
    expect(left?.n).toBe(0);
  });

  test("keeps strangers out", async () => {
    await send("PATCH", column(), "secret", { ...octets, "x-ms-file-name": "a" });
    const answer = await dataverse.send("PATCH", column(), "x", {
      as: "without-roles",
      headers: { ...octets, "x-ms-file-name": "a" },
    });
    expect(answer.status).toBe(403);
    expect((await send("GET", `${column()}/$value`)).text).toBe("secret");
  });
});

describe("an image column", () => {
  const pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const image = () => `accounts(${id})/cr8e3_photo`;
  test("takes base64 in JSON and bytes, and tells id and address", async () => {
    expect((await send("PATCH", `accounts(${id})`, { cr8e3_photo: pixel })).status).toBe(204);
    const row = await send(
      "GET",
      `accounts(${id})?$select=cr8e3_photo,cr8e3_photoid,cr8e3_photo_url`,
    );
    expect(row.json).toMatchObject({
      cr8e3_photo: pixel,
      cr8e3_photoid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      cr8e3_photo_url: expect.stringContaining("/Image/download.aspx?Entity=account"),
    });
    const bare = await send("GET", `${image()}/$value?size=full`);
    expect(bare.bytes.toString("base64")).toBe(pixel);
    expect((await send("PUT", image(), Buffer.from(pixel, "base64"), octets)).status).toBe(204);
    expect((await send("PUT", image(), { value: pixel })).status).toBe(204);
    expect(outcome(await send("PATCH", `accounts(${id})`, { cr8e3_photo: "no base64!" }))).toBe(
      "400 0x80048d19",
    );
    expect((await send("DELETE", image())).status).toBe(204);
    expect(
      (await send("GET", `accounts(${id})?$select=cr8e3_photo,cr8e3_photoid`)).json,
    ).toMatchObject({ cr8e3_photo: null, cr8e3_photoid: null });
  });
});

describe("files in blocks", () => {
  const post = (action: string, body: Record<string, unknown>) => send("POST", action, body);
  const target = () => ({ "@odata.type": "Microsoft.Dynamics.CRM.account", accountid: id });
  const blockId = (n: number) =>
    Buffer.from(`block-${String(n).padStart(5, "0")}`).toString("base64");
  /** Sends the blocks in this order, whatever order they are committed in. */
  async function upload(token: unknown, blocks: Buffer[], order = blocks.map((_, n) => n)) {
    for (const n of order) {
      const sent = await post("UploadBlock", {
        BlockId: blockId(n),
        BlockData: blocks[n]?.toString("base64"),
        FileContinuationToken: token,
      });
      expect(outcome(sent)).toBe("204");
    }
    return { BlockList: blocks.map((_, n) => blockId(n)), FileContinuationToken: token };
  }
  async function download(initialize: string, body: Record<string, unknown>, length: number) {
    const { json } = await post(initialize, body);
    const parts: Buffer[] = [];
    for (let at = 0; at < Number(json.FileSizeInBytes); at += length) {
      const block = await post("DownloadBlock", {
        Offset: at,
        BlockLength: length,
        FileContinuationToken: json.FileContinuationToken,
      });
      parts.push(Buffer.from(String(block.json.Data), "base64"));
    }
    return { name: json.FileName, content: Buffer.concat(parts), json };
  }
  const parts = [bytes(70_000), bytes(33), bytes(50_000)];
  const whole = Buffer.concat(parts);
  const of = { Target: {}, FileAttributeName: "cr8e3_contract" };

  test("of a file column come in any order, and go in pieces", async () => {
    const begun = await post("InitializeFileBlocksUpload", {
      ...of,
      Target: target(),
      FileName: "plan.pdf",
    });
    const list = await upload(begun.json.FileContinuationToken, parts, [2, 0, 1, 0]);
    const done = await post("CommitFileBlocksUpload", {
      ...list,
      FileName: "final plan.pdf",
      MimeType: "application/pdf",
    });
    expect(done.json).toEqual({
      "@odata.context": `${dataverse.root}$metadata#Microsoft.Dynamics.CRM.CommitFileBlocksUploadResponse`,
      FileId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      FileSizeInBytes: whole.length,
    });
    const row = await send("GET", `accounts(${id})?$select=cr8e3_contract`);
    expect(row.json.cr8e3_contract).toBe(done.json.FileId);
    const { name, content, json } = await download(
      "InitializeFileBlocksDownload",
      { ...of, Target: target() },
      40_000,
    );
    expect([name, json.IsChunkingSupported]).toEqual(["final plan.pdf", true]);
    expect(content.equals(whole)).toBe(true);
    expect((await send("GET", `${column()}/$value`)).bytes.equals(whole)).toBe(true);
    // An upload that has ended takes no more blocks.
    expect(
      outcome(
        await post("UploadBlock", {
          ...list,
          BlockId: blockId(1),
          BlockData: "AAAA",
          BlockList: undefined,
        }),
      ),
    ).toBe("400 0x80040203");
    expect(outcome(await post("DeleteFile", { FileId: done.json.FileId }))).toBe("204");
    expect((await send("GET", column())).status).toBe(204);
    expect(outcome(await post("DeleteFile", { FileId: done.json.FileId }))).toBe("404 0x80040217");
    expect(outcome(await post("InitializeFileBlocksDownload", { ...of, Target: target() }))).toBe(
      "404 0x80040217",
    );
  });

  test("of a note make it, or change it", async () => {
    const annotationid = crypto.randomUUID();
    const note = {
      "@odata.type": "Microsoft.Dynamics.CRM.annotation",
      annotationid,
      subject: "Large",
      filename: "a.bin",
      mimetype: "application/octet-stream",
      "objectid_account@odata.bind": `/accounts(${id})`,
    };
    const begun = await post("InitializeAnnotationBlocksUpload", { Target: note });
    const list = await upload(begun.json.FileContinuationToken, parts);
    const done = await post("CommitAnnotationBlocksUpload", { Target: note, ...list });
    expect(done.json).toMatchObject({ AnnotationId: annotationid, FileSizeInBytes: whole.length });
    const again = await post("InitializeAnnotationBlocksUpload", { Target: note });
    const shorter = await upload(again.json.FileContinuationToken, parts.slice(0, 1));
    await post("CommitAnnotationBlocksUpload", {
      Target: { ...note, filename: "b.bin" },
      ...shorter,
    });
    const row = await send(
      "GET",
      `annotations(${annotationid})?$select=filename,filesize,isdocument`,
    );
    expect(row.json).toMatchObject({ filename: "b.bin", filesize: 70_000, isdocument: true });
    const { name, content } = await download(
      "InitializeAnnotationBlocksDownload",
      { Target: { annotationid, "@odata.type": "Microsoft.Dynamics.CRM.annotation" } },
      4_194_304,
    );
    expect(name).toBe("b.bin");
    expect(content.equals(parts[0] ?? Buffer.alloc(0))).toBe(true);
  });

  test("of an attachment make a new one", async () => {
    const mail = (await send("POST", "emails", { subject: "With a plan" })).id;
    const attachment = {
      "@odata.type": "Microsoft.Dynamics.CRM.activitymimeattachment",
      "objectid_email@odata.bind": `emails(${mail})`,
      objecttypecode: "email",
      subject: "The plan",
      filename: "plan.bin",
      mimetype: "application/octet-stream",
    };
    const begun = await post("InitializeAttachmentBlocksUpload", { Target: attachment });
    const list = await upload(begun.json.FileContinuationToken, parts);
    const done = await post("CommitAttachmentBlocksUpload", { Target: attachment, ...list });
    const made = done.json.ActivityMimeAttachmentId;
    expect(done.json.FileSizeInBytes).toBe(whole.length);
    expect(
      (await send("GET", `emails(${mail})?$select=attachmentcount`)).json.attachmentcount,
    ).toBe(1);
    const { content } = await download(
      "InitializeAttachmentBlocksDownload",
      { Target: { activitymimeattachmentid: made } },
      1_000_000,
    );
    expect(content.equals(whole)).toBe(true);
  });

  test.each([
    [
      "InitializeFileBlocksUpload",
      { FileAttributeName: "nonsense", FileName: "a" },
      "400 0x80041103",
    ],
    ["InitializeFileBlocksUpload", { FileAttributeName: "name", FileName: "a" }, "400 0x80040203"],
    ["InitializeFileBlocksUpload", { FileAttributeName: "cr8e3_contract" }, "400 0x80040203"],
    ["InitializeFileBlocksDownload", { FileAttributeName: "name" }, "400 0x80040203"],
  ])("%s refuses %j", async (action, body, expected) => {
    expect(outcome(await post(action, { Target: target(), ...body }))).toBe(expected);
  });

  test("are refused when they are too big, unlike or unknown", async () => {
    const begun = await post("InitializeFileBlocksUpload", {
      ...of,
      Target: target(),
      FileName: "a",
    });
    const token = begun.json.FileContinuationToken;
    const block = (BlockId: string, data: Buffer | string) =>
      post("UploadBlock", {
        BlockId,
        BlockData: typeof data === "string" ? data : data.toString("base64"),
        FileContinuationToken: token,
      });
    const refused = "400 0x80040203";
    expect(outcome(await block(blockId(1), Buffer.alloc(4_194_305)))).toBe(refused);
    expect(outcome(await block("not base64!", "AAAA"))).toBe(refused);
    expect(outcome(await block(blockId(1), "***"))).toBe(refused);
    expect(outcome(await block(blockId(1), "AAAA"))).toBe("204");
    expect(outcome(await block("AAAA", "AAAA"))).toBe(refused);
    const commit = { FileName: "a", MimeType: "text/plain", FileContinuationToken: token };
    expect(
      outcome(await post("CommitFileBlocksUpload", { ...commit, BlockList: [blockId(9)] })),
    ).toBe(refused);
    for (let n = 10; n < 13; n++) await block(blockId(n), Buffer.alloc(4_000_000));
    const list = [10, 11, 12].map(blockId);
    expect(outcome(await post("CommitFileBlocksUpload", { ...commit, BlockList: list }))).toBe(
      "400 0x80044a02",
    );
    for (const bad of ["", "abc", Buffer.from('{"table":"account"}').toString("base64url")])
      expect(
        outcome(
          await post("DownloadBlock", { Offset: 0, BlockLength: 1, FileContinuationToken: bad }),
        ),
      ).toBe(refused);
  });

  test("are no way around rights", async () => {
    const content = { ...of, Target: target() };
    const begun = await post("InitializeFileBlocksUpload", { ...content, FileName: "a" });
    const list = await upload(begun.json.FileContinuationToken, [bytes(10)]);
    await post("CommitFileBlocksUpload", { ...list, FileName: "a", MimeType: "text/plain" });
    const { json } = await post("InitializeFileBlocksDownload", content);
    const as = (action: string, body: unknown) =>
      dataverse.send("POST", action, body, { as: "without-roles" });
    for (const [action, body] of [
      ["InitializeFileBlocksDownload", content],
      ["InitializeFileBlocksUpload", { ...content, FileName: "a" }],
      [
        "DownloadBlock",
        { Offset: 0, BlockLength: 1, FileContinuationToken: json.FileContinuationToken },
      ],
    ] as const)
      expect((await as(action, body)).status).toBe(403);
  });
});
