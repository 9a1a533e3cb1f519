import type { AuditRecord } from "../policy/audit";

/** A custom event of Application Insights. */
export interface EventFacts {
  readonly attributes: Readonly<Record<string, string>>;
  /** Unix time in milliseconds. */
  readonly timestamp: number;
}

/** Application Insights cuts a value behind so many characters; what is longer is cut here, and says so. */
const longest = 8_000;

const cut = (text: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}…`;

/**
 * The event of a call that acts: names, ids and outcomes only.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/app/opentelemetry-add-modify#send-custom-events
 */
export function actEvent(record: AuditRecord): EventFacts {
  const { at, acts, client, consentId, ...plain } = record;
  const outcomes = acts.map(
    ({ what, set, rows, outcome }) =>
      `${[what, set, ...rows].filter(Boolean).join(" ")}: ${outcome ?? "notKnown"}`,
  );
  const columns = [...new Set(acts.flatMap((act) => act.columns))];
  return {
    timestamp: Date.parse(at),
    attributes: {
      "microsoft.custom_event.name": "act",
      ...plain,
      ...(client === undefined ? {} : { client }),
      ...(consentId === undefined ? {} : { consentId }),
      rows: cut(outcomes.join("\n")),
      columns: cut(columns.join(", ")),
    },
  };
}
