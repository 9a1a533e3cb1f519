import {
  DataverseError,
  type SqlRow,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { fold, foldedSql, quote } from "../../store";
import { invalidArgument } from "../access";
import { isObject, type Json, parametersOf } from "../reference";

/** Where an address is looked for, in this order. */
const books = [
  ["systemuser", "internalemailaddress"],
  ["queue", "emailaddress"],
  ["contact", "emailaddress1"],
  ["account", "emailaddress1"],
  ["lead", "emailaddress1"],
] as const;

interface Party {
  readonly address: string;
  readonly mask: number;
  readonly table: string | undefined;
  readonly id: string | undefined;
}

/** `"Ann" <ann@contoso.example>; bo@…` as addresses. */
function addressesOf(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") throw invalidArgument("Addresses must be a string.");
  return value
    .split(/[;,]/)
    .map((part) => (/<([^<>]+)>/.exec(part)?.[1] ?? part).trim())
    .filter((address) => address !== "");
}

function partyOf(world: World, address: string, mask: number): Party {
  for (const [table, column] of books) {
    const entity = world.catalog.byName(table);
    const attribute = entity?.attribute(column);
    if (entity === undefined || attribute === undefined) continue;
    const key = quote(entity.primaryIdAttribute);
    const row = world.db
      .prepare(
        `SELECT t.${key} AS id FROM ${quote(table)} t WHERE ${foldedSql(entity, attribute, "t")} = ? ORDER BY t.${key} LIMIT 1`,
      )
      .get(fold(address));
    if (row !== undefined) return { address, mask, table, id: String(row.id) };
  }
  return { address, mask, table: undefined, id: undefined };
}

function partiesOf(world: World, parameters: Json): Party[] {
  const from = addressesOf(parameters.From);
  if (from.length !== 1) throw invalidArgument("Required field 'From' is missing: one address.");
  return [
    [from, 1],
    [addressesOf(parameters.To), 2],
    [addressesOf(parameters.Cc), 3],
    [addressesOf(parameters.Bcc), 4],
  ].flatMap(([addresses, mask]) =>
    (addresses as string[]).map((address) => partyOf(world, address, mask as number)),
  );
}

/** The mail that this one answers, by the token in its subject. */
function answered(world: World, subject: string): SqlRow | undefined {
  const token = /\bCRM:\d{7}\b/.exec(subject)?.[0];
  return token === undefined
    ? undefined
    : world.db
        .prepare(
          'SELECT "activityid", "regardingobjectid", "regardingobjectid__type", "trackingtoken" FROM "email" WHERE "trackingtoken" = ? ORDER BY "createdon" DESC LIMIT 1',
        )
        .get(token);
}

function regardingOf(world: World, mail: SqlRow | undefined): Json {
  const table = String(mail?.regardingobjectid__type ?? "");
  const property = world.catalog
    .byName("email")
    ?.attribute("regardingobjectid")
    ?.navigation?.find((each) => each.target === table)?.property;
  const set = world.catalog.byName(table)?.entitySetName;
  return mail === undefined || property === undefined
    ? {}
    : {
        [`${property}@odata.bind`]: `/${set}(${mail.regardingobjectid})`,
        trackingtoken: mail.trackingtoken,
        correlationmethod: 4,
      };
}

const text = (parameters: Json, name: string): string => {
  const value = parameters[name] ?? "";
  if (typeof value === "string") return value;
  throw invalidArgument(`'${name}' must be a string.`);
};

function receivedOn(parameters: Json, now: Date): string {
  const given = text(parameters, "ReceivedOn");
  const time = given === "" ? now : new Date(given);
  if (Number.isNaN(time.getTime())) throw invalidArgument("'ReceivedOn' is not a date.");
  return `${time.toISOString().slice(0, 19)}Z`;
}

function partyBody({ address, mask, table, id }: Party, world: World): Json {
  const set = table === undefined ? undefined : world.catalog.byName(table)?.entitySetName;
  return {
    participationtypemask: mask,
    addressused: address,
    ...(set === undefined ? {} : { [`partyid_${table}@odata.bind`]: `/${set}(${id})` }),
  };
}

function attach(request: WebRequest, world: World, emailId: string, value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (!Array.isArray(value)) throw invalidArgument("'Attachments' must be a list.");
  for (const [index, each] of value.entries()) {
    if (!isObject(each)) throw invalidArgument("'Attachments' must hold activitymimeattachments.");
    const { "@odata.type": _, ...columns } = each;
    const body = {
      ...columns,
      attachmentnumber: index + 1,
      objecttypecode: "email",
      "objectid_email@odata.bind": `/emails(${emailId})`,
    };
    world.records.create("activitymimeattachment", body, request.principal, { internal: true });
  }
  return value.length;
}

/**
 * POST DeliverIncomingEmail {MessageId, Subject, From, To, Cc, Bcc, ReceivedOn, SubmittedBy, Importance, Body, Attachments}
 * → {EmailId}. Addresses become parties, queues among the recipients get an item, and a token in the subject
 * (`CRM:0001001`) ties the mail to what the answered one was about. One and the same MessageId is taken once.
 */
export function deliverIncomingEmail(request: WebRequest, world: World): WebResponse {
  const parameters = parametersOf(request.body);
  const { principal } = request;
  world.security.demand(principal, "Create", "email");
  const subject = text(parameters, "Subject");
  const parties = partiesOf(world, parameters);
  const recipients = parties.filter(({ mask }) => mask > 1);
  if (!recipients.some(({ table }) => table === "systemuser" || table === "queue")) {
    throw new DataverseError(
      400,
      "0x80040b05",
      "At least one system user or queue in the organization must be a recipient",
    );
  }
  const when = receivedOn(parameters, world.now());
  const messageId = text(parameters, "MessageId");
  const known =
    messageId === ""
      ? undefined
      : world.db
          .prepare('SELECT "activityid" AS id FROM "email" WHERE "messageid" = ?')
          .get(messageId);
  const id =
    known === undefined
      ? world.db.transaction(() => promote({ subject, messageId, when, parties }))
      : String(known.id);

  function promote(mail: {
    subject: string;
    messageId: string;
    when: string;
    parties: readonly Party[];
  }): string {
    const importance = ["low", "normal", "high"].indexOf(
      text(parameters, "Importance").toLowerCase(),
    );
    const emailId = world.records.create(
      "email",
      {
        subject: mail.subject.slice(0, 800),
        description: text(parameters, "Body"),
        directioncode: false,
        prioritycode: importance < 0 ? 1 : importance,
        messageid: mail.messageId === "" ? null : mail.messageId,
        sender: mail.parties[0]?.address,
        torecipients: recipients
          .map(({ address }) => `${address};`)
          .join("")
          .slice(0, 500),
        submittedby: text(parameters, "SubmittedBy").slice(0, 250) || null,
        senton: mail.when,
        actualend: mail.when,
        statecode: 1,
        statuscode: 4,
        ...regardingOf(world, answered(world, mail.subject)),
        email_activity_parties: mail.parties.map((party) => partyBody(party, world)),
      },
      principal,
      { internal: true },
    );
    attach(request, world, emailId, parameters.Attachments);
    for (const queue of recipients.filter(({ table }) => table === "queue")) {
      const item = {
        title: mail.subject.slice(0, 400),
        enteredon: mail.when,
        "queueid@odata.bind": `/queues(${queue.id})`,
        "objectid_email@odata.bind": `/emails(${emailId})`,
      };
      world.records.create("queueitem", item, principal, { internal: true });
    }
    return emailId;
  }
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.DeliverIncomingEmailResponse`,
      EmailId: id,
    },
  };
}
