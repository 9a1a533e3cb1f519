import { WINDOWS_TO_IANA_MAP } from "windows-iana";

/** The clock of one time zone. */
export interface Zone {
  /** Minutes east of UTC at a moment of UTC, in milliseconds. */
  offsetAt(utcMs: number): number;
}

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

const zones = new Map<string, Zone | undefined>();

/**
 * A time zone by the name that Windows gives it (`W. Europe Standard Time`), which is what T-SQL takes, or by its IANA name
 * (`Europe/Berlin`); undefined for no zone.
 */
export function zoneByName(name: string): Zone | undefined {
  const key = name.trim().toLowerCase();
  if (zones.has(key)) return zones.get(key);
  const zone = makeZone(name.trim());
  // Names come from queries: only those that exist are kept.
  if (zone) zones.set(key, zone);
  return zone;
}

/** The zone of the world as a whole (territory 001) for each of Windows' names. */
let byWindowsName: ReadonlyMap<string, string> | undefined;

function ianaOf(name: string): string {
  byWindowsName ??= new Map(
    WINDOWS_TO_IANA_MAP.filter(({ territory }) => territory === "001").map(
      ({ windowsName, iana }) => [windowsName.toLowerCase(), String(iana[0] ?? "")],
    ),
  );
  return byWindowsName.get(name.toLowerCase()) ?? name;
}

function makeZone(name: string): Zone | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: ianaOf(name),
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      era: "short",
    });
  } catch (error) {
    // Intl's way of saying that there is no such zone.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  // A zone changes its offset at full quarters of an hour only, so that one answer serves many rows.
  const known = new Map<number, number>();
  return {
    offsetAt(utcMs) {
      const quarter = Math.floor(utcMs / quarterMs);
      let offset = known.get(quarter);
      if (offset === undefined) {
        if (known.size > 20_000) known.clear();
        offset = readOffset(format, quarter * quarterMs);
        known.set(quarter, offset);
      }
      return offset;
    },
  };
}

function readOffset(format: Intl.DateTimeFormat, utcMs: number): number {
  const at: Record<string, number> = {};
  let before = false;
  for (const { type, value } of format.formatToParts(utcMs)) {
    if (type === "era") before = value.startsWith("B");
    else if (type !== "literal") at[type] = Number(value);
  }
  const local = new Date(0);
  local.setUTCFullYear(
    before ? 1 - (at.year ?? 1) : (at.year ?? 1970),
    (at.month ?? 1) - 1,
    at.day ?? 1,
  );
  local.setUTCHours(at.hour ?? 0, at.minute ?? 0, at.second ?? 0);
  return Math.round((local.getTime() - utcMs) / minuteMs);
}

export interface Placed {
  /** Milliseconds of the clock, moved out of the gap where there is no such time. */
  readonly localMs: number;
  readonly offset: number;
}

/**
 * Which moment a clock of the zone means by a time. A time that occurs twice is the first of the two; one that is left out when clocks go
 * forward is moved by as much as they are.
 */
export function placeInZone(zone: Zone, localMs: number): Placed {
  const dayMs = 86_400_000;
  const before = zone.offsetAt(localMs - dayMs);
  const after = zone.offsetAt(localMs + dayMs);
  if (zone.offsetAt(localMs - before * minuteMs) === before) return { localMs, offset: before };
  if (zone.offsetAt(localMs - after * minuteMs) === after) return { localMs, offset: after };
  return { localMs: localMs + (after - before) * minuteMs, offset: after };
}
