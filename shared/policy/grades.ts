import { type Consequence, consequenceNames } from "./consequences/consequence";

/**
 * Whose yes a write takes. `none`: nobody's. `model`: the model's, after it was shown what would happen. `client`: what the
 * client asks its user for. `person`: a signed-in person's, at the approval page, which the model does not hold. `refused`: it is
 * not done from here.
 */
export type Grade = "none" | "model" | "client" | "person" | "refused";
export const gradeNames: readonly Grade[] = ["none", "model", "client", "person", "refused"];

/** What is asked for by effect, and `many`: more in an hour than goes by itself, or several in one batch. */
export type Asked = Consequence | "many";

interface Rule {
  readonly grade: Grade;
  /** The least that an administrator may ask for. */
  readonly lowest: Grade;
}

const rule = (grade: Grade, lowest: Grade): Rule => ({ grade, lowest });

export const gradeRules: Readonly<Record<Asked, Rule>> = {
  create: rule("none", "none"),
  update: rule("none", "none"),
  reopen: rule("none", "none"),
  resolve: rule("none", "none"),
  assign: rule("model", "none"),
  share: rule("model", "none"),
  address: rule("model", "none"),
  "resolve-with-open": rule("model", "none"),
  cancel: rule("model", "none"),
  state: rule("model", "none"),
  agent: rule("client", "model"),
  reply: rule("client", "model"),
  send: rule("person", "client"),
  publish: rule("person", "client"),
  merge: rule("person", "client"),
  delete: rule("person", "client"),
  schema: rule("person", "client"),
  "schema-delete": rule("person", "client"),
  unknown: rule("person", "client"),
  many: rule("person", "client"),
  rights: rule("refused", "person"),
};

export const askedNames: readonly Asked[] = [...consequenceNames, "many"];

/** What this deployment asks for. */
export interface Grades {
  gradeOf(asked: Asked): Grade;
  /** Nothing but rights asks for more than the model's yes: the administrator trusts the clients to ask. */
  readonly trustsClient: boolean;
}

/** @param chosen grades that differ from the rules; none may be below its lowest */
export const gradesOf = (
  chosen: Partial<Readonly<Record<Asked, Grade>>> = {},
  trustsClient = false,
): Grades => ({
  trustsClient,
  gradeOf(asked) {
    const grade = chosen[asked] ?? gradeRules[asked].grade;
    return trustsClient && asked !== "rights" && isAbove(grade, "model") ? "model" : grade;
  },
});

export const isAbove = (one: Grade, other: Grade): boolean =>
  gradeNames.indexOf(one) > gradeNames.indexOf(other);

export const graver = (one: Grade, other: Grade): Grade => (isAbove(one, other) ? one : other);

/** Acts of one person in an hour that go without a person's yes; one more asks for it. */
export type CountedClass = "deletes" | "sends" | "resolves" | "updates";
export const countLimits: Readonly<Record<CountedClass, number>> = {
  deletes: 10,
  sends: 20,
  resolves: 30,
  updates: 200,
};

const classes: Partial<Readonly<Record<Consequence, CountedClass>>> = {
  delete: "deletes",
  reply: "sends",
  send: "sends",
  resolve: "resolves",
  reopen: "resolves",
  "resolve-with-open": "resolves",
  cancel: "resolves",
  state: "resolves",
  create: "updates",
  update: "updates",
  assign: "updates",
  share: "updates",
  address: "updates",
};

/** What an act is counted as: by the gravest of what it does. */
export const classOf = (consequences: readonly Consequence[]): CountedClass | undefined =>
  [...consequences].reverse().flatMap((each) => classes[each] ?? [])[0];
