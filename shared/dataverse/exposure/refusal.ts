import { AppError, type ErrorKind } from "../../errors";

/** Said before anything is sent. The names are those that the request itself bears. */
export const notShown = (what: string, kind: ErrorKind = "forbidden"): AppError =>
  new AppError(kind, `This endpoint does not show ${what}.`, {
    hint: "Its administrator has kept it back. Do without it, or look in Dynamics 365 itself. Nothing was changed.",
    request: { effect: "read", outcome: "notDone", lastTry: "unsent" },
  });

/** A request that cannot be told apart from one that reaches what is hidden. */
export const notJudged = (what: string): AppError =>
  new AppError(
    "forbidden",
    `This endpoint does not send ${what} while it keeps tables or columns back.`,
    {
      hint: "Nothing was sent. Ask for it in another way, or ask the administrator of the endpoint.",
      request: { effect: "read", outcome: "notDone", lastTry: "unsent" },
    },
  );
