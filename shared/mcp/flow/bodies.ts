import { Abridger } from "./abridge";
import { Shares } from "./shares";

/** A body of this size is always read: what asks who the server is and what it can do is never longer. */
const alwaysReadBytes = 16_384;

export interface ReadBytes {
  /** Undefined when there was no room even for the shape of it. */
  readonly bytes: Buffer | undefined;
  /** The texts in it are cut, for want of room: good for a refusal only. */
  readonly isAbridged: boolean;
  /** Larger than a body may be; `bytes` are not to be used. */
  readonly isTooLarge: boolean;
  /** The connection failed before the end of the body; `bytes` are not to be used. */
  readonly isBroken: boolean;
}

export interface BodyLimits {
  /** Largest body that is taken. */
  readonly taken: number;
  /** What is larger is read and dropped up to here. */
  readonly dropped: number;
}

/** A client that sends a refused body more slowly than this is not waited for any longer, in milliseconds. */
const dropTimeMs = 5_000;

/** The memory that bodies of requests may take together, shared by person. */
export class Bodies {
  readonly #shares: Shares;

  constructor(bytes: number) {
    this.#shares = new Shares(bytes);
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
   * pieces come. One that is too large is told at once, and its rest is read and dropped behind the answer: so the client sees
   * the answer, and the next request on the connection finds its own beginning.
   */
  async read(
    body: AsyncIterable<Uint8Array>,
    announced: number | undefined,
    limits: BodyLimits,
  ): Promise<ReadBytes> {
    let abridger = this.#hasRoomFor(announced ?? 0) ? undefined : new Abridger();
    let kept = new Kept(abridger ? 0 : (announced ?? 0));
    let size = 0;
    const unusable = { bytes: undefined, isAbridged: false, isTooLarge: false, isBroken: false };
    const pieces = body[Symbol.asyncIterator]();
    for (;;) {
      const { chunk, isBroken } = await nextOf(pieces);
      if (isBroken) return { ...unusable, isBroken };
      if (chunk === undefined) break;
      size += chunk.byteLength;
      if (size > limits.taken) {
        void drop(pieces, limits.dropped - size);
        return { ...unusable, isTooLarge: true };
      }
      if (abridger === undefined && !this.#hasRoomFor(size)) {
        abridger = new Abridger();
        abridger.add(kept.bytes());
        kept = new Kept(0);
        this.release();
      }
      if (abridger) abridger.add(chunk);
      else kept.add(chunk);
    }
    if (abridger) return { ...unusable, bytes: abridger.end(), isAbridged: true };
    return { ...unusable, bytes: kept.bytes() };
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

type Pieces = AsyncIterator<Uint8Array>;

/** The next piece; neither piece nor fault at the end. */
async function nextOf(pieces: Pieces): Promise<{ chunk?: Uint8Array; isBroken: boolean }> {
  try {
    const { done, value } = await pieces.next();
    return done ? { isBroken: false } : { chunk: value, isBroken: false };
  } catch {
    // What a connection fails of says nothing that anybody could use: the client is gone.
    return { isBroken: true };
  }
}

/** Reads on until the end or within bounds, beyond which the connection is given up. */
async function drop(pieces: Pieces, bytes: number): Promise<void> {
  const until = Date.now() + dropTimeMs;
  for (let left = bytes; left > 0 && Date.now() < until; ) {
    const { chunk } = await nextOf(pieces);
    if (chunk === undefined) return;
    left -= chunk.byteLength;
  }
  // Nobody is answered any more, so a connection that fails while it is given up fails nobody.
  await pieces.return?.().catch(() => undefined);
}
/** Bytes that come in pieces. Copied at once: a piece kept as it came keeps all of the buffer that it was read into. */
class Kept {
  #buffer: Buffer;
  #size = 0;

  constructor(expected: number) {
    this.#buffer = Buffer.allocUnsafeSlow(expected);
  }

  add(chunk: Uint8Array): void {
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
