import type { FetchCondition, FetchFilter, FetchPart } from "./model";

const mirrored: Readonly<Record<string, string>> = { lt: "gt", le: "ge", gt: "lt", ge: "le" };

/**
 * The filter as it stands in the root of a query: of two columns that are compared across a link the first is the root's. Undefined
 * where neither of them is.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows#filter-on-column-values-in-the-same-row
 */
export function seenFrom<Part extends FetchPart>(root: string, part: Part): Part | undefined;
export function seenFrom(root: string, part: FetchPart): FetchPart | undefined {
  if (part.kind === "exists") return part;
  if (part.kind === "condition") return fromRoot(root, part);
  const parts = part.parts.map((one) => seenFrom(root, one));
  const known = parts.filter((one) => one !== undefined);
  if (known.length < parts.length) return undefined;
  return known.every((one, at) => one === part.parts[at])
    ? part
    : ({ ...part, parts: known } satisfies FetchFilter);
}

function fromRoot(root: string, condition: FetchCondition): FetchCondition | undefined {
  const { other, ref, attribute, operator } = condition;
  if (other === undefined || other.ref === ref || ref === root) return condition;
  if (other.ref !== root) return undefined;
  return {
    ...condition,
    ...other,
    operator: mirrored[operator] ?? operator,
    other: { ref, attribute },
  };
}
