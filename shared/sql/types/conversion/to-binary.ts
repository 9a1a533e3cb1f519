import { Failure, tryCastHint } from "../failure";
import {
  isBinary,
  isMoney,
  isText,
  isUnicode,
  kindName,
  type Present,
  type SqlType,
} from "../sql-type";
import type { Convert } from "./conversion";

const guid = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/i;

/** Lower case with dashes, or undefined. As SQL Server does, only the first 36 characters (38 with braces) are read. */
export const readGuid = (text: string): string | undefined =>
  guid.exec(text.trimStart())?.[1]?.toLowerCase();

const parts = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/** The sixteen bytes of a GUID as SQL Server stores them: the first three groups reversed. */
function guidBytes(text: string): string {
  const bytes = Buffer.from(text.replaceAll("-", ""), "hex").toString("latin1");
  return parts.map((at) => bytes[at] ?? "").join("");
}

function bytesToGuid(bytes: string): string {
  const hex = Buffer.from(parts.map((at) => bytes[at] ?? "\u0000").join(""), "latin1").toString(
    "hex",
  );
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** To uniqueidentifier, from texts and binary data. */
export function toGuid(from: SqlType): Convert {
  if (isBinary(from)) {
    return (value) =>
      (value as string).length < 16
        ? new Failure(8170, "Sixteen bytes make a uniqueidentifier", tryCastHint)
        : bytesToGuid(value as string);
  }
  return (value) =>
    readGuid(value as string) ??
    new Failure(
      8169,
      "Conversion failed when converting from a character string to uniqueidentifier",
      `A GUID is written 00000000-0000-0000-0000-000000000000. ${tryCastHint}`,
    );
}

const sizes: Readonly<Record<string, number>> = {
  bit: 1,
  tinyint: 1,
  smallint: 2,
  int: 4,
  bigint: 8,
  money: 8,
  smallmoney: 4,
};

function bytesOf(from: SqlType): (value: Present) => string {
  if (from.kind === "uniqueidentifier") return (value) => guidBytes(value as string);
  if (from.kind === "float" || from.kind === "real") {
    return (value) => {
      const bytes = Buffer.alloc(from.kind === "float" ? 8 : 4);
      if (from.kind === "float") bytes.writeDoubleBE(value as number);
      else bytes.writeFloatBE(value as number);
      return bytes.toString("latin1");
    };
  }
  const size = sizes[from.kind] ?? 4;
  return (value) => {
    const number = BigInt.asUintN(size * 8, BigInt(value as number | bigint | boolean));
    return Buffer.from(number.toString(16).padStart(size * 2, "0"), "hex").toString("latin1");
  };
}

/** To binary and varbinary. Numbers keep their last bytes, texts their first. */
export function toBinary(from: SqlType, to: SqlType): Convert {
  const { length } = to;
  const fixed = to.kind === "binary";
  const left = (bytes: string) => {
    const cut = bytes.slice(0, length);
    return fixed ? cut.padEnd(length, "\u0000") : cut;
  };
  if (isBinary(from)) return (value) => left(value as string);
  if (isText(from)) return textToBinary(from, to, left);
  const bytes = bytesOf(from);
  const isNumber = from.kind !== "uniqueidentifier" && !isMoney(from);
  return (value) => {
    const all = bytes(value);
    if (!isNumber && from.kind === "uniqueidentifier") return left(all);
    const cut = all.slice(-length);
    return fixed ? cut.padStart(length, "\u0000") : cut;
  };
}

function textToBinary(from: SqlType, to: SqlType, left: (bytes: string) => string): Convert {
  const encoding = isUnicode(from) ? "utf16le" : "latin1";
  return (value, style = 0) => {
    const text = value as string;
    if (style === 1 || style === 2) {
      const hex =
        style === 1
          ? /^0x((?:[0-9a-f]{2})*)$/i.exec(text)?.[1]
          : /^(?:[0-9a-f]{2})*$/i.exec(text)?.[0];
      return hex === undefined
        ? new Failure(
            8114,
            `Error converting data type ${kindName(from)} to ${kindName(to)}`,
            tryCastHint,
          )
        : left(Buffer.from(hex, "hex").toString("latin1"));
    }
    return left(Buffer.from(text, encoding).toString("latin1"));
  };
}
