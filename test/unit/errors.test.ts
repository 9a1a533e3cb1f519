import { expect, test } from "@jest/globals";
import { AppError } from "../../shared/errors";

const refusal = new AppError("throttled", "Too many calls.", {
  hint: "Wait.",
  problems: ["one"],
  code: "0x80072322",
  retryAfterSeconds: 7,
  cause: new Error("from the service"),
});

test("an error that is restated stays what it is, and names what it was as its cause", () => {
  const restated = refusal.restated("The mail was not sent.");
  expect(restated).toMatchObject({
    name: "AppError",
    kind: "throttled",
    message: "The mail was not sent.",
    hint: "Wait.",
    problems: ["one"],
    code: "0x80072322",
    retryAfterSeconds: 7,
  });
  expect(restated.cause).toBe(refusal);
});

test("what is said anew stands in place of what was said", () => {
  const { hint, problems } = refusal.restated("No.", { hint: "Ask.", problems: [] });
  expect({ hint, problems }).toEqual({ hint: "Ask.", problems: [] });
});
