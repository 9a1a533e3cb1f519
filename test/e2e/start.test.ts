import { spawnSync } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { agreeing } from "../support/agreeing";
import { openBrowser } from "../support/browser-person";
import { type AnyClient, mcpClients } from "../support/mcp-clients";
import { programs } from "../support/program";
import { type StartedProduct, startProduct, temporaryFolder } from "../support/start";

const me = personas[0]?.systemUserId ?? "";
const folder = temporaryFolder();
const size = ["--cases", "1000", "--data", folder.path];
let product: StartedProduct;
beforeAll(async () => {
  product = await startProduct(size);
}, 60_000);
afterAll(async () => {
  await product.interrupt();
  folder.remove();
}, 30_000);

describe("npm start", () => {
  test("tells a newcomer where, who, how to connect and what to ask", () => {
    expect(product.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    const { output } = product;
    expect(output).toMatch(/^Making sample data: +\d+ %/m);
    expect(output).toMatch(/^Signed in as \S+ \S+ \(representative\)/m);
    const [, json = ""] = /mcp\.json:\n(\{[\s\S]*?\n\})\n/.exec(output) ?? [];
    expect(JSON.parse(json)).toEqual({
      servers: { "customer-service": { type: "http", url: product.endpoint } },
    });
    expect(output).toContain(`--cli ${product.endpoint} `);
    expect(output.match(/^ {2}- .+/gm)).toHaveLength(4);
  });

  test("names a case that is there and open", async () => {
    const [, number] = / case (CAS-\S+) /.exec(product.output) ?? [];
    const client = await mcpClients[0]![2](product.endpoint);
    const { data } = await client.call("read_query", {
      querytext: `SELECT statecodename FROM incident WHERE ticketnumber = '${number}' AND ownerid = CURRENT_USER`,
    });
    expect(data.rows).toEqual([{ statecodename: "Active" }]);
    await client.close();
  });
});

describe("a person works a case through", () => {
  test.each(mcpClients)("with %s", async (_, protocol, connect) => {
    const client = await connect(product.endpoint);
    expect(client.protocol).toBe(protocol);
    expect(await client.tools()).toEqual(
      expect.arrayContaining(["read_query", "describe_table", "update_record", "resolve_incident"]),
    );
    const rows = async (querytext: string) => {
      const answer = await client.call("read_query", { querytext });
      expect([answer.isError, answer.text]).toEqual([false, expect.any(String)]);
      expect(JSON.parse(answer.text.split("\n")[0] ?? "")).toEqual(answer.data.rows);
      return answer.data.rows;
    };
    const before = await rows(
      "SELECT TOP 50 incidentid, ticketnumber, title FROM incident WHERE ownerid = CURRENT_USER AND statecode = 'Active' ORDER BY createdon",
    );
    expect(before.length).toBeGreaterThan(1);
    const found = before[0];
    const described = await client.call("describe_table", { tablename: "cases" });
    expect(described.text).toMatch(/^DESCRIBE TABLE incident \(/);

    const changed = await client.call("update_record", {
      tablename: "incident",
      recordId: found.incidentid,
      item: { prioritycode: "High", description: `Seen by ${protocol}` },
    });
    expect(changed.text).toMatch(/^Record updated successfully\./);
    await sendDraft(client, rows, found.incidentid);
    const resolved = await agreed(client, "resolve_incident", {
      caseNumber: found.ticketnumber,
      resolutionNote: "Replaced the power supply.",
    });
    expect(resolved.text).toMatch(/^Case resolved successfully\./);
    expect(
      await rows(
        `SELECT statecodename, prioritycodename FROM incident WHERE incidentid = '${found.incidentid}'`,
      ),
    ).toEqual([{ statecodename: "Resolved", prioritycodename: "High" }]);
    await client.close();
  });
});

/** A browser of whoever sits at the laptop: the stand-in of Entra knows one person, whatever the browser says. */
const nobodyNamed = () => openBrowser({ objectId: "", name: "" });

const agreed = (client: AnyClient, tool: string, args: Record<string, unknown>) =>
  agreeing(
    (given) => client.call(tool, given),
    args,
    ({ data }) => data?.approval,
    nobodyNamed,
  );

test("a browser keeps both cookies of the page, sealed off as they were set", async () => {
  const client = await mcpClients[0]![2](product.endpoint);
  const { data } = await client.call("read_query", {
    querytext: "SELECT TOP 1 activityid FROM email WHERE statuscode = 'Draft'",
  });
  const asked = await client.call("send_email", { emailId: data.rows[0].activityid });
  const browser = nobodyNamed();
  const { link } = asked.data.approval;
  const begun = await browser.send(link);
  expect(begun.headers["set-cookie"]).toEqual([
    expect.stringMatching(
      /^__Host-approve-tx=v1\.[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    ),
  ]);
  const page = await browser.open(link);
  expect(page.headers["set-cookie"]).toEqual([
    expect.stringMatching(
      /^__Host-approve=v1\.[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    ),
    expect.stringMatching(
      /^__Host-approve-tx=; Max-Age=0; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    ),
  ]);
  const declined = await browser.press(link, page, "no");
  expect([declined.status, declined.html]).toEqual([200, expect.stringContaining("You said no")]);
  await client.close();
});

async function sendDraft(
  client: AnyClient,
  rows: (sql: string) => Promise<{ contactid: string }[]>,
  caseId: string,
) {
  const [contact] = await rows(
    "SELECT TOP 1 contactid FROM contact WHERE emailaddress1 IS NOT NULL",
  );
  const drafted = await client.call("create_record", {
    tablename: "email",
    item: {
      subject: "Your power supply",
      description: "<p>Hello,</p><p>the power supply was replaced.</p>",
      regardingobjectid: { relatedTable: "incident", recordId: caseId },
      email_activity_parties: [
        { participationtypemask: 1, "partyid_systemuser@odata.bind": `/systemusers(${me})` },
        {
          participationtypemask: 2,
          "partyid_contact@odata.bind": `/contacts(${contact?.contactid})`,
        },
      ],
    },
  });
  expect([drafted.isError, drafted.text]).toEqual([false, expect.any(String)]);
  // The only click of a case: the page of the laptop, signed in by the stand-in of Entra.
  const sent = await agreed(client, "send_email", { emailId: drafted.data.recordId });
  expect([sent.isError, sent.text]).toEqual([false, expect.stringMatching(/sent/i)]);
  expect(
    await rows(`SELECT statecodename FROM email WHERE activityid = '${drafted.data.recordId}'`),
  ).toEqual([{ statecodename: "Completed" }]);
}

describe("starting again", () => {
  test("keeps what was changed until --reset, and Ctrl-C ends both processes", async () => {
    const own = temporaryFolder();
    const args = ["--cases", "20", "--data", own.path];
    const count = async ({ endpoint }: StartedProduct) => {
      const [, , connect] = mcpClients[0]!;
      const client = await connect(endpoint);
      const { data } = await client.call("read_query", {
        querytext: "SELECT COUNT(*) AS n FROM account WHERE name = 'Kept'",
      });
      const made = await client.call("create_record", {
        tablename: "account",
        item: { name: "Kept" },
      });
      expect(made.isError).toBe(false);
      await client.close();
      return data.rows[0].n;
    };
    const first = await startProduct(args);
    expect(await count(first)).toBe(0);
    expect(await first.interrupt()).toBe(0);
    await expect(fetch(first.endpoint)).rejects.toThrow();
    await expect(fetch(first.dataverse)).rejects.toThrow();
    const second = await startProduct(args);
    expect(second.output).not.toContain("Making sample data");
    expect(await count(second)).toBe(1);
    await second.interrupt();
    const third = await startProduct([...args, "--reset"]);
    expect(await count(third)).toBe(0);
    await third.interrupt();
    own.remove();
  }, 60_000);

  test.each(["PORT", "DATAVERSE_PORT"])(
    "a taken %s is named with what to set",
    async (name) => {
      const blocker = createServer();
      await new Promise<void>((done) => blocker.listen(0, "127.0.0.1", done));
      const { port } = blocker.address() as AddressInfo;
      await expect(startProduct(size, { [name]: String(port) })).rejects.toThrow(
        new RegExp(`Port ${port} is taken.*${name}=`),
      );
      await new Promise<void>((done) => void blocker.close(() => done()));
    },
    60_000,
  );

  const run = (name: keyof typeof programs, args: readonly string[], environment = {}) => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [resolve(programs[name]), ...args],
      {
        encoding: "utf8",
        env: { ...process.env, PORT: "0", DATAVERSE_PORT: "0", ...environment },
        timeout: 60_000,
      },
    );
    return { status, stdout, stderr };
  };

  test.each<[keyof typeof programs, readonly string[], Record<string, string>, RegExp]>([
    ["start", ["--nope"], {}, /--nope[\s\S]*--reset/],
    ["start", ["--rest"], {}, /no option --rest; did you mean --reset\?/],
    ["start", ["--port", "1"], {}, /PORT for the MCP endpoint/],
    ["start", ["reset"], {}, /"reset" is no option/],
    ["start", ["--cases"], {}, /--cases/],
    ["start", ["--cases", "many"], {}, /--cases must be a whole number.*"many"/],
    ["start", [], { MCP_PERSONA: "manger" }, /MCP_PERSONA.*Did you mean manager\?/],
    ["start", [], { MCP_PERSONA: "toString" }, /MCP_PERSONA.*one of: representative/],
    ["start", [], { PORT: "http" }, /PORT must be a whole number.*"http"/],
    ["start", [], { PORT: "65536" }, /PORT must be a whole number/],
    ["start", [], { PORT: "-1" }, /PORT must be a whole number/],
    ["start", [], { PORT: "80.5" }, /PORT must be a whole number/],
    ["start", [], { PORT: "0x50" }, /PORT must be a whole number/],
    ["start", [], { DATAVERSE_PORT: "x" }, /DATAVERSE_PORT must be a whole number/],
    ["start", [], { PORT: "7171", DATAVERSE_PORT: "7171" }, /both 7171/],
    ["main", ["--rest"], {}, /no option --rest; did you mean --reset\?/],
    ["main", ["--port", "x"], {}, /--port must be a whole number/],
    ["main", [], { DATAVERSE_PORT: "70000" }, /DATAVERSE_PORT must be a whole number/],
    ["main", ["--language", "xx"], {}, /--language must be one of/],
    ["main", ["--as-of", "2026-02-31"], {}, /--as-of must be a day/],
    ["main", ["--metadata", "/nowhere.xml"], {}, /\/nowhere\.xml could not be read/],
    ["main", ["--data", " "], {}, /--data must name a folder/],
  ])("%s %j %j is refused in one line", (name, args, environment, words) => {
    const { status, stdout, stderr } = run(name, args, environment);
    expect([status, stdout, stderr]).toEqual([1, "", expect.stringMatching(words)]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("each program's help tells its own options and variables", () => {
    const start = run("start", ["--help"]);
    expect([start.status, start.stderr]).toEqual([0, ""]);
    expect(start.stdout).toMatch(/^Usage: npm start -- /);
    for (const word of ["PORT", "DATAVERSE_PORT", "MCP_PERSONA", "MCP_LOG", "--reset", "manager"])
      expect(start.stdout).toContain(word);
    expect(start.stdout).not.toContain("--port");
    const emulator = run("main", ["--help"]);
    expect([emulator.status, emulator.stderr]).toEqual([0, ""]);
    expect(emulator.stdout).toMatch(
      /^Usage: dataverse-emulator [\s\S]*npm run emulator -- [\s\S]*--port/,
    );
    expect(emulator.stdout).not.toContain("MCP_PERSONA");
  });
});
