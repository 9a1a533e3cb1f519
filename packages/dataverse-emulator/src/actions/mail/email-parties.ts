import { DataverseError, type SqlRow, type World } from "../../model";
import { invalidArgument } from "../access";

const SENDER = 1;
const RECIPIENTS: ReadonlySet<unknown> = new Set([2, 3, 4]);
const SENDING_TABLES: ReadonlySet<string> = new Set(["systemuser", "queue"]);

/** Where each table keeps the address that mail goes to. */
const ADDRESS_COLUMNS: Readonly<Record<string, string>> = {
  account: "emailaddress1",
  contact: "emailaddress1",
  lead: "emailaddress1",
  queue: "emailaddress",
  systemuser: "internalemailaddress",
};

export interface Sender {
  table: string;
  row: SqlRow;
  address: string;
}

function addressOf(world: World, party: SqlRow): string | undefined {
  const table = String(party.partyid__type ?? "");
  const column = ADDRESS_COLUMNS[table];
  const used = party.addressused;
  const row =
    typeof party.partyid === "string" ? world.records.read(table, party.partyid) : undefined;
  // Whoever asked for no mail gets none, at no address.
  if (row?.donotemail === 1) return undefined;
  if (typeof used === "string" && used.trim() !== "") return used;
  if (column === undefined) return undefined;
  const value = row?.[column];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function senderOf(world: World, parties: readonly SqlRow[]): Sender {
  const senders = parties.filter((party) => party.participationtypemask === SENDER);
  const [party] = senders;
  if (party === undefined) {
    throw new DataverseError(
      400,
      "0x80040b02",
      "No email address was specified, and the calling user does not have an email address set",
    );
  }
  if (senders.length > 1) {
    throw new DataverseError(400, "0x80040b01", "More than one sender specified");
  }
  const table = String(party.partyid__type ?? "");
  if (typeof party.partyid !== "string" || !SENDING_TABLES.has(table)) {
    throw invalidArgument("Invalid sender party: a mail is sent by a user or a queue.");
  }
  const row = world.records.read(table, party.partyid);
  const address = addressOf(world, party);
  if (row === undefined || address === undefined) {
    throw new DataverseError(
      400,
      "0x80040b08",
      "The sender does not have an email address on the party record",
    );
  }
  return { table, row, address };
}

/** Checks who sends and who receives; returns the sender. Throws 0x80040b00, B01, B02, B04, B08. */
export function demandParties(world: World, emailId: string): Sender {
  const parties = world.db
    .prepare('SELECT * FROM "activityparty" WHERE "activityid" = ?')
    .all(emailId);
  const sender = senderOf(world, parties);
  const recipients = parties.filter((party) => RECIPIENTS.has(party.participationtypemask));
  if (recipients.length === 0) {
    throw new DataverseError(
      400,
      "0x80040b04",
      "The e-mail must have at least one recipient before it can be sent",
    );
  }
  if (recipients.some((party) => addressOf(world, party) === undefined)) {
    throw new DataverseError(
      400,
      "0x80040b00",
      "Object address not found on party or party is marked as non-emailable",
    );
  }
  return sender;
}
