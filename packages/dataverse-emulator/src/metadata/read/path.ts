import { DataverseError } from "../../model";
import type { Key } from "./resources";

export interface Segment {
  /** `EntityDefinitions`, `Attributes`, `Microsoft.Dynamics.CRM.PicklistAttributeMetadata` */
  name: string;
  key: Key | undefined;
}

const KEY =
  /^(LogicalName|MetadataId|SchemaName|Name)\s*=\s*(?:'((?:[^']|'')*)'|([0-9a-fA-F-]{36}))$/;

function keyOf(text: string): Key {
  const inner = text.trim();
  if (/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/.test(inner)) {
    return { name: "MetadataId", value: inner };
  }
  const [, name, quoted, guid] = KEY.exec(inner) ?? [];
  if (name === undefined) {
    throw new DataverseError(
      400,
      "0x80060888",
      `Bad Request - Error in query syntax: '${inner}' is not a key. Use LogicalName='…' or a GUID.`,
    );
  }
  return { name: name as Key["name"], value: quoted?.replaceAll("''", "'") ?? guid ?? "" };
}

function segmentOf(part: string): Segment {
  const [, name, key] = /^([\w.$]+)(?:\((.*)\))?$/s.exec(part) ?? [];
  if (name === undefined) {
    throw new DataverseError(400, "0x80060888", `Bad Request - Error in query syntax: '${part}'.`);
  }
  return { name, key: key === undefined || key === "" ? undefined : keyOf(key) };
}

/** Splits a path below the service root at slashes outside quotes; decodes it. */
export function segmentsOf(path: string): Segment[] {
  const parts: string[] = [];
  let current = "";
  let quoted = false;
  for (const character of decode(path)) {
    if (character === "'") quoted = !quoted;
    if (character === "/" && !quoted) {
      parts.push(current);
      current = "";
    } else current += character;
  }
  parts.push(current);
  return parts.filter((part) => part !== "").map(segmentOf);
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new DataverseError(400, "0x80060888", "Bad Request - Error in query syntax.");
  }
}
