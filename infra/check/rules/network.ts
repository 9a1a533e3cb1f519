import type { Deployment, Resource } from "../deployment";
import { at, demand, list, ofType, type Rule, texts } from "./rule";

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
  const endpoints = list(at(vnet.body, "properties.subnets")).find(
    (subnet) => at(subnet, "name") === "endpoints",
  );
  return [
    ...checkAddresses(vnet),
    ...(at(endpoints, "properties.privateEndpointNetworkPolicies") === "Disabled"
      ? []
      : ["Policies of a network can keep the app from its private endpoints: they are Disabled."]),
    ...demand(site, "properties.virtualNetworkSubnetId", subnetId(vnet, "app"), "outgoing calls"),
    ...(size <= 27 ? [] : ["The app's subnet must be /27 or larger (Flex Consumption)."]),
    ...(delegations.length === 1 && delegations[0] === "Microsoft.App/environments"
      ? []
      : ["The app's subnet must be delegated to Microsoft.App/environments (Flex Consumption)."]),
  ];
}

/** First and last address of a range in CIDR form. */
function rangeOf(prefix: string): readonly [first: number, last: number] {
  const [address = "", bits = ""] = prefix.split("/");
  const base = address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return [base - (base % size), base - (base % size) + size - 1];
}

/** Azure refuses subnets that share addresses, or lie outside of their network, in the middle of a deployment. */
function checkAddresses(vnet: Resource): string[] {
  const space = texts(at(vnet.body, "properties.addressSpace.addressPrefixes")).map(rangeOf);
  const subnets = list(at(vnet.body, "properties.subnets")).map((subnet) => ({
    name: String(at(subnet, "name")),
    range: rangeOf(String(at(subnet, "properties.addressPrefix"))),
  }));
  return subnets.flatMap(({ name, range: [first, last] }, index) => [
    ...(space.some(([from, to]) => from <= first && last <= to)
      ? []
      : [`The subnet ${name} lies outside of its network.`]),
    ...subnets
      .slice(index + 1)
      .filter(({ range }) => range[0] <= last && first <= range[1])
      .map((other) => `The subnets ${name} and ${other.name} share addresses.`),
  ]);
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
