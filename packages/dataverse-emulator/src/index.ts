import { definitionsStamp, loadCatalog } from "./metadata";
import { importMetadata } from "./metadata/import";
import type { Database, World } from "./model";
import { addPlugIn, type PlugIn } from "./plug-ins";
import { type SampleOptions, type SampleResult, seed } from "./sample";
import {
  addMissingColumns,
  addMissingTables,
  carryVersions,
  createTables,
  emptyDatabase,
  inWords,
  markMade,
  openDatabase,
} from "./store";
import { startServer } from "./web/server";
import { createWorld } from "./world";

export type { PlugIn } from "./plug-ins";
export {
  applicationUser,
  demoCases,
  type Persona,
  personas,
  tenantId,
} from "./sample/identities";

export interface EmulatorOptions {
  /** 0 (the default) picks a free one. */
  readonly port?: number;
  /** SQLite file, or `:memory:` (the default). An existing file is used as it is. */
  readonly data?: string;
  /** Cases of the sample data, when it is made or made anew; 0 still makes people, rights and products. Default 20. */
  readonly cases?: number;
  readonly seed?: number;
  readonly language?: SampleOptions["language"];
  readonly tables?: SampleOptions["tables"];
  /** Present of the sample data; the start of today unless told. */
  readonly asOf?: Date;
  readonly now?: () => Date;
  /** Opens the doors below `/_emulator/`: faults on demand, reset, snapshots, trace, switches, plug-ins. */
  readonly faults?: boolean;
  readonly onProgress?: SampleOptions["onProgress"];
  /** The company's own rules, which refuse writes; more can be added through a door. */
  readonly plugIns?: readonly PlugIn[];
  /** Text of a real environment's `$metadata`, whose tables a new database gets beside the shipped ones. */
  readonly metadata?: string;
}

export interface Emulator {
  /** `http://127.0.0.1:<port>`: what DATAVERSE_URL is set to. */
  readonly url: string;
  readonly world: World;
  /** Ground truth of freshly made sample data; undefined when the file was there already. */
  readonly sample: SampleResult | undefined;
  close(): Promise<void>;
}

/** The start of the day in UTC. */
export const startOfDay = (date: Date): Date =>
  new Date(`${date.toISOString().slice(0, 10)}T00:00:00Z`);

/** Starts the embedded Dataverse in this process. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const file = options.data ?? ":memory:";
  const db = await openDatabase(file);
  try {
    return await inWords(file, () => startWith(db, options));
  } catch (error) {
    db.close();
    throw error;
  }
}

async function startWith(db: Database, options: EmulatorOptions): Promise<Emulator> {
  const catalog = loadCatalog(db);
  const isNew =
    db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'systemuser'").get() === undefined;
  const fill = (): SampleResult => {
    if (options.metadata !== undefined) importMetadata(db, catalog, options.metadata);
    createTables(db, catalog, { indexes: false });
    const { cases = 20, seed: number = 1, asOf = startOfDay(new Date()) } = options;
    return seed({ db, catalog }, { ...options, cases, seed: number, asOf });
  };
  const sample = isNew ? fill() : undefined;
  // A file of an earlier version, or definitions that were imported since.
  if (isNew) markMade(db, definitionsStamp());
  else {
    addMissingTables(db, catalog);
    addMissingColumns(db, catalog, definitionsStamp());
  }
  const world = createWorld(db, catalog, options.now ?? (() => new Date()));
  for (const plugIn of options.plugIns ?? []) addPlugIn(world, plugIn);
  const server = await startServer(world, {
    port: options.port ?? 0,
    faults: options.faults ?? false,
    ...(options.data === undefined ? {} : { file: options.data }),
    reset: () =>
      db.transaction(() =>
        carryVersions(db, () => {
          emptyDatabase(db);
          catalog.reload();
          fill();
        }),
      ),
  });
  return {
    url: server.url,
    world,
    sample,
    async close() {
      await server.close();
      db.close();
    },
  };
}
