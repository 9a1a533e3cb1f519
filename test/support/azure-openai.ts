import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { type TestIssuer, tenantId } from "./issuer";

/**
 * Azure OpenAI on loopback: checks what Azure checks and answers as told. It proves the wire, sign-in, retries, validation
 * and fallback; it says nothing about the quality of any language model.
 */
export interface AzureOpenAI {
  readonly endpoint: string;
  readonly requests: ChatRequest[];
  /** Why requests were refused, newest last. */
  readonly refusals: string[];
  /** Answers in turn; the last one stays. */
  mode: readonly Responder[];
  close(): Promise<void>;
}

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { role: string; content: string }[];
  readonly schemaName: string;
  readonly schema: Schema;
  /** Everything that was sent, as it came. */
  readonly body: string;
}

export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

export type Outcome =
  | { readonly json: unknown }
  | { readonly content: string; readonly finish?: "stop" | "length" | "content_filter" }
  | { readonly refusal: string }
  | { readonly status: number; readonly code?: string; readonly headers?: Record<string, string> }
  | { readonly cut: true }
  | { readonly hang: true };

export type Responder = (request: ChatRequest) => Outcome | Promise<Outcome>;

export const azureAudience = "https://cognitiveservices.azure.com";

/** Keywords that structured outputs do not take. */
const unsupported = [
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "minimum",
  "maximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "propertyNames",
  "patternProperties",
  "oneOf",
  "allOf",
  "not",
];

/** What Azure would say against a strict schema, or undefined. */
export function schemaFault(schema: Schema): string | undefined {
  let properties = 0;
  let values = 0;
  const look = (here: Schema, depth: number, path: string): string | undefined => {
    if (depth > 5) return `${path}: more than 5 levels of nesting`;
    const keyword = unsupported.find((each) => each in here);
    if (keyword) return `${path}: '${keyword}' is not permitted`;
    values += here.enum?.length ?? 0;
    if (here.type === "array") return here.items && look(here.items, depth + 1, `${path}[]`);
    if (here.type !== "object") return undefined;
    if (here.additionalProperties !== false)
      return `${path}: 'additionalProperties' is required to be supplied and to be false`;
    const names = Object.keys(here.properties ?? {});
    properties += names.length;
    if (names.some((name) => !here.required?.includes(name)))
      return `${path}: 'required' is required to include every key in properties`;
    for (const name of names) {
      const child = here.properties?.[name];
      const fault = child && look(child, depth + 1, `${path}.${name}`);
      if (fault) return fault;
    }
    return undefined;
  };
  if (schema.type !== "object") return "schema must be an object at the root";
  const fault = look(schema, 1, "schema");
  if (fault) return fault;
  if (properties > 100) return "more than 100 object properties";
  return values > 1_000 ? "more than 1000 enum values" : undefined;
}

export async function startAzureOpenAI(
  issuer: TestIssuer,
  deployment: string,
): Promise<AzureOpenAI> {
  const keys = createRemoteJWKSet(new URL(`${issuer.authority}/${tenantId}/discovery/v2.0/keys`));
  const service: Pick<AzureOpenAI, "requests" | "refusals" | "mode"> = {
    requests: [],
    refusals: [],
    mode: [() => ({ status: 500 })],
  };

  const refuse = (response: ServerResponse, status: number, code: string, message: string) => {
    service.refusals.push(`${status} ${code}: ${message}`);
    response
      .writeHead(status, { "content-type": "application/json" })
      .end(
        JSON.stringify({ error: { code, message, type: "invalid_request_error", param: null } }),
      );
  };

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    if (incoming.url !== "/openai/v1/chat/completions")
      return refuse(response, 404, "404", "Resource not found");
    const token = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? "")?.[1] ?? "";
    try {
      await jwtVerify(token, keys, { audience: azureAudience });
    } catch (error) {
      return refuse(response, 401, "Unauthorized", `Access denied: ${(error as Error).message}`);
    }
    const raw = Buffer.concat(chunks).toString("utf8");
    const body = JSON.parse(raw) as {
      model?: string;
      messages?: ChatRequest["messages"];
      max_tokens?: number;
      tools?: unknown;
      response_format?: { json_schema?: { strict?: boolean; name?: string; schema?: Schema } };
    };
    if (body.model !== deployment)
      return refuse(response, 404, "DeploymentNotFound", "The API deployment does not exist");
    if (body.max_tokens !== undefined)
      return refuse(response, 400, "unsupported_parameter", "Use max_completion_tokens");
    const format = body.response_format?.json_schema;
    const fault =
      format?.strict !== true || format.schema === undefined
        ? "a strict schema is missing"
        : schemaFault(format.schema);
    if (fault !== undefined) return refuse(response, 400, "invalid_schema", fault);
    const messages = body.messages ?? [];
    if (messages.reduce((sum, each) => sum + each.content.length, 0) > 400_000)
      return refuse(response, 400, "context_length_exceeded", "The prompt is too long");

    const request: ChatRequest = {
      model: body.model,
      messages,
      schemaName: format?.name ?? "",
      schema: format?.schema ?? {},
      body: raw,
    };
    const responder =
      service.mode[Math.min(service.requests.length, service.mode.length - 1)] ?? service.mode[0];
    service.requests.push(request);
    const outcome = (await responder?.(request)) ?? { status: 500 };
    send(response, outcome, messages);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return Object.assign(service, {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  });
}

