import { randomUUID } from "node:crypto";
import { AppError } from "../errors";
import type { Act } from "../trace";
import { actsOf } from "./acts";
import { annotationNames } from "./annotations";
import { plainName } from "./exposure/definitions";
import type { ExposureLock } from "./exposure/lock";
import { notShown } from "./exposure/refusal";
import type {
  Announced,
  Dataverse,
  DataverseRequest,
  DataverseResponse,
  Expected,
  FetchAnnotation,
  FetchPage,
  Metadata,
  QueryOptions,
  ReadOptions,
  Row,
  Table,
  Within,
  Write,
  WriteDoor,
} from "./index";
import { readGuid } from "./odata-literal";
import { isUnpaged, PagePlace, readCookie } from "./paging";
import { AnswerTooLargeError } from "./transport/answer-limit";
import type { SendContext, Sender } from "./transport/sender";
import { isWrite } from "./transport/writes";

const { metadataVersion, pagingCookie, moreRecords } = annotationNames;
const shown = [
  annotationNames.formattedValue,
  annotationNames.lookupTable,
  annotationNames.lookupProperty,
];
const named = (annotations: readonly FetchAnnotation[] | undefined): readonly string[] =>
  annotations?.map((name) => annotationNames[name]) ?? shown;
const always = [metadataVersion];
const paging = [pagingCookie, moreRecords];

const include = (annotations: readonly string[]) =>
  `odata.include-annotations="${annotations.join(",")}"`;

/** Dataverse's own upper limit of a page. */
export const largestPage = 5_000;

export interface ClientOptions {
  readonly send: Sender;
  readonly context: SendContext;
  readonly metadata: Metadata;
  /** Told the version of all definitions that an answer carries; it moves with every schema change. */
  onMetadataVersion(version: string): void;
  /** Asked before each write, and before each part of one. */
  readonly refuseWrite?: RefuseWrite | undefined;
  /** Waited for before a change is sent; throws to prevent it. */
  readonly beforeFirstChange?: (() => Promise<void>) | undefined;
  /** Asked before each request, where something is kept back: definitions hide it, and this holds where they do not. */
  readonly exposure?: ExposureLock | undefined;
  /** Judges every write by what it does; without it nothing is written. */
  readonly door: WriteDoor | undefined;
}

/** Says no to a write by its path, and by the name of the table where that is known. */
export type RefuseWrite = (
  path: string,
  setNameOf: (table: string) => Promise<string | undefined>,
) => Promise<AppError | undefined>;

type Body = Readonly<Record<string, unknown>> | undefined;

/** @throws AppError for what is no GUID */
function idOf(id: string): string {
  const guid = readGuid(id);
  if (guid !== undefined) return guid;
  throw new AppError("invalid", "The id of a record must be a GUID.", {
    hint: "read_query gives the ids of records.",
  });
}

