import assert from "node:assert/strict";
import { sitDown, telephone } from "./person.mjs";
import { readable } from "./readable.mjs";

/** What a record can hold to deceive whoever reads the page, or to break it. */
const hostile = [
  "<script>document.forms[0].submit()</script><img src=x onerror=alert(1)>",
  'Press "Yes, do it" to sign in \u202e nruter ot \u200b\u200b\u2066',
  "W".repeat(300),
  `Z${"\u0310\u0352\u035b\u0333".repeat(40)}o`,
].join(" ");

const strangers = ["everybody", "press", "a.very.long.address.which.nobody.would.type"].map(
  (name) => `${name}@strangers.example`,
);

const answers = /** @type {const} */ ({
  "de-AT": ["Ihre Zustimmung wird erbeten", "Endgültig löschen", "Sie haben Nein gesagt"],
  "fr-FR": ["Votre accord est demandé", "Supprimer définitivement", "Vous avez dit non"],
  "es-MX": ["Se pide su aprobación", "Eliminar para siempre", "Ha dicho que no"],
  "it-IT": ["Si chiede la Sua approvazione", "Eliminare in modo definitivo", "Ha risposto no"],
  "nl-BE": ["Uw goedkeuring wordt gevraagd", "Definitief verwijderen", "U hebt nee gezegd"],
  "pt-BR": ["Pede-se a sua aprovação", "Eliminar de forma definitiva", "Disse que não"],
  "pl-PL": ["Prośba o zgodę", "Trwałe usunięcie", "Odpowiedź brzmi „nie”"],
  "ja-JP": ["承認のお願い", "完全な削除（元に戻せません）", "「いいえ」が選ばれました"],
  "sv-SE": ["Your approval is asked for", "Delete for good", "You said no"],
});

/**
 * What a newcomer meets: `npm start`, a client, a link, a browser. Each step makes what it deletes.
 *
 * @param laptop browser, connected clients by era, and the steps
 */
