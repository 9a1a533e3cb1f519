import { type HookInput, runHook } from "./hook";

/** What postdown reads: azd forgets the outputs of a deployment with the deployment. */
export const toRemove = "REGISTRATIONS_TO_REMOVE";

/** Outputs that hold object ids of registrations in Entra. */
const isRegistration = (name: string) => /^[A-Z]+_APPLICATION_OBJECT_ID$/.test(name);

/** azd hook: notes which registrations belong to what is taken away, because azd takes away what Azure holds alone. */
export async function predown({ environment, print, keep }: HookInput): Promise<void> {
  const ids = Object.entries(environment)
    .filter(([name]) => isRegistration(name))
    .map(([, value]) => value?.trim() ?? "")
    .filter((value) => value !== "");
  if (ids.length === 0) {
    print("No registration in Entra is known here; nothing to take away there.");
    return;
  }
  keep?.(toRemove, ids.join(","));
  print(`${ids.length} registrations in Entra go as well, once the resources are gone.`);
}

if (require.main === module) runHook(predown);
