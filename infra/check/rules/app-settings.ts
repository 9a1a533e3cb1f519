import { readConfig } from "../../../shared/config";
import { settings } from "../../../shared/config/settings";
import { AppError } from "../../../shared/errors";
import type { Deployment } from "../deployment";
import { askedSettings, laptopSettings } from "./judged-settings";
import { appSettings, at, identitiesOf, ofType, type Rule } from "./rule";

/** What the platform and the Functions host read; everything else must be in the configuration schema. */
export const platformSettings: ReadonlySet<string> = new Set([
  "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
  "APPLICATIONINSIGHTS_CONNECTION_STRING",
  "AzureWebJobsStorage__blobServiceUri",
  "AzureWebJobsStorage__clientId",
  "AzureWebJobsStorage__credential",
  "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID",
  "WEBSITE_AUTH_AAD_ALLOWED_TENANTS",
  "WEBSITE_AUTH_PRM_DEFAULT_WITH_SCOPES",
]);

/** @see https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations */
const refusedOnFlex =
  /^(FUNCTIONS_WORKER_RUNTIME|FUNCTIONS_EXTENSION_VERSION|WEBSITE_NODE_DEFAULT_VERSION|WEBSITE_RUN_FROM_PACKAGE|SCM_DO_BUILD_DURING_DEPLOYMENT|ENABLE_ORYX_BUILD|WEBSITE_CONTENT.*|WEBSITE_TIME_ZONE|TZ|WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT|AzureWebJobsStorage|APPINSIGHTS_INSTRUMENTATIONKEY)$/;

/** Gives what Azure will fill in a form that can be checked: an id for an id, an address for an address. */
const filledIn = (text: string) =>
  text.replace(/‹([^›]+)›/g, (_, path: string) => {
    if (/\.(clientId|appId|principalId|id)$/.test(path)) return guidOf(path);
    if (path.endsWith(".ConnectionString"))
      return "InstrumentationKey=00000000-0000-4000-8000-000000000000;IngestionEndpoint=https://westeurope-5.in.applicationinsights.azure.com/";
    return "https://filled-in.example/";
  });

function guidOf(path: string): string {
  let hash = 7;
  for (const letter of path) hash = (hash * 31 + letter.charCodeAt(0)) % 0xffffffff;
  return `${hash.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`;
}

/** The product's own reading of the settings, which also knows what is required in mode jwt. */
function readByProduct(deployment: Deployment): string[] {
  const environment = Object.fromEntries(
    Object.entries(appSettings(deployment)).map(([name, value]) => [name, filledIn(String(value))]),
  );
  try {
    const config = readConfig({
      ...environment,
      WEBSITE_SITE_NAME: "app",
      IDENTITY_ENDPOINT: "http://127.0.0.1:1/msi/token",
    });
    return config.authMode === "jwt"
      ? []
      : [`MCP_AUTH_MODE is ${config.authMode}; a deployed app verifies every token (jwt).`];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.problems.map((problem) => `App settings: ${problem}`);
  }
}

/** True where somebody is given an app role; elsewhere tokens carry none, and to look at them would lock everybody out. */
const givesRoles = ({ parameters }: Deployment): boolean =>
  [parameters.csrGroupId, parameters.managerGroupId, parameters.adminGroupId].some(Boolean) ||
  (parameters.deployerIsAdmin === true && Boolean(parameters.principalId));

export const appSettingsRule: Rule = {
  name: "app settings",
  check(deployment) {
    const actual = appSettings(deployment);
    const known = new Set<string>(settings.map(({ name }) => name));
    const [own, others] = identitiesOf(deployment);
    const identity = own?.name;
    const storage = ofType(deployment, "Microsoft.Storage/storageAccounts")[0]?.name;
    const component = ofType(deployment, "Microsoft.Insights/components")[0]?.name;
    const openAi = ofType(deployment, "Microsoft.CognitiveServices/accounts")[0]?.name;
    const chat = ofType(deployment, "Microsoft.CognitiveServices/accounts/deployments")[0];
    const clientId = `‹${identity}.clientId›`;
    const fixed: Record<string, string | undefined> = {
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: `ClientId=${clientId};Authorization=AAD`,
      APPLICATIONINSIGHTS_CONNECTION_STRING: `‹${component}.ConnectionString›`,
      AZURE_CLIENT_ID: clientId,
      CONSENT_CLIENT_ID: "‹approval.appId›",
      CONSENT_STORE: `‹${storage}.primaryEndpoints.blob›consent`,
      AzureWebJobsStorage__blobServiceUri: `‹${storage}.primaryEndpoints.blob›`,
      AzureWebJobsStorage__clientId: clientId,
      AzureWebJobsStorage__credential: "managedidentity",
      DATAVERSE_CREDENTIAL: "managed-identity",
      DATAVERSE_MORE_CLIENT_IDS:
        others.map(({ name }) => `‹${name}.clientId›`).join(",") || undefined,
      DATAVERSE_URL: String(deployment.parameters.dataverseUrl),
      MCP_AUTH_MODE: "jwt",
      MCP_ROLES: givesRoles(deployment) ? "csr=CSR,manager=CSR.Manager,admin=Admin" : undefined,
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: clientId,
      AZURE_OPENAI_ENDPOINT: openAi === undefined ? undefined : `‹${openAi}.endpoint›`,
      AZURE_OPENAI_DEPLOYMENT: chat?.name.split("/").at(-1),
      AZURE_OPENAI_REASONING_EFFORT:
        chat === undefined
          ? undefined
          : String(deployment.parameters.openAiReasoningEffort ?? "none") || undefined,
    };
    const cors = at(
      ofType(deployment, "Microsoft.Web/sites")[0]?.body,
      "properties.siteConfig.cors.allowedOrigins",
    );
    const origins = Array.isArray(cors) ? cors.join(",") : "";
    return [
      ...Object.keys(actual)
        .filter((name) => !known.has(name) && !platformSettings.has(name))
        .map((name) => `App settings: ${name} is read by nobody (misspelt?).`),
      ...Object.keys(actual)
        .filter((name) => refusedOnFlex.test(name))
        .map((name) => `App settings: ${name} is refused on Flex Consumption, or is a key.`),
      ...Object.entries(fixed)
        .filter(([name, value]) => actual[name] !== value)
        .map(
          ([name, value]) =>
            `App settings: ${name} is ${JSON.stringify(actual[name])}, must be ${JSON.stringify(value)}.`,
        ),
      ...askedSettings
        .filter(
          ([name, parameter]) => actual[name] !== (deployment.parameters[parameter] || undefined),
        )
        .map(([name]) => `App settings: ${name} is ${JSON.stringify(actual[name])}, not as asked.`),
      ...laptopSettings
        .filter((name) => actual[name] !== undefined)
        .map((name) => `App settings: ${name} is for one's own machine.`),
      ...(actual.MCP_ALLOWED_ORIGINS === origins
        ? []
        : ["App settings: MCP_ALLOWED_ORIGINS and the platform's CORS list differ."]),
      ...readByProduct(deployment),
    ];
  },
};
