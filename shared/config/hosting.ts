import { isLoopback } from "../loopback";
import type { Variables } from "./setting-reader";

/** Marks that a platform sets on a running instance. */
const platformMarks = [
  "WEBSITE_INSTANCE_ID",
  "WEBSITE_SITE_NAME",
  "CONTAINER_APP_NAME",
  "KUBERNETES_SERVICE_HOST",
] as const;

/** `host` or `host:port` as the platform and `func start` write it in WEBSITE_HOSTNAME; undefined for anything else. */
export function platformUrl(variables: Variables): URL | undefined {
  const host = variables.WEBSITE_HOSTNAME?.trim() ?? "";
  if (!/^([\w.-]+|\[::1\])(:\d+)?$/.test(host) || !URL.canParse(`https://${host}`))
    return undefined;
  const url = new URL(`https://${host}`);
  // Azure's front end ends TLS before the app, which sees plain http; Core Tools really serve it.
  return isLoopback(url) ? new URL(`http://${host}`) : url;
}

/**
 * Name of a variable by which a platform says that this is no developer's machine. Core Tools set WEBSITE_HOSTNAME, too, to
 * `localhost:7071`; any other name, and one that cannot be read, is elsewhere.
 */
export function platformMark(variables: Variables): string | undefined {
  const mark = platformMarks.find((name) => variables[name]);
  if (mark !== undefined || !variables.WEBSITE_HOSTNAME?.trim()) return mark;
  const url = platformUrl(variables);
  return url !== undefined && isLoopback(url) ? undefined : "WEBSITE_HOSTNAME";
}
