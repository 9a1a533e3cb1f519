import type { AuditRecord } from "../../shared/policy/audit";
import { tools } from "../../shared/tools";
import type { Answer } from "../support/whole-endpoint";
import { type Worker, words } from "./company";

const acting: ReadonlySet<string> = new Set(
  tools.filter(({ effect }) => effect !== "read").map(({ name }) => name),
);

interface Sum {
  calls: number;
  /** Calls of `update_record` that said that the change was made. */
  changes: number;
}

/** Counts what people did, and holds the records of the audit against it. */
export class Audited {
  readonly #sums = new Map<string, Sum>();

  /** Of a call that was answered. */
  saw({ objectId }: Worker, tool: string, { isError }: Answer): void {
    if (!acting.has(tool)) return;
    const key = `${objectId} ${tool}`;
    const sum = this.#sums.get(key) ?? { calls: 0, changes: 0 };
    sum.calls++;
    if (tool === "update_record" && !isError) sum.changes++;
    this.#sums.set(key, sum);
  }

  get calls(): number {
    return [...this.#sums.values()].reduce((all, { calls }) => all + calls, 0);
  }

  /** @returns what is missing, what is of nobody, and what holds words of a record */
  judge(records: readonly AuditRecord[]): readonly string[] {
    const wrong: string[] = [];
    const found = new Map<string, AuditRecord[]>();
    for (const record of records) {
      const key = `${record.person} ${record.tool}`;
      found.set(key, [...(found.get(key) ?? []), record]);
      const said = JSON.stringify(record).match(words);
      if (said !== null) wrong.push(`The record of ${key} holds ${said.join(", ")}.`);
    }
    for (const key of found.keys())
      if (!this.#sums.has(key)) wrong.push(`There is a record of ${key}, who called no such tool.`);
    for (const [key, { calls, changes }] of this.#sums) {
      const own = found.get(key) ?? [];
      if (own.length !== calls) wrong.push(`${key}: ${calls} calls, ${own.length} records`);
      const done = own.filter(({ outcome }) => outcome === "done");
      if (key.endsWith(" update_record") && done.length !== changes)
        wrong.push(`${key}: ${changes} changes, ${done.length} records of one`);
      const rowless = done.filter(({ acts }) => acts.every(({ rows }) => rows.length === 0));
      if (rowless.length > 0) wrong.push(`${key}: ${rowless.length} records name no row`);
    }
    return wrong;
  }
}
