import { AppError, type ErrorKind } from "../errors";

type Words = readonly [kind: ErrorKind, message: string, hint: string];

const again = "Sign in again.";

/**
 * What Entra's refusals of the exchange mean, by the number of its error: who must do what.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const byNumber: Readonly<Record<number, Words>> = {
  65001: [
    "forbidden",
    "Nobody has consented yet to the endpoint using Dataverse as the people who call it.",
    "An administrator of Entra does it once: az ad app permission admin-consent --id <client id of the endpoint's registration>.",
  ],
  50057: [
    "forbidden",
    "Your account is disabled in Entra.",
    "An administrator of Entra enables it.",
  ],
  50105: [
    "forbidden",
    "You are not assigned to the application.",
    "An administrator of Entra assigns you to it (Enterprise applications, Users and groups).",
  ],
  500011: [
    "upstream",
    "Entra does not know the Dataverse environment of this endpoint.",
    "Its administrator looks at DATAVERSE_URL and at whether the environment belongs to this tenant.",
  ],
  50013: ["forbidden", "Your sign-in cannot be used for Dataverse.", again],
  50173: [
    "forbidden",
    "Your sign-in is no longer valid: the password was changed or sessions were ended.",
    again,
  ],
  500133: ["forbidden", "Your sign-in has ended.", again],
  700082: ["forbidden", "Your sign-in has ended.", again],
  700213: [
    "upstream",
    "The endpoint's registration does not trust its managed identity.",
    "Its administrator deploys again (azd provision): the federated credential of the registration names the identity.",
  ],
  70021: [
    "upstream",
    "The endpoint's registration does not trust its managed identity.",
    "Its administrator deploys again (azd provision): the federated credential of the registration names the identity.",
  ],
  700016: [
    "upstream",
    "Entra does not know the endpoint's registration.",
    "Its administrator looks at MCP_AUDIENCES and MCP_TENANT_ID.",
  ],
};

/** Numbers by which a policy of the organisation asks for more than there is: another factor, device, place or session. */
const conditional: ReadonlySet<number> = new Set([
  50072, 50074, 50076, 50078, 50079, 50158, 53000, 53001, 53002, 53003, 53004, 530003, 530031,
]);

const conditionalWords: Words = [
  "forbidden",
  "Your organisation asks for more before Dataverse may be used as you (conditional access).",
  "Sign out of the client and in again, and do what Entra asks for; if it asks for nothing, an administrator of Entra has to add the endpoint's application and Dataverse to the same policy.",
];

interface Answer {
  readonly error?: unknown;
  readonly error_codes?: unknown;
  readonly claims?: unknown;
}

/** @param error what the exchange ended with; its text is shown to nobody, for it may hold names */
export function exchangeRefusal(error: unknown): AppError {
  const answer = answerIn(error);
  if (answer === undefined)
    return new AppError(
      "upstream",
      "No token for Dataverse could be had as you: Entra did not answer.",
      {
        hint: "Try again in a moment.",
        cause: error,
      },
    );
  const numbers = Array.isArray(answer.error_codes) ? answer.error_codes.map(Number) : [];
  const known = numbers.find((number) => Object.hasOwn(byNumber, number));
  const isConditional =
    numbers.some((number) => conditional.has(number)) ||
    typeof answer.claims === "string" ||
    (answer.error === "interaction_required" && known === undefined);
  const words = (known === undefined ? undefined : byNumber[known]) ??
    (isConditional ? conditionalWords : undefined) ?? [
      "upstream",
      "Entra gave no token for Dataverse as you.",
      "An administrator of Entra finds the reason in its sign-in logs.",
    ];
  const [kind, message, hint] = words as Words;
  const number = known ?? numbers[0];
  return new AppError(kind, message, {
    hint: number === undefined ? hint : `${hint} (AADSTS${number})`,
    cause: error,
  });
}

/** The body of a refusal, as the library hands it on. */
function answerIn(error: unknown): Answer | undefined {
  const { cause, error: word } = (error ?? {}) as {
    readonly cause?: unknown;
    readonly error?: unknown;
  };
  if (typeof word !== "string") return undefined;
  return typeof cause === "object" && cause !== null ? (cause as Answer) : { error: word };
}
