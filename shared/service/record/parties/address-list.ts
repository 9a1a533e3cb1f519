/**
 * Splits what stands in a line of recipients as Outlook does: `;` parts always, `,` where addresses stand beside it, and neither
 * within quotes or angle brackets. `Okafor, Ada <a@x>` is one, for a name may hold a comma.
 */
export const splitRecipients = (text: string): string[] =>
  cut(text, ";").flatMap((segment) =>
    segment.includes("@") ? splitAddresses(segment) : [segment],
  );

/** What stands before a comma without an address is the beginning of a name, where a name follows. */
function splitAddresses(segment: string): string[] {
  const pieces: string[] = [];
  let begun: string | undefined;
  for (const piece of cut(segment, ",")) {
    const whole = begun === undefined ? piece : `${begun}, ${piece}`;
    if (!piece.includes("@")) {
      begun = whole;
      continue;
    }
    if (piece.includes("<")) pieces.push(whole);
    else pieces.push(...(begun === undefined ? [] : [begun]), piece);
    begun = undefined;
  }
  return begun === undefined ? pieces : [...pieces, begun];
}

/** Pieces between the separators that stand outside of quotes and angle brackets, without blanks and empty ones. */
function cut(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let isQuoted = false;
  let isBracketed = false;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') isQuoted = !isQuoted;
    else if (character === "<") isBracketed = true;
    else if (character === ">") isBracketed = false;
    else if (character === separator && !isQuoted && !isBracketed) {
      pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  pieces.push(text.slice(start));
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== "");
}

/** The address in `a@x`, `<a@x>`, `Name <a@x>` or `mailto:a@x`; undefined for a text without one. */
export function addressIn(text: string): string | undefined {
  if (!text.includes("@")) return undefined;
  const open = text.lastIndexOf("<");
  const close = text.lastIndexOf(">");
  const inner = open >= 0 && close > open ? text.slice(open + 1, close) : text;
  return inner.trim().replace(/^mailto:/i, "");
}

const address = /^[^\s@<>"',;]+@[^\s@<>"',;.]+(?:\.[^\s@<>"',;.]+)+$/;

export const isAddress = (text: string): boolean => text.length <= 320 && address.test(text);
