import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { ProtocolError } from "@modelcontextprotocol/server";
import type { CallRound } from "../../../shared/mcp/call/call-round";
import type { CallResult } from "../../../shared/mcp/call/call-tool";
import type { ToolHandler } from "../../../shared/mcp/tool-handler";

/**
 * The tools by which the official conformance suite looks into a server. They stand in this harness alone, in front of
 * the product's own tools, on the product's endpoint.
 * @see https://github.com/modelcontextprotocol/conformance
 */

// One pixel, one silent sample: the suite looks at types, not at pictures.
const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const wav = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==";

const text = (words: string) => ({ type: "text", text: words });
const image = { type: "image", data: png, mimeType: "image/png" };
const resource = (uri: string) => ({
  type: "resource",
  resource: { uri, mimeType: "text/plain", text: "This is an embedded resource content." },
});
const done = (...content: object[]): CallResult => ({ content }) as unknown as CallResult;

const ask = (message: string, name: string, type = "string") => ({
  method: "elicitation/create",
  params: {
    message,
    requestedSchema: { type: "object", properties: { [name]: { type } }, required: [name] },
  },
});
const sample = (question: string) => ({
  method: "sampling/createMessage",
  params: {
    messages: [{ role: "user", content: { type: "text", text: question } }],
    maxTokens: 100,
  },
});
const roots = { method: "roots/list", params: {} };
const needs = (inputRequests: Record<string, object>, requestState?: string): CallResult =>
  ({
    resultType: "input_required",
    inputRequests,
    ...(requestState === undefined ? {} : { requestState }),
  }) as unknown as CallResult;

const key = randomBytes(32);
const seal = (state: string) =>
  `${state}.${createHmac("sha256", key).update(state).digest("base64url")}`;

/** Opens what `seal` closed; state that was tampered with is refused as the specification demands. */
function open(sealed: string | undefined): string | undefined {
  if (sealed === undefined) return undefined;
  const state = sealed.slice(0, sealed.indexOf("."));
  const [given, right] = [Buffer.from(sealed), Buffer.from(seal(state))];
  if (given.length === right.length && timingSafeEqual(given, right)) return state;
  throw new ProtocolError(-32602, "Invalid or expired requestState");
}

const answered = ({ inputResponses }: CallRound, name: string): string | undefined => {
  const response = inputResponses?.[name] as
    | { action?: string; content?: unknown; roots?: unknown; role?: string }
    | undefined;
  if (response === undefined) return undefined;
  if (response.action !== undefined && response.action !== "accept") return undefined;
  const isObject = typeof response.content === "object" && response.content !== null;
  if (!isObject && response.roots === undefined) return undefined;
  return JSON.stringify(response.content ?? response.roots);
};

/** Form content that the client was asked for, checked like any input. */
function formValue({ inputResponses }: CallRound, name: string, field: string): string | undefined {
  const response = inputResponses?.[name] as
    | { action?: string; content?: Record<string, unknown> }
    | undefined;
  const value = response?.action === "accept" ? response.content?.[field] : undefined;
  return typeof value === "string" ? value : undefined;
}

const kinds = { elicitation: ask("Your name?", "name"), sampling: sample("Hello?"), roots };

const tools: Record<string, (round: CallRound) => CallResult> = {
  test_simple_text: () => done(text("This is a simple text response for testing.")),
  test_image_content: () => done(image),
  test_audio_content: () => done({ type: "audio", data: wav, mimeType: "audio/wav" }),
  test_embedded_resource: () => done(resource("test://embedded-resource")),
  test_multiple_content_types: () =>
    done(text("Multiple content types test:"), image, resource("test://mixed-content-resource")),
  test_error_handling: () => ({
    ...done(text("This tool intentionally returns an error for testing")),
    isError: true,
  }),
  test_logging_tool: () => done(text("Nothing was logged to the client.")),
  test_streaming_elicitation: () => needs({ confirm: ask("Go on?", "ok", "boolean") }),
  test_missing_capability: () => needs({ answer: sample("What is asked?") }),

  test_input_required_result_elicitation: (round) => {
    const name = formValue(round, "user_name", "name");
    return name === undefined
      ? needs({ user_name: ask("What is your name?", "name") })
      : done(text(`Hello, ${name}!`));
  },
  test_input_required_result_sampling: (round) =>
    round.inputResponses?.capital_question === undefined
      ? needs({ capital_question: sample("What is the capital of France?") })
      : done(text(answered(round, "capital_question") ?? "")),
  test_input_required_result_list_roots: (round) =>
    round.inputResponses?.client_roots === undefined
      ? needs({ client_roots: roots })
      : done(text(answered(round, "client_roots") ?? "")),
  test_input_required_result_request_state: (round) => {
    const state = open(round.requestState);
    return state === undefined || answered(round, "confirm") === undefined
      ? needs({ confirm: ask("Please confirm", "ok", "boolean") }, seal("asked"))
      : done(text("state-ok"));
  },
  test_input_required_result_tampered_state: (round) => {
    const state = open(round.requestState);
    return state === undefined
      ? needs({ confirm: ask("Please confirm", "ok", "boolean") }, seal("asked"))
      : done(text("state-ok"));
  },
  test_input_required_result_multiple_inputs: (round) => {
    const names = ["user_name", "greeting", "client_roots"];
    open(round.requestState);
    return names.every((name) => round.inputResponses?.[name] !== undefined)
      ? done(text("All three were answered."))
      : needs(
          {
            user_name: ask("What is your name?", "name"),
            greeting: sample("Generate a greeting"),
            client_roots: roots,
          },
          seal("asked"),
        );
  },
  test_input_required_result_multi_round: (round) => {
    const state = open(round.requestState);
    if (state === "first" && answered(round, "step1") !== undefined)
      return needs({ step2: ask("Step 2: What is your favorite color?", "color") }, seal("second"));
    if (state === "second" && answered(round, "step2") !== undefined)
      return done(text("Both steps were answered."));
    return needs({ step1: ask("Step 1: What is your name?", "name") }, seal("first"));
  },
  test_input_required_result_capabilities: ({ clientCapabilities }) => {
    const declared = new Set(Object.keys((clientCapabilities as object | undefined) ?? {}));
    return needs(Object.fromEntries(Object.entries(kinds).filter(([kind]) => declared.has(kind))));
  },
};

const none = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };

/** The product's tools with the suite's before them. */
export const withDiagnostics = (handler: ToolHandler): ToolHandler => ({
  ...handler,
  list: [
    ...handler.list,
    ...Object.keys(tools).map((name) => ({
      name,
      title: name,
      description: "A diagnostic tool of the conformance suite.",
      inputSchema: { type: "object", properties: {} },
      annotations: { ...none, openWorldHint: false },
    })),
  ] as unknown as ToolHandler["list"],
  call: async (name, args, round) => tools[name]?.(round) ?? handler.call(name, args, round),
});
