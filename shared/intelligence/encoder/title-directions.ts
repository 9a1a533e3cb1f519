import { inTurns } from "../turns";
import { loadSentenceEncoder } from "./load-encoder";

/** Titles whose directions are kept: some 2 KB each. */
const mostKept = 4_000;

/** By the text itself, so that whoever has not the text finds nothing here. */
const kept = new Map<string, Float32Array>();

/** Directions of titles, each worked out once for an instance; the oldest are forgotten first. */
export async function titleDirections(titles: readonly string[]): Promise<readonly Float32Array[]> {
  const directions: Float32Array[] = [];
  for (const title of titles) {
    const direction = kept.get(title) ?? (await directionOf(title));
    kept.delete(title);
    kept.set(title, direction);
    directions.push(direction);
  }
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    kept.delete(oldest);
  }
  return directions;
}

/** The direction of a text that is asked once. */
export async function directionOf(text: string): Promise<Float32Array> {
  const encoder = await loadSentenceEncoder();
  return inTurns(encoder.encode(text));
}
