import type { Act, Asker, Batch } from "../../approval";
import type { Caller } from "../../context";
import { AppError } from "../../errors";
import { type ConsentNeeded, DryRun } from "../../policy/consent";
import type { CallRound } from "../call/call-round";
import { type CallOutcome, failure, say } from "../call/call-tool";
import type { ConsentRuntime } from "./consent-runtime";
import { canAsk, formQuestion, urlQuestion } from "./elicitation";
import { askedWords, dryWords, previewWords, questionWords } from "./words";

interface Question {
  readonly stopped: ConsentNeeded;
  readonly act: Pick<Act, "tool" | "args">;
  readonly caller: Caller;
  readonly round: CallRound;
  readonly batch: Batch | undefined;
}

/** The answer of a call that stopped before its change: what it would do, and whose yes it takes. */
export async function ask(consent: ConsentRuntime, question: Question): Promise<CallOutcome> {
  const { stopped, caller, round, batch } = question;
  if (stopped instanceof DryRun) {
    const text = `${dryWords(stopped.grade)}\n${previewWords(stopped.previews)}`;
    return {
      result: say(text, { approval: { state: "dryRun", grade: stopped.grade } }),
      outcome: "ok",
    };
  }
  const act: Act = { ...question.act, digest: stopped.digest };
  const asker: Asker = {
    objectId: caller.objectId,
    tenantId: caller.tenantId,
    name: caller.name,
    roles: caller.roles,
    clientId: caller.clientId,
  };
  const can = canAsk(round);
  // Where the client cannot ask, the person is asked: never the model.
  const grade = stopped.grade === "client" && !can.form ? "person" : stopped.grade;
  if (grade === "person" && consent.linkTo("") === undefined) return failure(noPage());
  const approvalId =
    batch !== undefined && grade === "person"
      ? await consent.approvals.askTogether(asker, act, batch)
      : await consent.approvals.ask(asker, act, grade);
  const shown = questionWords(stopped.previews);
  if (grade === "client")
    return { result: formQuestion(shown, approvalId) as never, outcome: "ok", consent: "asked" };
  const link = grade === "person" ? consent.linkTo(approvalId) : undefined;
  if (link !== undefined && can.url && batch === undefined)
    return {
      result: urlQuestion(shown, link, approvalId) as never,
      outcome: "ok",
      consent: "asked",
    };
  const text = askedWords({
    previews: stopped.previews,
    tool: act.tool,
    link,
    isOneOfSeveral: batch !== undefined,
    approvalId,
    pageNote: consent.pageNote,
  });
  const approval = { state: "needed", grade, approvalId, ...(link === undefined ? {} : { link }) };
  return { result: say(text, { approval }), outcome: "ok", consent: "asked" };
}

const noPage = () =>
  new AppError(
    "forbidden",
    "A person has to approve this, and the endpoint has no approval page. Nothing was done.",
    {
      hint: "Do it in Dynamics 365 itself, or ask the administrator of the endpoint to set the page up (settings CONSENT_CLIENT_ID and CONSENT_STORE; there is none with DATAVERSE_PERSON_BY=on-behalf-of).",
    },
  );
