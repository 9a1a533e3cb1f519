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
}

export interface BodyLimits {
  /** Largest body that is taken. */
  readonly taken: number;
  /** What is larger is read and dropped up to here. */
  readonly dropped: number;
}

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
   * Reads the whole body, because a client that is cut off while it sends never sees the answer, and holds what there is
   * room for. A length that is announced is taken beforehand, a body in pieces as the pieces come.
   */
  async read(
    body: AsyncIterable<Uint8Array>,
    announced: number | undefined,
    limits: BodyLimits,
  ): Promise<ReadBytes> {
    let chunks: Uint8Array[] = [];
    let size = 0;
    let abridger = this.#hasRoomFor(announced ?? 0) ? undefined : new Abridger();
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > limits.dropped) break;
      if (size > limits.taken) {
        chunks = [];
        continue;
      }
      if (abridger === undefined && !this.#hasRoomFor(size)) {
        abridger = new Abridger();
        for (const each of chunks) abridger.add(each);
        chunks = [];
        this.release();
      }
      if (abridger) abridger.add(chunk);
      else chunks.push(chunk);
    }
    const isTooLarge = size > limits.taken;
    if (abridger) return { bytes: abridger.end(), isAbridged: true, isTooLarge };
    return { bytes: Buffer.concat(chunks), isAbridged: false, isTooLarge };
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
