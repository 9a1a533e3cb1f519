/** The values of a route's parameters when the path fits it, else undefined. */
export type RouteMatch = (path: string) => Record<string, string> | undefined;

/**
 * Compiles a route of an HTTP trigger: `items/{id}`, `{id?}`, `{id:int}`, `{*rest}`.
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger#customize-the-http-endpoint
 */
export function compileRoute(route: string): RouteMatch {
  const names: string[] = [];
  const source = route
    .split("/")
    .map((segment) => {
      const parameter = /^\{(\*{0,2})([^:}?]+)(?::[^}?]*)?(\?)?\}$/.exec(segment);
      if (parameter === null) return `/${segment.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`;
      const [, stars = "", name = "", optional] = parameter;
      names.push(name);
      if (stars !== "") return "(?:/(.*))?";
      return optional ? "(?:/([^/]+))?" : "/([^/]+)";
    })
    .join("");
  const pattern = new RegExp(`^${source}/?$`, "i");
  return (path) => {
    const match = pattern.exec(path);
    if (match === null) return undefined;
    const values = names.flatMap((name, index) => {
      const value = match[index + 1];
      return value === undefined ? [] : [[name, decodeURIComponent(value)] as const];
    });
    return Object.fromEntries(values);
  };
}
