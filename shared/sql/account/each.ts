import type { Account } from "./account";

/**
 * Visits items in order, with the account looked after in between, the more often the more each weighs. The loop itself is a plain function, because the
 * engine runs a long loop inside an async one several times slower.
 */
export async function each<T>(
  items: readonly T[],
  account: Account,
  visit: (item: T) => void,
  weight = 1,
): Promise<void> {
  for (let at = 0; at < items.length; ) {
    at = visitSome(items, at, account, visit, weight);
    if (account.isDue) await account.pause();
  }
}

/** Visits until the account is due; gives the position behind the last one visited. */
function visitSome<T>(
  items: readonly T[],
  from: number,
  account: Account,
  visit: (item: T) => void,
  weight: number,
): number {
  let at = from;
  while (at < items.length) {
    visit(items[at] as T);
    at += 1;
    if (account.due(weight)) break;
  }
  return at;
}
