import { AzureCliError, createAzureCli } from "./azure-cli";
import { cliOf, type HookInput, HookProblem } from "./hook";

/** Cores of an instance by its memory in MB. */
const cores: Readonly<Record<string, number>> = { "512": 0.25, "2048": 1, "4096": 2 };

/** Cores that all apps of Flex Consumption in one region and subscription share, unless Azure was asked for more. */
const regionCores = 250;

const isOn = (text: string | undefined) => text?.trim().toLowerCase() === "true";

/**
 * Choices that do not go together, told before anything is made instead of by an error of Azure after ten minutes.
 *
 * @throws HookProblem saying what to set
 */
export function guardChoices(environment: HookInput["environment"]): void {
  if (Number(environment.MONTHLY_BUDGET?.trim() || "0") > 0 && !environment.ALERT_EMAIL?.trim())
    throw new HookProblem(
      "MONTHLY_BUDGET needs somebody to tell: azd env set ALERT_EMAIL operators@contoso.com (Azure makes no budget without a mail address).",
    );
  if (
    Number(environment.MORE_IDENTITIES?.trim() || "0") > 0 &&
    environment.DATAVERSE_PERSON_BY?.trim() === "on-behalf-of"
  )
    throw new HookProblem(
      "MORE_IDENTITIES has no use where DATAVERSE_PERSON_BY is on-behalf-of: each person has Dataverse's limits to themself then. azd env set MORE_IDENTITIES 0",
    );
  const warm = Number(environment.ALWAYS_READY_INSTANCES?.trim() || "0");
  if (isOn(environment.ZONE_REDUNDANT) && warm < 2)
    throw new HookProblem(
      "ZONE_REDUNDANT needs at least two instances kept warm: azd env set ALWAYS_READY_INSTANCES 2",
    );
  const memory = environment.INSTANCE_MEMORY_MB?.trim() || "2048";
  const most = Number(environment.MAXIMUM_INSTANCE_COUNT?.trim() || "40");
  const wanted = warm * (cores[memory] ?? 1);
  if (wanted > regionCores)
    throw new HookProblem(
      `ALWAYS_READY_INSTANCES asks for ${wanted} cores, and a region gives ${regionCores} to all apps of Flex Consumption together.`,
    );
  if (warm > most)
    throw new HookProblem(
      `ALWAYS_READY_INSTANCES (${warm}) is more than MAXIMUM_INSTANCE_COUNT (${most}).`,
    );
}

/**
 * The region offers what is asked, and the provider that a private network needs is registered. Where the Azure CLI cannot
 * be asked, Azure itself will say it, later.
 *
 * @throws HookProblem naming the regions
 */
export async function guardRegion(input: HookInput): Promise<void> {
  const { environment, print } = input;
  const az = createAzureCli(cliOf(input));
  const region = environment.AZURE_LOCATION?.trim().toLowerCase().replaceAll(" ", "");
  try {
    if (region) {
      const zones = isOn(environment.ZONE_REDUNDANT) ? ["--zone-redundant", "true"] : [];
      const offered = namesOf(
        await az.read(["functionapp", "list-flexconsumption-locations", ...zones]),
      );
      if (offered.length > 0 && !offered.includes(region))
        throw new HookProblem(
          `${region} does not offer Flex Consumption${zones.length > 0 ? " over several zones" : ""}. These do: ${offered.join(", ")}. azd env set AZURE_LOCATION <one of them>`,
        );
    }
    if (isOn(environment.VNET_ENABLED)) {
      const state = await az.read([
        "provider",
        "show",
        "--namespace",
        "Microsoft.App",
        "--query",
        "registrationState",
      ]);
      if (state !== "Registered")
        throw new HookProblem(
          `VNET_ENABLED needs the provider Microsoft.App, which is ${String(state)} in this subscription: az provider register --namespace Microsoft.App --wait`,
        );
    }
  } catch (error) {
    if (!(error instanceof AzureCliError)) throw error;
    print(`The region was not looked at (${error.message}).`);
  }
}

/** `[{ name: "westeurope" }]` or `["West Europe"]`, as versions of the CLI print it. */
function namesOf(answer: unknown): string[] {
  if (!Array.isArray(answer)) return [];
  return answer
    .map((each: unknown) =>
      typeof each === "string" ? each : String((each as { name?: unknown } | null)?.name ?? ""),
    )
    .map((name) => name.toLowerCase().replaceAll(" ", ""))
    .filter((name) => name !== "")
    .sort();
}
