import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { evaluate, type Json } from "../../../infra/check/arm-expression";
import { clouds } from "../../../infra/check/clouds";
import { isNewEnough } from "../../../infra/check/compiler";
import { type Deployment, readGolden } from "../../../infra/check/deployment";
import { drawResources } from "../../../infra/check/drawing";
import { mutations } from "../../../infra/check/mutations";
import { findings } from "../../../infra/check/rules";
import { platformSettings } from "../../../infra/check/rules/app-settings";
import { judgedSettings } from "../../../infra/check/rules/judged-settings";
import { readQueries } from "../../../infra/check/rules/operations";
import { appSettings } from "../../../infra/check/rules/rule";
import { isOfApproval } from "../../../infra/check/rules/sign-in/registration";
import { checkSources, hashSources } from "../../../infra/check/sources";
import { settings } from "../../../shared/config/settings";

const root = resolve(__dirname, "../../..");
const check = join(root, "infra/check");
const scenarios = readdirSync(join(check, "scenarios")).map((name) =>
  name.replace(".bicepparam", ""),
);
const golden = (name: string) =>
  readGolden(
    join(check, `golden/${name}.generated.json`),
    join(check, `scenarios/${name}.bicepparam`),
  );

describe("the evaluated deployment", () => {
  test("has at least eight scenarios, each with its golden file", () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(8);
    expect(readdirSync(join(check, "golden")).sort()).toEqual(
      scenarios.map((name) => `${name}.generated.json`).sort(),
    );
  });

  test.each(scenarios)("%s breaks no rule", (name) => {
    const deployment = golden(name);
    expect(deployment.resources.length).toBeGreaterThan(15);
    expect(findings(deployment)).toEqual([]);
  });

  test("was made from the sources as they are (else: npm run infra:check -- --update)", () => {
    const kept = readFileSync(join(check, "sources.generated.json"), "utf8");
    expect(kept.replaceAll("\r\n", "\n")).toBe(hashSources(join(root, "infra")));
  });

  test("is what the drawing of the documentation shows", () => {
    const drawing = readFileSync(join(root, "docs/resources.generated.mmd"), "utf8");
    expect(drawing.replaceAll("\r\n", "\n")).toBe(drawResources(golden("everything")));
  });

  test("has sources that agree: descriptions, parameters, linter, azure.yaml", () => {
    expect(checkSources(join(root, "infra"), root)).toEqual([]);
  });
});

