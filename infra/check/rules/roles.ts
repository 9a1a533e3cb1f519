import type { Deployment } from "../deployment";
import { at, identitiesOf, ofType, packageContainer, type Rule, sameSet } from "./rule";

/** The only roles there may be: who gets which, and on what. */
const names: Readonly<Record<string, string>> = {
  "b7e6dc6d-f1e8-4753-8033-0f276bb0955b": "Storage Blob Data Owner",
  "ba92f5b4-2d11-453d-a403-e96b0029c9fe": "Storage Blob Data Contributor",
  "3913510d-42f4-4e42-8a64-420c390055eb": "Monitoring Metrics Publisher",
  "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd": "Cognitive Services OpenAI User",
};

function expected(deployment: Deployment): string[] {
  const identity = identitiesOf(deployment)[0]?.name;
  const app = `‹${identity}.principalId› (ServicePrincipal)`;
  const deployer = deployment.parameters.principalId;
  const kind = deployment.parameters.principalType ?? "User";
  const line = (who: string, role: string, type: string) =>
    ofType(deployment, type).map(({ id }) => `${who} is ${role} on ${id}`);
  return [
    ...line(app, "Storage Blob Data Owner", "Microsoft.Storage/storageAccounts"),
    ...line(app, "Monitoring Metrics Publisher", "Microsoft.Insights/components"),
    ...line(app, "Cognitive Services OpenAI User", "Microsoft.CognitiveServices/accounts"),
    ...(deployer
      ? [packageContainer(deployment)].map(
          (packages) => `${deployer} (${kind}) is Storage Blob Data Contributor on ${packages?.id}`,
        )
      : []),
  ];
}

export const roles: Rule = {
  name: "least privilege",
  check(deployment) {
    const assignments = ofType(deployment, "Microsoft.Authorization/roleAssignments");
    const actual = assignments.map(({ id, body }) => {
      const role = String(at(body, "properties.roleDefinitionId")).split("/").at(-1) ?? "";
      const scope = id.replace(/\/providers\/Microsoft\.Authorization\/roleAssignments\/.*$/, "");
      return `${at(body, "properties.principalId")} (${at(body, "properties.principalType")}) is ${names[role] ?? role} on ${scope}`;
    });
    return [
      ...sameSet(actual, expected(deployment), "Role assignments"),
      ...ofType(deployment, "Microsoft.Authorization/roleDefinitions").map(
        ({ name }) => `The role ${name} is made here; the built-in ones suffice.`,
      ),
    ];
  },
};
