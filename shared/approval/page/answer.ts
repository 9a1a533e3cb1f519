import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { AppError } from "../../errors";
import type { Preview } from "../../policy/preview";
import { type Act, type Approvals, type Asker, isExpired, type Pending } from "../approvals";
import type { Sealable, Seals } from "../seal";
import { type PageWords, wordsFor } from "../words";
import { askingPage, sayingPage } from "./html";
import { bringsToken, cookieOf, isOwnForm, readForm } from "./request-guard";
import type { SignedIn, SignIn, SignInTransaction } from "./sign-in";
import { pageHeaders } from "./style";

/** What a person's yes makes happen: the same operation that the tool is. */
export interface Performer {
  /**
   * What the act would do now; undefined where it can no longer be done as it was asked for.
   *
   * @throws AppError where that cannot be told just now
   */
  show(act: Act, asker: Asker): Promise<readonly Preview[] | undefined>;
  /** Does it, and says what became of it. `is` tells "done" from a failure, and from what had changed. */
  perform(act: Act, asker: Asker, approvalId: string): Promise<Performed>;
}

export interface Performed {
  readonly is: "done" | "failed" | "changed";
  /** Words of the answer; they may quote records. */
  readonly text: string;
  /** The answer for whoever asks by the approval id, as JSON. */
  readonly result: string;
}

export interface PageOptions {
  /** Origin by which browsers reach the page. */
  readonly origin: string;
  readonly approvals: Approvals;
  readonly seals: Seals;
  readonly signIn: SignIn;
  readonly performer: Performer;
  readonly isDeveloper: boolean;
  now(): number;
}

const transactionCookie = "__Host-approve-tx";
const sessionCookie = "__Host-approve";
const lifeMs = 600_000;
const pagePath = "/approve";
const callbackPath = "/approve/callback";

interface Transaction extends SignInTransaction, Sealable {
  readonly p: string;
}

interface Session extends Sealable {
  /** Digest of the approval id. */
  readonly p: string;
  readonly csrf: string;
  /** Digest of all acts that were shown. */
  readonly seen: string;
  readonly typed: string | undefined;
  /** Verified again with every answer: a sealing key alone approves nothing. */
  readonly idToken: string;
}

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
const random = () => randomBytes(24).toString("base64url");
const isEqual = (one: string, other: string) => {
  const [a, b] = [Buffer.from(digest(one)), Buffer.from(digest(other))];
  return timingSafeEqual(a, b);
};
const seenOf = (acts: readonly Act[]) => digest(JSON.stringify(acts));

/** Answers a request to the approval page. Looking changes nothing; only the form's POST answers, and acts itself. */
export async function answerPage(request: Request, options: PageOptions): Promise<Response> {
  const words = wordsFor(request.headers.get("accept-language"));
  const page = new Page(request, words, options);
  try {
    if (bringsToken(request.headers)) return page.say(403, words.refused);
    return await page.answer();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return page.say(503, words.down);
  }
}

class Page {
  readonly #request: Request;
  readonly #words: PageWords;
  readonly #options: PageOptions;

  constructor(request: Request, words: PageWords, options: PageOptions) {
    this.#request = request;
    this.#words = words;
    this.#options = options;
  }

  say(status: number, text: string, detail?: string): Response {
    return this.#page(status, sayingPage(this.#words, text, detail));
  }

