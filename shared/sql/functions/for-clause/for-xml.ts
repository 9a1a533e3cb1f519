import { Failure } from "../../types/failure";
import { toInvariant, toJson } from "../../types/print";
import {
  isBinary,
  isText,
  isTime,
  longest,
  nvarchar,
  type SqlType,
  type Value,
} from "../../types/sql-type";
import { checkRoom, roomOf } from "../../types/text-room";
import type { BoundAggregate } from "../aggregate/aggregate";

export interface XmlColumn {
  /** Empty for one without a name: its value stands there as text. */
  readonly name: string;
  readonly type: SqlType;
}

export interface XmlOptions {
  readonly mode: "raw" | "path";
  /** Of each row; undefined for `row`, empty for none. */
  readonly element: string | undefined;
  readonly root: string | undefined;
  readonly elements: "absent" | "xsinil" | undefined;
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\r": "&#x0D;",
};

/** A text between tags, as SQL Server escapes it. */
const escaped = (text: string): string =>
  text.replace(/[&<>\r]/g, (character) => escapes[character] ?? character);

const escapedAttribute = (text: string): string =>
  escaped(text).replace(/"/g, "&quot;").replace(/\n/g, "&#x0A;").replace(/\t/g, "&#x09;");

function printed(value: Exclude<Value, null>, type: SqlType): string {
  if (isText(type)) return value as string;
  if (type.kind === "bit") return value ? "1" : "0";
  if (isTime(type)) return String(toJson(value, type, false));
  if (type.kind === "uniqueidentifier") return (value as string).toUpperCase();
  if (isBinary(type)) return Buffer.from(value as string, "latin1").toString("base64");
  return toInvariant(value, type);
}

/** Characters that a name of XML cannot have, in the form `_x0020_`. */
const xmlName = (name: string): string =>
  name.replace(/[^\p{L}\p{N}_.-]/gu, (sign) => {
    const code = (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `_x${code}_`;
  });

type Place = "attribute" | "element" | "text" | "data";

const placeOf = (name: string, { mode, elements }: XmlOptions): Place => {
  if (mode === "raw") return elements ? "element" : "attribute";
  if (name === "" || name === "*" || name === "text()" || name === "node()") return "text";
  if (name === "data()") return "data";
  return name.startsWith("@") ? "attribute" : "element";
};

/**
 * The rows of a query as XML, in their order; NULL over none. What most ask it for is a list in one text:
 * `STUFF((SELECT ', ' + x FROM … FOR XML PATH('')), 1, 2, '')`.
 *
 * @see https://learn.microsoft.com/sql/relational-databases/xml/use-path-mode-with-for-xml
 */
export function bindForXml(
  columns: readonly XmlColumn[],
  options: XmlOptions,
): BoundAggregate | Failure {
  const nested = columns.find(({ name }) => options.mode === "path" && name.includes("/"));
  const unnamed = columns.find(({ name }) => options.mode === "raw" && name === "");
  if (options.elements === "xsinil" || nested) {
    return new Failure(
      6850,
      nested ? `The path '${nested.name}' in FOR XML is not available` : "XSINIL is not available",
      "Give columns plain names; rows already come as JSON.",
    );
  }
  if (unnamed) {
    return new Failure(
      6809,
      "Unnamed tables cannot be used as XML identifiers as well as unnamed columns cannot be used for attribute names",
      "Name it with AS.",
    );
  }
  if (options.root === "") return new Failure(6860, "FOR XML cannot have an empty root element");
  const type = nvarchar(longest);
  const places = columns.map(({ name }) => placeOf(name, options));
  const tag = options.element ?? "row";
  if (tag === "" && places.includes("attribute")) {
    return new Failure(
      6864,
      "Row tag omission (empty row tag name) cannot be used with attribute-centric FOR XML serialization",
      "Name the row: FOR XML PATH('row').",
    );
  }
  const element = (name: string, inner: string): string =>
    inner === "" ? `<${xmlName(name)}/>` : `<${xmlName(name)}>${inner}</${xmlName(name)}>`;
  const row = (values: readonly Value[]): string => {
    let attributes = "";
    let content = "";
    let isData = false;
    for (const [position, { name, type: own }] of columns.entries()) {
      const value = values[position] ?? null;
      if (value === null) continue;
      const text = printed(value, own);
      const place = places[position];
      if (place === "attribute") {
        attributes += ` ${xmlName(name.replace(/^@/, ""))}="${escapedAttribute(text)}"`;
      } else if (place === "element") content += element(name, escaped(text));
      else content += `${place === "data" && isData ? " " : ""}${escaped(text)}`;
      isData = place === "data";
    }
    if (tag === "") return content;
    const open = `<${xmlName(tag)}${attributes}`;
    return content === "" ? `${open}/>` : `${open}>${content}</${xmlName(tag)}>`;
  };
  return {
    type,
    nullable: true,
    takes: columns.map((column) => column.type),
    start: ({ hold, work }) => {
      const parts: string[] = [];
      let length = 0;
      return {
        add: (values) => {
          const part = row(values);
          length += part.length;
          checkRoom(length, roomOf(type));
          hold(part.length * 2 + 16);
          parts.push(part);
        },
        result: () => {
          work(length);
          if (parts.length === 0) return null;
          const all = parts.join("");
          return options.root === undefined ? all : element(options.root, all);
        },
      };
    },
  };
}
