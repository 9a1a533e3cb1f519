import type { WebRequest } from "../../model";
import type { Expand, Options } from "../parse/options";

const namesOf = ({ select, expand }: Options): string[] => [
  ...(select ?? []),
  ...expand.map(expandText),
];

const expandText = ({ property, isReference, options }: Expand): string =>
  isReference ? `${property}/$ref()` : `${property}(${namesOf(options).join(",")})`;

/** `…$metadata#accounts(name,primarycontactid(fullname))`, with `/$entity` for a single row. */
export function contextOf(
  { serviceRoot }: Pick<WebRequest, "serviceRoot">,
  set: string,
  options: Options,
  isEntity = false,
): string {
  const names = namesOf(options);
  const list = names.length === 0 ? "" : `(${names.join(",")})`;
  return `${serviceRoot}$metadata#${set}${list}${isEntity ? "/$entity" : ""}`;
}
