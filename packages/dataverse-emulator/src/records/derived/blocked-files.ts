import { type Database, DataverseError, type SqlValue } from "../../model";

interface NamedFile {
  readonly name: SqlValue | undefined;
  readonly type: SqlValue | undefined;
}

const listed = (text: unknown): ReadonlySet<string> =>
  new Set(
    String(text ?? "")
      .toLowerCase()
      .split(";")
      .map((each) => each.trim())
      .filter((each) => each !== ""),
  );

/**
 * Refuses a file whose ending or type the organization does not take. Throws 0x80043e09, 0x80072521, 0x80072522.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/files-images-overview#block-certain-types-of-files
 */
export function demandAllowedFile(db: Database, { name, type }: NamedFile): void {
  const settings = db
    .prepare(
      "SELECT blockedattachments, blockedmimetypes, allowedmimetypes FROM organization LIMIT 1",
    )
    .get();
  const ending = /\.([^.]+)$/.exec(String(name ?? ""))?.[1]?.toLowerCase();
  if (ending !== undefined && listed(settings?.blockedattachments).has(ending))
    throw new DataverseError(
      400,
      "0x80043e09",
      "The attachment is either not a valid type or is too large. It cannot be uploaded or downloaded.",
    );
  const kind = String(type ?? "").toLowerCase();
  if (kind === "") return;
  const allowed = listed(settings?.allowedmimetypes);
  if (allowed.size > 0 && !allowed.has(kind))
    throw new DataverseError(
      400,
      "0x80072521",
      `Operation not allowed as mime type ${kind} is not in the allow list.`,
    );
  if (allowed.size === 0 && listed(settings?.blockedmimetypes).has(kind))
    throw new DataverseError(
      400,
      "0x80072522",
      `Operation not allowed as mime type ${kind} is blocked.`,
    );
}
