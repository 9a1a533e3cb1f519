import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { personas } from "../../packages/dataverse-emulator/src/sample/identities";
import { type ServiceDesk, startServiceDesk } from "../support/service-desk";

const self = personas[0]?.systemUserId ?? "";
const owned = { "ownerid@odata.bind": `/systemusers(${self})` };
const id = (end: string) => `6a000000-0000-4000-8000-${end.padStart(12, "0")}`;
const ids = {
  account: id("a1"),
  contact: id("a2"),
  stranger: id("a3"),
  otherAccount: id("a4"),
  otherContact: id("a5"),
  article: id("b1"),
  internal: id("b2"),
  template: id("c1"),
  solved: id("d1"),
} as const;
const secrets = {
  company: "Nordwind Reederei",
  person: "Annegret Quandt",
  mail: "annegret.quandt@nordwind.example",
  phone: "+49 40 5556677",
  serial: "QX77123456",
} as const;

interface Mail {
  readonly subject: string;
  readonly description: string;
  readonly statuscode: number;
  readonly directioncode: boolean;
  readonly _regardingobjectid_value: string;
  readonly _parentactivityid_value: string | null;
  readonly email_activity_parties: readonly {
    readonly participationtypemask: number;
    readonly _partyid_value: string | null;
  }[];
}

let desk: ServiceDesk;
let count = 0;
const words = "The Quorvex lens of our reader is dull, serial number QX10000001. What can we do?";

/** A case with one incoming mail, by default of the case's own contact. */
async function newCase(
  options: { text?: string; from?: string; subject?: string; noMail?: boolean } = {},
) {
  const caseId = id(`e${++count}`);
  const mailId = id(`f${count}`);
  const { text = words, from = ids.contact, subject = "Quorvex lens is dull" } = options;
  await desk.write("PATCH", `incidents(${caseId})`, {
    title: "Quorvex lens is dull",
    description: text,
    "customerid_account@odata.bind": `/accounts(${ids.account})`,
    "primarycontactid@odata.bind": `/contacts(${ids.contact})`,
    ...owned,
  });
  if (options.noMail !== true)
    await desk.write("PATCH", `emails(${mailId})`, {
      subject,
      description: text,
      directioncode: false,
      "regardingobjectid_incident_email@odata.bind": `/incidents(${caseId})`,
      email_activity_parties: [
        { "partyid_contact@odata.bind": `/contacts(${from})`, participationtypemask: 1 },
      ],
      ...owned,
    });
  return { caseId, mailId };
}
const draft = async (args: Record<string, unknown>) => {
  const answer = await desk.call("draft_email_with_suggested_response", args);
  expect([answer.isError ? answer.text : "", desk.bugs]).toEqual(["", []]);
  const mail = (await desk.read(
    `emails(${answer.structured.emailId})?$select=subject,description,statuscode,directioncode,_regardingobjectid_value,_parentactivityid_value&$expand=email_activity_parties($select=participationtypemask,_partyid_value)`,
  )) as unknown as Mail;
  const of = (mask: number) =>
    mail.email_activity_parties
      .filter((party) => party.participationtypemask === mask)
      .map((party) => party._partyid_value);
  return { ...answer, mail, from: of(1), to: of(2), copies: [...of(3), ...of(4)] };
};

