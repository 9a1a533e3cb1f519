import { AppError } from "../errors";

/** What is stored under a name, and its version. */
export interface Stored {
  readonly text: string;
  readonly etag: string;
}

/**
 * Small texts by name, for whatever has to be true across instances: that something was answered once, and how often. Names are
 * parts of letters, digits, `.`, `_` and `-`, separated by slashes. Everything throws `StoreDown` where the store does not answer,
 * or not as it should: whoever asks must then not act.
 */
export interface Store {
  /** False where the name is taken: of many who create it at the same time one is told true. */
  create(name: string, text: string): Promise<boolean>;
  read(name: string): Promise<Stored | undefined>;
  /** False where it is no longer at that version. */
  replace(name: string, text: string, etag: string): Promise<boolean>;
  /**
   * Adds to the end of what has the name, which is made where it is not there.
   *
   * @param longest bytes that it may have afterwards
   * @returns false where it would be longer; nothing is added then
   */
  append(name: string, text: string, longest: number): Promise<boolean>;
}

/** Nobody knows whether something was answered, or how often: nothing is done. */
export class StoreDown extends AppError {
  constructor(cause: unknown) {
    super("upstream", "The store of approvals does not answer, so nothing was done.", {
      hint: "Try again later. If it lasts, an administrator has to look at the storage account of the endpoint: it must be reachable, and the endpoint's identity needs the role Storage Blob Data Contributor on the container of approvals.",
      cause,
    });
  }
}

const form = /^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/;

/** @throws TypeError for a name that is a path to somewhere else */
export function checkName(name: string): string {
  if (name.length > 500 || !form.test(name))
    throw new TypeError("A name in the store has parts of letters, digits, points and dashes.");
  return name;
}
