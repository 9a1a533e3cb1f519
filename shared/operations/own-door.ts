import type { WriteDoor } from "../dataverse";
import { AppError } from "../errors";
import { readChange } from "../policy/consequences/read-change";

/** The door of the app itself, which keeps records in one table and writes nothing else. Nobody's yes is asked: nobody asked for it. */
export const doorTo = (table: string | undefined): WriteDoor => ({
  async admit(dataverse, requests) {
    const own = table === undefined ? undefined : await dataverse.metadata.table(table);
    const set = own?.setName.toLowerCase();
    const changes = requests
      .flatMap((request) => request.changeSet ?? [request])
      .map((part) => readChange(part, (name) => (name === set ? table : undefined)));
    const isOwn = changes.every(
      (change) =>
        change.table !== undefined && (change.kind === "create" || change.kind === "update"),
    );
    if (!isOwn) throw new AppError("forbidden", "The app itself writes nothing but its records.");
  },
});
