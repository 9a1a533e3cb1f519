import type { Dataverse, Table } from "../../dataverse";
import { literal } from "../../dataverse/odata-literal";
import { AppError } from "../../errors";
import { escapeLike, escapeXml } from "../../text/markup";
import { quote } from "../../text/quote";
import { recordOptions } from "../../text/records/record-text";
import { findNamed } from "../record/lookups/find-named";
import { findOption } from "../record/values/choice-values";

/** What a list of cases is narrowed by, as people say it. */
export interface CaseWish {
  /** `me`, `my team`, `nobody`, `anyone`, or the name of a colleague or team. */
  readonly owner?: string | undefined;
  readonly queue?: string | undefined;
  readonly customer?: string | undefined;
  /** `open`, `resolved`, `cancelled`, `all`, or a status reason. */
  readonly status?: string | undefined;
  readonly priority?: string | undefined;
  readonly sla?: "nearing" | "breached" | undefined;
  /** A case number, or words of the title. */
  readonly search?: string | undefined;
}

export interface CaseFilters {
  /** Conditions on the case. */
  readonly conditions: readonly string[];
  /** Conditions on the row that holds the time by which the case is due. */
  readonly due: readonly string[];
  /** A case that is in this queue. */
  readonly queueId: string | undefined;
  /** A case that waits in a queue, and nobody works on it. */
  readonly isWaiting: boolean;
  /** What was understood, in our words and those of the caller: `yours, open`. */
  readonly said: readonly string[];
}

const states: Readonly<Record<string, number | undefined>> = {
  open: 0,
  active: 0,
  resolved: 1,
  closed: 1,
  cancelled: 2,
  canceled: 2,
};

const condition = (attribute: string, operator: string, value?: string | number) =>
  `<condition attribute="${attribute}" operator="${operator}"${value === undefined ? "" : ` value="${escapeXml(String(value))}"`}/>`;
const either = (...conditions: readonly string[]) =>
  `<filter type="or">${conditions.join("")}</filter>`;

/**
 * Reads what a list is narrowed by; names are looked up in the caller's rights.
 *
 * @throws AppError `invalid` with every problem found
 */
export async function readCaseFilters(
  dataverse: Dataverse,
  table: Table,
  wish: CaseWish,
  now: Date,
): Promise<CaseFilters> {
  const problems: string[] = [];
  const conditions: string[] = [];
  const said: string[] = [];
  const keep = (part: Part) => {
    if ("problem" in part) problems.push(part.problem);
    else {
      conditions.push(...part.conditions);
      said.push(...part.said);
    }
  };
  keep(await ownerPart(dataverse, table, wish));
  // Who asks for a number or a title looks for the case, whatever became of it.
  keep(statusPart(table, isSaid(wish.status) ? wish.status : isSaid(wish.search) ? "all" : "open"));
  if (isSaid(wish.priority)) keep(choicePart(table, "prioritycode", "priority", wish.priority));
  if (isSaid(wish.customer)) keep(await customerPart(dataverse, table, wish.customer));
  if (isSaid(wish.search)) keep(searchPart(wish.search));
  const queue = isSaid(wish.queue) ? await findQueue(dataverse, wish.queue) : undefined;
  if (queue !== undefined && "problem" in queue) problems.push(queue.problem);
  if (problems.length > 0)
    throw new AppError("invalid", "The list was not read.", {
      problems,
      hint: "Mend that, and call list_cases again.",
    });
  if (isSaid(wish.queue)) said.push(`in queue ${quote(wish.queue)}`);
  if (wish.sla !== undefined) said.push(slaWords[wish.sla]);
  return {
    conditions,
    due: wish.sla === undefined ? [] : dueConditions(wish.sla, now),
    queueId: queue === undefined || "problem" in queue ? undefined : queue.id,
    isWaiting: isNobody(wish.owner),
    said,
  };
}

type Part =
  | { readonly conditions: readonly string[]; readonly said: readonly string[] }
  | { readonly problem: string };

export const isSaid = (value: string | undefined): value is string =>
  value !== undefined && value.trim() !== "";

/** Who asks for a queue, a customer or a number means anyone's cases; else people ask for their own. */
const isNarrowed = ({ queue, customer, search }: CaseWish): boolean =>
  [queue, customer, search].some(isSaid);

const plain = (word: string): string => word.trim().toLowerCase().replaceAll(/[_-]/g, " ");

/** Every case has an owner; nobody's is what waits in a queue for who picks it. */
const isNobody = (owner: string | undefined): boolean =>
  /^(?:nobody|no one|none|unassigned|unpicked)$/.test(plain(owner ?? ""));

