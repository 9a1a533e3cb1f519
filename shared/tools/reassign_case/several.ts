import type { Context } from "../../context";
import type { DataverseRequest, Table } from "../../dataverse";
import { AppError } from "../../errors";
import { findIncident } from "../../service/case/find-case-row";
import { mayBeDone } from "../../service/outcome/settle";
import { readQueuePlace } from "../../service/overview/standing";
import { textOf } from "../../service/record/optional-read";
import { type Changed, changeEach } from "../../service/record/write/change-each";
import { noneChanged } from "../../service/record/write/none-changed";
import {
  type Handed,
  type HandOver,
  handOver,
  handOverRequests,
} from "../../service/routing/hand-over";
import type { NamedTarget } from "../../service/routing/read-target";
import { recordLine, recordWord } from "../../text/records/record-text";

interface Case extends Handed {
  readonly number: string;
  readonly isOpen: boolean;
}

/** All are found before the first goes over; what was not done is said first. */
export async function reassignSeveral(
  context: Context,
  table: Table,
  said: readonly string[],
  target: NamedTarget,
  note: string | undefined,
) {
  const { dataverse, settings, caller } = context;
  const cases = await findAll(context, said);
  const open = cases.filter(({ isOpen }) => isOpen);
  dataverse.demand("hand-over of the cases", open.length * 6);
  const planned: DataverseRequest[] = [];
  for (const each of open) {
    const place = await readQueuePlace(dataverse, each.id);
    planned.push(...(await handOverRequests(dataverse, table, each, place, target)));
  }
  // Whoever has to say yes does so to all of them, before the first goes over.
  if (planned.length > 0) await dataverse.announce(planned);
  const asker = { environment: settings.dataverseUrl, objectId: caller.objectId };
  const done = new Map<string, HandOver>();
  const byId = new Map(cases.map((each) => [each.id, each]));
  const changed = await changeEach([...byId.keys()], context, async (id) => {
    const each = byId.get(id);
    if (each === undefined) return;
    if (!each.isOpen) throw new AppError("conflict", "The case is closed.");
    done.set(id, await handOver(dataverse, context, asker, table, each, target, note));
  });
  const numberOf = (id: string) => byId.get(id)?.number ?? id;
  const left = changed.filter(({ outcome }) => outcome !== "done");
  const over = changed.filter(({ outcome }) => outcome === "done");
  if (over.length === 0) throw noneOf(left, numberOf);
  const unnoted = [...done].filter(([, { noteFailed }]) => noteFailed !== undefined);
  const there = [...done].filter(([, { is }]) => is === "there");
  const isNoted = note !== undefined && unnoted.length === 0;
  return {
    text: [
      ...(left.length === 0 ? [] : [`${left.length} of ${changed.length} cases were NOT moved:`]),
      ...left.map((each) => `- ${leftWords(each, numberOf)}`),
      ...unnotedWords(unnoted, numberOf),
      `${over.length} of ${changed.length} cases are with ${target.table} ${recordLine(target.name)} now: ${over.map(({ recordId }) => recordWord(numberOf(recordId))).join(", ")}.`,
      ...(there.length === 0
        ? []
        : [
            `Of these ${listOf(there, numberOf)} ${there.length === 1 ? "was" : "were"} there before and not moved.`,
          ]),
    ].join("\n"),
    details: [
      ...(isNoted ? ["The handover note is on each."] : []),
      ...new Set([...done.values()].flatMap(({ notes }) => notes)),
    ].join("\n"),
    structured: {
      records: changed.map(({ recordId, outcome, why }) => ({
        recordId,
        caseNumber: numberOf(recordId),
        outcome: done.get(recordId)?.is ?? outcome,
        ...(why === undefined ? {} : { why }),
      })),
      target: { table: target.table, id: target.id, name: target.name },
      isNoted,
    },
  };
}

/** @throws AppError `invalid` with every name that is no case's */
async function findAll({ dataverse }: Context, said: readonly string[]): Promise<readonly Case[]> {
  const found = new Map<string, Case>();
  const problems: string[] = [];
  for (const each of said) {
    try {
      const row = await findIncident(dataverse, { incidentId: each }, [
        "statecode",
        "_ownerid_value",
      ]);
      const id = String(row.incidentid);
      found.set(id, {
        id,
        number: textOf(row.ticketnumber) ?? "",
        ownerId: textOf(row._ownerid_value),
        isOpen: row.statecode === 0,
      });
    } catch (error) {
      if (!(error instanceof AppError) || (error.kind !== "invalid" && error.kind !== "not_found"))
        throw error;
      problems.push(error.message, ...error.problems);
    }
  }
  if (problems.length === 0) return [...found.values()];
  throw new AppError("invalid", "Not every case was found. Nothing was moved.", {
    problems,
    hint: "Mend that, and call again with all of them.",
  });
}

type NumberOf = (id: string) => string;

const listOf = (some: readonly (readonly [string, HandOver])[], numberOf: NumberOf): string =>
  some.map(([id]) => recordWord(numberOf(id))).join(", ");

function unnotedWords(unnoted: readonly (readonly [string, HandOver])[], numberOf: NumberOf) {
  if (unnoted.length === 0) return [];
  const isOpen = unnoted.some(([, { noteFailed }]) => noteFailed && mayBeDone(noteFailed));
  const missing = isOpen
    ? "The handover note was NOT written, or is not known to be written, on"
    : "The handover note was NOT written on";
  return [
    `${missing} ${listOf(unnoted, numberOf)}; the same call writes what is missing, or create_note.`,
  ];
}

const leftWords = ({ recordId, outcome, why }: Changed, numberOf: NumberOf): string =>
  `${recordWord(numberOf(recordId))}: ${outcome}${why === undefined ? "" : `; ${why}`}`;

const noneOf = (left: readonly Changed[], numberOf: NumberOf) =>
  noneChanged(left, {
    none: `None of ${left.length} cases was moved.`,
    open: `Of ${left.length} cases none is known to be moved.`,
    lines: left.map((each) => leftWords(each, numberOf)),
    again: "The same call can be made again: a case that went over after all is left as it is.",
    mend: 'Mend what is said, and call again; update_record with {"statecode": "Active"} reopens a closed case.',
  });
