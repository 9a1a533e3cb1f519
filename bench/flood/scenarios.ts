import type { ClientRequest } from "node:http";
import { type CallAnswer, call, isBusy, loop, quantile, type Wish } from "./call";
import type { Stage } from "./stage";

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Promised: at most, or at least, this. */
  readonly most?: number;
  readonly least?: number;
}

export interface Extent {
  /** How long callers go on. */
  readonly seconds: number;
  /** Part of the calls of a scenario that are made, 0 to 1. */
  readonly part: number;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly cases: number;
  readonly settings?: Readonly<Record<string, string>>;
  run(stage: Stage, extent: Extent): Promise<Figure[]>;
}

const light: Wish = [
  "read_query",
  { querytext: "SELECT TOP 10 ticketnumber, title FROM incident WHERE statecode = 0" },
];

const heavy: readonly Wish[] = [
  ["read_query", { querytext: "SELECT TOP 5000 title, description, createdon FROM incident" }],
  [
    "read_query",
    {
      querytext:
        "SELECT UPPER(title) AS t, COUNT(*) AS n FROM incident WHERE LEN(description) > 3 GROUP BY UPPER(title) ORDER BY n DESC",
    },
  ],
  ["retrieve_knowledge", { question: "the router loses its connection every evening" }],
];

const mixed: readonly Wish[] = [
  light,
  light,
  ...heavy,
  ["describe_table", { tablename: "incident" }],
  ["list_tables", {}],
  ["get_next_suggestion_on_case", { caseNumber: "CAS-01001" }],
  ["create_record", { tablename: "task", item: { subject: "Flood" } }],
  ["read_query", { querytext: "SELECT nonsense FROM incident" }],
  [
    "read_query",
    {
      querytext:
        "SELECT a.name, COUNT(*) AS n FROM incident i JOIN account a ON i.customerid = a.accountid GROUP BY a.name ORDER BY n DESC",
    },
  ],
];

const turn = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;
/** Answers that are the server's fault; the first ones are shown, for whoever looks for it. */
function failed(answers: readonly CallAnswer[]): number {
  const all = answers.filter(({ status }) => status === 0 || status >= 500);
  for (const { status, text } of all.slice(0, 3))
    process.stderr.write(`${status === 0 ? "lost" : status}: ${text.slice(0, 300)}\n`);
  return all.length;
}

/** Answers of another fault than that of a busy server; the first ones are shown. */
function otherwise(answers: readonly CallAnswer[]): number {
  const all = answers.filter((each) => each.isError && !isBusy(each));
  for (const { status, ms, text } of all.slice(0, 3))
    process.stderr.write(`${status} after ${Math.round(ms)} ms: ${text.slice(0, 300)}\n`);
  return all.length;
}

/** One person's sixty heavy loops beside twenty others, who read a little at a time. */
const lightBesideHeavy: Scenario = {
  name: "light",
  about: "60 heavy loops of one person beside 20 light readers",
  cases: 2_000,
  async run({ app, tokens }, { seconds }) {
    const [glutton = "", ...others] = tokens;
    // The sample company has fewer people than that, so some of them read twice at a time.
    const readers = Array.from({ length: 20 }, (_, at) => turn(others, at));
    const read = async (span: number): Promise<CallAnswer[]> => {
      const answers: CallAnswer[] = [];
      const until = performance.now() + span * 1_000;
      await Promise.all(
        readers.map((token) =>
          loop(until, async () => void answers.push(await call(app.url, token, light))),
        ),
      );
      return answers;
    };
    for (const wish of [light, ...heavy]) await call(app.url, glutton, wish);
    await read(2);
    const alone = await read(seconds / 3);
    let isOver = false;
    const heavyAnswers: CallAnswer[] = [];
    const loops = Array.from({ length: 60 }, async (_, at) => {
      for (let n = at; !isOver; n++)
        heavyAnswers.push(await call(app.url, glutton, turn(heavy, n)));
    });
    await read(2);
    const beside = await read(seconds);
    isOver = true;
    await Promise.all(loops);
    for (const { text } of beside.filter(({ isError }) => isError).slice(0, 3))
      process.stderr.write(`light: ${text.slice(0, 300)}\n`);
    const p50 = (answers: readonly CallAnswer[]) =>
      quantile(
        answers.map(({ ms }) => ms),
        0.5,
      );
    const { longestHoldMs = 0 } = await app.usage();
    return [
      { name: "light alone, p50", value: p50(alone), unit: "ms" },
      { name: "light beside heavy, p50", value: p50(beside), unit: "ms" },
      { name: "times slower", value: p50(beside) / p50(alone), unit: "x", most: 3 },
      {
        name: "light refused or failed",
        value: beside.filter(({ isError }) => isError).length,
        unit: "",
        most: 0,
      },
      {
        name: "heavy calls done",
        value: heavyAnswers.filter(({ isError }) => !isError).length,
        unit: "",
        least: 1,
      },
      {
        name: "heavy calls told to come again",
        value: heavyAnswers.filter(isBusy).length,
        unit: "",
      },
      { name: "HTTP 5xx or lost", value: failed([...beside, ...heavyAnswers]), unit: "", most: 0 },
      {
        name: "heavy calls that failed otherwise",
        value: otherwise(heavyAnswers),
        unit: "",
        most: 0,
      },
      { name: "longest hold of the event loop", value: longestHoldMs, unit: "ms" },
    ];
  },
};

