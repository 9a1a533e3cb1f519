import { describe, expect, test } from "@jest/globals";
import {
  createEmbeddedProvider,
  type FieldSpec,
  type KnowledgeHit,
  type ModelStore,
  type PredictFieldsInput,
} from "../../../shared/intelligence";
import { decide } from "../../../shared/intelligence/fields/decision";
import { extract, parseNumber } from "../../../shared/intelligence/providers/embedded/extract";
import { articles, category, incident, mail, resolvedCases } from "./cases";

const never = new AbortController().signal;
const embedded = createEmbeddedProvider();

const history = (count: number, scope = "env-a") => ({
  scope,
  version: "1",
  reads: 0,
  async read() {
    this.reads++;
    return resolvedCases(count);
  },
});

const input = (text: string, more: Partial<PredictFieldsInput> = {}): PredictFieldsInput => ({
  case: incident,
  sources: [mail(text)],
  fields: [category],
  similar: [],
  history: history(300),
  ...more,
});

const first = async (one: PredictFieldsInput) => {
  const { predictions, trace } = await embedded.predictFields(one, never);
  return { ...predictions[0], trace };
};

describe("predicting a field with options", () => {
  test("writes what is sure, names resolved cases as evidence, and says what it learned from", async () => {
    const said = await first(input("The pump leaks and the valve is stuck, error code again"));
    expect(said).toMatchObject({ decision: "auto", reason: "embedded-only" });
    expect(said.best).toMatchObject({ value: 2, label: "Device fault", calibrated: true });
    expect(said.alternatives).toHaveLength(3);
    expect(said.evidence?.[0]).toMatchObject({ kind: "resolved-case", ref: { table: "incident" } });
    expect(said.evidence?.[0]?.ref.number).toMatch(/^CAS-/);
    expect(said.trace).toMatchObject({ provider: "embedded", injectionSuspected: false });
    expect(said.trace.trainedOn).toMatchObject({ cases: 300, from: "2026-01-01T00:00:00.000Z" });
    expect(said.trace.trainedOn?.holdoutPrecision).toBeGreaterThan(0.9);
  });

  test.each([
    ["off", { fields: [{ ...category, mode: "off" as const }] }],
    ["human-set", { current: { casetypecode: { value: 1, setBy: "human" as const } } }],
    ["nothing-found", { sources: [mail("<!-- x -->")] }],
  ])("abstains by name: %s", async (reason, more) => {
    expect(await first(input("The pump leaks", more))).toMatchObject({
      decision: "abstain",
      reason,
    });
  });

  test("abstains from a text unlike any before", async () => {
    const said = await first(input("wie wird das wetter morgen in lissabon"));
    expect(said).toMatchObject({ decision: "abstain", reason: "out-of-scope" });
  });

  test("recommends only, from few cases and from none, and learns from labels then", async () => {
    const few = await first(input("The pump leaks", { history: history(9, "few") }));
    expect(few).toMatchObject({ decision: "recommend", reason: "too-few-cases" });
    const none = await first(input("Question about billing", { history: undefined }));
    expect(none).toMatchObject({ decision: "recommend", reason: "too-few-cases" });
    expect(none.best?.value).toBe(1);
    expect(none.evidence?.[0]?.kind).toBe("option-label");
  });

  test("overwrites a human only when told to, and a value of its own always", async () => {
    const current = { casetypecode: { value: 1, setBy: "human" as const } };
    const told = await first(
      input("The pump leaks, valve stuck", {
        current,
        fields: [{ ...category, overwriteHuman: true }],
      }),
    );
    expect(told.best?.value).toBe(2);
    expect(told.current).toBe(1);
    const own = await first(
      input("The pump leaks, valve stuck", {
        current: { casetypecode: { value: 1, setBy: "assistant" } },
      }),
    );
    expect(own.best?.value).toBe(2);
  });

  test("never predicts an option that is retired", async () => {
    const fields = [{ ...category, options: category.options?.filter(({ value }) => value !== 2) }];
    const said = await first(input("The pump leaks, valve stuck", { fields }));
    expect(said.alternatives?.map(({ value }) => value)).not.toContain(2);
  });

  test("restricts a dependent field to the children of its parent, in whatever order they are listed", async () => {
    const part: FieldSpec = {
      ...category,
      logicalName: "part",
      dependsOn: "area",
      options: ["p00", "p01", "p10", "p11", "p20", "p21"].map((value) => ({
        value,
        label: value,
        parent: `a${value[1]}`,
      })),
    };
    const area: FieldSpec = {
      ...category,
      logicalName: "area",
      options: ["a0", "a1", "a2"].map((value) => ({ value, label: value })),
    };
    const { predictions } = await embedded.predictFields(
      input("pump leaks, valve stuck, alarm", { fields: [part, area] }),
      never,
    );
    expect(predictions.map(({ field }) => field)).toEqual(["part", "area"]);
    expect(predictions[1]?.best?.value).toBe("a1");
    expect(predictions[0]?.alternatives.map(({ value }) => String(value).slice(0, 2))).toEqual([
      "p1",
      "p1",
    ]);
    const set = { area: { value: "a0", setBy: "human" as const } };
    const after = await first(
      input("pump leaks, valve stuck", { fields: [part, area], current: set }),
    );
    expect(after.alternatives?.every(({ value }) => String(value).startsWith("p0"))).toBe(true);
  });

  test("goes down a tree of options as far as the text speaks for one branch", async () => {
    const tree: FieldSpec = {
      ...category,
      logicalName: "part",
      hierarchical: true,
      options: [
        { value: "root", label: "Subjects" },
        { value: "devices", label: "Devices", parent: "root" },
        ...["p00", "p01", "p20", "p21"].map((value) => ({ value, label: value, parent: "root" })),
        ...["p10", "p11"].map((value) => ({ value, label: value, parent: "devices" })),
      ],
    };
    const said = await first(
      input("pump leaks, valve stuck, alarm, motor noise", { fields: [tree] }),
    );
    expect(["p10", "p11", "devices"]).toContain(said.best?.value);
    // On the scale of the threshold, which is measured on options without a tree.
    const flat = await first(
      input("pump leaks, valve stuck, alarm, motor noise", {
        fields: [{ ...tree, hierarchical: false }],
      }),
    );
    if (said.best?.value === flat.best?.value)
      expect(said.best?.confidence).toBeCloseTo(flat.best?.confidence ?? 0);
    else expect(said.best?.confidence).toBeGreaterThanOrEqual(flat.best?.confidence ?? 1);
  });

  test.each([
    ["calibrated", 0.3, 0.41, "recommend"],
    ["calibrated", 0.3, 0.5, "auto"],
    ["calibrated", 0.8, 0.7, "select"],
    ["calibrated", undefined, 0.99, "select"],
    [0.2, undefined, 0.41, "recommend"],
    [0.9, undefined, 0.95, "auto"],
  ] as const)(
    "writes nothing below the floor of a field: autoAt %p, measured %p, confidence %p: %s",
    (autoAt, threshold, confidence, decision) => {
      const best = { value: 1, label: "Billing", confidence, calibrated: true };
      expect(decide({ ...category, autoAt }, best, threshold)).toBe(decision);
    },
  );

  test("predicts a yes or no", async () => {
    const field: FieldSpec = {
      ...category,
      logicalName: "isescalated",
      type: "boolean",
      options: undefined,
    };
    expect((await first(input("pump leaks, valve stuck", { fields: [field] }))).best?.value).toBe(
      true,
    );
  });

  test("reads the history once for a version, keeps scopes apart, and finds a stored model again", async () => {
    const files = new Map<string, Uint8Array>();
    const store: ModelStore = {
      load: async (key) => files.get(key),
      save: async (key, file) => void files.set(key, file),
    };
    const one = createEmbeddedProvider({ store });
    const mine = history(300);
    const text = "The pump leaks and the valve is stuck";
    const before = await one.predictFields(input(text, { history: mine }), never);
    await one.predictFields(input(text, { history: mine }), never);
    expect(mine.reads).toBe(1);
    const other = history(300, "env-b");
    await one.predictFields(input(text, { history: other }), never);
    expect(other.reads).toBe(1);
    const restarted = createEmbeddedProvider({ store });
    const after = await restarted.predictFields(input(text, { history: mine }), never);
    expect(mine.reads).toBe(1);
    expect(after.predictions[0]?.best?.value).toBe(before.predictions[0]?.best?.value);
    expect(after.predictions[0]?.best?.confidence).toBeCloseTo(
      before.predictions[0]?.best?.confidence ?? 0,
      2,
    );
    expect(after.trace.trainedOn).toEqual(before.trace.trainedOn);
  });

  test("does not remember a history that could not be read", async () => {
    const broken = { ...history(300, "env-c"), read: () => Promise.reject(new Error("down")) };
    await expect(embedded.predictFields(input("pump", { history: broken }), never)).rejects.toThrow(
      "down",
    );
    expect((await first(input("pump leaks", { history: history(300, "env-c") }))).best?.value).toBe(
      2,
    );
  });

  test("stops when the caller does", async () => {
    await expect(embedded.predictFields(input("pump"), AbortSignal.abort())).rejects.toThrow();
  });
});

