import { createHash } from "node:crypto";
import { giveWay } from "../../turns";
import { inTurns } from "../turns";
import { loadSentenceEncoder } from "./load-encoder";

/** Titles whose directions are kept: some 2 KB each. */
const mostTitles = 4_000;
/** What somebody asks is compared with titles several times in a call, and in the next call on the case. */
const mostAsked = 200;

/**
 * Directions by the hash of their text, the oldest forgotten first: who has not the text finds nothing here, and no customer's
 * words are kept. Whoever asks while a text is being worked out waits for the same work, and does it where that was given up.
 */
class Directions {
  readonly #kept = new Map<string, Promise<Float32Array>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  async of(text: string): Promise<Float32Array> {
    const key = createHash("sha256").update(text).digest("base64");
    for (;;) {
      const known = this.#kept.get(key);
      if (known === undefined) return this.#begin(key, text);
      this.#kept.delete(key);
      this.#kept.set(key, known);
      try {
        return await known;
      } catch {
        // The call that did the work is over, and this one may be, too.
        await giveWay();
      }
    }
  }

  #begin(key: string, text: string): Promise<Float32Array> {
    const direction = encoded(text);
    this.#kept.set(key, direction);
    direction.catch(() => {
      if (this.#kept.get(key) === direction) this.#kept.delete(key);
    });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#most) break;
      this.#kept.delete(oldest);
    }
    return direction;
  }
}

async function encoded(text: string): Promise<Float32Array> {
  const encoder = await loadSentenceEncoder();
  return inTurns(encoder.encode(text));
}

const titles = new Directions(mostTitles);
const asked = new Directions(mostAsked);

/** Directions of titles, each worked out once for an instance. */
export async function titleDirections(wanted: readonly string[]): Promise<readonly Float32Array[]> {
  const directions: Float32Array[] = [];
  for (const title of wanted) directions.push(await titles.of(title));
  return directions;
}

/** The direction of what is asked. */
export const directionOf = (text: string): Promise<Float32Array> => asked.of(text);
