/** Deepest nesting, and longest text, of what arrives as text where an object or a list is meant. */
const deepest = 64;
const longest = 1_048_576;

/**
 * The object or array that a text is the JSON of, as clients pass them that have texts only; undefined for any other text, and for
 * what may not be recursed over (nested too deep, or with a key that sets a prototype).
 */
export function jsonIn(text: string): object | undefined {
  const word = text.trim();
  const isJson = /^[[{]/.test(word) && /[\]}]$/.test(word) && word.length <= longest;
  if (!isJson || isTooDeep(word)) return undefined;
  try {
    const value: unknown = JSON.parse(word);
    return typeof value === "object" && value !== null && !namesPrototype(value)
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

function isTooDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '"') isText = !isText;
    else if (isText) at += character === "\\" ? 1 : 0;
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

const namesPrototype = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (Object.hasOwn(value, "__proto__") || Object.values(value).some(namesPrototype));
