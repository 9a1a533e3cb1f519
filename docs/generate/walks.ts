import { resolve } from "node:path";

/** Where the recorded walks stand. */
export const page = resolve(__dirname, "../architecture.md");

const place = /(<!-- recorded: walks \(npm run walks\) -->\n)[\s\S]*?(<!-- end of recorded -->)/;

/** The page with these walks in their place. @throws Error when the page has no place for them */
export function withWalks(text: string, walks: string): string {
  if (!place.test(text)) throw new Error("docs/architecture.md has no place for walks.");
  return text.replace(place, (_, open: string, close: string) => `${open}\n${walks}\n\n${close}`);
}

/**
 * The lines of the page for comparing: a request keeps its second line, and the order counts only as far as it is ours.
 * Requests of one call run side by side, so which of them is sent first is a matter of the machine's speed.
 */
export function linesOfWalks(text: string): readonly string[] {
  return text
    .replace(/\n {4}(?=as the )/g, " ")
    .split("\n")
    .sort();
}
