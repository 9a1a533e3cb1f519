import { fits, numberToScaled, readScaled, rescale, scaledToNumber, wholePart } from "../decimal";
import { Failure, shown, tryCastHint } from "../failure";
import {
  isApproximate,
  isBinary,
  isMoney,
  isOldDateTime,
  isScaled,
  isText,
  kindName,
  type Present,
  type SqlType,
} from "../sql-type";
import { daysTimes, ticksOfDatetime } from "../time/days";
import type { Convert } from "./conversion";

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  tinyint: [0n, 255n],
  smallint: [-32_768n, 32_767n],
  int: [-2_147_483_648n, 2_147_483_647n],
  bigint: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
  smallmoney: [-2_147_483_648n, 2_147_483_647n],
  money: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};

/** Does a whole number (or an amount without its point) fit into the type? */
export function inRange(value: bigint, { kind, precision }: SqlType): boolean {
  const range = ranges[kind];
  return range ? value >= range[0] && value <= range[1] : fits(value, precision);
}

const failed = (from: SqlType, to: SqlType, text: string): Failure =>
  new Failure(
    245,
    () =>
      `Conversion failed when converting the ${kindName(from)} value ${shown(text)} to data type ${kindName(to)}`,
    tryCastHint,
  );

const error = (from: SqlType, to: SqlType): Failure =>
  new Failure(8114, `Error converting data type ${kindName(from)} to ${kindName(to)}`, tryCastHint);

export const overflow = (from: string, to: SqlType): Failure =>
  new Failure(
    8115,
    `Arithmetic overflow error converting ${from} to data type ${kindName(to)}`,
    tryCastHint,
  );

/** To bit: anything but zero is 1. */
export function toBit(from: SqlType): Convert {
  if (!isText(from)) {
    if (isBinary(from)) return (value) => [...(value as string)].some((byte) => byte !== "\u0000");
    return (value) => value !== 0 && value !== 0n;
  }
  return (value) => {
    const text = (value as string).trim().toLowerCase();
    if (text === "true") return true;
    if (text === "false" || text === "") return false;
    return /^[+-]?\d+$/.test(text)
      ? /[1-9]/.test(text)
      : failed(from, { kind: "bit", precision: 1, scale: 0, length: 0 }, value as string);
  };
}

/** To tinyint, smallint, int and bigint. */
export function toWhole(from: SqlType, to: SqlType): Convert {
  const wide = to.kind === "bigint";
  const finish = (value: bigint, text: () => string): number | bigint | Failure => {
    if (!inRange(value, to)) return wholeOverflow(from, to, text());
    return wide ? value : Number(value);
  };
  if (isText(from)) return textToWhole(from, to, finish);
  if (isApproximate(from)) {
    return (value) =>
      Number.isFinite(value as number)
        ? finish(BigInt(Math.trunc(value as number)), () => (value as number).toFixed(6))
        : overflow("expression", to);
  }
  if (isOldDateTime(from)) {
    // Noon counts as the next day.
    return (value) => finish(daysTimes(value as number, 1n), String);
  }
  const whole = wholeOf(from);
  // What is smaller always fits.
  if (!wide && from.kind === "bit") return (value) => (value ? 1 : 0);
  return (value) => finish(whole(value), () => String(value));
}

/** An exact value without what stands behind its point; money is rounded. */
function wholeOf(from: SqlType): (value: Present) => bigint {
  if (from.kind === "bit") return (value) => (value ? 1n : 0n);
  if (isMoney(from)) return (value) => rescale(value as bigint, 4, 0);
  if (from.kind === "decimal") return (value) => wholePart(value as bigint, from.scale);
  if (isBinary(from)) {
    return (value) => {
      const bytes = Buffer.from((value as string).slice(-8), "latin1").toString("hex");
      return BigInt.asIntN(64, BigInt(`0x${bytes || "0"}`));
    };
  }
  return (value) => BigInt(value as number | bigint);
}

const intNames: Readonly<Record<string, string>> = { tinyint: "INT1", smallint: "INT2" };

function textToWhole(
  from: SqlType,
  to: SqlType,
  finish: (value: bigint, text: () => string) => number | bigint | Failure,
): Convert {
  return (value) => {
    const text = (value as string).trim();
    const match = /^([+-]?)\s*(\d*)$/.exec(text);
    if (!match) return to.kind === "bigint" ? error(from, to) : failed(from, to, value as string);
    // SQL Server reads an empty text, and a sign alone, as 0.
    if (match[2] === "" && to.kind === "bigint" && text !== "") return error(from, to);
    if ((match[2] ?? "").length > 400) return wholeOverflow(from, to, text);
    const size = BigInt(match[2] || "0");
    return finish(match[1] === "-" ? -size : size, () => value as string);
  };
}