describe("reading a field by rule", () => {
  const field = (displayName: string, type: FieldSpec["type"] = "text"): FieldSpec => ({
    logicalName: displayName.toLowerCase().replaceAll(" ", ""),
    displayName,
    type,
    mode: "auto",
    selectAt: 0.5,
    autoAt: 0.9,
  });

  test.each([
    ["Serial Number", "text", "the unit (serial no. AX-4711/2) is dead", "AX-4711/2"],
    ["Order", "lookup", "We ordered with PO # 88-1234 last week", "88-1234"],
    ["Tracking Number", "text", "Tracking: 1Z999AA10123456784.", "1Z999AA10123456784"],
    ["Invoice", "text", "Rechnungsnummer: RE-2026-0042", "RE-2026-0042"],
    ["Amount", "money", "you charged us € 1.250,50 too much", 1250.5],
    ["Amount", "money", "a difference of 1,250 USD", 1250],
    ["Quantity", "integer", "we need 12 units by Friday", 12],
    ["Contact Email", "email", "answer to jo@contoso.example please", "jo@contoso.example"],
    ["Serial Number", "text", "the serial number is missing", undefined],
    ["Quantity", "integer", "the quantity is wrong", undefined],
  ] as const)("%s (%s) in %j", (name, type, text, value) => {
    const found = extract(text, field(name, type));
    expect(found?.value).toBe(value);
    if (found) expect(text.slice(...found.span)).toBe(found.quote);
  });

  test.each([
    ["1.250,00", 1250],
    ["1,250.00", 1250],
    ["1 250", 1250],
    ["12,5", 12.5],
    ["1.234.567", 1234567],
  ])("reads %s as %d", (text, value) => expect(parseNumber(text)).toBe(value));

  test("never writes by itself, asks for a look-up, and says where it read", async () => {
    const said = await first(
      input("serial no. AX-4711", { fields: [field("Serial Number", "lookup")] }),
    );
    expect(said).toMatchObject({ decision: "select", reason: "rule", needsLookup: true });
    expect(said.evidence?.[0]).toMatchObject({ kind: "source-span", quote: "AX-4711" });
    const two = await first(
      input("serial no. AX-4711 or serial no. AX-4712", {
        fields: [field("Serial Number", "lookup")],
      }),
    );
    expect(two.decision).toBe("recommend");
  });

  test("refuses a number beyond the bounds", () => {
    expect(
      extract("we need 12 units", { ...field("Quantity", "integer"), max: 10 }),
    ).toBeUndefined();
  });
});

