import type { CaseHead, Named } from "../../service/overview/case-head";
import type { CaseOverview } from "../../service/overview/case-overview";
import type { OtherCases, Reach } from "../../service/overview/customer";
import type { ServiceTime } from "../../service/overview/standing";
import type { Timeline } from "../../service/overview/timeline";
import { joinLines } from "../../text";
import { recordRows, recordWord } from "../../text/records/record-text";

type Line = readonly string[];

/** To the minute, in UTC: `2026-11-24 19:00`. */
const minute = (at: string): string => at.slice(0, 16).replace("T", " ");

/**
 * The whole of a case in few lines: what presses stands first in our own words, then all that records hold within one pair of
 * marks, a line for each thing that begins with its name, and the next call last.
 */
export function overviewWords(overview: CaseOverview): { text: string; details: string } {
  const { head, drafts, others, timeline } = overview;
  const presses = [
    ...overview.times.flatMap(timeWords),
    ...(head.isEscalated ? ["It is escalated."] : []),
    ...drafts.slice(0, 3).map(({ id }) => `A draft waits, not sent: email ${id}.`),
  ];
  const lines = [
    ...headLines(head),
    ...partyLine("customer", head.customer, overview.customer),
    ...partyLine("contact", head.contact, overview.contact),
    ...timeLines(overview),
    ...placeLines(overview),
    ...resolutionLines(overview),
    ...otherLines(others),
    ...timeline.entries.map(({ at, kind, who, words, id, isOpen }) => [
      minute(at),
      kind,
      who,
      words,
      ...(isOpen && id !== undefined ? [id] : []),
    ]),
  ];
  return {
    text: [
      `Case ${recordWord(head.number)} (${head.id}). ${presses.join(" ")}`.trim(),
      recordRows(lines),
      ...restWords(timeline, others),
    ].join("\n"),
    details: nextWords(overview),
  };
}

function headLines(head: CaseHead): Line[] {
  const kinds = [head.type, head.origin, head.subject, head.product].filter((each) => each !== "");
  return [
    ["title", head.title],
    ["status", head.status, "priority", head.priority, "owner", head.owner?.name ?? "nobody"],
    ["type, origin, subject, product", ...kinds],
    ["created", minute(head.createdOn), head.createdBy],
    ["changed", minute(head.modifiedOn), head.modifiedBy],
    ...(head.description === "" ? [] : [["description", joinLines(head.description, " ")]]),
  ];
}

/** A promise that was kept or fell away needs nobody's eye. */
const timeState: Readonly<Record<ServiceTime["is"], string | undefined>> = {
  running: "SLA due",
  nearing: "SLA NEARS: due",
  late: "SLA LATE: was due",
  paused: "SLA paused: due",
  kept: undefined,
  cancelled: undefined,
};

function timeWords({ due, is }: ServiceTime): string[] {
  const state = timeState[is];
  return state === undefined || due === "" ? [] : [`${state} ${minute(due)} UTC.`];
}

/** Which promise is which is said where there are several. */
const timeLines = ({ times }: CaseOverview): Line[] =>
  times.length < 2 ? [] : times.map(({ name, due, is }) => ["SLA", name, is, minute(due)]);

function partyLine(word: string, who: Named | undefined, reach: Reach | undefined): Line[] {
  if (who === undefined) return [];
  const ways = [reach?.mail, reach?.phone, reach?.town].filter((each) => each);
  return [[word, who.name, who.table, who.id, ...ways.map(String)]];
}

const placeLines = ({ place, intent }: CaseOverview): Line[] => [
  ...(place === undefined
    ? []
    : [
        ["queue", place.queue, "since", minute(place.since), "picked by", place.worker ?? "nobody"],
      ]),
  ...(intent === undefined ? [] : [["intent", intent]]),
];

function resolutionLines({ head, resolution }: CaseOverview): Line[] {
  if (head.mergedInto !== undefined)
    return [["merged into", head.mergedInto.name, head.mergedInto.id]];
  if (resolution === undefined) return [];
  const { by, at, subject, note } = resolution;
  return [["resolved", minute(at), by, subject, note]];
}

const otherLines = (others: OtherCases | undefined): Line[] =>
  (others?.shown ?? []).map(({ number, title, status, createdOn }) => [
    "other case",
    number,
    title,
    status,
    createdOn.slice(0, 10),
  ]);

/** How much there is beside what is shown. */
function restWords({ hasMore, unreadable }: Timeline, others: OtherCases | undefined): string[] {
  return [
    ...(others === undefined
      ? []
      : [`Other cases of the customer: ${others.total}, ${others.open} of them open.`]),
    ...(hasMore
      ? ["Older entries of the timeline: read_query on activitypointer, annotation."]
      : []),
    ...(unreadable.length === 0 ? [] : [`You may not read its ${unreadable.join(", ")}.`]),
  ];
}

function nextWords({ head, drafts, timeline, place }: CaseOverview): string {
  const [draft] = drafts;
  if (head.mergedInto !== undefined) return `Next: get_case with ${head.mergedInto.id}.`;
  if (head.state !== 0)
    return 'Next: update_record with item {"statecode": "Active"} reopens it, if that is wanted.';
  if (draft !== undefined)
    return "Next: show the draft to the user; send_email sends it by its id.";
  if (place !== undefined && place.worker === undefined)
    return "Next: pick_case_from_queue takes it; get_next_suggestion_on_case says what to do.";
  return timeline.entries[0]?.kind === "mail in"
    ? "Next: draft_email_with_suggested_response answers; get_next_suggestion_on_case says what else to do."
    : "Next: get_next_suggestion_on_case says what to do.";
}
