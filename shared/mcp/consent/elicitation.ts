import type { CallRound } from "../call/call-round";

/** Name of our question among the requests of a result. */
const question = "consent";

const member = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** How a client can ask its user, as this request declares it. Nothing that an older revision says counts. */
export function canAsk({ era, clientCapabilities }: CallRound): { form: boolean; url: boolean } {
  const elicitation = era === "modern" ? member(clientCapabilities, "elicitation") : undefined;
  if (typeof elicitation !== "object" || elicitation === null) return { form: false, url: false };
  const url = member(elicitation, "url") !== undefined;
  return {
    form: member(elicitation, "form") !== undefined || Object.keys(elicitation).length === 0,
    url,
  };
}

/** What the client says that its user said. Anything but a clear yes is none. */
export function answerTo({ inputResponses }: CallRound): "yes" | "no" | undefined {
  const response = inputResponses?.[question];
  const action = member(response, "action");
  if (action === "decline" || action === "cancel") return "no";
  if (action !== "accept") return undefined;
  return member(member(response, "content"), "confirm") === true ? "yes" : "no";
}

/** A result that asks the client's user by a form. @see https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation */
export const formQuestion = (message: string, requestState: string) => ({
  resultType: "input_required",
  inputRequests: {
    [question]: {
      method: "elicitation/create",
      params: {
        mode: "form",
        message,
        requestedSchema: {
          type: "object",
          properties: {
            confirm: { type: "boolean", title: "Yes, do this", default: false },
          },
          required: ["confirm"],
        },
      },
    },
  },
  requestState,
});

/** A result that has the client open the approval page. That it was opened is no yes. */
export const urlQuestion = (message: string, url: string, requestState: string) => ({
  resultType: "input_required",
  inputRequests: {
    [question]: { method: "elicitation/create", params: { mode: "url", message, url } },
  },
  requestState,
});
