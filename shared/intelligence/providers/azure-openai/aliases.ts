/** Opaque names for ids: a model sees `A1`, never a GUID, and can name nothing that was not shown to it. */
export interface Aliases<T> {
  readonly names: readonly string[];
  nameOf(item: T): string;
  /** Undefined for a name that was not given out. */
  itemOf(name: string): T | undefined;
}

/** @param prefix letters before the number: `A` gives `A1`, `A2`… */
export function createAliases<T>(prefix: string, items: readonly T[]): Aliases<T> {
  const byName = new Map(items.map((item, index) => [`${prefix}${index + 1}`, item]));
  const byItem = new Map([...byName].map(([name, item]) => [item, name]));
  return {
    names: [...byName.keys()],
    nameOf: (item) => byItem.get(item) ?? "",
    itemOf: (name) => byName.get(name),
  };
}
