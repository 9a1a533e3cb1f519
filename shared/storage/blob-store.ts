import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  exponentialRetryPolicy,
  type PipelineResponse,
} from "@azure/core-rest-pipeline";
import { checkName, type Store, StoreDown } from "./store";

export interface BlobStoreOptions {
  /** Address of the container: `https://account.blob.core.windows.net/consent`. */
  readonly container: string;
  /** A token of the app's identity for Azure Storage. */
  getToken(): Promise<string>;
}

/** @see https://learn.microsoft.com/rest/api/storageservices/versioning-for-the-azure-storage-services */
const version = "2023-11-03";
/** Longest wait for one answer, in milliseconds; a second try may follow. */
const longestMs = 8_000;

/**
 * A container of Azure Storage, by three operations of its REST API. Creation with `If-None-Match: *` is the lock: of two
 * instances one gets it.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations
 */
export function createBlobStore({ container, getToken }: BlobStoreOptions): Store {
  const client = createDefaultHttpClient();
  const pipeline = createEmptyPipeline();
  // Only reading is tried again by itself: a creation whose answer was lost would find its own blob there.
  const patient = createEmptyPipeline();
  patient.addPolicy(exponentialRetryPolicy({ maxRetries: 1, retryDelayInMs: 200 }));

  async function send(
    method: "GET" | "PUT",
    name: string,
    { query = "", headers = {}, text }: Sending,
    expected: readonly number[],
  ): Promise<PipelineResponse> {
    const url = `${container}/${checkName(name)}${query}`;
    try {
      const request = createPipelineRequest({
        url,
        method,
        headers: createHttpHeaders({
          authorization: `Bearer ${await getToken()}`,
          "x-ms-version": version,
          ...(text === undefined ? {} : { "content-type": "text/plain; charset=utf-8" }),
          ...headers,
        }),
        ...(text === undefined ? {} : { body: text }),
        timeout: longestMs,
        allowInsecureConnection: url.startsWith("http:"),
      });
      const response = await (method === "GET" ? patient : pipeline).sendRequest(client, request);
      if (expected.includes(response.status)) return response;
      throw new Error(`The store answers ${response.status} to ${method}.`);
    } catch (error) {
      throw new StoreDown(error);
    }
  }

  async function createAppendBlob(name: string): Promise<void> {
    const headers = {
      "x-ms-blob-type": "AppendBlob",
      "if-none-match": "*",
      "content-length": "0",
    };
    await send("PUT", name, { headers, text: "" }, [201, 409]);
  }

  return {
    async create(name, text) {
      const headers = { "x-ms-blob-type": "BlockBlob", "if-none-match": "*" };
      return (await send("PUT", name, { headers, text }, [201, 409])).status === 201;
    },
    async read(name) {
      const response = await send("GET", name, {}, [200, 404]);
      if (response.status === 404) return undefined;
      const etag = response.headers.get("etag");
      if (etag === undefined) throw new StoreDown(new Error("The store gives no etag."));
      return { text: response.bodyAsText ?? "", etag };
    },
    async replace(name, text, etag) {
      const headers = { "x-ms-blob-type": "BlockBlob", "if-match": etag };
      return (await send("PUT", name, { headers, text }, [201, 404, 412])).status === 201;
    },
    async append(name, text, longest) {
      const headers = { "x-ms-blob-condition-maxsize": String(longest) };
      const add = () =>
        send("PUT", name, { query: "?comp=appendblock", headers, text }, [201, 404, 412]);
      let { status } = await add();
      if (status === 404) {
        await createAppendBlob(name);
        ({ status } = await add());
      }
      if (status === 404) throw new StoreDown(new Error("What was made a moment ago is gone."));
      return status === 201;
    },
  };
}

interface Sending {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}
