import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { evaluate, type Json } from "./arm-expression";
import { type CloudFacts, clouds } from "./clouds";

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly location: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Everything of the resource, as it would be sent. */
  readonly body: { readonly [name: string]: Json };
}

/** One scenario, evaluated. */
export interface Deployment {
  readonly scenario: string;
  readonly cloud: CloudFacts;
  /** Values that the scenario sets. */
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, Json>>;
}

export const tenantId = "0f000000-0000-4000-8000-000000000001";
export const subscriptionId = "5b000000-0000-4000-8000-000000000001";

interface Snapshot {
  readonly predictedResources: readonly Record<string, Json>[];
  readonly outputs?: Record<string, Json>;
  readonly diagnostics?: readonly Json[];
}

const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
};

/** Reads what `bicep snapshot` wrote for a scenario and evaluates the rest. */
export function readSnapshot(snapshotFile: string, scenarioFile: string): Deployment {
  const snapshot = JSON.parse(readFileSync(snapshotFile, "utf8")) as Snapshot;
  if ((snapshot.diagnostics ?? []).length > 0)
    throw new Error(`The snapshot has diagnostics: ${JSON.stringify(snapshot.diagnostics)}`);
  const source = readFileSync(scenarioFile, "utf8");
  const cloud = clouds[/^\/\/ cloud: (\w+)/m.exec(source)?.[1] ?? "AzureCloud"];
  if (cloud === undefined) throw new Error(`${scenarioFile} names a cloud that is not known.`);
  const resources = snapshot.predictedResources.map((each) =>
    asResource(sorted(evaluate(each, cloud)) as Record<string, Json>),
  );
  return {
    scenario: basename(scenarioFile, ".bicepparam"),
    cloud,
    parameters: readParameters(source),
    resources: [...resources].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1)),
    outputs: sorted(evaluate(snapshot.outputs ?? {}, cloud)) as Record<string, Json>,
  };
}

const keyOf = ({ type, id, name }: Resource) => `${type} ${id} ${name}`;

function asResource(body: Record<string, Json>): Resource {
  const properties = (body.properties ?? {}) as Record<string, Json>;
  // A resource of an extension has neither id nor name of its own.
  const name = body.name ?? properties.uniqueName ?? properties.name ?? properties.appId ?? "";
  return {
    id: String(body.id ?? ""),
    type: String(body.type).replace(/@.*$/, ""),
    name: String(name),
    location: body.location === undefined ? undefined : String(body.location),
    tags: body.tags as Record<string, string> | undefined,
    body,
  };
}

/** Scenarios hold plain values only, so that this suffices. */
function readParameters(source: string): Record<string, string | number | boolean> {
  return Object.fromEntries(
    [...source.matchAll(/^param (\w+) = (?:'((?:[^']|\\')*)'|(\d+)|(true|false))$/gm)].map(
      ([, name = "", text, number, flag]) => [
        name,
        text ?? (number === undefined ? flag === "true" : Number(number)),
      ],
    ),
  );
}

/** The golden file of a scenario. */
export const asText = ({ scenario, cloud, resources, outputs }: Deployment): string =>
  `${JSON.stringify({ scenario, cloud: cloud.name, resources: resources.map(({ body }) => body), outputs }, null, 2)}\n`;

/** Reads a golden file back. */
export function readGolden(file: string, scenarioFile: string): Deployment {
  const golden = JSON.parse(readFileSync(file, "utf8")) as {
    scenario: string;
    cloud: string;
    resources: Record<string, Json>[];
    outputs: Record<string, Json>;
  };
  const cloud = clouds[golden.cloud];
  if (cloud === undefined) throw new Error(`${file} names a cloud that is not known.`);
  return {
    scenario: golden.scenario,
    cloud,
    parameters: readParameters(readFileSync(scenarioFile, "utf8")),
    resources: golden.resources.map(asResource),
    outputs: golden.outputs,
  };
}
