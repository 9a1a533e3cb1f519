/** Dataverse refused; `status` says how. */
export class DataverseRefusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.name = "DataverseRefusal";
    this.status = status;
  }
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
      );
    return text === "" ? {} : (JSON.parse(text) as Row);
  }

  async rows<T = Row>(path: string): Promise<T[]> {
    return (await this.call("GET", path)).value as T[];
  }
}
