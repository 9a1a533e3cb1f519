import { expect, test } from "@jest/globals";
import type { Dataverse } from "../../../../shared/dataverse";
import { AppError } from "../../../../shared/errors";
import { inLine } from "../../../../shared/service/schema/schema-writes";

/** All that the line knows of an environment is which one it is. */
const environment = () => ({ metadata: { environment: {} } }) as unknown as Dataverse;
const open = () => new AbortController().signal;
const never = () => new Promise<never>(() => {});

test("a change that hangs costs the next one a short stay, and no deadline", async () => {
  const dataverse = environment();
  void inLine(dataverse, open(), never);
  const began: number[] = [];
  const changes = [1, 2].map((n) => inLine(dataverse, open(), async () => began.push(n), 20));
  await Promise.all(changes);
  expect(began).toEqual([1, 2]);
});

test("a change whose time is over in the line has not begun, and says why by the call's own words", async () => {
  const dataverse = environment();
  void inLine(dataverse, open(), never);
  const call = new AbortController();
  let hasBegun = false;
  const change = inLine(
    dataverse,
    call.signal,
    async () => {
      hasBegun = true;
    },
    60_000,
  );
  call.abort(new AppError("timeout", "The call took too long."));
  await expect(change).rejects.toThrow("The call took too long.");
  expect(hasBegun).toBe(false);
});

test("changes go one after the other, and one that fails lets the next begin", async () => {
  const dataverse = environment();
  const order: string[] = [];
  const change = (name: string, fails: boolean) =>
    inLine(dataverse, open(), async () => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
      if (fails) throw new Error(name);
    }).catch(() => undefined);
  await Promise.all([change("a", true), change("b", false), change("c", true)]);
  expect(order).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});
