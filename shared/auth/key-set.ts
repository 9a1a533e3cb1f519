import { createHash } from "node:crypto";
import { type CryptoKey, importJWK } from "jose";

/** One key that the issuer signs with. */
export interface SigningKey {
  readonly kid: string;
  readonly key: CryptoKey;
  /** Digest of its material: a name that is given to another key is another key. */
  readonly print: string;
}

/** Entra's set has some 15 kB; nothing near this is one. */
const longestSet = 1_048_576;
const timeoutMs = 5_000;

/**
 * Reads the issuer's published keys: RSA, for signatures, named. What else stands there is passed over.
 *
 * @throws Error saying what was answered in place of keys; its text holds nothing of the answer
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
export async function readKeySet(url: URL): Promise<ReadonlyMap<string, SigningKey>> {
  const response = await fetch(url, {
    headers: { accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new Error(`The issuer cannot be reached: ${reasonOf(error)}.`, { cause: error });
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`The issuer answers ${response.status} in place of its keys.`);
  }
  const keys = new Map<string, SigningKey>();
  for (const each of await readList(response)) {
    const key = await signingKey(each);
    if (key !== undefined && !keys.has(key.kid)) keys.set(key.kid, key);
  }
  if (keys.size === 0) throw new Error("The issuer's key set holds no key for RS256.");
  return keys;
}

async function readList(response: Response): Promise<readonly unknown[]> {
  let text: string;
  try {
    text = await readText(response);
  } catch (error) {
    throw new Error(`The issuer's key set breaks off: ${reasonOf(error)}.`, { cause: error });
  }
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch (error) {
    throw new Error("The issuer's key set is not JSON.", { cause: error });
  }
  const keys = (set as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) throw new Error("The issuer's key set has no list of keys.");
  return keys;
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > longestSet) throw Object.assign(new RangeError(), { code: "too long" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function signingKey(value: unknown): Promise<SigningKey | undefined> {
  const { kty, kid, n, e, use, alg } = (value ?? {}) as Record<string, unknown>;
  if (kty !== "RSA" || typeof n !== "string" || typeof e !== "string") return undefined;
  if (typeof kid !== "string" || kid === "") return undefined;
  if ((use ?? "sig") !== "sig" || (alg ?? "RS256") !== "RS256") return undefined;
  try {
    const key = await importJWK({ kty, n, e }, "RS256");
    if (key instanceof Uint8Array) return undefined;
    const { modulusLength = 0 } = key.algorithm as { readonly modulusLength?: number };
    // Shorter ones verify nothing (RFC 7518, 3.3).
    if (modulusLength < 2_048) return undefined;
    return { kid, key, print: createHash("sha256").update(`${n}.${e}`).digest("base64url") };
  } catch {
    // One key that is broken does not take the others away; with none left, the set counts as unreadable.
    return undefined;
  }
}

/** The code of the system where there is one; never the text of an answer. */
function reasonOf(error: unknown): string {
  const { name, code, cause } = (error ?? {}) as Failure;
  if (name === "TimeoutError") return `no answer within ${timeoutMs / 1_000} s`;
  return (cause as Failure | undefined)?.code ?? code ?? name ?? "unknown";
}

interface Failure {
  readonly name?: string;
  readonly code?: string;
  readonly cause?: unknown;
}