/** Two hundred clients at everything there is. */
const everything: Scenario = {
  name: "mixed",
  about: "200 clients, all kinds of calls",
  cases: 1_000,
  async run({ app, tokens }, { seconds }) {
    const answers: CallAnswer[] = [];
    const rss: number[] = [];
    const until = performance.now() + seconds * 1_000;
    const clients = Array.from({ length: 200 }, (_, at) => {
      let n = at;
      return loop(until, async () => {
        answers.push(await call(app.url, turn(tokens, at), turn(mixed, n++)));
      });
    });
    const watch = loop(until, async () => {
      await new Promise((done) => setTimeout(done, 500));
      rss.push((await app.usage()).rssMiB);
    });
    await Promise.all([...clients, watch]);
    const median = (part: readonly number[]) => quantile(part, 0.5);
    const third = Math.ceil(rss.length / 3);
    const ms = answers.map((each) => each.ms);
    return [
      { name: "calls", value: answers.length, unit: "", least: 1 },
      { name: "HTTP 5xx or lost", value: failed(answers), unit: "", most: 0 },
      { name: "told to come again", value: answers.filter(isBusy).length, unit: "" },
      { name: "p50", value: quantile(ms, 0.5), unit: "ms" },
      { name: "p99", value: quantile(ms, 0.99), unit: "ms" },
      { name: "resident memory at the end", value: rss.at(-1) ?? 0, unit: "MiB" },
      {
        name: "last third of the time over the one before",
        value: median(rss.slice(-third)) / median(rss.slice(-2 * third, -third)),
        unit: "x",
        most: 1.25,
      },
    ];
  },
};

const deadlineSeconds = 4;

/** A Dataverse that answers nothing, and callers that send much. */
const stalled: Scenario = {
  name: "stall",
  about: "1,500 calls of 300 kB while Dataverse stalls",
  cases: 200,
  settings: { MCP_TOOL_TIMEOUT_SECONDS: String(deadlineSeconds) },
  async run({ app, tokens, door }, { part }) {
    const [one = ""] = tokens;
    await call(app.url, one, light);
    await door("POST fault", { kind: "stall", match: "/api/data/", times: 1_000_000 });
    const before = await app.usage();
    const text = "x".repeat(300_000);
    const wish: Wish = [
      "create_record",
      { tablename: "task", item: { subject: "s", description: text } },
    ];
    const answers = await Promise.all(
      Array.from({ length: 1_500 * part }, (_, at) => call(app.url, turn(tokens, at % 3), wish)),
    );
    const usage = await app.usage();
    const { peakRssMiB = Number.NaN, longestHoldMs = 0, longestCallMs = Number.NaN } = usage;
    await door("DELETE fault");
    const ms = answers.map((each) => each.ms);
    const after = await call(app.url, one, light);
    return [
      {
        name: "longest call, from arrival to answer",
        value: longestCallMs / 1_000,
        unit: "s",
        most: deadlineSeconds + 1,
      },
      { name: "latest answer, as the sender sees it", value: Math.max(...ms) / 1_000, unit: "s" },
      {
        name: "time of the processor for each call",
        value: ((usage.cpuSeconds - before.cpuSeconds) * 1_000) / answers.length,
        unit: "ms",
      },
      { name: "p50", value: quantile(ms, 0.5) / 1_000, unit: "s" },
      { name: "peak of resident memory", value: peakRssMiB, unit: "MiB", most: 400 },
      { name: "HTTP 5xx or lost", value: failed(answers), unit: "", most: 0 },
      {
        name: "told to come again, in a tool's answer",
        value: answers.filter((each) => isBusy(each) && each.status === 200).length,
        unit: "",
        least: 1,
      },
      {
        name: "told to come again, by 429",
        value: answers.filter(({ status }) => status === 429).length,
        unit: "",
      },
      {
        name: "ended by their deadline",
        value: answers.filter((each) => /took too long|in time/.test(each.text)).length,
        unit: "",
        least: 1,
      },
      { name: "longest hold of the event loop", value: longestHoldMs, unit: "ms" },
      { name: "works afterwards", value: after.isError ? 0 : 1, unit: "", least: 1 },
    ];
  },
};

/** Callers that leave in the middle. */
const hangUps: Scenario = {
  name: "hangup",
  about: "200 drafts whose clients hang up in the middle",
  cases: 200,
  async run({ app, tokens, door }, { part }) {
    const wish: Wish = ["draft_email_with_suggested_response", { caseNumber: "CAS-01001" }];
    await call(app.url, tokens[0] ?? "", wish);
    await door("POST fault", { kind: "latency", ms: 300, match: "/api/data/", times: 1_000_000 });
    const requests: ClientRequest[] = [];
    const answers = Array.from({ length: 200 * part }, (_, at) =>
      call(app.url, turn(tokens, at), wish, (request) => requests.push(request)),
    );
    await new Promise((done) => setTimeout(done, 1_500));
    for (const request of requests) request.destroy();
    await Promise.all(answers);
    await door("DELETE trace");
    await new Promise((done) => setTimeout(done, 3_000));
    const trace = (await door("GET trace")) as { method: string; path: string }[];
    await door("DELETE fault");
    const writes = trace.filter(({ method, path }) => method !== "GET" && path.includes("/emails"));
    const after = await call(app.url, tokens[0] ?? "", light);
    return [
      // What was under way when they left comes in yet: as many as there are places.
      { name: "requests to Dataverse afterwards", value: trace.length, unit: "", most: 24 },
      { name: "mails written afterwards", value: writes.length, unit: "", most: 0 },
      { name: "works afterwards", value: after.isError ? 0 : 1, unit: "", least: 1 },
    ];
  },
};

export const scenarios: readonly Scenario[] = [lightBesideHeavy, everything, stalled, hangUps];
