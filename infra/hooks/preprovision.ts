import { createInterface } from "node:readline/promises";
import { isLoopback } from "../../shared/loopback";
import { AzureCliError, createAzureCli } from "./azure-cli";
import { whoDeploys } from "./dataverse/dataverse-admin";
import { DataverseRefusal, hopeAtDataverse } from "./dataverse/web-api";
import { guardChoices, guardRegion } from "./guards";
import { cliOf, type HookInput, HookProblem, patienceOf, runHook } from "./hook";
import { patiently } from "./patience";

/** azd hook: knows the Dataverse environment before anything is made, and says which rights the deployer needs. */
export interface PreprovisionInput extends HookInput {
  /** Asks the person; undefined where nobody can be asked. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** Keeps a value in the azd environment. */
  readonly keep: (name: string, value: string) => void;
}

export async function preprovision(input: PreprovisionInput): Promise<void> {
  const { environment, print } = input;
  const given = environment.DATAVERSE_URL?.trim();
  const answer =
    given || (await input.ask?.("Dataverse environment (https://contoso.crm.dynamics.com): "));
  if (!answer)
    throw new HookProblem(
      "DATAVERSE_URL is not set and nobody can be asked: azd env set DATAVERSE_URL https://contoso.crm.dynamics.com",
    );
  const url = checkUrl(answer);
  if (url !== given) input.keep("DATAVERSE_URL", url);
  guardChoices(environment);
  if (Number(environment.MONTHLY_BUDGET ?? "0") > 0 && !environment.BUDGET_START_DATE)
    input.keep("BUDGET_START_DATE", `${new Date().toISOString().slice(0, 7)}-01`);
  print("Rights that this deployment needs:");
  print(
    "  Azure: Owner of the subscription (or Contributor and Role Based Access Control Administrator).",
  );
  print(
    "  Entra: Application Developer (or Cloud Application Administrator); groups with app roles also need Privileged Role Administrator.",
  );
  print(
    "  Dataverse: System Administrator, for the application user. Lacking it, an administrator does that step.",
  );
  await guardRegion(input);
  await lookAtDataverse(input, url);
}

/** An origin over https; http on loopback only, for the embedded Dataverse. */
export function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url));
  if (url === undefined || !isSafe)
    throw new HookProblem(
      `DATAVERSE_URL must be an https address, for example https://contoso.crm.dynamics.com; it is ${text.slice(0, 100)}`,
    );
  if (
    /\.(powerapps|dynamics)\.com$/.test(url.hostname) &&
    !/\.crm\d*\.dynamics\.com$/.test(url.hostname)
  )
    throw new HookProblem(
      `${url.hostname} is no Dataverse environment: the address reads https://<organisation>.crm<number>.dynamics.com (Power Platform admin center, Environments, Environment URL).`,
    );
  return url.origin;
}

async function lookAtDataverse(input: PreprovisionInput, url: string): Promise<void> {
  try {
    const token = await createAzureCli(cliOf(input)).token({ resource: url });
    const { isAdministrator } = await patiently(
      () => whoDeploys(url, token),
      hopeAtDataverse,
      patienceOf(input),
    );
    input.print(
      isAdministrator
        ? `You are System Administrator of ${url}.`
        : `You are not System Administrator of ${url}: an administrator has to run azd hooks run postprovision.`,
    );
  } catch (error) {
    if (
      !(
        error instanceof AzureCliError ||
        error instanceof DataverseRefusal ||
        error instanceof TypeError
      )
    )
      throw error;
    input.print(
      `${url} could not be looked at (${error.message}). Provisioning goes on; the application user may have to be made later.`,
    );
  }
}

if (require.main === module) {
  const lines = process.stdin.isTTY
    ? createInterface({ input: process.stdin, output: process.stdout })
    : undefined;
  runHook((input) =>
    preprovision({
      ...input,
      keep: input.keep ?? (() => {}),
      ask: lines && ((question) => lines.question(question)),
    }).finally(() => lines?.close()),
  );
}
