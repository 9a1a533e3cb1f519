/** What `$deltatoken` says: the version of the last change that was seen, and when that was. */
export interface DeltaToken {
  readonly version: number;
  readonly at: Date;
}

const two = (value: number) => String(value).padStart(2, "0");

/** `919042!08/22/2017 08:10:44`, as Dataverse writes it; the time is UTC. */
export function writeDeltaToken(version: number, at: Date): string {
  const date = `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${String(at.getUTCFullYear()).padStart(4, "0")}`;
  const time = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(":");
  return `${version}!${date} ${time}`;
}

/** Undefined for what is no token. */
export function readDeltaToken(text: string): DeltaToken | undefined {
  const [, version = "", month, day, year, time] =
    /^(\d{1,15})!(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2}:\d{2})$/.exec(text) ?? [];
  const at = new Date(`${year}-${month}-${day}T${time}Z`);
  return version === "" || Number.isNaN(at.getTime())
    ? undefined
    : { version: Number(version), at };
}
