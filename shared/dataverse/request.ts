import type { Expected } from "./expected";

export interface DataverseRequest {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Below `/api/data/v9.2/`, already encoded, without leading slash: `incidents(…)`, `CloseIncident`. */
  readonly path: string;
  /** Unencoded values; the client encodes them (and moves a URL over 32,768 bytes into `$batch`). */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The one answer that says that it was carried out; any other is a fault. That of a batch is what its parts expect. */
  readonly expects: Expected;
  /** Longest time for it with its tries and waits, in milliseconds; what is left of the call unless told. */
  readonly withinMs?: number | undefined;
  /** Writes that `POST $batch` carries: made all or not at all. */
  readonly changeSet?: readonly DataverseRequest[];
}

export interface DataverseResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | undefined };
  /** Parsed JSON, or undefined for an empty body. */
  readonly body: unknown;
}
