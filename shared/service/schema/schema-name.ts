/** Longest schema names that Dataverse takes, prefix included. */
export const longestName = { table: 64, column: 50 } as const;

/**
 * The schema name for a display name: other signs become underscores, the publisher's prefix stands before it.
 *
 * @returns undefined when no letter or digit is left
 */
export function schemaName(displayName: string, prefix: string): string | undefined {
  const plain = displayName
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .trim()
    .replaceAll(/[^A-Za-z0-9_]+/g, "_")
    .replaceAll(/^_+|(?<!_)_+$/g, "");
  if (plain === "") return undefined;
  return plain.toLowerCase().startsWith(`${prefix}_`) ? plain : `${prefix}_${plain}`;
}
