/** Blanks and controls that browsers read over in an address, and characters that nobody sees. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point.
  /[\u0000-\u0020\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+/g;

const linkSchemes = new Set(["http", "https", "mailto", "tel"]);

/** Pictures that the rich text editor of Dynamics 365 keeps in the environment itself, and those of a mail's own attachments. */
const ownPicture =
  /^\/api\/data\/v\d\.\d\/(?:msdyn_richtextfiles|activitymimeattachments)\([0-9a-f-]{36}\)\/(?:msdyn_imageblob|body)\/\$value(?:\?size=full)?$/i;

/** Scheme of an address as a browser reads it, in lower case; empty for a relative one. */
function schemeOf(address: string): string {
  const colon = address.indexOf(":");
  if (colon < 0 || /[/?#]/.test(address.slice(0, colon))) return "";
  return address.slice(0, colon).toLowerCase();
}

export type LinkFate = "keep" | "unsafe" | "leads nowhere";

/**
 * What becomes of a link to this address: the web, a mail, a telephone, a place in the text or in the environment may be
 * linked to. An address without a scheme or a slash leads nowhere from a mail.
 */
export function judgeLink(address: string): LinkFate {
  const plain = address.replace(unseen, "");
  const scheme = schemeOf(plain);
  if (scheme !== "") return linkSchemes.has(scheme) ? "keep" : "unsafe";
  if (plain.startsWith("\\")) return "unsafe";
  return /^(?:[/#]|\.{1,2}\/)/.test(plain) ? "keep" : "leads nowhere";
}

/** A link as it is written: without what browsers read over, its scheme in lower case. */
export function writeLink(address: string): string {
  const plain = address.trim().replace(/[\t\r\n]/g, "");
  const scheme = schemeOf(plain);
  return scheme + plain.slice(scheme.length);
}

export type PictureFate = "keep" | "remote" | "embedded" | "unsafe";

/** What becomes of a picture at this address: the mail's own and the environment's stay. */
export function judgePicture(address: string, mayBeRemote: boolean): PictureFate {
  const plain = address.replace(unseen, "");
  const scheme = schemeOf(plain);
  if (scheme === "cid" || ownPicture.test(plain)) return "keep";
  if (scheme === "data") return "embedded";
  if (scheme === "https" && mayBeRemote) return "keep";
  return scheme === "" || scheme === "http" || scheme === "https" ? "remote" : "unsafe";
}
