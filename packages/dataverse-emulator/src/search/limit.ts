import { DataverseError, type World } from "../model";
import { switchesOf } from "../switches";

const last = new WeakMap<World["db"], Map<string, number>>();

/** One search a second for each user, counted by a clock that tests may bring. */
export function demandTurn(
  world: Pick<World, "db">,
  userId: string,
  clock: () => number = () => performance.now(),
): void {
  const { searchesPerSecond } = switchesOf(world);
  if (searchesPerSecond === 0) return;
  let users = last.get(world.db);
  if (users === undefined) {
    users = new Map();
    last.set(world.db, users);
  }
  const now = clock();
  const wait = 1_000 / searchesPerSecond;
  const before = users.get(userId);
  if (before !== undefined && now - before < wait) {
    throw new DataverseError(
      429,
      "0x80072322",
      `Number of requests exceeded the limit of ${searchesPerSecond} over time window of 1 seconds.`,
      { "Retry-After": String(Math.ceil((wait - (now - before)) / 1_000)) },
    );
  }
  users.set(userId, now);
}

/** Refuses as an environment does in which search is not enabled. */
export function demandEnabled(world: Pick<World, "db">): void {
  if (switchesOf(world).search) return;
  throw new DataverseError(
    403,
    "0x80048d0b",
    "Dataverse search is not enabled for this organization.",
  );
}
