export const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** 0 is Sunday; the first of January 1970 was a Thursday. */
const weekdayOf = (day: number) => (day + 4) % 7;

const isWorkday = (day: number) => weekdayOf(day) !== 0 && weekdayOf(day) !== 6;

/**
 * The time itself when the desk is open then (Monday to Friday, 8 to 17:30), else in the first two hours after it opens again.
 *
 * @param at in ms
 * @param utcOffset hours of the desk from UTC
 */
export function deskTime(at: number, utcOffset: number): number {
  const local = at + utcOffset * hourMs;
  let day = Math.floor(local / dayMs);
  const time = local - day * dayMs;
  if (isWorkday(day) && time >= 8 * hourMs && time < 17.5 * hourMs) return at;
  if (!isWorkday(day) || time >= 17.5 * hourMs) day++;
  while (!isWorkday(day)) day++;
  return day * dayMs + 8 * hourMs + (local % (2 * hourMs)) - utcOffset * hourMs;
}

/** The same for a customer, who writes on any day between seven and ten at night. */
export function customerTime(at: number, utcOffset: number): number {
  const local = at + utcOffset * hourMs;
  const day = Math.floor(local / dayMs);
  const time = local - day * dayMs;
  if (time >= 7 * hourMs && time < 22 * hourMs) return at;
  const morning = time < 7 * hourMs ? day : day + 1;
  return morning * dayMs + 7 * hourMs + (local % (3 * hourMs)) - utcOffset * hourMs;
}

/** So many hours later, Saturdays and Sundays not counted. */
export function workdaysLater(at: number, hours: number): number {
  let left = hours * hourMs;
  let time = at;
  while (left > 0) {
    const day = Math.floor(time / dayMs);
    const rest = (day + 1) * dayMs - time;
    const step = Math.min(rest, isWorkday(day) ? left : rest);
    if (isWorkday(day)) left -= step;
    time += step;
  }
  return time;
}

/** So many hours earlier, Saturdays and Sundays not counted. */
export function workdaysEarlier(at: number, hours: number): number {
  let left = hours * hourMs;
  let time = at;
  while (left > 0) {
    const day = Math.ceil(time / dayMs) - 1;
    const rest = time - day * dayMs;
    const step = Math.min(rest, isWorkday(day) ? left : rest);
    if (isWorkday(day)) left -= step;
    time -= step;
  }
  return time;
}
