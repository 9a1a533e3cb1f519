import type { Deployment, Resource } from "../deployment";
import { at, demand, list, ofType, type Rule } from "./rule";

const accounts: readonly (readonly [type: string, group: string])[] = [
  ["Microsoft.Storage/storageAccounts", "blob"],
  ["Microsoft.CognitiveServices/accounts", "account"],
];

/** With a network, no account has a public address and each is found by its private name; without one, nothing is left over. */
export const network: Rule = {
  name: "private network",
  check(deployment) {
    const isPrivate = deployment.parameters.vnetEnabled === true;
    const [site] = ofType(deployment, "Microsoft.Web/sites");
    const [vnet] = ofType(deployment, "Microsoft.Network/virtualNetworks");
    if (site === undefined) return ["There is no site."];
    const bypass = ofType(deployment, "Microsoft.Storage/storageAccounts").flatMap((account) =>
      demand(
        account,
        "properties.networkAcls.bypass",
        isPrivate ? "None" : "AzureServices",
        "behind its endpoint no other service of Azure needs it",
      ),
    );
    const closed = accounts.flatMap(([type]) =>
      ofType(deployment, type).flatMap((account) => [
        ...demand(
          account,
          "properties.publicNetworkAccess",
          isPrivate ? "Disabled" : "Enabled",
          "as asked by vnetEnabled",
        ),
        ...demand(
          account,
          "properties.networkAcls.defaultAction",
          isPrivate ? "Deny" : "Allow",
          "as asked by vnetEnabled",
        ),
      ]),
    );
    if (!isPrivate)
      return [
        ...closed,
        ...bypass,
        ...demand(site, "properties.virtualNetworkSubnetId", null, "no network was asked for"),
        ...deployment.resources
          .filter(({ type }) => type.startsWith("Microsoft.Network/"))
          .map(({ type, name }) => `${type} ${name} was not asked for.`),
      ];
    if (vnet === undefined) return ["vnetEnabled, but there is no virtual network."];
    return [...closed, ...bypass, ...checkSubnets(site, vnet), ...checkEndpoints(deployment, vnet)];
  },
};

const subnetId = (vnet: Resource, subnet: string) => `${vnet.id}/subnets/${subnet}`;

function checkSubnets(site: Resource, vnet: Resource): string[] {
  const app = list(at(vnet.body, "properties.subnets")).find(
    (subnet) => at(subnet, "name") === "app",
  );
  const delegations = list(at(app, "properties.delegations")).map((each) =>
    at(each, "properties.serviceName"),
  );
  const size = Number(String(at(app, "properties.addressPrefix")).split("/")[1]);
  return [
    ...demand(site, "properties.virtualNetworkSubnetId", subnetId(vnet, "app"), "outgoing calls"),
    ...(size <= 27 ? [] : ["The app's subnet must be /27 or larger (Flex Consumption)."]),
    ...(delegations.length === 1 && delegations[0] === "Microsoft.App/environments"
      ? []
      : ["The app's subnet must be delegated to Microsoft.App/environments (Flex Consumption)."]),
  ];
}

function checkEndpoints(deployment: Deployment, vnet: Resource): string[] {
  const endpoints = ofType(deployment, "Microsoft.Network/privateEndpoints");
  const groups = ofType(deployment, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups");
  const zones: Readonly<Record<string, string>> = {
    blob: `privatelink.blob.${deployment.cloud.suffixes.storage}`,
    account: `privatelink.${deployment.cloud.openAi}`,
  };
  return accounts.flatMap(([type, group]) =>
    ofType(deployment, type).flatMap((account) => {
      const endpoint = endpoints.find(({ body }) =>
        list(at(body, "properties.privateLinkServiceConnections")).some(
          (connection) => at(connection, "properties.privateLinkServiceId") === account.id,
        ),
      );
      if (endpoint === undefined) return [`${account.name} has no private endpoint.`];
      const [connection] = list(at(endpoint.body, "properties.privateLinkServiceConnections"));
      const zone = ofType(deployment, "Microsoft.Network/privateDnsZones").find(
        ({ name }) => name === zones[group],
      );
      const named = groups
        .filter(({ id }) => id.startsWith(`${endpoint.id}/`))
        .flatMap(({ body }) => list(at(body, "properties.privateDnsZoneConfigs")))
        .map((each) => at(each, "properties.privateDnsZoneId"));
      const links = ofType(
        deployment,
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
      ).filter(
        ({ id, body }) =>
          zone !== undefined &&
          id.startsWith(`${zone.id}/`) &&
          at(body, "properties.virtualNetwork.id") === vnet.id,
      );
      return [
        ...demand(
          endpoint,
          "properties.subnet.id",
          subnetId(vnet, "endpoints"),
          "not the delegated one",
        ),
        ...(JSON.stringify(at(connection, "properties.groupIds")) === JSON.stringify([group])
          ? []
          : [`The endpoint of ${account.name} is not for ${group}.`]),
        ...(zone === undefined ? [`There is no DNS zone ${zones[group]}.`] : []),
        ...(zone !== undefined && named.length === 1 && named[0] === zone.id
          ? []
          : [`The endpoint of ${account.name} does not write into the zone ${zones[group]}.`]),
        ...links.flatMap((link) =>
          demand(link, "properties.registrationEnabled", false, "machines register nothing there"),
        ),
        ...(links.length === 1 ? [] : [`The zone ${zones[group]} is not linked to the network.`]),
      ];
    }),
  );
}