describe("suggesting", () => {
  const suggest = (text: string, more = {}) =>
    embedded.suggestNextSteps(
      { case: incident, sources: [mail(text)], articles, similar: [], ...more },
      never,
    );

  test("shares the article that answers, quoting it word for word", async () => {
    const { steps, answerable } = await suggest("Our pump leaks at the shaft seal");
    expect(answerable).toBeGreaterThan(0.5);
    expect(steps[0]).toMatchObject({
      kind: "share-solution",
      title: "Pump leaks at the shaft seal",
    });
    expect(steps[0]?.detail).toContain("Replace the shaft seal and tighten the screws to 12 Nm.");
    expect(steps[0]?.evidence[0]?.ref.number).toBe("KA-1001");
  });

  test("never offers an internal article for sharing", async () => {
    const { steps } = await suggest("My parcel is late, goodwill for the late parcel please");
    expect(steps[0]).toMatchObject({ kind: "do-internal", title: "Goodwill for late parcels" });
    expect(
      steps.filter(({ kind, title }) => kind === "share-solution" && title.startsWith("Goodwill")),
    ).toEqual([]);
  });

  test("shows two articles that tell one cure as one step, and shares it where either may be shared", async () => {
    const [leaking] = articles;
    const short = {
      ...leaking,
      ref: { table: "knowledgearticle", id: "k-short", number: "KA-1900" },
      title: "In short: pump leaks at the shaft seal",
      text: "Replace the shaft seal and tighten the screws to 12 Nm.",
      isInternal: true,
    } as KnowledgeHit;
    const { steps } = await suggest("Our pump leaks at the shaft seal", {
      articles: [short, ...articles],
    });
    const telling = steps.filter(({ detail }) => detail.includes("12 Nm"));
    expect(telling).toHaveLength(1);
    expect(telling[0]?.kind).toBe("share-solution");
    expect(telling[0]?.title).toBe("Pump leaks at the shaft seal");
    const named = new Set(telling[0]?.evidence.map(({ ref }) => ref.number));
    expect([...named]).toEqual(["KA-1001", "KA-1900"]);
  });

  test("asks what the intent asks as far as the intent is sure", async () => {
    const asking = async (confidence: number) => {
      const { steps, missing } = await suggest("water on the floor below it", {
        intent: { name: "Billing", confidence, attributes: [{ name: "Invoice number" }] },
      });
      const step = steps.find(({ kind }) => kind === "ask-customer");
      return { confidence: step?.confidence ?? 0, asked: missing.map((one) => one.attribute) };
    };
    expect(await asking(0.3)).toEqual({ confidence: 0, asked: [] });
    const [half, sure] = [await asking(0.5), await asking(0.95)];
    expect(half.asked).toEqual(["Invoice number"]);
    expect(half.confidence).toBeLessThan(sure.confidence / 2);
  });

  test("asks for what the article needs and the customer left out", async () => {
    const { missing } = await suggest("The display stays dark");
    expect(missing.map(({ attribute }) => attribute)).toEqual(["serial number", "error code"]);
    const given = await suggest("The display stays dark, serial number AX-4711, error code E42");
    expect(given.missing).toEqual([]);
  });

  test("asks what the intent's playbook asks for, unless it is known", async () => {
    const intent = {
      name: "Refund",
      attributes: [
        { name: "Account number" },
        { name: "Reason", known: true },
        { name: "Payment method", question: "How did you pay?" },
      ],
    };
    const { missing } = await suggest("I want my money back. Account number is 4711", { intent });
    expect(missing.map(({ question }) => question)).toContain("How did you pay?");
    expect(missing.map(({ attribute }) => attribute)).not.toContain("Account number");
    expect(missing.map(({ attribute }) => attribute)).not.toContain("Reason");
  });

  test("is not convinced by articles about something else", async () => {
    const { answerable, steps } = await suggest("How do I change the language of the newsletter?");
    expect(answerable).toBeLessThan(0.5);
    expect(steps[0]?.kind === "share-solution" && (steps[0]?.confidence ?? 0) > 0.5).toBe(false);
  });

  test("shows of another customer's case the cure and not the customer", async () => {
    const [own] = resolvedCases(1);
    const similar = [
      {
        ...own,
        score: 0.8,
        customerId: "other",
        resolution: "Called Mr. Karlsson at +46 70 123 45 67. Replaced the seal.",
      },
    ] as ReturnType<typeof resolvedCases>;
    const { steps } = await suggest("pump", { similar, customerId: "me" });
    const step = steps.find(({ evidence }) =>
      evidence.some(({ kind }) => kind === "resolved-case"),
    );
    expect(step?.detail).toContain("Replaced the seal.");
    expect(JSON.stringify(steps)).not.toMatch(/Karlsson|70 123/);
  });

  test("closes when the customer says it is solved, and not when it still is not", async () => {
    expect((await suggest("Thanks, it works now!")).steps[0]?.kind).toBe("close");
    expect((await suggest("It is still not working")).steps.map(({ kind }) => kind)).not.toContain(
      "close",
    );
    expect(
      (await suggest("There is smoke and I will call my lawyer")).steps.map(({ kind }) => kind),
    ).toContain("escalate");
  });
});