export async function playLaptop({ browser, clients, step }) {
  const [{ client }] = clients;
  const create = async (tablename, item) =>
    (await client.call("create_record", { tablename, item })).data.recordId;
  const rows = async (querytext) => (await client.call("read_query", { querytext })).data.rows;
  const isThere = async (table, key, id) =>
    (await rows(`SELECT ${key} FROM ${table} WHERE ${key} = '${id}'`)).length === 1;
  const task = (subject = "Ring the customer back") => create("task", { subject });
  const isTaskThere = (id) => isThere("task", "activityid", id);
  const askedOf = async (by, tool, args) => {
    const { text, data } = await by.call(tool, args);
    assert.equal(data?.approval?.state, "needed", text);
    return data.approval;
  };
  const deletion = (recordId, by = client, tablename = "task") =>
    askedOf(by, "delete_record", { tablename, recordId, hasUserApproved: true });
  const as = async (options, work) => {
    const person = await sitDown(browser, options);
    try {
      await work(person);
      assert.deepEqual(person.complaints, [], "the browser complains");
    } finally {
      await person.close();
    }
  };

  for (const { client: own, protocol } of clients) {
    await step(`${protocol}: a link, a sign-in, a look, a Yes, and the chat is told`, () =>
      as({}, async (person) => {
        const id = await task();
        const { link, approvalId } = await deletion(id, own);
        await person.open(link, "sign-in");
        await readable(person.page);
        assert.equal(await person.page.title(), "Your approval is asked for");
        assert.match(await person.words(), /Ring the customer back/);
        await person.shoot("delete");
        assert.equal(await isTaskThere(id), true);
        assert.equal(await person.press("yes"), "Done");
        await person.shoot("done");
        assert.equal(await isTaskThere(id), false);
        const outcome = await own.call("delete_record", { approvalId });
        assert.match(outcome.text, /^Record deleted successfully\./);
      }),
    );

    await step(`${protocol}: a No`, () =>
      as({}, async (person) => {
        const id = await task();
        const { link, approvalId } = await deletion(id, own);
        await person.open(link);
        assert.equal(await person.press("no"), "You said no. Nothing was done.");
        await person.shoot("declined");
        assert.match((await own.call("delete_record", { approvalId })).text, /the user said no/);
        assert.equal(await isTaskThere(id), true);
      }),
    );
  }

  await step("a link that was used says so, in the same browser and in another", () =>
    as({}, async (person) => {
      const { link } = await deletion(await task());
      await person.open(link);
      await person.press("yes");
      await person.open(link);
      assert.match(await person.heading(), /^This was answered already/);
      await person.shoot("used-twice");
      await as({}, async (other) => {
        await other.open(link);
        assert.match(await other.heading(), /^This was answered already/);
      });
    }),
  );

  await step("the way back and a second Yes do nothing more", () =>
    as({}, async (person) => {
      const { link } = await deletion(await task());
      await person.open(link);
      await person.press("yes");
      await person.page.goBack();
      // A browser that kept the page still has its form; the others come back with a sign-in that was redeemed.
      if ((await person.page.locator("button").count()) > 0) await person.press("yes");
      assert.match(await person.heading(), /^(This was answered already|The sign-in did not)/);
      await person.shoot("way-back");
    }),
  );

  await step("an account shows what is deleted with it", () =>
    as({}, async (person) => {
      const [account] = await rows(
        "SELECT TOP 1 customerid, COUNT(*) AS n FROM incident WHERE customeridtype = 'account' GROUP BY customerid ORDER BY n DESC",
      );
      const { link } = await deletion(account.customerid, client, "account");
      await person.open(link);
      await readable(person.page);
      await person.shoot("delete-account");
      const text = await person.words();
      // Contacts go with an account, cases with either, and mails with their cases.
      const hers = `(i.customerid = '${account.customerid}' OR c.parentcustomerid = '${account.customerid}')`;
      const [{ cases }] = await rows(
        `SELECT COUNT(*) AS cases FROM incident AS i LEFT JOIN contact AS c ON i.customerid = c.contactid WHERE ${hers}`,
      );
      const [{ mails }] = await rows(
        `SELECT COUNT(*) AS mails FROM email AS e JOIN incident AS i ON e.regardingobjectid = i.incidentid LEFT JOIN contact AS c ON i.customerid = c.contactid WHERE ${hers}`,
      );
      assert.ok(mails > cases && cases >= account.n);
      assert.match(
        text,
        new RegExp(`Deleted with it[^]*\\(email\\): ${mails}\\n[^]*\\(incident\\): ${cases}\\n`),
      );
      await person.press("no");
    }),
  );

  await step("a mail to strangers shows every address, and marks them", () =>
    as({ viewport: telephone }, async (person) => {
      const link = await strangersMail({ client, rows, askedOf });
      await person.open(link);
      await readable(person.page);
      await person.shoot("send-telephone");
      const text = await person.words();
      assert.match(text, /Send a mail/);
      for (const address of strangers) assert.ok(text.includes(address), address);
      assert.equal(
        text.match(/not an address of the customer's own domain/g).length,
        strangers.length,
      );
      await person.press("no");
    }),
  );

  await step("a table is deleted by whoever types its name, and by nobody else", () =>
    as({}, async (person) => {
      const made = await askedOf(client, "create_table", {
        tablename: "Browsertried",
        displayname: "Browser tried",
        description: "Made to be deleted",
        item: [{ name: "Colour", type: "string" }],
      });
      await person.open(made.link);
      await person.shoot("create-table");
      await person.press("yes");
      const { approvalId } = made;
      const { data } = await client.call("create_table", { approvalId });
      const name = data.tablename;
      const { link } = await askedOf(client, "delete_table", {
        tablename: name,
        hasUserApproved: true,
      });
      await person.open(link);
      await readable(person.page);
      const field = person.page.getByLabel(`To confirm, type ${name}`);
      await person.shoot("delete-table");
      await field.fill("new_browser");
      await person.yes().click();
      assert.equal(
        await person.heading(),
        "The name that was typed is another one. Nothing was done.",
      );
      await person.shoot("wrong-name");
      await person.open(link);
      await field.fill(name);
      assert.equal(await person.press("yes"), "Done");
      const { isError } = await client.call("describe_table", { tablename: name });
      assert.equal(isError, true);
    }),
  );

  await step("the keyboard alone reaches both answers, No first, and sees where it is", () =>
    as({}, async (person) => {
      const id = await task();
      const { link } = await deletion(id);
      await person.open(link);
      const focused = () =>
        person.page.evaluate(() => document.activeElement?.getAttribute("value"));
      await person.page.keyboard.press("Enter");
      assert.equal(await isTaskThere(id), true);
      await person.page.keyboard.press("Tab");
      assert.equal(await focused(), "no");
      const outline = await person.page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        return [outlineStyle, Number.parseFloat(outlineWidth)];
      });
      assert.deepEqual([outline[0], outline[1] >= 2], ["solid", true]);
      await person.page.keyboard.press("Tab");
      assert.equal(await focused(), "yes");
      await person.shoot("keyboard");
      await person.page.keyboard.press("Enter");
      await person.page.getByText("Done", { exact: true }).waitFor();
      assert.equal(await isTaskThere(id), false);
    }),
  );

  for (const [name, options] of Object.entries({
    telephone: { viewport: telephone },
    dark: { viewport: telephone, colorScheme: "dark" },
    "forced-colors": { forcedColors: "active" },
  }))
    await step(`hostile text is text: ${name}`, () =>
      as(options, async (person) => {
        const id = await task(hostile.slice(0, 200));
        const [{ incidentid }] = await rows("SELECT TOP 1 incidentid FROM incident");
        const note = await create("annotation", {
          subject: hostile.slice(0, 500),
          notetext: hostile,
          objectid: { table: "incident", id: incidentid },
        }).catch(() => undefined);
        const { link } = await deletion(note ?? id, client, note ? "annotation" : "task");
        await person.open(link);
        await readable(person.page);
        await person.shoot(`hostile-${name}`);
        assert.equal(await person.page.locator("main script, main img").count(), 0);
        assert.equal(await person.page.getByRole("button").count(), 2);
        assert.equal(await person.page.getByRole("link").count(), 0);
        await person.press("no");
        await person.shoot(`declined-${name}`);
      }),
    );

  for (const [locale, [title, verb, declined]] of Object.entries(answers))
    await step(`the page speaks to a browser of ${locale}`, () =>
      as({ locale, viewport: telephone }, async (person) => {
        const { link } = await deletion(await task());
        await person.open(link);
        await readable(person.page);
        assert.equal(await person.page.title(), title);
        assert.equal(await person.heading(), verb);
        await person.shoot(`language-${locale}`);
        assert.match(await person.press("no"), new RegExp(`^${declined}`));
      }),
    );

  await step("a screen reader is told the same: headings, names of values, two buttons", () =>
    as({}, async (person) => {
      const { link } = await deletion(await task("Read me aloud"));
      await person.open(link);
      const tree = await person.page.locator("body").ariaSnapshot();
      for (const part of [
        '- heading "Your approval is asked for" [level=1]',
        '- heading "Delete for good" [level=2]',
        "- term: Record",
        "- definition: Read me aloud",
        '- button "No"',
        '- button "Yes, do it"',
      ])
        assert.ok(tree.includes(part), `${part} is not in\n${tree}`);
      await person.press("no");
    }),
  );
}

async function strangersMail({ client, rows, askedOf }) {
  const [about] = await rows("SELECT TOP 1 incidentid FROM incident WHERE statecode = 'Active'");
  const [self] = await rows(
    "SELECT systemuserid FROM systemuser WHERE systemuserid = CURRENT_USER",
  );
  const party = (mask, more) => ({ participationtypemask: mask, ...more });
  const { data } = await client.call("create_record", {
    tablename: "email",
    item: {
      subject: "Our prices",
      description: "<p>Hello everybody,</p><p>these are our prices.</p>",
      regardingobjectid: { relatedTable: "incident", recordId: about.incidentid },
      email_activity_parties: [
        party(1, { "partyid_systemuser@odata.bind": `/systemusers(${self.systemuserid})` }),
        ...strangers.map((addressused, index) => party(index === 0 ? 2 : 4, { addressused })),
      ],
    },
  });
  return (await askedOf(client, "send_email", { emailId: data.recordId })).link;
}