function send(response: ServerResponse, outcome: Outcome, messages: ChatRequest["messages"]): void {
  if ("hang" in outcome) return;
  if ("cut" in outcome) {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"id":');
    response.socket?.destroy();
    return;
  }
  if ("status" in outcome) {
    response
      .writeHead(outcome.status, { "content-type": "application/json", ...outcome.headers })
      .end(JSON.stringify({ error: { code: outcome.code ?? "server_error", message: "no" } }));
    return;
  }
  const content =
    "json" in outcome
      ? JSON.stringify(outcome.json)
      : "content" in outcome
        ? outcome.content
        : null;
  const finish = "finish" in outcome && outcome.finish !== undefined ? outcome.finish : "stop";
  const prompt = Math.ceil(messages.reduce((sum, each) => sum + each.content.length, 0) / 4);
  const answer = {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "gpt-stand-in-2026-01-01",
    system_fingerprint: "fp_1",
    choices: [
      {
        index: 0,
        finish_reason: finish,
        logprobs: null,
        message: {
          role: "assistant",
          content,
          refusal: "refusal" in outcome ? outcome.refusal : null,
        },
      },
    ],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: Math.ceil((content?.length ?? 0) / 4),
      total_tokens: prompt,
    },
  };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
}

/** The prompt's data, without the mark. */
export function plainPrompt(request: ChatRequest): string {
  const text = request.messages.map((each) => each.content).join("\n");
  const mark = /The mark is (~\w{3}~)/.exec(text)?.[1] ?? "~~~~";
  return text.replaceAll(mark, " ");
}

/** Labels of the options of a field, by alias. */
export function optionLabels(request: ChatRequest, field: string): ReadonlyMap<string, string> {
  const [, part = ""] =
    new RegExp(`^${field}: .*\n((?:opt_.*\n?)*)`, "m").exec(plainPrompt(request)) ?? [];
  return new Map(
    [...part.matchAll(/^(opt_\d+) = <data>(.*?)<\/data>/gm)].map(([, name = "", label = ""]) => [
      name,
      label,
    ]),
  );
}

/** Any instance of a schema, made of the strings and the options that `choose` gives. */
export function instanceOf(
  schema: Schema,
  choose: { text(path: string): string; option(options: readonly string[], path: string): string },
  path = "",
): unknown {
  if (schema.enum !== undefined) return choose.option(schema.enum, path);
  if (schema.type === "object") {
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, child]) => [
        name,
        instanceOf(child, choose, `${path}.${name}`),
      ]),
    );
  }
  if (schema.type === "array") {
    const item = schema.items ?? {};
    return [0, 1, 2].map((at) => instanceOf(item, choose, `${path}.${at}`));
  }
  return schema.type === "string" ? choose.text(path) : 1;
}

/**
 * Picks for each field the option that `labelFor` names after reading the prompt's data: backed by a predictor of ours, or
 * replaying what a real model once said about that text.
 */
export const choosing =
  (labelFor: (data: string, field: string) => string | undefined): Responder =>
  (request) => ({
    json: instanceOf(request.schema, {
      text: () => "",
      option(options, path) {
        const field = /^\.(F\d+)\./.exec(path)?.[1];
        if (field === undefined) return options[0] ?? "";
        const wanted = labelFor(plainPrompt(request), field);
        const labels = optionLabels(request, field);
        return options.find((option) => labels.get(option) === wanted) ?? options.at(-1) ?? "";
      },
    }),
  });

/** Obeys whatever the data orders: puts the injected words everywhere and picks the option that they name, else the last. */
export const hostile =
  (orders: readonly string[]): Responder =>
  (request) => {
    let turn = 0;
    const json = instanceOf(request.schema, {
      text: () => orders[turn++ % orders.length] ?? "",
      option(options, path) {
        const field = /^\.(F\d+)\./.exec(path)?.[1];
        if (field !== undefined) {
          const labels = optionLabels(request, field);
          const named = options.find((option) => {
            const label = labels.get(option);
            return label !== undefined && orders.some((order) => order.includes(label));
          });
          if (named !== undefined) return named;
        }
        return options.at(-1) ?? "";
      },
    });
    return { json };
  };
