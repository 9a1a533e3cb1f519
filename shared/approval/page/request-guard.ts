/** What a client of the endpoint, or a platform in front of it, would show in place of a person. None of it may come here. */
const tokens = ["authorization", "x-zumo-auth"];

/** True for a request that brings a token of another way in. */
export const bringsToken = (headers: Headers): boolean =>
  tokens.some((name) => headers.get(name) !== null);

/**
 * True for a form that this page itself sent: the browser says from where it comes, and a browser that says nothing is not
 * believed.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isOwnForm(headers: Headers, origin: string): boolean {
  const site = headers.get("sec-fetch-site");
  return (
    headers.get("origin") === origin &&
    (site === null || site === "same-origin") &&
    /^application\/x-www-form-urlencoded(;|$)/i.test(headers.get("content-type") ?? "")
  );
}

/** Longest form that is read, in bytes: an approval id, the value against forgery, a name. */
const longestForm = 20_000;

/** The fields of a form; undefined where it is too long, or a field comes twice. */
export async function readForm(request: Request): Promise<ReadonlyMap<string, string> | undefined> {
  const length = Number(request.headers.get("content-length") ?? Number.NaN);
  if (!(length <= longestForm)) return undefined;
  const text = await request.text();
  if (text.length > longestForm) return undefined;
  const fields = new URLSearchParams(text);
  const names = [...fields.keys()];
  return new Set(names).size === names.length ? new Map(fields) : undefined;
}

/** The value of a cookie; undefined where there is none, or several: whoever can set one beside ours must not choose. */
export function cookieOf(headers: Headers, name: string): string | undefined {
  const found = (headers.get("cookie") ?? "")
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`));
  return found.length === 1 ? found[0]?.slice(name.length + 1) : undefined;
}
