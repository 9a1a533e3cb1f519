/**
 * Where the characters of a GUID without dashes stand in SQL Server's order: its last six bytes count first.
 *
 * @see https://learn.microsoft.com/sql/connect/ado-net/sql/compare-guid-uniqueidentifier-values
 */
const order: readonly (readonly [from: number, to: number])[] = [
  [20, 32],
  [16, 20],
  [14, 16],
  [12, 14],
  [10, 12],
  [8, 10],
  [6, 8],
  [4, 6],
  [2, 4],
  [0, 2],
];

/** A GUID as a number that is the greater the later the service sorts it. */
export function orderOfGuid(guid: string): bigint {
  const digits = guid.replaceAll("-", "");
  return BigInt(`0x${order.map(([from, to]) => digits.slice(from, to)).join("")}`);
}

export function guidOfOrder(number: bigint): string {
  const digits = number.toString(16).padStart(32, "0");
  const parts: string[] = [];
  let at = 0;
  for (const [from, to] of order) {
    parts[from / 2] = digits.slice(at, at + to - from);
    at += to - from;
  }
  const plain = parts.join("");
  return [
    plain.slice(0, 8),
    plain.slice(8, 12),
    plain.slice(12, 16),
    plain.slice(16, 20),
    plain.slice(20),
  ].join("-");
}
