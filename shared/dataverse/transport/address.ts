import { AppError } from "../../errors";
import type { DataverseRequest } from "../request";

export const apiPath = "/api/data/v9.2/";

/** The path below the API without keys and query: both may hold what a record says. */
export function templateOf(url: string): string {
  const { pathname } = new URL(url);
  const path = pathname.startsWith(apiPath) ? pathname.slice(apiPath.length) : pathname;
  const open = path.indexOf("(");
  // A key may hold brackets of its own, so everything up to the last one goes.
  return open < 0 ? path : `${path.slice(0, open)}(*)${path.slice(path.lastIndexOf(")") + 1)}`;
}

/** The full address: a path below the API, or a link that the service gave, which must stay in the environment. */
export function addressOf(
  request: Pick<DataverseRequest, "path" | "query">,
  origin: string,
): string {
  const isLink = /^[a-z][a-z0-9+.-]*:/i.test(request.path);
  if (isLink) {
    if (new URL(request.path).origin !== new URL(origin).origin) {
      throw new AppError(
        "upstream",
        "Dataverse answered with a link to another host, which is not followed.",
      );
    }
    return request.path;
  }
  const query = Object.entries(request.query ?? {}).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          `${encodeURIComponent(name).replace("%24", "$").replace("%40", "@")}=${encodeURIComponent(value)}`,
        ],
  );
  return `${origin}${apiPath}${request.path}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}
