import type { Dataverse, Table } from "../../../dataverse";
import type { CallTime } from "../../outcome/call-time";
import { type Settled, settle } from "../../outcome/settle";

/** Deletes a row that the caller has seen a moment ago: one that is gone after a lost answer is deleted. */
export const deleteRow = (
  dataverse: Dataverse,
  time: CallTime,
  table: Table,
  id: string,
): Promise<Settled<true>> => {
  const isGone = async (withinMs: number) => {
    const select = [table.primaryId];
    const row = await dataverse.retrieve(table.logicalName, id, { select, withinMs });
    return row === undefined;
  };
  return settle<true>(time, {
    async send(withinMs) {
      await dataverse.delete(table.logicalName, id, { withinMs });
      return true;
    },
    look: async (withinMs) => (await isGone(withinMs)) || undefined,
    stands: isGone,
  });
};