beforeAll(async () => {
  desk = await startServiceDesk({
    cases: 30,
    settings: { KNOWLEDGE_ARTICLE_URL: "https://help.halvren.example/a/{number}" },
  });
  const person = (set: string, row: string, body: Record<string, unknown>) =>
    desk.write("PATCH", `${set}(${row})`, { ...body, ...owned });
  await person("accounts", ids.account, { name: "Zephyr Optics Ltd" });
  await person("accounts", ids.otherAccount, { name: secrets.company });
  await person("contacts", ids.contact, {
    firstname: "Mara",
    lastname: "Vexley",
    emailaddress1: "mara@zephyr.example",
    "parentcustomerid_account@odata.bind": `/accounts(${ids.account})`,
  });
  await person("contacts", ids.stranger, {
    firstname: "Some",
    lastname: "Stranger",
    emailaddress1: "stranger@elsewhere.example",
  });
  await person("contacts", ids.otherContact, {
    firstname: "Annegret",
    lastname: "Quandt",
    emailaddress1: secrets.mail,
    "parentcustomerid_account@odata.bind": `/accounts(${ids.otherAccount})`,
  });
  for (const [row, isinternal, content] of [
    [
      ids.article,
      false,
      "Polish the Quorvex lens with a dry cloth. Then calibrate the reader for 10 seconds.",
    ],
    [
      ids.internal,
      true,
      "The Quorvex lens of batch 77 is faulty: the cure is a refund of 350 EUR.",
    ],
  ] as const) {
    await desk.write("PATCH", `knowledgearticles(${row})`, {
      title: isinternal ? "Quorvex lens dull: batch 77" : "The Quorvex lens is dull",
      content: `<p>${content}</p>`,
      isinternal,
      islatestversion: true,
    });
    await desk.write("PATCH", `knowledgearticles(${row})`, { statecode: 3, statuscode: 7 });
  }
  await desk.write("PATCH", `templates(${ids.template})`, {
    title: "Service reply",
    templatetypecode: "incident",
    ispersonal: false,
    languagecode: 1033,
    subject: "About {!incident:ticketnumber;your case}",
    body: '<p>Good day,</p><p>[answer]</p><p>You wrote: {!incident:description;}</p><p><a href="https://halvren.example/survey">Survey</a></p>',
  });
  // Another customer's case of the same trouble, with everything in it that must stay there.
  await desk.write("PATCH", `incidents(${ids.solved})`, {
    title: `Quorvex lens is dull, ${secrets.person}`,
    description: `The Quorvex lens of our reader is dull. ${secrets.person}, ${secrets.company}, ${secrets.phone}`,
    "customerid_account@odata.bind": `/accounts(${ids.otherAccount})`,
    "primarycontactid@odata.bind": `/contacts(${ids.otherContact})`,
    ...owned,
  });
  const solved = await desk.call("resolve_incident", {
    incidentId: ids.solved,
    resolutionNote: `Told Ms Quandt of ${secrets.company} (${secrets.mail}, ${secrets.phone}, serial ${secrets.serial}) to polish the Quorvex lens with a dry cloth; Annegret was happy.`,
  });
  expect([solved.isError, solved.text]).toEqual([false, solved.text]);
}, 120_000);
afterAll(() => desk.close());

