import { randomInt } from "node:crypto";
import type { Database, EntityDefinition, SqlValue } from "../model";
import { quote } from "../store";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * Fills the columns with an autonumber format that have no value: `CAS-{SEQNUM:5}-{RANDSTRING:6}`.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/create-auto-number-attributes
 */
export function fillNumbers(
  db: Database,
  entity: EntityDefinition,
  columns: Record<string, SqlValue>,
  now: Date,
): void {
  for (const { logicalName, autoNumberFormat } of entity.attributes) {
    if (autoNumberFormat === undefined || columns[logicalName]) continue;
    columns[logicalName] = autoNumberFormat.replace(
      /\{(SEQNUM|RANDSTRING|DATETIMEUTC):([^}]+)\}/g,
      (_, kind: string, argument: string) => {
        if (kind === "SEQNUM")
          return String(nextNumber(db, entity.logicalName, logicalName, autoNumberFormat)).padStart(
            Number(argument),
            "0",
          );
        if (kind === "RANDSTRING")
          return Array.from(
            { length: Number(argument) },
            () => letters[randomInt(letters.length)],
          ).join("");
        return formatTime(now, argument);
      },
    );
  }
}

function nextNumber(db: Database, entity: string, column: string, format: string): number {
  const name = `${entity}.${column}`;
  const row = db
    .prepare('UPDATE "__sequence" SET value = value + 1 WHERE name = ? RETURNING value')
    .get(name);
  if (row !== undefined) return Number(row.value);
  // Begins behind the highest number there is, or at the service's own first number.
  const prefix = format.slice(0, format.indexOf("{"));
  const highest = db
    .prepare(
      `SELECT max(CAST(substr(${quote(column)}, ?) AS INTEGER)) AS top FROM ${quote(entity)} WHERE ${quote(column)} LIKE ? || '%'`,
    )
    .get(prefix.length + 1, prefix);
  const first = Math.max(Number(highest?.top ?? 0) + 1, 1_000);
  db.prepare('INSERT INTO "__sequence" (name, value) VALUES (?, ?)').run(name, first);
  return first;
}

const formatTime = (now: Date, pattern: string) => {
  const [date = "", time = ""] = now.toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  const [hour = "", minute = "", second = ""] = time.slice(0, 8).split(":");
  const parts: Readonly<Record<string, string>> = {
    yyyy: year,
    MM: month,
    dd: day,
    HH: hour,
    hh: hour,
    mm: minute,
    ss: second,
  };
  return pattern.replace(/yyyy|MM|dd|HH|hh|mm|ss/g, (part) => parts[part] ?? part);
};