class Client implements Dataverse {
  readonly metadata: Metadata;
  readonly #options: ClientOptions;
  #writesUnderWay = 0;
  #hasChanged = false;
  #whoAmI: Promise<{ userId: string; businessUnitId: string; organizationId: string }> | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.metadata = options.metadata;
  }

  whoAmI() {
    this.#whoAmI ??= this.#readWhoAmI().catch((error: unknown) => {
      this.#whoAmI = undefined;
      throw error;
    });
    return this.#whoAmI;
  }

  async #readWhoAmI() {
    const { body } = await this.send({
      method: "GET",
      path: "WhoAmI",
      expects: { result: { UserId: "guid", BusinessUnitId: "guid", OrganizationId: "guid" } },
    });
    const { UserId, BusinessUnitId, OrganizationId } = body as Record<string, string>;
    return {
      userId: UserId ?? "",
      businessUnitId: BusinessUnitId ?? "",
      organizationId: OrganizationId ?? "",
    };
  }

  get mayHaveChanged(): boolean {
    return this.#writesUnderWay > 0 || this.#hasChanged;
  }

  async send(request: DataverseRequest): Promise<DataverseResponse> {
    const response = await (isWrite(request) ? this.#write(request) : this.#send(request));
    const version = (response.body as Body)?.[`@${metadataVersion}`];
    if (typeof version === "string") this.#options.onMetadataVersion(version);
    return response;
  }

  async #send(request: DataverseRequest): Promise<DataverseResponse> {
    const { send, context, exposure } = this.#options;
    if (exposure === undefined) return send(request, context);
    const passed = await exposure.pass(request);
    const response = await send(passed.request, context);
    return { ...response, body: passed.clean(response.body) };
  }

  async #write(request: DataverseRequest): Promise<DataverseResponse> {
    await this.announce([request]);
    const acts = actsOf(request);
    this.#options.context.trace.acts.push(...acts);
    const ended = (outcome: Act["outcome"]) => {
      for (const act of acts) act.outcome = outcome;
    };
    this.#writesUnderWay++;
    try {
      await this.#options.beforeFirstChange?.();
      const response = await this.#send(request);
      this.#hasChanged = true;
      ended("done");
      return response;
    } catch (error) {
      const isNotDone = error instanceof AppError && error.request?.outcome === "notDone";
      ended(isNotDone ? "notDone" : "notKnown");
      if (!isNotDone) this.#hasChanged = true;
      throw error;
    } finally {
      this.#writesUnderWay--;
    }
  }

  async announce(
    requests: readonly DataverseRequest[],
    more?: readonly Announced[],
  ): Promise<void> {
    for (const request of requests)
      for (const { path } of request.changeSet ?? [request]) await this.#mayWrite(path);
    const { door } = this.#options;
    if (door === undefined) throw new TypeError("A write that nobody judges is not sent.");
    await door.admit(this, requests, more);
  }

  async #mayWrite(path: string): Promise<void> {
    const setNameOf = async (table: string) => (await this.metadata.table(table))?.setName;
    const refusal = await this.#options.refuseWrite?.(path, setNameOf);
    if (refusal !== undefined) throw refusal;
  }

  async retrieve(table: string, id: string, options: ReadOptions = {}): Promise<Row | undefined> {
    const guid = idOf(id);
    try {
      const { setName, primaryId } = await this.#table(table);
      const { body } = await this.send({
        method: "GET",
        path: `${setName}(${guid})`,
        query: { $select: await this.#select(table, options), $expand: options.expand },
        headers: { Prefer: include(options.annotations ? [...shown, ...always] : always) },
        expects: {
          recordOf: { set: setName, key: primaryId, id: guid },
        },
        withinMs: options.withinMs,
      });
      return body as Row;
    } catch (error) {
      if (error instanceof AppError && error.kind === "not_found") return undefined;
      throw error;
    }
  }

  async query(table: string, options: QueryOptions) {
    const top = Math.min(options.top ?? 50, largestPage);
    const { setName } = await this.#table(table);
    const { body } = await this.send({
      method: "GET",
      path: setName,
      query: {
        $select: await this.#select(table, options),
        $filter: options.filter,
        $orderby: options.orderby,
        $expand: options.expand,
        $count: options.count ? "true" : undefined,
        // One more than asked tells whether there are more, without a second request.
        $top: String(Math.min(top + 1, largestPage)),
      },
      headers: { Prefer: include(options.annotations ? [...shown, ...always] : always) },
      expects: { pageOf: setName },
      withinMs: options.withinMs,
    });
    const answer = body as { value: Row[]; "@odata.count"?: number };
    const rows = answer.value;
    const count = answer["@odata.count"];
    return {
      rows: rows.slice(0, top),
      more: rows.length > top,
      ...(count === undefined ? {} : { count }),
    };
  }

  async *fetchXml(
    table: string,
    fetchXml: string,
    options: {
      pageSize?: number;
      nextPageSize?: (() => number) | undefined;
      annotations?: readonly FetchAnnotation[];
      signal?: AbortSignal;
    } = {},
  ): AsyncGenerator<FetchPage, void, undefined> {
    const { setName } = await this.#table(table);
    const isSingle = isUnpaged(fetchXml);
    const annotations = named(options.annotations);
    const seen = new Set<string>();
    const place = new PagePlace(Math.min(options.pageSize ?? largestPage, largestPage));
    for (;;) {
      options.signal?.throwIfAborted();
      const page = isSingle ? fetchXml : place.fetchXml(fetchXml);
      const answer = await this.#page(setName, page, annotations);
      if (answer instanceof AnswerTooLargeError) {
        if (isSingle || !place.shrink()) throw answer;
        continue;
      }
      const more = answer[`@${moreRecords}`] === true;
      yield { rows: answer.value, more };
      if (isSingle || !more) return;
      const cookie = readCookie(answer[`@${pagingCookie}`]);
      // A cookie that does not move would bring the same page for ever.
      if (cookie !== undefined && seen.has(cookie))
        throw new AppError("upstream", "Dataverse repeats a page instead of moving on.", {
          hint: "Order the query by a unique column, or narrow it.",
        });
      if (cookie !== undefined) seen.add(cookie);
      place.next(cookie, Math.min(options.nextPageSize?.() ?? place.size, largestPage));
    }
  }

  async #page(
    setName: string,
    fetchXml: string,
    annotations: readonly string[],
  ): Promise<({ value: Row[] } & Record<string, unknown>) | AnswerTooLargeError> {
    try {
      const { body } = await this.send({
        method: "GET",
        path: setName,
        query: { fetchXml },
        headers: { Prefer: include([...annotations, ...always, ...paging]) },
        expects: { pageOf: setName },
      });
      return body as { value: Row[] } & Record<string, unknown>;
    } catch (error) {
      if (error instanceof AnswerTooLargeError) return error;
      throw error;
    }
  }

  async create(
    table: string,
    body: Row,
    options: { id?: string } & Within = {},
  ): Promise<{ id: string }> {
    const id = options.id ?? randomUUID();
    await this.send({
      method: "PATCH",
      path: await this.#pathOf(table, id),
      body,
      headers: { "If-None-Match": "*" },
      expects: { entityId: readGuid(id) ?? id },
      withinMs: options.withinMs,
    });
    return { id };
  }

  async update(
    table: string,
    id: string,
    body: Row,
    options: { etag?: string } & Within = {},
  ): Promise<void> {
    await this.send({
      method: "PATCH",
      path: await this.#pathOf(table, id),
      body,
      headers: { "If-Match": options.etag ?? "*" },
      expects: { changeOf: idOf(id) },
      withinMs: options.withinMs,
    });
  }

  async delete(table: string, id: string, options: { etag?: string } & Within = {}): Promise<void> {
    await this.send({
      method: "DELETE",
      path: await this.#pathOf(table, id),
      headers: options.etag === undefined ? {} : { "If-Match": options.etag },
      expects: "noContent",
      withinMs: options.withinMs,
    });
  }

  async together(writes: readonly Write[], options: Within = {}): Promise<void> {
    const changeSet = await Promise.all(
      writes.map(async (write) => ({
        method: "PATCH" as const,
        path: await this.#pathOf(write.table, write.id),
        body: write.body,
        ...(write.kind === "create"
          ? { headers: { "If-None-Match": "*" }, expects: { entityId: readGuid(write.id) ?? "" } }
          : {
              headers: { "If-Match": write.etag ?? "*" },
              expects: { changeOf: idOf(write.id) },
            }),
      })),
    );
    await this.send({
      method: "POST",
      path: "$batch",
      changeSet,
      expects: "noContent",
      withinMs: options.withinMs,
    });
  }

  async action(
    path: string,
    body: unknown,
    expects: Expected,
    { withinMs }: Within = {},
  ): Promise<unknown> {
    return (await this.send({ method: "POST", path, body, expects, withinMs })).body;
  }

  get requestsLeft(): number {
    return this.#options.context.budget?.left ?? Number.POSITIVE_INFINITY;
  }

  demand(what: string, requests: number): void {
    this.#options.context.budget?.demand(what, requests);
  }

  async #select(table: string, options: ReadOptions): Promise<string | undefined> {
    const { select, optional = [] } = options;
    if (this.#options.exposure === undefined || optional.length === 0) return select?.join(",");
    const columns = (await this.metadata.table(table))?.columnByName;
    const isShown = (name: string) => !optional.includes(name) || columns?.has(plainName(name));
    return select?.filter(isShown).join(",");
  }

  async #pathOf(table: string, id: string): Promise<string> {
    const guid = idOf(id);
    return `${(await this.#table(table)).setName}(${guid})`;
  }

  async #table(logicalName: string): Promise<Table> {
    const table = await this.metadata.table(logicalName);
    if (table) return table;
    if (this.#options.exposure !== undefined)
      throw notShown(`the table ${logicalName.slice(0, 100)}`, "not_found");
    throw new AppError(
      "not_found",
      `There is no table ${JSON.stringify(logicalName.slice(0, 100))}.`,
      { hint: "list_tables names them." },
    );
  }
}

/** Dataverse as one person, for one tool call. */
export const createClient = (options: ClientOptions): Dataverse => new Client(options);
