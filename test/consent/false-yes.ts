import { type BrowserPerson, fieldsOf, type Page } from "../support/browser-person";
import { differing, pictureOf } from "../support/database-picture";
import { personObjectId } from "../support/issuer";
import type { ServiceDesk } from "../support/service-desk";
import { asker, askFor, isThere, newTask, type OpenPage, openPage } from "./approving";

type Headers = Record<string, string>;
type Fields = Record<string, string>;

/** A page that is open, and what is tried with it. Whatever it is, nothing may be done, and the page must stay as good as it was. */
interface Target extends OpenPage {
  readonly desk: ServiceDesk;
  /** Another approval of the same person, open in another browser. */
  readonly other: OpenPage;
  readonly headers: Headers;
  readonly fields: Fields;
}

type Way = (target: Target) => Promise<unknown>;

const post = (
  { browser, origin, headers, fields }: Target,
  changed: { headers?: Headers; fields?: Fields; browser?: BrowserPerson; path?: string } = {},
): Promise<Page> =>
  (changed.browser ?? browser).send(`${origin}${changed.path ?? "/approve"}`, {
    headers: changed.headers ?? headers,
    form: changed.fields ?? fields,
  });

/** Without what is undefined in the change. */
const but = (all: Record<string, string>, change: Record<string, string | undefined>): Fields =>
  Object.fromEntries(
    Object.entries({ ...all, ...change }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );

const withHeaders =
  (change: Record<string, string | undefined>): Way =>
  (target) =>
    post(target, { headers: but(target.headers, change) });
const withFields =
  (change: (target: Target) => Record<string, string | undefined>): Way =>
  (target) =>
    post(target, { fields: but(target.fields, change(target)) });
/** A browser that holds the given cookies and has signed in nowhere. */
const withCookies =
  (cookies: (target: Target) => Promise<Record<string, string>> | Record<string, string>): Way =>
  async (target) => {
    const stranger = target.desk.browser(asker);
    for (const [name, value] of Object.entries(await cookies(target)))
      stranger.cookies.set(name, value);
    return post(target, { browser: stranger });
  };
const session = ({ browser }: OpenPage) => browser.cookies.get("__Host-approve") ?? "";
const withMethod =
  (method: string, path: (target: Target) => string): Way =>
  (target) =>
    target.browser.send(`${target.origin}${path(target)}`, { method, headers: target.headers });
const signedIn = (claims: Record<string, unknown>) =>
  withCookies(async ({ desk }) => ({
    "__Host-approve": await desk.issuer.sign({ oid: personObjectId, ...claims }),
  }));

/** A sign-in in a browser of its own whose token says something else: it must not even see the page. */
const withClaims =
  (changed: Record<string, unknown>): Way =>
  async (target) => {
    const { signIns } = target.desk.issuer;
    signIns.changed = changed as never;
    try {
      const browser = target.desk.browser(asker);
      const page = await browser.open(target.link);
      if (page.status === 200 || page.html.includes("Stay")) throw new Error("The page is shown.");
      await post(target, { browser });
    } finally {
      signIns.changed = {};
    }
  };
/** The way back from the sign-in, with another value in its address. */
const returning =
  (change: (url: URL, target: Target) => void, keepsCookie = true): Way =>
  async (target) => {
    const browser = target.desk.browser(asker);
    const begun = await browser.send(target.link);
    const signIn = await browser.send(String(begun.headers.location));
    const url = new URL(String(signIn.headers.location));
    change(url, target);
    if (!keepsCookie) browser.cookies.clear();
    const page = await browser.send(url.href);
    if (page.status === 200) throw new Error("The page is shown.");
    await post(target, { browser });
  };

const seconds = () => Math.floor(Date.now() / 1_000);
const token = async ({ desk }: Target) => `Bearer ${await desk.issuer.sign()}`;

export const ways: Readonly<Record<string, Way>> = {
  "no origin": withHeaders({ origin: undefined }),
  "the origin null": withHeaders({ origin: "null" }),
  "another origin": withHeaders({ origin: "https://strangers.example" }),
  "the origin with another port": (target) =>
    post(target, { headers: but(target.headers, { origin: "http://localhost:1" }) }),
  "the origin with a slash": (target) =>
    post(target, { headers: but(target.headers, { origin: `${target.origin}/` }) }),
  "the origin with another scheme": (target) =>
    post(target, {
      headers: but(target.headers, { origin: target.origin.replace("http", "https") }),
    }),
  "the origin's other name": (target) =>
    post(target, {
      headers: but(target.headers, { origin: target.origin.replace("localhost", "127.0.0.1") }),
    }),
  "from another site": withHeaders({ "sec-fetch-site": "cross-site" }),
  "from another host of the site": withHeaders({ "sec-fetch-site": "same-site" }),
  "from the address bar": withHeaders({ "sec-fetch-site": "none" }),
  "from nowhere": withHeaders({ "sec-fetch-site": "" }),
  "as plain text": withHeaders({ "content-type": "text/plain" }),
  "as JSON": withHeaders({ "content-type": "application/json" }),
  "as parts": withHeaders({ "content-type": "multipart/form-data; boundary=x" }),
  "a token of a client": async (target) =>
    post(target, { headers: { ...target.headers, authorization: await token(target) } }),
  "another authorization": withHeaders({ authorization: "Basic eDp4" }),
  "a token of the platform": withHeaders({ "x-zumo-auth": "x" }),
  "a principal of the platform, and no session": async (target) =>
    post(target, {
      headers: { ...target.headers, "x-ms-client-principal-id": personObjectId },
      browser: target.desk.browser(asker),
    }),
  "no session": withCookies(() => ({})),
  "the id as the session": withCookies(({ approvalId }) => ({ "__Host-approve": approvalId })),
  "a client's token as the session": signedIn({}),
  "a token of the page's client as the session": signedIn({
    aud: "0c000000-0000-4000-8000-0000000000c2",
  }),
  "another approval's session": withCookies(({ other }) => ({ "__Host-approve": session(other) })),
  "the session under another name": withCookies((target) => ({
    "__Host-approve-tx": session(target),
  })),
  "a session that was cut": withCookies((target) => ({
    "__Host-approve": session(target).slice(0, -9),
  })),
  "a session that was edited": withCookies((target) => {
    const text = session(target);
    const at = text.length - 40;
    const changed = text[at] === "A" ? "B" : "A";
    return { "__Host-approve": `${text.slice(0, at)}${changed}${text.slice(at + 1)}` };
  }),
  "a sign-in that is under way as the session": async (target) => {
    const browser = target.desk.browser(asker);
    await browser.send(target.link);
    browser.cookies.set("__Host-approve", browser.cookies.get("__Host-approve-tx") ?? "");
    return post(target, { browser });
  },
  "two sessions": (target) =>
    post(target, {
      headers: {
        ...target.headers,
        cookie: `__Host-approve=${session(target)}; __Host-approve=${session(target.other)}`,
      },
    }),
  "no value against forgery": withFields(() => ({ csrf: undefined })),
  "an empty value against forgery": withFields(() => ({ csrf: "" })),
  "another value against forgery": withFields(() => ({ csrf: "x".repeat(32) })),
  "another approval's value against forgery": withFields(({ other }) => ({
    csrf: fieldsOf(other.page.html).csrf,
  })),
  "no approval": withFields(() => ({ p: undefined })),
  "another approval": withFields(({ other }) => ({ p: other.approvalId })),
  "an approval that nobody asked for": withFields(() => ({ p: "AAAAAAAAAAAAAAAAAAAAAA" })),
  "the path of a file for an approval": withFields(() => ({ p: "../keys/2026-W49" })),
  "no answer": withFields(() => ({ answer: undefined })),
  "an answer that is none": withFields(() => ({ answer: "maybe" })),
  "an answer in other letters": withFields(() => ({ answer: "YES" })),
  "an empty answer": withFields(() => ({ answer: "" })),
  "a form that is too long": withFields(() => ({ typed: "x".repeat(30_000) })),
  "the form at the way back": (target) => post(target, { path: "/approve/callback" }),
  "the form in the address": (target) => {
    // In a browser of its own: a look gives the one that looks a new session.
    const browser = target.desk.browser(asker);
    browser.cookies.set("__Host-approve", session(target));
    const address = `${target.origin}/approve?${new URLSearchParams(target.fields)}`;
    return browser.send(address, { headers: target.headers });
  },
  "a look ahead": withMethod("HEAD", ({ approvalId }) => `/approve?p=${approvalId}&answer=yes`),
  "a form put": withMethod("PUT", ({ approvalId }) => `/approve?p=${approvalId}&answer=yes`),
  "a patch": withMethod("PATCH", ({ approvalId }) => `/approve?p=${approvalId}&answer=yes`),
  "a deletion of the page": withMethod("DELETE", () => "/approve"),
  "a question for what is allowed": withMethod("OPTIONS", () => "/approve"),
  "a post without a form": withMethod(
    "POST",
    ({ approvalId }) => `/approve?p=${approvalId}&answer=yes`,
  ),
  "somebody else's sign-in": async (target) => {
    const browser = target.desk.browser("manager");
    const page = await browser.open(target.link);
    if (page.html.includes("Stay")) throw new Error("The page is shown.");
    await post(target, { browser });
  },
  "a sign-in for another client": withClaims({ aud: "0c000000-0000-4000-8000-0000000000c1" }),
  "a sign-in for several clients": withClaims({
    aud: ["0c000000-0000-4000-8000-0000000000c2", "x"],
  }),
  "a sign-in elsewhere": withClaims({ iss: "https://strangers.example/v2.0" }),
  "a sign-in of another tenant": withClaims({ tid: "0f000000-0000-4000-8000-0000000000ff" }),
  "a sign-in of nobody": withClaims({ oid: undefined }),
  "a sign-in for another question": withClaims({ nonce: "another" }),
  "a sign-in of an hour ago": withClaims({ iat: seconds() - 3_600 }),
  "a sign-in that is over": withClaims({ exp: seconds() - 600 }),
  "a way back with another state": returning((url) => url.searchParams.set("state", "another")),
  "a way back without a state": returning((url) => url.searchParams.delete("state")),
  "a way back with another code": returning((url) => url.searchParams.set("code", "another")),
  "a way back with a refusal": returning((url) => {
    url.searchParams.delete("code");
    url.searchParams.set("error", "access_denied");
  }),
  "a way back in another browser": returning(() => undefined, false),
};

/** Tries each way on one page. @returns ways that changed a row, and whether the person's own yes is as good as before after all */
export async function tryFalseYes(desk: ServiceDesk) {
  const [id, otherId] = [await newTask(desk), await newTask(desk)];
  const args = (recordId: string) => ({ tablename: "task", recordId });
  const open = await openPage(desk, await askFor(desk, "delete_record", args(id)));
  const other = await openPage(desk, await askFor(desk, "delete_record", args(otherId)));
  const target: Target = {
    ...open,
    desk,
    other,
    headers: { origin: open.origin, "sec-fetch-site": "same-origin" },
    fields: { ...fieldsOf(open.page.html), answer: "yes" },
  };
  const before = pictureOf(desk.emulator);
  const acted: string[] = [];
  for (const [name, tryIt] of Object.entries(ways)) {
    await tryIt(target);
    if (!(await isThere(desk, id)) || !(await isThere(desk, otherId))) acted.push(name);
    const { text } = await desk.ask("delete_record", { approvalId: open.approvalId }, asker);
    if (!text.includes("nobody has answered")) acted.push(`${name}: ${text.slice(0, 100)}`);
  }
  acted.push(...differing(before, pictureOf(desk.emulator)));
  const own = await post(target);
  return { ways: Object.keys(ways).length, acted, ownYes: own.status === 200 };
}
