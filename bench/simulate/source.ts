import { startEmulator } from "../../packages/dataverse-emulator/src";
import {
  applicationUser,
  personas,
  tenantId,
} from "../../packages/dataverse-emulator/src/sample/identities";
import { createDataverseEnvironment } from "../../shared/compose";
import { readConfig } from "../../shared/config";
import { RequestBudget } from "../../shared/dataverse/transport/request-budget";
import { optionsOf } from "../../shared/intelligence";
import { readResolved } from "../../shared/service/case/case-history";
import { asCaseTable } from "../../shared/service/case/case-table";
import { allowedFields, readFieldSpecs } from "../../shared/service/enrichment/case-fields";
import { findTable } from "../../shared/service/record/find-table";
import { createTrace } from "../../shared/trace";
import type { SimulationInput } from "./simulate";

export interface Asked {
  /** Logical name of the table of cases. */
  readonly table: string;
  /** Logical names; undefined is all that the setting CASE_FIELDS lists. */
  readonly fields: readonly string[] | undefined;
}

export interface ReadCases extends SimulationInput {
  /** Fields that are read by rule, or found by name: there is nothing to learn, so nothing to simulate. */
  readonly byRule: readonly string[];
}

/**
 * The resolved cases that a person may read, newest 2,000, and the fields that are configured for their table, from the
 * environment of the settings.
 *
 * @param person Entra object id
 * @throws ConfigError, AppError
 */
export async function readFromDataverse(
  settings: Readonly<Record<string, string | undefined>>,
  person: string,
  { table: name, fields: wanted }: Asked,
): Promise<ReadCases> {
  const config = readConfig(settings);
  const environment = createDataverseEnvironment(config, (message) => console.error(message));
  const dataverse = environment.as(
    { objectId: person },
    AbortSignal.timeout(300_000),
    createTrace(),
    { budget: RequestBudget.unlimited() },
  );
  const caseTable = asCaseTable(await findTable(dataverse.metadata, name));
  const allowed = allowedFields(
    caseTable.table,
    config.caseFields[caseTable.table.logicalName],
    wanted,
  );
  const specs = await readFieldSpecs(dataverse, allowed, false);
  const fields = specs.filter((field) => optionsOf(field) !== undefined);
  const cases = await readResolved(
    dataverse,
    caseTable,
    allowed.map(([column]) => column),
  );
  return {
    fields,
    cases,
    byRule: specs.filter((field) => !fields.includes(field)).map((field) => field.logicalName),
  };
}

/** The same from the sample service desk, in an embedded Dataverse of this process. */
export async function readFromSample(
  count: number,
  settings: Readonly<Record<string, string | undefined>>,
  asked: Asked,
): Promise<ReadCases> {
  const emulator = await startEmulator({ cases: count });
  try {
    const administrator = personas.find(({ key }) => key === "administrator")?.objectId ?? "";
    const identity = {
      IDENTITY_ENDPOINT: `${emulator.url}/msi/token`,
      IDENTITY_HEADER: "local-development-only",
    };
    // The identity library reads these from the process alone.
    Object.assign(process.env, identity);
    return await readFromDataverse(
      {
        ...settings,
        ...identity,
        DATAVERSE_URL: emulator.url,
        MCP_AUTH_MODE: "dev",
        MCP_TENANT_ID: tenantId,
        MCP_DEV_USER_OBJECT_ID: administrator,
        AZURE_CLIENT_ID: applicationUser.applicationId,
      },
      administrator,
      asked,
    );
  } finally {
    await emulator.close();
  }
}