async function ownerPart(dataverse: Dataverse, table: Table, wish: CaseWish): Promise<Part> {
  const owner = isSaid(wish.owner) ? wish.owner.trim() : isNarrowed(wish) ? "anyone" : "me";
  if (isNobody(owner)) return { conditions: [], said: ["waiting in a queue for somebody"] };
  switch (plain(owner)) {
    case "me":
    case "mine":
    case "my":
      return { conditions: [condition("ownerid", "eq-userid")], said: ["yours"] };
    case "my team":
    case "my teams":
    case "team":
      return {
        conditions: [condition("ownerid", "eq-userteams")],
        said: ["of a team that you are in"],
      };
    case "anyone":
    case "anybody":
    case "any":
    case "all":
      return { conditions: [], said: ["anyone's"] };
    default: {
      const found = await findNamed(dataverse, table, "ownerid", owner, "owner");
      return "problem" in found
        ? found
        : {
            conditions: [condition("ownerid", "eq", found.id)],
            said: [`of ${found.table.logicalName} ${quote(owner)}`],
          };
    }
  }
}

function statusPart(table: Table, value: string): Part {
  const status = value.trim();
  if (status.toLowerCase() === "all") return { conditions: [], said: ["in any status"] };
  const state = states[status.toLowerCase()];
  if (state !== undefined)
    return { conditions: [condition("statecode", "eq", state)], said: [status.toLowerCase()] };
  return choicePart(table, "statuscode", "status", status);
}

function choicePart(table: Table, column: string, argument: string, value: string): Part {
  const options = table.columnByName.get(column)?.options ?? [];
  const option = findOption(options, value.trim());
  return option === undefined
    ? { problem: `${argument} ${quote(value)} is none of ${recordOptions(options)}.` }
    : {
        conditions: [condition(column, "eq", option.value)],
        said: [`${argument} ${quote(value)}`],
      };
}

async function customerPart(dataverse: Dataverse, table: Table, customer: string): Promise<Part> {
  const found = await findNamed(dataverse, table, "customerid", customer, "customer");
  if ("problem" in found) return (await customerOfCase(dataverse, customer)) ?? found;
  const own = condition("customerid", "eq", found.id);
  // A contact's cases are mostly the company's, with the contact beside it.
  const isContact =
    found.table.logicalName === "contact" && table.columnByName.has("primarycontactid");
  return {
    conditions: [isContact ? either(own, condition("primarycontactid", "eq", found.id)) : own],
    said: [`of customer ${quote(customer)}`],
  };
}

/** Of the case that has this number: a customer's other cases are asked for by the one at hand. */
async function customerOfCase(dataverse: Dataverse, number: string): Promise<Part | undefined> {
  if (!/\d/.test(number)) return undefined;
  const { rows } = await dataverse.query("incident", {
    select: ["_customerid_value"],
    filter: `ticketnumber eq ${literal(number.trim())}`,
    top: 2,
  });
  const id = rows.length === 1 ? rows[0]?._customerid_value : undefined;
  if (typeof id !== "string") return undefined;
  return {
    conditions: [condition("customerid", "eq", id)],
    said: [`of the customer of ${quote(number)}`],
  };
}

/** So many words of a title tell it from others. */
const mostWords = 10;

/** Words in any order; more than a person types stay together. */
function wordsOf(search: string): readonly string[] {
  const words = search.trim().split(/\s+/);
  return words.length > mostWords ? [search.trim()] : words;
}

const searchPart = (search: string): Part => ({
  conditions: [
    either(
      condition("ticketnumber", "like", `%${escapeLike(search.trim())}%`),
      `<filter>${wordsOf(search)
        .map((word) => condition("title", "like", `%${escapeLike(word)}%`))
        .join("")}</filter>`,
    ),
  ],
  said: [`with number or title ${quote(search)}`],
});

async function findQueue(dataverse: Dataverse, queue: string) {
  const items = await dataverse.metadata.table("queueitem");
  return items === undefined
    ? { problem: "queue: this environment shows no queues." }
    : findNamed(dataverse, items, "queueid", queue, "queue");
}

const slaWords = { nearing: "due within 24 hours", breached: "past the time they were due" };

/** Values of `slakpiinstance.status`. */
const kpi = { inProgress: 0, breached: 1, nearing: 2 } as const;

function dueConditions(sla: "nearing" | "breached", now: Date): readonly string[] {
  const at = (ms: number) => `${new Date(now.getTime() + ms).toISOString().slice(0, 19)}Z`;
  const running = `<condition attribute="status" operator="in"><value>${kpi.inProgress}</value><value>${kpi.nearing}</value></condition>`;
  return sla === "nearing"
    ? [
        running,
        condition("failuretime", "ge", at(0)),
        condition("failuretime", "le", at(24 * 3_600_000)),
      ]
    : [
        either(
          condition("status", "eq", kpi.breached),
          `<filter>${running}${condition("failuretime", "lt", at(0))}</filter>`,
        ),
      ];
}
