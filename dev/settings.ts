import { personas } from "dataverse-emulator";
import {
  dataFlags,
  dataOptions,
  dataValues,
  nearest,
  type Program,
  parseOptions,
  readDataSettings,
  readWhole,
  UsageError,
} from "dataverse-emulator/command-line";

type Persona = (typeof personas)[number];

const keys = personas.map((each) => each.key);

export const usage = `Usage: npm start -- [options]
Runs the MCP endpoint, and an embedded Dataverse with sample data behind it, for this computer alone.

Options
${dataOptions}

Variables
  PORT            port of the MCP endpoint, 0 picks a free one (7071)
  DATAVERSE_PORT  port of the embedded Dataverse, 0 picks a free one (7072)
  MCP_PERSONA     who is signed in: ${keys.join(", ")} (representative)
  MCP_LOG         1 shows the log: a line for each call of a tool`;

const program: Program = {
  help: "npm start -- --help",
  values: dataValues,
  flags: dataFlags,
  elsewhere: {
    port: "npm start takes its ports from variables: PORT for the MCP endpoint, DATAVERSE_PORT for the embedded Dataverse.",
    persona: `npm start takes the person from the variable MCP_PERSONA: ${keys.join(", ")}.`,
  },
};

export interface StartSettings {
  readonly port: number;
  readonly dataversePort: number;
  readonly persona: Persona;
}

/**
 * What the options and variables ask for; undefined for help. Every one is looked at before anything is started.
 *
 * @throws UsageError in one sentence
 */
export function readStartSettings(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartSettings | undefined {
  const values = parseOptions(program, args);
  if (values.help === true) return undefined;
  readDataSettings(values);
  const port = readPort(environment, "PORT", "7071");
  const dataversePort = readPort(environment, "DATAVERSE_PORT", "7072");
  if (port === dataversePort && port !== 0)
    throw new UsageError(
      `PORT and DATAVERSE_PORT are both ${port}: the endpoint and the embedded Dataverse need a port each (0 picks a free one).`,
    );
  return { port, dataversePort, persona: readPersona(environment.MCP_PERSONA?.trim()) };
}

const readPort = (
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  fallback: string,
): number =>
  readWhole(name, environment[name]?.trim() || fallback, 65_535, " (0 picks a free port)");

function readPersona(wanted: string | undefined): Persona {
  const name = wanted || "representative";
  const persona = personas.find((each) => each.key === name);
  if (persona) return persona;
  const near = nearest(name, keys);
  throw new UsageError(
    `MCP_PERSONA is "${name.slice(0, 60)}", and there is no such person.${near === undefined ? "" : ` Did you mean ${near}?`} It takes one of: ${keys.join(", ")}.`,
  );
}
