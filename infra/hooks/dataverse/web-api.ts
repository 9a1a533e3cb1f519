import { type Hope, isLater, retryAfter } from "../patience";

/** Dataverse refused; `status` says how, and `afterSeconds` when it asks to come back. */
export class DataverseRefusal extends Error {
  readonly status: number;
  readonly afterSeconds: number | undefined;
  constructor(status: number, message: string, afterSeconds?: number) {
    super(message);
    this.name = "DataverseRefusal";
    this.status = status;
    this.afterSeconds = afterSeconds;
  }
}

/**
 * What another try may cure. Dataverse asks Entra for the identity that becomes a user, and answers 400, 403 or 404 to that
 * one request until Entra knows it everywhere, which takes some minutes for a new one.
 */
export function hopeAtDataverse(error: unknown): Hope | undefined {
  // What fetch throws when no whole answer came.
  if (error instanceof TypeError) return { words: "Dataverse did not answer" };
  if (!(error instanceof DataverseRefusal)) return undefined;
  const { status, afterSeconds, message } = error;
  if (isLater(status)) return { words: `Dataverse answers ${status}`, afterSeconds };
  if (/^POST systemusers:/.test(message) && [400, 403, 404].includes(status))
    return { words: "Dataverse does not find the new identity yet" };
  return undefined;
}

export interface Row {
  readonly [column: string]: unknown;
}

/** The few calls of the Web API that a hook makes, as the person whose token is used. */
export class WebApi {
  readonly #token: string;
  readonly root: string;

  /** @param url origin of the environment */
  constructor(url: string, token: string) {
    this.#token = token;
    this.root = `${url.replace(/\/+$/, "")}/api/data/v9.2`;
  }

  async call(method: string, path: string, body?: unknown): Promise<Row> {
    const response = await fetch(`${this.root}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        accept: "application/json",
        "content-type": "application/json; charset=utf-8",
        "odata-version": "4.0",
        "odata-maxversion": "4.0",
        prefer: "return=representation",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (!response.ok)
      throw new DataverseRefusal(
        response.status,
        `${method} ${path.split("?")[0]}: ${response.status} ${text.slice(0, 300)}`,
        retryAfter(response.headers),
      );
    return text === "" ? {} : (JSON.parse(text) as Row);
  }

  async rows<T = Row>(path: string): Promise<T[]> {
    return (await this.call("GET", path)).value as T[];
  }
}
