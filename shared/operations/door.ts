import type { Dataverse, DataverseRequest, WriteDoor } from "../dataverse";
import {
  beyondApproval,
  ConsentNeeded,
  changedSince,
  DryRun,
  type Permit,
  refusedHere,
} from "../policy/consent";
import type { Change, Consequence } from "../policy/consequences/consequence";
import { consequencesOf } from "../policy/consequences/consequences";
import { readChange } from "../policy/consequences/read-change";
import { type Asked, classOf, type Grade, type Grades, graver, isAbove } from "../policy/grades";
import { guardedByDefault } from "../policy/guarded-tables";
import type { Fact } from "../policy/preview";
import type { Counts } from "./counts";
import { digestOf, fingerprintOf } from "./digest";
import { previewOf } from "./previews/preview-of";
import { readLive } from "./read-live";

export interface DoorOptions {
  readonly grades: Grades;
  readonly counts: Counts;
  /** Object id of the person for whom is acted. */
  readonly person: string;
  /** The yes that this call brings; undefined where it brings none. */
  readonly permit?: Permit | undefined;
  /** The call is one of several in its request: what is done in numbers is looked at by a person. */
  readonly isOneOfSeveral: boolean;
  /** Nothing is to be done, only shown. */
  readonly isDry: boolean;
}

interface Part {
  readonly change: Change;
  /** The same change set makes the row. */
  readonly isMadeWith: boolean;
}

interface Judged {
  readonly change: Change;
  readonly consequences: readonly Consequence[];
}

/**
 * The one door between tools and what Dataverse stores, made for each call: whatever way a write takes, it is judged here by what
 * it does, and passes when the yes that it takes was given. A tool that makes several announces them first, so that none is made
 * before all are asked for.
 */
export class Door implements WriteDoor {
  readonly #options: DoorOptions;
  readonly #passed = new Set<string>();
  #permit: Permit | undefined;
  #isUsed = false;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#permit = options.permit;
  }

  /** The yes that was given was used: something was done on it, or was about to be. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  async admit(
    dataverse: Dataverse,
    requests: readonly DataverseRequest[],
    more: readonly Fact[] = [],
  ): Promise<void> {
    const changes = await this.#changes(dataverse, requests);
    const isNew = changes.some(({ change }) => !this.#passed.has(fingerprintOf(change)));
    if (!isNew) return;
    const judged = await Promise.all(
      changes.map(async ({ change, isMadeWith }) => {
        const live = await readLive(dataverse, change);
        return { change, consequences: consequencesOf(change, { ...live, isMadeWith }) };
      }),
    );
    await this.#judge(dataverse, judged, more);
    for (const { change } of changes) this.#passed.add(fingerprintOf(change));
  }

  async #judge(
    dataverse: Dataverse,
    judged: readonly Judged[],
    more: readonly Fact[],
  ): Promise<void> {
    const { isDry } = this.#options;
    const all = judged.flatMap(({ consequences }) => consequences);
    const own = all.map((each) => this.#gradeOf(each)).reduce(graver, "none");
    if (own === "refused") throw refusedHere();
    const isAct = isAbove(own, "none") || isCountedAct(all);
    const several = this.#options.isOneOfSeveral && isAct ? this.#gradeOf("many") : "none";
    const grade = graver(own, several);
    if (isDry) {
      const { previews, digest } = await this.#show(dataverse, judged, more);
      throw new DryRun(grade, previews, digest);
    }
    const many = this.#gradeOf("many");
    const permit = this.#permit;
    const isEnough = permit !== undefined && !isAbove(grade, permit.grade);
    if (isEnough && (await this.#show(dataverse, judged, more)).digest === permit.digest) {
      if (!(await this.#count(judged)) && isAbove(many, permit.grade))
        throw await this.#need(dataverse, many, judged, more);
      this.#permit = undefined;
      this.#isUsed = true;
      await permit.claim();
      return;
    }
    if (grade === "none") {
      // What a call has begun it ends: half a change, told as none, would be worse than one above the number. The next call asks.
      const isBegun = this.#passed.size > 0;
      if ((await this.#count(judged)) || many === "none" || isBegun) return;
      throw await this.#need(dataverse, many, judged, more);
    }
    if (isEnough) throw changedSince();
    if (this.#isUsed) throw beyondApproval();
    throw await this.#need(dataverse, grade, judged, more);
  }

  async #need(
    dataverse: Dataverse,
    grade: Grade,
    judged: readonly Judged[],
    more: readonly Fact[],
  ): Promise<ConsentNeeded> {
    const { previews, digest } = await this.#show(dataverse, judged, more);
    return new ConsentNeeded(grade, previews, digest);
  }

  /** What is shown, and the digest of that and of what would be done: what was said yes to is this and nothing else. */
  async #show(dataverse: Dataverse, judged: readonly Judged[], more: readonly Fact[]) {
    const shown = await Promise.all(
      judged.map(({ change, consequences }) =>
        previewOf(dataverse, change, consequences, this.#gravest(consequences), more),
      ),
    );
    return {
      previews: shown.map(({ preview }) => preview),
      digest: digestOf([judged, shown], madeHere(judged)),
    };
  }

  #gradeOf(asked: Asked): Grade {
    return this.#options.grades.gradeOf(asked);
  }

  #gravest(consequences: readonly Consequence[]): Consequence {
    return consequences.reduce<Consequence>(
      (worst, each) => (isAbove(this.#gradeOf(worst), this.#gradeOf(each)) ? worst : each),
      consequences[0] ?? "unknown",
    );
  }

  /** Each change counts, however many come together. */
  async #count(judged: readonly Judged[]): Promise<boolean> {
    const counts = judged.flatMap(({ consequences }) => classOf(consequences) ?? []);
    const reserved = await Promise.all(
      counts.map((counted) => this.#options.counts.reserve(this.#options.person, counted)),
    );
    return reserved.every(Boolean);
  }

  async #changes(dataverse: Dataverse, requests: readonly DataverseRequest[]): Promise<Part[]> {
    const tables = await dataverse.metadata.tables();
    const bySet = new Map([
      ...Object.entries(guardedByDefault).map(
        ([table, set]) => [set.toLowerCase(), table] as const,
      ),
      ...tables.map((table) => [table.setName.toLowerCase(), table.logicalName] as const),
    ]);
    return requests.flatMap((request) => {
      const parts = request.changeSet ?? [request];
      const changes = parts.map((part) => readChange(part, (set) => bySet.get(set)));
      return changes.map((change) => ({
        change,
        // Within a change set alone: where the row is not made, it is not changed either.
        isMadeWith: changes.some((other) => makes(other, change)),
      }));
    });
  }
}

/** True when `one` makes the row that `other` goes on to change. */
const makes = (one: Change, other: Change): boolean =>
  one !== other &&
  one.kind === "create" &&
  other.kind === "update" &&
  one.id !== undefined &&
  one.id === other.id &&
  one.table === other.table;

/** Ids that rows get which are yet to be made: drawn anew by each call, so that they tell nothing. */
const madeHere = (judged: readonly Judged[]): string[] =>
  judged.flatMap(({ change: { kind, id } }) => (kind === "create" && id !== undefined ? [id] : []));

/** What goes by itself one at a time, and not in a batch. */
const isCountedAct = (all: readonly Consequence[]): boolean => {
  const counted = classOf(all);
  return counted !== undefined && counted !== "updates";
};
