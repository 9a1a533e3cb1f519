/**
 * Preloaded into a client that insists on an https address of dynamics.com: its requests to OUTSIDE_ORIGIN go to
 * OUTSIDE_TARGET on loopback, with the headers that a proxy would add. The client itself stays as it was published.
 */
const { OUTSIDE_ORIGIN, OUTSIDE_TARGET } = process.env;
const origin = new URL(OUTSIDE_ORIGIN);
const original = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  if (!url.startsWith(origin.origin)) return original(input, init);
  const request = new Request(OUTSIDE_TARGET + url.slice(origin.origin.length), init ?? input);
  request.headers.set("X-Forwarded-Proto", "https");
  request.headers.set("X-Forwarded-Host", origin.host);
  return original(request);
};
