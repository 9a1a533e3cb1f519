import type { Hold } from "../../../account/account";
import { rowMeasure } from "../../../account/row-size";
import type { Scan } from "../../../plan/nodes";
import type { Row } from "../../../types/sql-type";
import type { Execution } from "../../execution";

export interface PartsRead {
  /** Groups of each part. */
  readonly batches: readonly (readonly Row[])[];
  /** Columns by which the rows were parted. */
  readonly by: readonly string[];
}

/** Groups of parts as they come in, and what they take. */
export interface GroupBatches {
  readonly batches: readonly (readonly Row[])[];
  take(rows: readonly Row[]): void;
}

export function batchesOf(scan: Scan, { account }: Execution, hold: Hold): GroupBatches {
  const batches: (readonly Row[])[] = [];
  const measure = rowMeasure(scan);
  return {
    batches,
    take(rows) {
      for (const row of rows) {
        const size = measure([...row]);
        hold.add(size.row + size.texts);
        account.group(scan);
      }
      batches.push(rows);
    },
  };
}
