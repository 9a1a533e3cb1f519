/**
 * Things in a sentence that must come from somewhere: addresses, amounts, numbers, codes, names. Lower case, spaces
 * and separators of thousands taken out, so that `1 250,00` and `1,250.00` meet.
 */
const facts: readonly RegExp[] = [
  /\bhttps?:\/\/[^\s<>"')\]]+|\bwww\.[^\s<>"')\]]+/gi,
  /[\w.+%-]+@[\w-]+(?:\.[\w-]+)+/g,
  /(?<![\w.])\+?\d[\d.,:/ ()-]*\d(?!\w)|(?<!\w)\d(?!\w)/g,
  /\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{3,}\b/g,
];
/** A capital inside a sentence: a name, unless the language writes nouns so. */
const innerName = /(?<=[\p{Ll}\p{N},;)]\s)\p{Lu}[\p{L}'’-]+(?:\s\p{Lu}[\p{L}'’-]+)*/gu;

const digits = (text: string) => text.replace(/[\s.,:/()-]+/g, "").toLowerCase();
const plain = (text: string) => text.toLowerCase().replace(/[.,;:!?)]+$/, "");

/** Facts of a text that no allowed source holds, in the order of the text. Empty when all are grounded. */
export function ungroundedFacts(
  text: string,
  sources: readonly string[],
  language = "en",
): readonly string[] {
  const pool = sources.join("\n");
  const lower = pool.toLowerCase();
  const pressed = new Set((pool.match(facts[2] as RegExp) ?? []).map(digits));
  const isThere = (fact: string) =>
    holdsWhole(lower, plain(fact)) || (/^[\d+]/.test(fact) && pressed.has(digits(fact)));
  // `www.` and `http` in one, so that no part of an address is judged alone.
  const found: string[] = [];
  let rest = text;
  for (const pattern of facts) {
    rest = rest.replace(pattern, (fact) => {
      if (!isThere(fact)) found.push(fact.trim());
      return " ";
    });
  }
  if (!/^de\b/i.test(language)) {
    for (const [name] of rest.matchAll(innerName)) if (!isThere(name)) found.push(name);
  }
  return [...new Set(found)];
}

/** The fact stands in the pool and is not the middle of something longer: `/login` does not ground `/login.evil`. */
function holdsWhole(pool: string, fact: string): boolean {
  if (fact === "") return true;
  for (let at = pool.indexOf(fact); at >= 0; at = pool.indexOf(fact, at + 1)) {
    const before = pool[at - 1] ?? " ";
    const after = pool.slice(at + fact.length, at + fact.length + 2);
    if (!/[\p{L}\p{N}]/u.test(before) && !/^[\p{L}\p{N}/@_-]|^\.[\p{L}\p{N}]/u.test(after))
      return true;
  }
  return false;
}

/** Hosts of the addresses in a text. */
export function hostsOf(text: string): readonly string[] {
  return [...text.matchAll(/\bhttps?:\/\/[^\s<>"')\]]+/gi)].flatMap(([address]) =>
    URL.canParse(address) ? [new URL(address).hostname.toLowerCase()] : [address.toLowerCase()],
  );
}
