import type { Dataverse, Table } from "../../dataverse";
import { AppError } from "../../errors";
import type { CallTime } from "../outcome/call-time";
import { wishOf } from "../outcome/unclear-creations";
import { findTable } from "../record/find-table";
import { type Item, readRecordValues } from "../record/values/record-values";
import { createOnce } from "../record/write/create-once";
import type { Asker, Written } from "./note";

export const activityTypes = ["phonecall", "task", "appointment"] as const;
export type ActivityType = (typeof activityTypes)[number];

/** What a person says of something that they did or will do about a case. */
export interface ActivityWish {
  readonly type: ActivityType;
  readonly caseId: string;
  /** The id that an unclear answer named. */
  readonly id?: string | undefined;
  readonly subject: string;
  readonly description?: string | undefined;
  readonly isDone: boolean;
  /** ISO 8601. Of a task, `end` is when it is due. */
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly minutes?: number | undefined;
  /** Of a phone call: the other side called. */
  readonly isIncoming: boolean;
  /** Who is called, or meets: names, addresses or records. */
  readonly people: readonly unknown[];
}

/** Status reasons of a phone call that is over. */
const callOver = { made: 2, received: 4 } as const;
const usualMinutes = 30;

/**
 * Writes an activity about a case, over at once where it is: its state is set together with it.
 *
 * @throws AppError `invalid` with every problem found; when it was not written, or when that is not known
 */
export async function writeActivity(
  dataverse: Dataverse,
  time: CallTime,
  asker: Asker,
  wish: ActivityWish,
): Promise<Written> {
  const table = await findTable(dataverse.metadata, wish.type);
  const { userId } = await dataverse.whoAmI();
  const item = itemOf(wish, { relatedTable: "systemuser", recordId: userId });
  const values = { ...(await readValues(dataverse, table, item)), id: wish.id };
  const known = wishOf(asker.environment, asker.objectId, wish.type, [item]);
  const { id } = await createOnce(dataverse, time, table, values, known, "recordId");
  return { id, notes: values.notes };
}

/** Columns in which an argument of the call is written. */
const argumentOf: Readonly<Record<string, string>> = {
  from: "with",
  to: "with",
  requiredattendees: "with",
  scheduledstart: "start",
  scheduledend: "end",
  actualdurationminutes: "minutes",
};

/** What is wrong is said of what the caller wrote, not of the columns that it goes to. */
async function readValues(dataverse: Dataverse, table: Table, item: Item) {
  try {
    return await readRecordValues(dataverse, table, item, "create");
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== "invalid") throw error;
    const problems = error.problems.map((problem) => {
      const [column = "", ...rest] = problem.split(":");
      const argument = argumentOf[column];
      return argument === undefined ? problem : [argument, ...rest].join(":");
    });
    throw new AppError("invalid", "Nothing was written: not everything is right.", {
      problems,
      hint: "Mend all of this and call again.",
    });
  }
}

function itemOf(wish: ActivityWish, me: Item): Item {
  const { type, subject, description, minutes, isDone } = wish;
  return {
    subject,
    ...(description === undefined ? {} : { description }),
    regardingobjectid: { relatedTable: "incident", recordId: wish.caseId },
    ...timesOf(wish),
    ...(minutes === undefined || type === "appointment" ? {} : { actualdurationminutes: minutes }),
    ...(type === "phonecall" ? sidesOf(wish, me) : {}),
    ...(type === "appointment" && wish.people.length > 0 ? { requiredattendees: wish.people } : {}),
    ...(isDone ? { statecode: "Completed" } : {}),
    ...(isDone && type === "phonecall"
      ? { statuscode: wish.isIncoming ? callOver.received : callOver.made }
      : {}),
  };
}

const sidesOf = ({ isIncoming, people }: ActivityWish, me: Item): Item => ({
  directioncode: !isIncoming,
  ...(isIncoming ? { from: people, to: [me] } : { from: [me], to: people }),
});

/** A meeting without an end takes the usual half hour. */
function timesOf({ type, start, end, minutes }: ActivityWish): Item {
  const from = start === undefined ? undefined : new Date(start);
  const isTime = from !== undefined && !Number.isNaN(from.getTime());
  const until =
    end ??
    (type === "appointment" && isTime
      ? new Date(from.getTime() + (minutes ?? usualMinutes) * 60_000).toISOString()
      : undefined);
  return {
    ...(start === undefined ? {} : { scheduledstart: start }),
    ...(until === undefined ? {} : { scheduledend: until }),
  };
}
