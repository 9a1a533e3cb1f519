const loopbackName = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** True for an address that only this machine can reach: `localhost`, 127.0.0.0/8 or ::1. */
export const isLoopback = (url: URL): boolean => loopbackName.test(url.hostname);

/** The same of a Host header, with or without a port, as it was sent: a parser of URLs reads more into it. */
export const isLoopbackHost = (host: string): boolean =>
  loopbackName.test(host.replace(/:\d{1,5}$/, ""));