function wholeOverflow(from: SqlType, to: SqlType, text: string): Failure {
  const kind = kindName(to);
  if (isText(from)) {
    if (kind === "bigint") return error(from, to);
    const narrow = intNames[kind];
    return new Failure(
      narrow ? 244 : 248,
      () =>
        `The conversion of the ${kindName(from)} value ${shown(text)} overflowed an ${narrow ?? "int"} column`,
      `${tryCastHint} A larger type may hold it.`,
    );
  }
  if (isApproximate(from)) {
    return new Failure(232, `Arithmetic overflow error for type ${kind}, value = ${text}`);
  }
  if (isMoney(from)) {
    return new Failure(
      237,
      `There is insufficient result space to convert a money value to ${kind}`,
    );
  }
  if (kind === "tinyint" || kind === "smallint") {
    if (from.kind !== "decimal") {
      return new Failure(220, `Arithmetic overflow error for data type ${kind}, value = ${text}`);
    }
  }
  return overflow(from.kind === "decimal" ? "numeric" : "expression", to);
}

/** To decimal, money and smallmoney: rounded to the scale of the type. */
export function toScaled(from: SqlType, to: SqlType): Convert {
  const finish = (value: bigint): bigint | Failure =>
    inRange(value, to) ? value : overflow(kindName(from), to);
  if (isText(from)) return isMoney(to) ? textToMoney(from, to) : textToDecimal(from, to);
  if (isScaled(from)) return (value) => finish(rescale(value as bigint, from.scale, to.scale));
  if (isApproximate(from)) {
    return (value) =>
      Number.isFinite(value as number)
        ? finish(numberToScaled(value as number, to.scale))
        : overflow(kindName(from), to);
  }
  if (isOldDateTime(from))
    return (value) => finish(daysTimes(value as number, 10n ** BigInt(to.scale)));
  const whole = wholeOf(from);
  return (value) => finish(rescale(whole(value), 0, to.scale));
}

function textToDecimal(from: SqlType, to: SqlType): Convert {
  return (value) => {
    const text = (value as string).trim();
    const read = text.length <= 400 ? readScaled(text) : undefined;
    if (!read) return error(from, to);
    const scaled = rescale(read.value, read.scale, to.scale);
    return inRange(scaled, to) ? scaled : overflow(kindName(from), to);
  };
}

function textToMoney(from: SqlType, to: SqlType): Convert {
  return (value) => {
    const text = (value as string).trim();
    const match = /^([+-]?)[$£€¥¤]?([+-]?)([\d,]*(?:\.\d*)?)$/.exec(text.replaceAll(" ", ""));
    if (!match || text.length > 400 || (match[1] && match[2])) {
      return new Failure(
        235,
        `Cannot convert a char value to ${to.kind}. The char value has incorrect syntax`,
        tryCastHint,
      );
    }
    const [, sign, inner, amount = ""] = match;
    const read = readScaled(amount.replaceAll(",", "")) ?? { value: 0n, scale: 0 };
    const size = rescale(read.value, read.scale, 4);
    const scaled = sign === "-" || inner === "-" ? -size : size;
    return inRange(scaled, to) ? scaled : overflow(kindName(from), to);
  };
}

const mostReal = 3.4028234663852886e38;

/** To float and real. */
export function toFloat(from: SqlType, to: SqlType): Convert {
  const isReal = to.kind === "real";
  const finish = (value: number): number | Failure => {
    if (!Number.isFinite(value) || (isReal && Math.abs(value) > mostReal)) {
      return overflow(isText(from) ? kindName(from) : "expression", to);
    }
    return isReal ? Math.fround(value) : value;
  };
  if (isText(from)) {
    return (value) => {
      const text = (value as string).trim();
      if (text === "") return 0;
      return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[ed][+-]?\d+)?$/i.test(text) && text.length <= 400
        ? finish(Number(text.replace(/d/i, "e")))
        : error(from, to);
    };
  }
  if (isScaled(from)) return (value) => finish(scaledToNumber(value as bigint, from.scale));
  if (isOldDateTime(from)) return (value) => finish(ticksOfDatetime(value as number) / 25_920_000);
  if (from.kind === "bit") return (value) => (value ? 1 : 0);
  return (value) => finish(Number(value));
}