describe("draft_email_with_suggested_response", () => {
  test("is a draft from the caller to the case's contact alone, on the case, threaded to the mail it answers", async () => {
    const { caseId, mailId } = await newCase();
    const { mail, from, to, copies, structured, text } = await draft({ incidentId: caseId });
    expect(mail).toMatchObject({
      statuscode: 1,
      directioncode: true,
      _regardingobjectid_value: caseId,
      _parentactivityid_value: mailId,
      subject: "RE: Quorvex lens is dull",
    });
    expect([from, to, copies]).toEqual([[self], [ids.contact], []]);
    expect(text).toMatch(/It was not sent: show it to the user, then call send_email/);
    expect(structured).toMatchObject({
      responseType: "Resolved",
      ungrounded: [],
      placeholders: [],
    });
    expect(structured.body).toMatch(/^(?:Dear Mara Vexley|Good day Mara Vexley|Hello Mara),\n/);
    expect(structured.body).toContain("Polish the Quorvex lens with a dry cloth.");
    expect(structured.body).toMatch(/Avery Lindholm$/m);
    expect(mail.description).toContain('<a href="https://help.halvren.example/a/KA-');
  });

  test("says nothing that only colleagues may read, and nothing of another customer", async () => {
    const { caseId } = await newCase();
    await desk.write("POST", "annotations", {
      subject: "Note",
      notetext: "Between us: the Quorvex lens batch 77 is faulty, margin 41 percent.",
      "objectid_incident@odata.bind": `/incidents(${caseId})`,
      ...owned,
    });
    const { mail, text } = await draft({ incidentId: caseId });
    // Ids are drawn anew each time, and may hold any digits.
    const said = (mail.subject + mail.description + text).replaceAll(
      /[0-9a-f]{8}-[0-9a-f-]{27}/g,
      "",
    );
    for (const secret of [
      "350",
      "batch 77",
      "margin",
      ...Object.values(secrets),
      "Annegret",
      "Quandt",
      "Nordwind",
    ])
      expect(said).not.toContain(secret);
  });

  test("a stranger who wrote to the case gets no answer from it; the case's contact does, and it is said", async () => {
    const { caseId } = await newCase({ from: ids.stranger });
    const { to, text } = await draft({ incidentId: caseId });
    expect(to).toEqual([ids.contact]);
    expect(text).toContain("The mail's sender is not one of the case's contacts");
  });

  test("speaks the customer's language, or the one asked for", async () => {
    const { caseId } = await newCase({
      text: "Guten Tag,\\n\\ndie Quorvex Linse unseres Lesers ist trüb. Bitte helfen Sie uns weiter.\\n\\nMit freundlichen Grüßen\\nMara Vexley",
    });
    expect((await draft({ incidentId: caseId })).structured.body).toMatch(
      /^(?:Guten Tag|Hallo) Mara/,
    );
    expect((await draft({ incidentId: caseId, language: "fr" })).structured.body).toMatch(
      /^Bonjour Mara/,
    );
  });

  test("stores the reply that somebody wrote as the one draft of the case, and tells what nothing holds", async () => {
    const { caseId, mailId } = await newCase();
    const first = await draft({ incidentId: caseId });
    expect(first.structured.brief).toMatchObject({
      questions: [{ question: "What can we do?", answer: "answered" }],
      known: expect.arrayContaining([
        expect.objectContaining({ text: "Polish the Quorvex lens with a dry cloth." }),
      ]),
    });
    const { mail, structured, text } = await draft({
      incidentId: caseId,
      body: "Hi Mara,\n\nplease polish the Quorvex lens with a dry cloth, then calibrate the reader for 10 seconds.\n\nWe will pay you 450 EUR on Friday.\n\nKind regards\nAvery Lindholm",
    });
    expect(structured).toMatchObject({ emailId: first.structured.emailId, wasThereBefore: false });
    expect(text).toMatch(/was written anew/);
    expect(structured.body).toMatch(
      /^(?:Dear|Good day|Hello) Mara(?: Vexley)?,\n\nplease polish .* 10 seconds\.\n\nWe will pay you 450 EUR on Friday\.\n\nKind regards\nAvery Lindholm/,
    );
    expect(structured.ungrounded).toEqual(["We will pay you 450 EUR on Friday."]);
    expect(structured.citations).toEqual([
      expect.objectContaining({ sources: [expect.objectContaining({ id: ids.article })] }),
    ]);
    expect(mail._parentactivityid_value).toBe(mailId);
    expect(mail.description).toContain("450 EUR");
  });

  test.each([
    ["a strange link", "Pay here: https://elsewhere.example/pay", "elsewhere.example"],
    ["an address", "Write to boss@elsewhere.example today.", "boss@elsewhere.example"],
    ["a number to pay to", "Send it to DE89 3704 0044 0532 0130 00.", "DE89 3704"],
    ["a gap", "The technician comes on [date].", "[date]"],
    ["another gap", "Your part costs {{amount}}.", "{{amount}}"],
  ])("does not store a reply with %s, and names it", async (_, body, named) => {
    const { caseId } = await newCase();
    const said = await desk.call("draft_email_with_suggested_response", {
      incidentId: caseId,
      body,
    });
    expect([said.isError, said.text]).toEqual([true, expect.stringContaining(named)]);
    const { value } = (await desk.read(
      `emails?$select=activityid&$filter=_regardingobjectid_value eq ${caseId} and directioncode eq true`,
    )) as { value: unknown[] };
    expect(value).toEqual([]);
  });

  test("leaves a draft that a person has changed as it is, and makes one more only when asked", async () => {
    const { caseId } = await newCase();
    const first = await draft({ incidentId: caseId });
    const mine = { description: "<p>My own words.</p>" };
    await desk.write("PATCH", `emails(${first.structured.emailId})`, mine);
    const other = await draft({ incidentId: caseId, language: "fr" });
    expect(other.structured).toMatchObject({
      emailId: first.structured.emailId,
      wasThereBefore: true,
      body: "My own words.",
    });
    const more = await draft({ incidentId: caseId, language: "fr", another: true });
    expect(more.structured.wasThereBefore).toBe(false);
    expect(more.structured.body).toMatch(/^Bonjour Mara/);
    const [kept] = [await desk.read(`emails(${first.structured.emailId})?$select=description`)];
    expect(kept).toMatchObject(mine);
  });

  test("says which tone and which language it cannot write, and what they change when it can", async () => {
    const { caseId } = await newCase();
    const odd = await draft({ incidentId: caseId, tone: "like a pirate", language: "sv" });
    expect(odd.text).toMatch(/no sentences for drafts in the language that was asked for/);
    expect(odd.text).toMatch(/tone that was asked for is none of those/);
    const formal = await draft({ incidentId: caseId, tone: "formal" });
    expect(formal.structured.body).toMatch(/^Dear Mara Vexley,.*Yours sincerely/s);
    const japanese = await draft({ incidentId: caseId, language: "ja" });
    expect(japanese.structured.body).toMatch(/様\n\nお問い合わせ/);
    expect(japanese.structured.body).not.toContain("Polish");
    expect(japanese.text).toMatch(/written in English/);
  });

  test("fills a template when asked, lets none of the case's links into it, and names templates otherwise", async () => {
    const { caseId } = await newCase({
      text: `${words} See https://elsewhere.example/pay and write to boss@elsewhere.example.`,
    });
    const { mail } = await draft({ incidentId: caseId, template: "service reply" });
    expect(mail.subject).toMatch(/^About CAS-/);
    expect(mail.description).toMatch(/^<p>Good day,<\/p>.*Polish the Quorvex lens.*You wrote:/s);
    expect(mail.description).toContain('<a href="https://halvren.example/survey">');
    expect(mail.description).not.toContain("elsewhere.example");
    const none = await desk.call("draft_email_with_suggested_response", {
      incidentId: caseId,
      template: "no such",
    });
    expect([none.isError, none.text]).toEqual([true, expect.stringContaining('"Service reply"')]);
  });

  test("takes out of a template what a mail must not carry, says so, and nothing of it is stored", async () => {
    const hostile = {
      title: "Hostile reply",
      subject: 'Your case <script>alert("s")</script>',
      body: `<p onclick="steal()">Good day,</p><p>[answer]</p><script>fetch("https://evil.example")</script><img src="https://evil.example/p.png?d=1"><a href="javascript:alert(1)">Click</a><svg/onload=alert(1)><iframe src="https://evil.example"></iframe><style>p{background:url(https://evil.example)}</style><form action="https://evil.example"><input name="x"></form>`,
    };
    await desk.write("PATCH", `templates(${id("c2")})`, {
      ...hostile,
      templatetypecode: "incident",
      ispersonal: false,
      languagecode: 1033,
    });
    const { caseId } = await newCase();
    const { mail, text } = await draft({ incidentId: caseId, template: hostile.title });
    expect(text).toMatch(/Taken out of the template, where they may not stand: .*scripts/);
    expect(mail.description).toMatch(/<p>Good day,<\/p>.*Polish the Quorvex lens/s);
    expect(mail.description).not.toMatch(
      /<(?:script|svg|iframe|style|form|input)|on\w+\s*=|javascript:|evil\.example|\{!|steal/i,
    );
  });

  test("asks when nothing convinces, whatever a machine finds nearest; shares when the user says so", async () => {
    const text = "The blorfin of my wimpel makes a strange colour since Monday.";
    const { caseId } = await newCase({ text, subject: "Blorfin" });
    await desk.write("PATCH", `incidents(${caseId})`, { title: "Blorfin has a strange colour" });
    const { structured } = await draft({ incidentId: caseId });
    expect(structured.responseType).not.toBe("Resolved");
    expect(structured.citations).toEqual([]);
  });

  test("without any mail it takes the case's title and number as its subject, and a closed case is named so", async () => {
    const { caseId } = await newCase({ noMail: true });
    const { mail } = await draft({ incidentId: caseId });
    expect(mail.subject).toMatch(/Quorvex lens is dull \[CAS-/);
    expect(mail._parentactivityid_value).toBeNull();
    await desk.write("POST", "CloseIncident", {
      IncidentResolution: {
        "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
        subject: "Solved",
        "incidentid@odata.bind": `/incidents(${caseId})`,
      },
      Status: 5,
    });
    expect((await draft({ incidentId: caseId })).text).toContain("The case is closed");
  });
});

describe("get_next_suggestion_on_case", () => {
  test("shows the cure of another customer's case, and nothing that tells who that is", async () => {
    const { caseId } = await newCase();
    const { text, structured } = await desk.call("get_next_suggestion_on_case", {
      incidentId: caseId,
      max: 10,
    });
    const evidence = structured.steps.flatMap(
      (step: { evidence: { id: string }[] }) => step.evidence,
    );
    expect(evidence.map((each: { id: string }) => each.id)).toContain(ids.solved);
    expect(text).toContain("polish the Quorvex lens with a dry cloth");
    for (const secret of [...Object.values(secrets), "Annegret", "Quandt", "Nordwind", "5556677"])
      expect(text + JSON.stringify(structured)).not.toContain(secret);
  });

  test("lists each article once, and the internal one as something to do", async () => {
    const { caseId } = await newCase();
    const { structured } = await desk.call("get_next_suggestion_on_case", { incidentId: caseId });
    for (const step of structured.steps as { kind: string; evidence: { id: string }[] }[]) {
      const found = step.evidence.map((each) => each.id);
      expect(new Set(found).size).toBe(found.length);
      if (found.includes(ids.internal)) expect(step.kind).toBe("do-internal");
    }
  });

  test("keeps the first step when asked to, as Dynamics 365 keeps its own; where that may not be, it still answers", async () => {
    const { caseId } = await newCase();
    const asked = { incidentId: caseId, store: true };
    const kept = await desk.call("get_next_suggestion_on_case", asked, "administrator");
    expect(kept.text).toMatch(/The first step was kept on the case as msdyn_nextaction/);
    const row = await desk.read(`msdyn_nextactions(${kept.structured.stored})`);
    expect(row).toMatchObject({ _msdyn_regarding_value: caseId, msdyn_actiontype: 100000003 });
    expect(JSON.parse(String(row.msdyn_actiondata))).toMatchObject({ kind: "share-solution" });
    desk.emulator.world.db
      .prepare("UPDATE incident SET statecode = 1, statuscode = 5 WHERE incidentid = ?")
      .run(caseId);
    const closed = await desk.call("get_next_suggestion_on_case", asked, "administrator");
    expect([closed.isError, closed.text]).toEqual([
      false,
      expect.stringMatching(/The case is closed.*Nothing was kept on the case: it is closed/s),
    ]);
  });

  test("by default it writes nothing", async () => {
    const { caseId } = await newCase();
    const before = await desk.read(`incidents(${caseId})`);
    await desk.call("get_next_suggestion_on_case", { incidentId: caseId });
    expect(await desk.read(`incidents(${caseId})`)).toEqual(before);
    const { value } = (await desk.read(
      `msdyn_nextactions?$select=msdyn_nextactionid&$filter=_msdyn_regarding_value eq ${caseId}`,
    )) as { value: unknown[] };
    expect(value).toEqual([]);
  });
});
