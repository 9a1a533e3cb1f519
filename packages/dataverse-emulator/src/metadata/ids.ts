/** Spreads the bits of one running hash into another 32-bit word. */
function mixed(hash: number): string {
  let value = hash ^ (hash >>> 16);
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  value = Math.imul(value, 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0).toString(16).padStart(8, "0");
}

/**
 * A GUID that follows from names alone, so that `MetadataId`s are the same on every machine and start.
 * Two FNV-1a runs with different seeds, spread over four words; the shape is that of a version 4 GUID.
 */
export function metadataIdOf(...names: string[]): string {
  const text = names.join("/").toLowerCase();
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= mostKnown) known.clear();
  const id = idOf(text);
  known.set(text, id);
  return id;
}

/** Every answer with definitions names thousands of the same. */
const known = new Map<string, string>();
const mostKnown = 50_000;

function idOf(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x9e3779b1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x01000193) + 1;
  }
  const hex = mixed(one) + mixed(other) + mixed(one ^ 0x5bd1e995) + mixed(other + one);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Ids of a table's columns: the table's own id in front, so that only the column's name is hashed. Start-up makes thousands. */
export function attributeIdOf(tableId: string, logicalName: string): string {
  let one = 0x811c9dc5;
  let other = 0x9e3779b1;
  for (let index = 0; index < logicalName.length; index++) {
    const code = logicalName.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x85ebca6b) + 1;
  }
  const low = (other ^ (other >>> 16)) & 0xffff;
  const high = (one ^ (one >>> 15)) >>> 0;
  return `${tableId.slice(0, 24)}${(high * 0x10000 + low).toString(16).padStart(12, "0")}`;
}
