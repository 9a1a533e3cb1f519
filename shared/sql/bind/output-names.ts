import type { PlanColumn } from "../expression/expression";

interface Named {
  readonly name: string | undefined;
  readonly column: PlanColumn;
  readonly isAliased: boolean;
}

/** Columns of one name that a note tells each; more are counted. */
const toldSingly = 5;

/** The names of a result: no two alike. */
export class OutputNames {
  readonly #notes: Set<string>;
  readonly #wanted: ReadonlySet<string>;
  readonly #taken = new Set<string>();
  /** The number behind the last column of a name. */
  readonly #numbers = new Map<string, number>();
  #renamed = 0;

  constructor(items: readonly Named[], notes: Set<string>) {
    this.#notes = notes;
    this.#wanted = new Set(items.map(({ name }) => name).filter((name) => name !== undefined));
  }

  nameOf(item: Named): string {
    const name = this.#find(item);
    this.#taken.add(name);
    return name;
  }

  /** `statecodename` beside `statecode`; undefined where the query has a column of that name itself. */
  companionName(name: string): string | undefined {
    const extra = `${name}name`;
    if (this.#taken.has(extra) || this.#wanted.has(extra)) return undefined;
    this.#taken.add(extra);
    return extra;
  }

  #find({ name: written, column, isAliased }: Named): string {
    const base = written ?? "column";
    if (!this.#taken.has(base)) return base;
    const ref = isAliased ? undefined : column.origin?.ref;
    let name = ref ? `${ref}.${base}` : `${base}2`;
    while (this.#taken.has(name)) {
      const number = (this.#numbers.get(base) ?? 2) + 1;
      this.#numbers.set(base, number);
      name = `${base}${number}`;
    }
    this.#renamed += 1;
    if (this.#renamed <= toldSingly) {
      this.#notes.add(
        `Two columns are called '${base}'; the second is here '${name}'. Use AS to name it.`,
      );
    }
    return name;
  }

  /** What `nameOf` did not say singly. */
  tell(): void {
    const more = this.#renamed - toldSingly;
    if (more > 0) this.#notes.add(`${more} more columns of equal names were numbered.`);
  }
}