describe("drafting", () => {
  const draft = (text: string, more = {}) =>
    embedded.draftReply(
      {
        case: incident,
        sources: [mail(text, "RE: Pump")],
        articles,
        similar: [],
        missing: [],
        purpose: "auto",
        customerName: "Ms Low",
        signature: "Kim",
        ...more,
      },
      never,
    );

  test("shares the article's own sentences, each with its citation, and invents nothing", async () => {
    const said = await draft("Our pump leaks at the shaft seal");
    expect(said).toMatchObject({
      responseType: "Resolved",
      needsReview: true,
      language: "en",
      subject: "Re: Pump",
      placeholders: [],
      ungrounded: [],
    });
    expect(said.text).toContain("- Replace the shaft seal and tighten the screws to 12 Nm.");
    expect(said.html).toContain('<a href="https://help.contoso.example/ka-1001">');
    expect(said.citations.length).toBeGreaterThanOrEqual(2);
    for (const { evidence } of said.citations) expect(evidence[0]?.ref.number).toBe("KA-1001");
    expect(said.brief?.known[0]).toMatchObject({ ref: { number: "KA-1001" } });
  });

  test("asks the questions when no article convinces, a request as a request", async () => {
    const missing = [
      { attribute: "serial number", question: "What is the serial number?", why: [] },
      { attribute: "photo", question: "Can you send a photo of the valve?", why: [] },
    ];
    const said = await draft("How do I change the language of the newsletter?", { missing });
    expect(said.responseType).toBe("Question");
    expect(said.text).toContain(
      "- What is the serial number?\n- Please send us a photo of the valve.",
    );
    expect(said.text).not.toContain("article");
  });

  test("asks a customer who writes German in German, and leaves to the representative what it cannot say", async () => {
    const missing = [
      { attribute: "order number", question: "What is the order number?", why: [] },
      { attribute: "light", question: "Which colour is the light?", why: [] },
    ];
    const said = await draft("Wie kann ich die Sprache der Post für mich ändern?", { missing });
    expect(said.text).toContain("- Wie lautet Ihre Bestellnummer?");
    expect(said.text).not.toMatch(/colour|order number/);
    expect(said.placeholders).toEqual([]);
    expect(said.brief?.ask).toContain("Which colour is the light?");
    expect(said.brief?.notes.join()).toMatch(/Questions to ask that are not in German/);
  });

  test("says it cannot answer rather than guess", async () => {
    expect(
      (await draft("", { sources: [mail("What is the weather tomorrow?")] })).responseType,
    ).toBe("UnableToResolve");
  });

  test("quotes no article of another language, says so, and leaves nothing to be filled in", async () => {
    const said = await draft(
      "Die Pumpe leckt an der Dichtung und wir haben nicht viel Zeit, bitte helfen Sie",
      {
        purpose: "share-solution",
        customerName: undefined,
        signature: undefined,
        suggestion: {
          kind: "share-solution",
          title: "",
          detail: "",
          confidence: 1,
          evidence: [{ ref: articles[0]?.ref, kind: "knowledge", score: 1 }],
        },
      },
    );
    expect(said.text).toMatch(
      /^Guten Tag,\n\nvielen Dank für Ihre Nachricht\. Bitte entschuldigen Sie die Unannehmlichkeiten\.\n\nDazu liegen uns Informationen vor\./,
    );
    expect(said.text).not.toContain("seal");
    expect(said.placeholders).toEqual([]);
    expect(said.brief?.known.map(({ text }) => text).join()).toContain("Replace the shaft seal");
    expect(said.brief?.notes.join()).toMatch(/written in English \(KA-1001\)/);
  });

  test("tells the cure without headings, cause and symptom, and asks apart what the article asks", async () => {
    const article = {
      ref: { table: "knowledgearticle", id: "froth", number: "KA-9" },
      title: "Milk is not frothed",
      text: "<h2>Symptom</h2><p>Milk is not frothed any more.</p><h2>Cause</h2><p>The valve was clogged by milk.</p><h2>What to do</h2><p>Soak the air valve for an hour.</p><h2>Before you begin</h2><p>How old is the machine?</p>",
    };
    const said = await draft("The milk is not frothed. We use any milk we find.", {
      articles: [article],
      purpose: "share-solution",
    });
    expect(said.text).toContain(
      "following:\n\n- Soak the air valve for an hour.\n\nIf this does not help, we need one more detail from you:\n\n- How old is the machine?\n\nPlease let us know",
    );
    expect(said.text).not.toMatch(/Before you begin|Symptom|any more|clogged|Milk is not frothed/);
  });

  test("never quotes an internal article", async () => {
    const said = await draft("My parcel is late, goodwill for the late parcel", {
      purpose: "share-solution",
    });
    expect(said.text).not.toMatch(/voucher|15 EUR/);
  });
});