  #page(status: number, html: string, cookies: readonly string[] = []): Response {
    const headers = new Headers(pageHeaders);
    for (const cookie of cookies) headers.append("set-cookie", cookie);
    return new Response(html, { status, headers });
  }

  answer(): Promise<Response> | Response {
    const url = new URL(this.#request.url);
    const path = url.pathname.replace(/\/$/, "");
    const { method } = this.#request;
    if (path === callbackPath && method === "GET") return this.#callback(url);
    if (path === pagePath && method === "GET") return this.#begin(url);
    if (path === pagePath && method === "POST") return this.#decide();
    const allow = path === callbackPath ? "GET" : "GET, POST";
    const isHere = path === pagePath || path === callbackPath;
    return new Response(null, { status: isHere ? 405 : 404, headers: isHere ? { allow } : {} });
  }

  /** Shows nothing before the person has signed in. */
  async #begin(url: URL): Promise<Response> {
    const p = url.searchParams.get("p") ?? "";
    const pending = await this.#pending(p);
    if (pending === undefined) return this.say(410, this.#words.expired);
    const session = await this.#session();
    if (session !== undefined && isEqual(session.p, digest(p))) {
      const person = await this.#options.signIn.verify(session.idToken);
      if (person !== undefined) return this.#show(p, pending, person, session.idToken);
    }
    const { signIn, seals, origin, now } = this.#options;
    const { url: there, transaction } = await signIn.start(`${origin}${callbackPath}`);
    const sealed = await seals.seal("transaction", {
      ...transaction,
      p,
      exp: now() + lifeMs,
    } as Transaction);
    const headers = new Headers(pageHeaders);
    headers.set("location", there);
    // Lax: the browser comes back from another site.
    headers.append("set-cookie", cookie(transactionCookie, sealed, "Lax"));
    return new Response(null, { status: 302, headers });
  }

  async #callback(url: URL): Promise<Response> {
    const { seals, signIn, origin } = this.#options;
    const sealed = cookieOf(this.#request.headers, transactionCookie);
    const transaction =
      sealed === undefined ? undefined : await seals.open<Transaction>("transaction", sealed);
    if (transaction === undefined) return this.say(400, this.#words.signInFailed);
    // What the platform in front calls this address is not what the browser was sent to.
    const returned = new URL(`${origin}${callbackPath}${url.search}`);
    const idToken = await signIn.redeem(returned, transaction);
    const person = idToken === undefined ? undefined : await signIn.verify(idToken);
    if (idToken === undefined || person === undefined)
      return this.say(400, this.#words.signInFailed);
    const pending = await this.#pending(transaction.p);
    if (pending === undefined) return this.say(410, this.#words.expired);
    // The preview is this answer: behind a redirect from another site the strict cookie would not be sent.
    return this.#show(transaction.p, pending, person, idToken);
  }

  async #show(p: string, pending: Pending, person: SignedIn, idToken: string): Promise<Response> {
    const { approvals, performer, seals, isDeveloper, now } = this.#options;
    if (!isOf(pending, person)) return this.say(403, this.#words.somebodyElse);
    const state = await approvals.stateOf(pending);
    if (state.is !== "pending") return this.say(409, this.#words.answered);
    if (isExpired(pending, now())) return this.say(410, this.#words.expired);
    const acts = await approvals.actsOf(pending);
    const shown = await inOrder(acts, (act) => performer.show(act, pending.asker));
    if (shown.length === 0 || shown.includes(undefined)) {
      await approvals.claim(pending, "void");
      return this.say(409, this.#words.changed);
    }
    const previews = shown.flatMap((each) => each ?? []);
    const typed = previews.find((preview) => preview.typed !== undefined)?.typed;
    const csrf = random();
    const session = await seals.seal("session", {
      p: digest(p),
      csrf,
      seen: seenOf(acts),
      typed,
      idToken,
      exp: now() + lifeMs,
    } as Session);
    const name = person.name ?? person.objectId;
    const html = askingPage(this.#words, {
      name,
      previews,
      approvalId: p,
      csrf,
      typed,
      isDeveloper,
    });
    return this.#page(200, html, [
      cookie(sessionCookie, session, "Strict"),
      `${transactionCookie}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`,
    ]);
  }

  /** The person's answer. Everything that has to hold is looked at before anything is used up. */
  async #decide(): Promise<Response> {
    const { origin, approvals, signIn, now } = this.#options;
    const refused = () => this.say(403, this.#words.refused);
    if (!isOwnForm(this.#request.headers, origin)) return refused();
    const form = await readForm(this.#request);
    const session = await this.#session();
    if (form === undefined) return refused();
    if (session === undefined) return this.#lateOr(form, refused);
    if (!isOfSession(form, session)) return refused();
    const person = await signIn.verify(session.idToken);
    if (person === undefined) return refused();
    const pending = await this.#pending(form.get("p") ?? "");
    if (pending === undefined || isExpired(pending, now()))
      return this.say(410, this.#words.expired);
    if (!isOf(pending, person)) return this.say(403, this.#words.somebodyElse);
    const acts = await approvals.actsOf(pending);
    if (acts.length === 0 || !isEqual(session.seen, seenOf(acts))) return refused();
    return form.get("answer") === "no"
      ? this.#decline(pending)
      : this.#accept(pending, acts, session, form.get("typed"));
  }

  /** Whoever looked at the page too long is told so, rather than that something is wrong. */
  async #lateOr(form: ReadonlyMap<string, string>, refused: () => Response): Promise<Response> {
    const pending = await this.#pending(form.get("p") ?? "");
    const isLate = pending !== undefined && isExpired(pending, this.#options.now());
    return isLate ? this.say(410, this.#words.expired) : refused();
  }

  async #decline(pending: Pending): Promise<Response> {
    const isFirst = await this.#options.approvals.claim(pending, "declined");
    return isFirst ? this.say(200, this.#words.declined) : this.say(409, this.#words.answered);
  }

  async #accept(
    pending: Pending,
    acts: readonly Act[],
    { typed: demanded }: Session,
    typed: string | undefined,
  ): Promise<Response> {
    if (demanded !== undefined && typed?.trim() !== demanded)
      return this.say(403, this.#words.wrongName);
    if (!(await this.#options.approvals.claim(pending, "acting")))
      return this.say(409, this.#words.answered);
    return this.#act(pending, acts);
  }

  async #act(pending: Pending, acts: readonly Act[]): Promise<Response> {
    const { approvals, performer } = this.#options;
    const done = await inOrder(acts, (act) => performer.perform(act, pending.asker, pending.id));
    await kept(() => approvals.finish(pending, resultOf(done)));
    const isDone = done.every(({ is }) => is === "done");
    if (isDone) return this.say(200, this.#words.done);
    const isChanged = done.length === 1 && done[0]?.is === "changed";
    const texts = done.map(({ text }) => text).join("\n");
    return this.say(409, isChanged ? this.#words.changed : this.#words.failed, texts);
  }

  async #session(): Promise<Session | undefined> {
    const sealed = cookieOf(this.#request.headers, sessionCookie);
    return sealed === undefined ? undefined : this.#options.seals.open<Session>("session", sealed);
  }

  #pending(p: string): Promise<Pending | undefined> {
    return p === "" ? Promise.resolve(undefined) : this.#options.approvals.open(p);
  }
}

/** The form is the one that this session's page showed, and says one of its two answers. */
const isOfSession = (form: ReadonlyMap<string, string>, { csrf, p }: Session): boolean =>
  isEqual(csrf, form.get("csrf") ?? "") &&
  isEqual(p, digest(form.get("p") ?? "")) &&
  ["yes", "no"].includes(form.get("answer") ?? "");

const isOf = ({ asker }: Pending, person: SignedIn): boolean =>
  asker.objectId.toLowerCase() === person.objectId.toLowerCase() &&
  asker.tenantId.toLowerCase() === person.tenantId.toLowerCase();

const cookie = (name: string, value: string, sameSite: "Lax" | "Strict") =>
  `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${sameSite}; Max-Age=${lifeMs / 1_000}`;

/** What is done is done, whether or not that can be kept; whoever asks by the approval id is sent to the rows. */
async function kept(finish: () => Promise<void>): Promise<void> {
  try {
    await finish();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** One after the other: what is done together would meet itself at Dataverse. */
async function inOrder<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const one of all) results.push(await work(one));
  return results;
}

/** What is told of several acts is told together. */
function resultOf(done: readonly Performed[]): string {
  if (done.length === 1 && done[0] !== undefined) return done[0].result;
  const text = done.map((each, index) => `${index + 1}. ${each.text}`).join("\n");
  const approval = { state: "over", done: done.filter(({ is }) => is === "done").length };
  return JSON.stringify({ content: [{ type: "text", text }], structuredContent: { approval } });
}
