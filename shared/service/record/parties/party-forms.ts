import { readGuid } from "../../../dataverse/odata-literal";
import { jsonIn } from "../../../text/json-text";
import { quote } from "../../../text/quote";
import { addressIn, isAddress, splitRecipients } from "./address-list";
import { participationMasks } from "./participation";

/** One party as a client wrote it. At least one of the first three is there. */
export interface WrittenParty {
  readonly address?: string;
  /** What names the record: a value of a lookup. */
  readonly record?: unknown;
  readonly problem?: string;
  /** ParticipationTypeMask, where the party itself says it. */
  readonly mask?: number;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads parties in every form that Outlook (`a@x; Name <b@x>`, `{emailAddress: {address}}`), Power Automate and the Web API
 * (`{partyid: …}`, `{"partyid_contact@odata.bind": …}`, `{addressused}`) know, and names of records.
 *
 * @param value one party or a list; a text may hold several, or the JSON of either
 */
export function readPartyForms(value: unknown): readonly WrittenParty[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(readPartyForms);
  if (typeof value === "string") return readText(value);
  if (typeof value !== "object")
    return [{ problem: `${quote(value)} is no party: give an e-mail address, a GUID or a name.` }];
  return [readObject(value as Fields)];
}

function readText(text: string): readonly WrittenParty[] {
  const word = text.trim();
  const parsed = jsonIn(word);
  if (parsed !== undefined) return readPartyForms(parsed);
  return splitRecipients(word).map(
    (piece): WrittenParty => withAddress(addressIn(piece)) ?? { record: piece },
  );
}

const withAddress = (address: string | undefined): WrittenParty | undefined =>
  address === undefined
    ? undefined
    : isAddress(address)
      ? { address }
      : { problem: `${quote(address)} is no e-mail address.` };

function readObject(fields: Fields): WrittenParty {
  const mask = maskOf(fields.participationtypemask);
  const said = mask === undefined ? {} : { mask };
  const record = recordOf(fields);
  const address = withAddress(addressOf(fields));
  if (record === undefined) return { ...(address ?? { record: fields }), ...said };
  return {
    record,
    ...(address?.address === undefined ? {} : { address: address.address }),
    ...said,
  };
}

/** The number, or the word that stands for it. */
function maskOf(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number)) return number;
  return typeof value === "string" ? participationMasks[value.trim().toLowerCase()] : undefined;
}

/** The record that a row of `activityparty` points to. */
function recordOf(fields: Fields): unknown {
  const { partyid } = fields;
  if (partyid !== undefined && partyid !== null && partyid !== "") return partyid;
  for (const [key, value] of Object.entries(fields)) {
    if (
      /^partyid(?:_\w{1,100})?@odata\.bind$/i.test(key) &&
      typeof value === "string" &&
      value.trim() !== ""
    )
      return { "@odata.bind": value };
  }
  const id =
    typeof fields._partyid_value === "string" ? readGuid(fields._partyid_value) : undefined;
  const relatedTable = fields["_partyid_value@Microsoft.Dynamics.CRM.lookuplogicalname"];
  if (id === undefined) return undefined;
  return typeof relatedTable === "string" ? { relatedTable, recordId: id } : id;
}

const addressKeys = [
  "address",
  "addressused",
  "emailaddress",
  "email",
  "emailAddress",
  "mail",
  "smtpAddress",
];

function addressOf(fields: Fields): string | undefined {
  for (const key of addressKeys) {
    const value = fields[key];
    if (typeof value === "string" && value.trim() !== "") return addressIn(value) ?? value.trim();
    // Microsoft Graph: `{"emailAddress": {"address": …, "name": …}}`.
    const inner =
      typeof value === "object" && value !== null ? (value as Fields).address : undefined;
    if (typeof inner === "string" && inner.trim() !== "") return inner.trim();
  }
  return undefined;
}
