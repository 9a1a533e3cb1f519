import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { KeyRing } from "./key-ring";

/** What a seal is for: what was sealed for one cannot be opened for another. */
export type Purpose = "pending" | "transaction" | "session" | "outcome";

/** What is sealed says itself until when it counts. */
export interface Sealable {
  /** Milliseconds since 1970. */
  readonly exp: number;
}

export interface Seals {
  /** Text of URL-safe characters. */
  seal(purpose: Purpose, value: Sealable): Promise<string>;
  /** What was sealed for this purpose, by this deployment, and counts yet; else undefined, without a reason. */
  open<T extends Sealable>(purpose: Purpose, sealed: string): Promise<T | undefined>;
}

const ivBytes = 12;
const tagBytes = 16;
/** Longest seal that is looked at, in characters: of a mail of the longest body that is stored. */
const longest = 8_000_000;

/**
 * Encrypts and authenticates (AES-256-GCM), so that neither the model nor the address bar reads it and nobody changes it. Each
 * purpose has a key of its own (HKDF), and version, key, purpose and deployment are authenticated besides.
 *
 * @param deployment what tells this deployment from others that may share its keys
 * @see https://csrc.nist.gov/pubs/sp/800/38/d/final
 */
export function createSeals(keys: KeyRing, deployment: string, now: () => number): Seals {
  const keyFor = (secret: Buffer, purpose: Purpose) =>
    Buffer.from(hkdfSync("sha256", secret, "", `approval/${purpose}`, 32));
  const boundTo = (keyId: string, purpose: Purpose) =>
    Buffer.from(JSON.stringify(["v1", keyId, purpose, deployment]));

  return {
    async seal(purpose, value) {
      const { id, secret } = await keys.current();
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv("aes-256-gcm", keyFor(secret, purpose), iv);
      cipher.setAAD(boundTo(id, purpose));
      const text = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
      return `v1.${id}.${Buffer.concat([iv, text, cipher.getAuthTag()]).toString("base64url")}`;
    },
    async open<T extends Sealable>(purpose: Purpose, sealed: string): Promise<T | undefined> {
      if (sealed.length > longest) return undefined;
      const [version, id = "", part = "", ...more] = sealed.split(".");
      // One seal has one text: other spellings of the same bytes are none.
      const bytes = Buffer.from(part, "base64url");
      if (version !== "v1" || more.length > 0 || bytes.toString("base64url") !== part)
        return undefined;
      if (bytes.length < ivBytes + tagBytes) return undefined;
      const secret = await keys.find(id);
      if (secret === undefined) return undefined;
      const value = decrypt(bytes, keyFor(secret, purpose), boundTo(id, purpose));
      const { exp } = (value ?? {}) as Partial<Sealable>;
      return typeof exp === "number" && exp > now() ? (value as T) : undefined;
    },
  };
}

function decrypt(bytes: Buffer, key: Buffer, aad: Buffer): unknown {
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(aad);
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    const text = [decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()];
    return JSON.parse(Buffer.concat(text).toString("utf8"));
  } catch {
    // Not ours, or changed: there is nothing to be said of it.
    return undefined;
  }
}