describe("azure.yaml and host.json", () => {
  /** The complaints about a project in which `from` of a file became `to`. */
  function spoiltProject(file: string, from: string, to: string): string[] {
    const folder = mkdtempSync(join(tmpdir(), "project-"));
    try {
      for (const name of ["azure.yaml", "host.json", ".funcignore"]) {
        const text = readFileSync(join(root, name), "utf8").replaceAll("\r\n", "\n");
        if (name === file) expect(text.split(from).length).toBeGreaterThan(1);
        writeFileSync(join(folder, name), name === file ? text.replace(from, () => to) : text);
      }
      // Hooks are looked for where they are named.
      cpSync(join(root, "infra/hooks"), join(folder, "infra/hooks"), { recursive: true });
      return checkSources(join(root, "infra"), folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  test("are as they should be", () => {
    expect(spoiltProject("azure.yaml", "name:", "name:")).toEqual([]);
  });

  test.each<[string, string, string, string, RegExp]>([
    ["built in Azure", "azure.yaml", "remoteBuild: false", "remoteBuild: true", /remoteBuild/],
    ["another folder", "azure.yaml", "dist: out/package", "dist: out", /dist/],
    ["no folder", "azure.yaml", "project: .", "project: out/package", /project/],
    ["an old azd", "azure.yaml", '">= 1.23.15"', '">= 1.10.0"', /requiredVersions/],
    [
      "a hook of the project that azd deploy passes by",
      "azure.yaml",
      "    hooks:\n",
      "    hook:\n",
      /prepackage of the service/,
    ],
    ["modules left out", ".funcignore", ".git*", "node_modules", /node_modules hides/],
    ["everything left out", ".funcignore", ".git*", "*", /\* hides/],
    ["no way back", "azure.yaml", "  postdown:\n", "  afterdown:\n", /lacks the hook postdown/],
    ["another host", "azure.yaml", "host: function", "host: appservice", /host/],
    ["another service", "azure.yaml", "  mcp:\n", "  app:\n", /one service/],
    [
      "another hook's file",
      "azure.yaml",
      "hooks/postdeploy.ts",
      "hooks/preprovision.ts",
      /postdeploy/,
    ],
    ["nothing packaged", "azure.yaml", "run: npm run package", "run: npm run build", /prepackage/],
    [
      "a failure passed over",
      "azure.yaml",
      "hooks/postprovision.ts\n",
      "hooks/postprovision.ts\n    continueOnError: true\n",
      /passed over/,
    ],
    ["no hook", "azure.yaml", "  preprovision:\n", "  before:\n", /lacks the hook preprovision/],
    ["another folder of Bicep", "azure.yaml", "path: infra", "path: infrastructure", /infra/],
    ["another route", "host.json", '"routePrefix": ""', '"routePrefix": "api"', /routePrefix/],
    [
      "the host's own refusals",
      "host.json",
      '"maxConcurrentRequests": 2000',
      '"maxConcurrentRequests": 100',
      /maxConcurrentRequests/,
    ],
    ["no end", "host.json", "00:03:30", "00:10:00", /functionTimeout/],
    ["requests sampled", "host.json", "Request;Exception", "Event", /sampling/],
    ["no log", "host.json", '"Function": "Information"', '"Function": "None"', /log of Function/],
  ])("%s is caught", (_, file, from, to, words) => {
    expect(spoiltProject(file, from, to).join("\n")).toMatch(words);
  });
});

/** Changes one resource of a golden file by the path of a property. */
function spoilt(name: string, type: string, path: string, value: Json): Deployment {
  const deployment = golden(name);
  const resources = deployment.resources.map((resource) => {
    // The API's registration is meant; that of the approval page is tried by mistakes in Bicep.
    if (!`${resource.type} ${resource.name}`.includes(type) || isOfApproval(resource))
      return resource;
    const body = structuredClone(resource.body) as Record<string, Json>;
    const parts = path.split(".");
    const last = parts.pop() ?? "";
    let target = body;
    for (const part of parts) target = target[part] as Record<string, Json>;
    expect(target).toBeDefined();
    target[last] = value;
    return { ...resource, body, ...(path.startsWith("tags.") ? { tags: body.tags as never } : {}) };
  });
  return { ...deployment, resources };
}

describe("the rules", () => {
  const auth = "properties.identityProviders.azureActiveDirectory";
  test.each<[string, string, string, string, Json, RegExp]>([
    [
      "a key left on",
      "default",
      "storageAccounts ",
      "properties.allowSharedKeyAccess",
      true,
      /allowSharedKeyAccess/,
    ],
    ["old TLS", "default", "sites ", "properties.siteConfig.minTlsVersion", "1.1", /minTlsVersion/],
    [
      "a wider role",
      "default",
      "roleAssignments",
      "properties.roleDefinitionId",
      "/x/8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
      /Role assignments/,
    ],
    [
      "a misspelt setting",
      "default",
      "/appsettings",
      "properties.DATAVERSE_URI",
      "https://x.crm.dynamics.com",
      /DATAVERSE_URI is read by nobody/,
    ],
    [
      "a wrong audience",
      "default",
      "/authsettingsV2",
      `${auth}.validation.allowedAudiences`,
      ["‹api.appId›"],
      /EasyAuth's audiences/,
    ],
    [
      "another issuer",
      "default",
      "/authsettingsV2",
      `${auth}.registration.openIdIssuer`,
      "https://login.microsoftonline.com/common/v2.0",
      /openIdIssuer/,
    ],
    [
      "a secret",
      "default",
      "/appsettings",
      "properties.MCP_DEV_USER_NAME",
      "AccountKey=abc",
      /storage or bus key/,
    ],
    [
      "a client secret",
      "default",
      "applications ",
      "properties.passwordCredentials",
      [{ displayName: "x" }],
      /passwordCredentials/,
    ],
    ["a foreign tag", "default", "workspaces", "tags.azd-env-name", "other", /azd-env-name/],
    [
      "a missing delegation",
      "private-network",
      "virtualNetworks ",
      "properties.subnets",
      [],
      /delegated/,
    ],
    [
      "a foreign host",
      "china",
      "privateDnsZones ",
      "name",
      "privatelink.blob.core.windows.net",
      /DNS zone|another cloud/,
    ],
    [
      "the scope disabled",
      "default",
      "applications ",
      "properties.api.oauth2PermissionScopes",
      [],
      /scope user_impersonation/,
    ],
  ])("catch %s", (_, scenario, type, path, value, words) => {
    expect(findings(spoilt(scenario, type, path, value)).join("\n")).toMatch(words);
  });

  test("are tried by at least fifteen mistakes in Bicep, each of which fits its file once", () => {
    expect(mutations.length).toBeGreaterThanOrEqual(15);
    const misfits = mutations.filter(
      ({ file, from }) =>
        readFileSync(join(root, "infra", file), "utf8")
          .replaceAll("\r\n", "\n")
          .split(from).length !== 2,
    );
    expect(misfits.map(({ name }) => name)).toEqual([]);
  });
});

describe("settings", () => {
  const sample = JSON.parse(readFileSync(join(root, "local.settings.sample.json"), "utf8")) as {
    Values: Record<string, string>;
  };
  const known = new Set<string>(settings.map(({ name }) => name));
  /** What the Functions host and the identity library read of a developer's machine. */
  const local = new Set([
    "AzureWebJobsStorage",
    "FUNCTIONS_WORKER_RUNTIME",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
  ]);

  test("of Bicep, of the sample and of the schema are the same, none missing, none unused", () => {
    const inBicep = new Set(scenarios.flatMap((name) => Object.keys(appSettings(golden(name)))));
    expect([...inBicep].filter((name) => !known.has(name) && !platformSettings.has(name))).toEqual(
      [],
    );
    expect(
      Object.keys(sample.Values).filter((name) => !known.has(name) && !local.has(name)),
    ).toEqual([]);
    const required = (mode: string) =>
      settings
        .filter((each) => each.required === "always" || each.required === mode)
        .map(({ name }) => name);
    // Whatever the app reads in Azure can be set by Bicep: one set by hand is lost with the next provisioning.
    const inAzure = settings.map(({ name }) => name).filter((name) => !name.startsWith("MCP_DEV_"));
    expect(inAzure.length).toBeGreaterThan(15);
    expect(inAzure.filter((name) => !inBicep.has(name))).toEqual([]);
    expect(required("mode dev").filter((name) => !(name in sample.Values))).toEqual([]);
  });

  // The list of what is judged can miss nothing unseen: each setting is spoilt, and some rule has to say so by its name.
  test.each(settings.map(({ name }) => name))(
    "of Bicep: %s with another value is found",
    (name) => {
      const deployment = golden("everything");
      const spoilt = {
        ...deployment,
        resources: deployment.resources.map((resource) =>
          resource.name.endsWith("/appsettings")
            ? {
                ...resource,
                body: {
                  ...resource.body,
                  properties: { ...appSettings(deployment), [name]: "spoilt" },
                },
              }
            : resource,
        ),
      };
      expect(appSettings(spoilt)[name]).toBe("spoilt");
      const judgement = judgedSettings[name];
      const words =
        "parameter" in judgement
          ? `App settings: ${name} is "spoilt", not as asked.`
          : {
              fixed: new RegExp(
                `App settings: ${name} (?:is "spoilt", must be|and the platform's)`,
              ),
              "sign-in": new RegExp(
                `\\[sign-in agrees with itself\\].*(?:${name}|scope spoilt that the app demands)`,
              ),
              laptop: `App settings: ${name} is for one's own machine.`,
            }[judgement.by];
      expect(findings(spoilt).join("\n")).toMatch(words);
    },
  );
});

describe("the rest of an expression", () => {
  const cloud = clouds.AzureCloud;
  if (cloud === undefined) throw new Error("no cloud");
  test.each<[string, Json]>([
    [
      "[format('{0}{1}/v2.0', environment().authentication.loginEndpoint, 't')]",
      "https://login.microsoftonline.com/t/v2.0",
    ],
    ["[reference('/a/b/id-x', '2024').clientId]", "‹id-x.clientId›"],
    ["[union(createArray(reference('api').appId), createArray('b', 'b'))]", ["‹api.appId›", "b"]],
    ["[filter(split('a,,b', ','), lambda('x', not(empty(lambdaVariables('x')))))[1]]", "b"],
    ["[createObject('AzureCloud', 'it''s')[environment().name]]", "it's"],
    ["[[literal]", "[literal]"],
  ])("%s is %j", (text, value) => {
    expect(evaluate(text, cloud)).toEqual(value);
  });

  test("is refused by name when it is not understood", () => {
    expect(() => evaluate("[listKeys('x', '2024').keys]", cloud)).toThrow(
      /listKeys\(\) is not evaluated/,
    );
    expect(() => evaluate("[format('a'", cloud)).not.toThrow();
    expect(() => evaluate("[format('a']", cloud)).toThrow(/not understood/);
  });
});

describe("the compiler", () => {
  test.each([
    ["0.41.0", true],
    ["0.49.2", true],
    ["1.0.0", true],
    ["0.40.9", false],
  ])("of version %s is new enough: %s", (version, expected) => {
    expect(isNewEnough(version)).toBe(expected);
  });
});

test("the thirteen queries ask something each", () => {
  const queries = Object.entries(readQueries());
  expect(queries.length).toBeGreaterThanOrEqual(10);
  for (const [, text] of queries) expect(text).toMatch(/^\/\/ .+\?\n/);
});
