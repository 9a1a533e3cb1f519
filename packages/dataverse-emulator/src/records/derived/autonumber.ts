import { randomInt } from "node:crypto";
import type { Database, EntityDefinition, SqlValue } from "../../model";
import { quote } from "../../store";

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

/** The .NET patterns of a UTC time that an autonumber format may hold. */
function formatTime(now: Date, pattern: string): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth() + 1, now.getUTCDate()];
  const [hour, minute, second] = [now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()];
  const half = hour % 12 === 0 ? 12 : hour % 12;
  const parts: Readonly<Record<string, string>> = {
    yyyy: String(year),
    yy: two(year % 100),
    MM: two(month),
    M: String(month),
    dd: two(day),
    d: String(day),
    HH: two(hour),
    H: String(hour),
    hh: two(half),
    h: String(half),
    mm: two(minute),
    m: String(minute),
    ss: two(second),
    s: String(second),
    fff: String(now.getUTCMilliseconds()).padStart(3, "0"),
    tt: hour < 12 ? "AM" : "PM",
  };
  return pattern.replace(/yyyy|yy|MM?|dd?|HH?|hh?|mm?|ss?|fff|tt/g, (part) => parts[part] ?? part);
}
