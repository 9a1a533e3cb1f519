import { DataverseError, type WebRequest } from "../model";

/**
 * A function's argument as text: written in place, or behind an alias (`Target=@t` with `?@t={…}`).
 * The last closing parenthesis of the path ends the list.
 */
export function argumentOf(request: WebRequest, name: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(request.path);
  } catch {
    throw new DataverseError(400, "0x80060888", "Bad Request - Error in query syntax.");
  }
  const list = path.slice(path.lastIndexOf(`${name}=`));
  if (!list.startsWith(`${name}=`)) return request.query.get(`@${name}`);
  const value = list.slice(name.length + 1).replace(/\)\s*$/, "");
  const alias = /^@\w+/.exec(value)?.[0];
  if (alias === undefined) return value;
  const given = request.query.get(alias);
  if (given !== undefined) return given;
  throw new DataverseError(400, "0x80060888", `The parameter alias '${alias}' has no value.`);
}
