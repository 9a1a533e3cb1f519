import type { Draw } from "./draw";
import { customerTime, deskTime } from "./hours";

/** How a case came in. */
export type Channel = "mail" | "phone" | "web" | "social";

/** One mail of a conversation. Even steps are the customer's, odd ones the desk's; step 0 is the complaint itself. */
export interface PlannedMail {
  readonly step: number;
  readonly isOutgoing: boolean;
  readonly isDraft: boolean;
  /** In ms. */
  readonly at: number;
}

export interface Conversation {
  readonly mails: readonly PlannedMail[];
  readonly state: 0 | 1 | 2;
  /** When it was resolved or cancelled, in ms; the present while it is open. */
  readonly closedAt: number;
}

export interface Circumstances {
  readonly createdAt: number;
  readonly asOf: number;
  readonly state: 0 | 1 | 2;
  readonly channel: Channel;
  /** The customer has to answer before the desk can go on. */
  readonly isWaiting: boolean;
  readonly isDemo: boolean;
  readonly deskOffset: number;
  readonly customerOffset: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const square = (value: number) => value * value;

const howMany = [
  [0, 18],
  [1, 24],
  [2, 26],
  [3, 14],
  [4, 8],
  [6, 4],
  [12, 1],
] as const;

/**
 * When who writes: the customer, the desk with a question, the customer with the answer, the desk with the cure, and so on. A
 * resolved case has had its cure (by mail, or on the phone when it came in by phone), a cancelled one the customer's last word.
 */
export function planConversation(draw: Draw, given: Circumstances): Conversation {
  const first = given.channel === "mail" ? 0 : 1;
  const wantsDraft = given.state === 0 && (given.isDemo || draw.chance("draft", 0.2));
  const last = lastStep(draw, given, first, wantsDraft);
  const mails: PlannedMail[] = [];
  let at = given.createdAt;
  for (let step = first; step <= last; step++) {
    const isOutgoing = step % 2 === 1;
    const isDraft = wantsDraft && step === last && isOutgoing;
    const latest = given.asOf - 10 * minuteMs;
    const next = step === 0 ? at : timeOf(draw, given, step, at);
    // A draft waits for somebody who sends it, whatever the hour.
    if (next > latest && !isDraft) break;
    at = Math.min(next, latest);
    mails.push({ step, isOutgoing, isDraft, at });
  }
  const isCut = mails.length <= last - first;
  const worked = deskTime(
    at + 20 * minuteMs + square(draw.unit("closing")) * 60 * hourMs,
    given.deskOffset,
  );
  // What would have been closed after the present is open still.
  if (given.state === 0 || isCut || worked > given.asOf - 15 * minuteMs)
    return { mails, state: 0, closedAt: given.asOf };
  return { mails, state: given.state, closedAt: worked };
}

function lastStep(draw: Draw, given: Circumstances, first: number, wantsDraft: boolean): number {
  const { state, channel } = given;
  const many = given.isDemo ? 2 : draw.weighted("mails", howMany);
  let last = first + many - 1;
  if (channel === "mail") last = Math.max(last, 0);
  if (state === 0) {
    const endsWithDesk = wantsDraft || given.isWaiting;
    return endsWithDesk && last % 2 === 0 ? last + 1 : last;
  }
  // A case of the phone can be solved on the phone.
  if (state === 1 && channel !== "phone") last = Math.max(last, 1);
  // After the cure, only the customer's thanks may come; a cancelled case ends with the customer's word.
  if (state === 1 && last > 3 && last % 2 === 1) return last + 1;
  if (state === 2 && last > 0 && last % 2 === 1) return last + 1;
  return last;
}

/** The desk answers within hours, the customer within a day or two; nobody at night. */
function timeOf(draw: Draw, given: Circumstances, step: number, before: number): number {
  const slowly = square(draw.unit(`delay${step}`));
  return step % 2 === 1
    ? deskTime(before + 12 * minuteMs + slowly * 14 * hourMs, given.deskOffset)
    : customerTime(before + 25 * minuteMs + slowly * 48 * hourMs, given.customerOffset);
}
