import { AppError } from "../../errors";

/**
 * As whom a request acts: a person, by Entra object id, or the app's own identity, which must be said. Nothing stands for
 * "nobody": a request that lost its person would otherwise run with the rights of the app.
 */
export type Identity = "app" | { readonly objectId: string };

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const nobody = "00000000-0000-0000-0000-000000000000";

/**
 * The header that makes Dataverse act for the person; none for the app itself.
 *
 * @throws AppError `forbidden` when the person is not named by a GUID that can be somebody's
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/impersonate-another-user-web-api
 */
export function impersonationOf(identity: Identity): Readonly<Record<string, string>> {
  if (identity === "app") return {};
  const objectId: unknown = (identity as Partial<typeof identity> | undefined)?.objectId;
  if (typeof objectId === "string" && guid.test(objectId) && objectId !== nobody) {
    return { CallerObjectId: objectId };
  }
  throw new AppError("forbidden", "The call does not say for whom it acts, so nothing was sent.", {
    hint: "Sign in again; if it lasts, an administrator has to look at the tokens' oid claim.",
  });
}

/** Whose turn a request takes at the gate. */
export const personOf = (identity: Identity): string =>
  identity === "app" ? identity : identity.objectId.toLowerCase();
