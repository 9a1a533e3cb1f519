import { z } from "zod";
import { isLoopback } from "../loopback";
import { type SettingName, settings } from "./settings";

/** The variables variables of a process. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The form of an object id or a client id. */
export const guid = z.guid("must be a GUID");
/** The same, of somebody: the empty GUID names nobody. */
export const objectId = guid.refine((id) => !/^[0-]+$/.test(id), "must not be the empty GUID");
/** The parts of a list, separated by commas. */
export const list = (text: string) =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** What is wrong with one setting. */
export interface Problem {
  readonly setting: SettingName;
  /** A sentence that stands alone, so it begins with the setting. It never repeats the value, which may be a secret. */
  readonly message: string;
}

/** Reads settings and gathers every problem, so that one look mends them all. */
export class Reader {
  readonly problems: Problem[] = [];
  readonly #variables: Variables;

  constructor(variables: Variables) {
    this.#variables = variables;
  }

  /** @param words of the sentence, after the setting's name */
  report(setting: SettingName, words: string): void {
    this.problems.push({ setting, message: `${setting} ${words}` });
  }

  text(name: SettingName): string {
    const fallback = settings.find((setting) => setting.name === name)?.fallback ?? "";
    return this.#variables[name]?.trim() || fallback;
  }

  required(name: SettingName, why = ""): string {
    const value = this.text(name);
    if (value === "") this.report(name, `is missing${why}.`);
    return value;
  }

  parse<T>(name: SettingName, schema: z.ZodType<T>, value: string, otherwise: T): T {
    if (value === "") return otherwise;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.report(name, `${parsed.error.issues[0]?.message ?? "is not understood"}.`);
    return otherwise;
  }

  whole(name: SettingName, low: number, high: number): number {
    const text = this.text(name);
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    this.report(name, `must be a whole number from ${low} to ${high}.`);
    return low;
  }

  /** An origin without path: https anywhere, http on loopback only. */
  origin(name: SettingName, text: string): string {
    if (text === "") return "";
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url));
    if (url && isSafe && url.pathname === "/" && url.search === "") return url.origin;
    this.report(name, `must be an https address without a path (http only on loopback).`);
    return "";
  }
}
