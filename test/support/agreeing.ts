import type { BrowserPerson } from "./browser-person";

/** What an answer says of the yes that it waits for. */
export interface Approval {
  readonly state: string;
  readonly approvalId: string;
  readonly link?: string;
}

/**
 * A call whose user agrees: at the page where a person is asked for, by the call itself where the model's yes is enough.
 *
 * @param ask makes the call
 * @param approvalOf what an answer asks for; undefined where it asks for nothing
 */
export async function agreeing<T>(
  ask: (args: Record<string, unknown>) => Promise<T>,
  args: Record<string, unknown>,
  approvalOf: (answer: T) => Approval | undefined,
  browser: () => BrowserPerson,
): Promise<T> {
  const first = await ask(args);
  const approval = approvalOf(first);
  if (approval?.state !== "needed") return first;
  const { approvalId, link } = approval;
  // The yes of one call is not that of the next: whoever is over the hour's number is asked anew.
  if (link === undefined) return agreeing(ask, { ...args, approvalId }, approvalOf, browser);
  await browser().answer(link);
  return ask({ approvalId });
}
