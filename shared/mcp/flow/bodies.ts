import type { Readable } from "node:stream";
import { Abridger } from "./abridge";
import { Shares } from "./shares";

/** A body of this size is always read: what asks who the server is and what it can do is never longer. */
const alwaysReadBytes = 16_384;

export type ReadBody =
  | {
      readonly bytes: Buffer;
      /** For want of room the bulk is cut out: good for a refusal only. */
      readonly isAbridged: boolean;
    }
  | {
      /**
       * `too-large`: more than a body may have. `no-room`: not even for the shape of it. `late`: its time was over before its
       * end. `broken`: the connection failed before its end.
       */
      readonly fault: "too-large" | "no-room" | "late" | "broken";
    };

export interface BodyLimits {
  /** Largest body that is taken. */
  readonly taken: number;
  /** What is larger is read and dropped up to here. */
  readonly dropped: number;
  /** Time that the body has yet, in milliseconds. */
  readonly timeMs: number;
}

/** A client that sends a refused body more slowly than this is not waited for any longer, in milliseconds. */
const dropTimeMs = 5_000;

/** The memory that bodies of requests may take together, shared by person. */
export class Bodies {
  /** Time that one body has for coming in, from the arrival of its request, in milliseconds. */
  readonly timeMs: number;
  readonly #shares: Shares;

  constructor(bytes: number, timeMs: number) {
    this.#shares = new Shares(bytes);
    this.timeMs = timeMs;
  }

  /** Bytes that are held now. */
  get held(): number {
    return this.#shares.total;
  }

  /** Room for the body of one request, which lasts until it is released. */
  room(person: string): BodyRoom {
    return new BodyRoom(this.#shares, person);
  }
}

export class BodyRoom {
  readonly #shares: Shares;
  readonly #person: string;
  #taken = 0;

  constructor(shares: Shares, person: string) {
    this.#shares = shares;
    this.#person = person;
  }

  /**
   * Reads the body and holds what there is room for. A length that is announced is taken beforehand, a body in pieces as the
   * pieces come. One that will not be taken is told at once, and its rest is read and dropped behind the answer: so the client
   * sees the answer, and the next request on the connection finds its own beginning. Never rejects.
   */
  read(body: Readable, announced: number | undefined, limits: BodyLimits): Promise<ReadBody> {
    let abridger = this.#hasRoomFor(announced ?? 0) ? undefined : new Abridger();
    let kept = new Kept(abridger ? 0 : (announced ?? 0));
    let size = 0;
    const hold = (chunk: Buffer): void => {
      if (abridger === undefined && !this.#hasRoomFor(size)) {
        abridger = new Abridger();
        abridger.add(kept.bytes());
        kept = new Kept(0);
        this.release();
      }
      if (abridger === undefined) kept.add(chunk);
      else abridger.add(chunk);
    };
    const whole = (): ReadBody => {
      if (abridger === undefined) return { bytes: kept.bytes(), isAbridged: false };
      const bytes = abridger.end();
      return bytes === undefined ? { fault: "no-room" } : { bytes, isAbridged: true };
    };
    return new Promise((done) => {
      const finish = (result: ReadBody) => {
        clearTimeout(timer);
        body.off("data", take).off("end", end).off("close", fail);
        done(result);
      };
      const refuse = (fault: "too-large" | "no-room" | "late") => {
        this.release();
        kept = new Kept(0);
        finish({ fault });
        drop(body, limits.dropped - size);
      };
      const take = (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size > limits.taken) return refuse("too-large");
        hold(chunk);
        if (abridger?.isLong) refuse("no-room");
      };
      const end = () => finish(whole());
      // What a connection fails of says nothing that anybody could use: the client is gone.
      const fail = () => finish({ fault: "broken" });
      const timer = setTimeout(() => refuse("late"), Math.max(0, limits.timeMs));
      if (body.destroyed && !body.readableEnded) return fail();
      body.on("error", ignore).on("data", take).on("end", end).on("close", fail);
    });
  }

  release(): void {
    this.#shares.give(this.#person, this.#taken);
    this.#taken = 0;
  }

  #hasRoomFor(size: number): boolean {
    const more = size - Math.max(this.#taken, alwaysReadBytes);
    if (more <= 0) return true;
    const wanted = size - this.#taken;
    if (!this.#shares.take(this.#person, wanted)) return false;
    this.#taken = size;
    return true;
  }
}

/** A body that breaks off is closed as well, and that is what is listened to. */
const ignore = () => undefined;

/** Reads on until the end or within bounds, beyond which the connection is given up: whoever is there has been answered. */
function drop(body: Readable, bytes: number): void {
  let left = bytes;
  const count = (chunk: Buffer) => {
    left -= chunk.byteLength;
    if (left < 0) body.destroy();
  };
  const timer = setTimeout(() => body.destroy(), dropTimeMs);
  body.on("data", count).once("close", () => clearTimeout(timer));
}

/** Bytes that come in pieces. Copied at once: a piece kept as it came keeps all of the buffer that it was read into. */
class Kept {
  #buffer: Buffer;
  #size = 0;

  constructor(expected: number) {
    this.#buffer = Buffer.allocUnsafeSlow(expected);
  }

  add(chunk: Buffer): void {
    const end = this.#size + chunk.byteLength;
    if (end > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.#size);
      this.#buffer = larger;
    }
    this.#buffer.set(chunk, this.#size);
    this.#size = end;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#size);
  }
}
