import { AppError } from "../errors";

/**
 * Tables that say who somebody is, what they may do and what runs in their name, by logical name with the set's name in the
 * Web API. Nobody asks a service desk's assistant to change them, and whoever is led astray to do so changes the guard itself.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/about-entity-reference
 */
export const guardedByDefault: Readonly<Record<string, string>> = {
  systemuser: "systemusers",
  systemuserroles: "systemuserrolescollection",
  systemuserprofiles: "systemuserprofilescollection",
  applicationuser: "applicationusers",
  usersettings: "usersettingscollection",
  team: "teams",
  teammembership: "teammemberships",
  teamroles: "teamrolescollection",
  teamprofiles: "teamprofilescollection",
  businessunit: "businessunits",
  organization: "organizations",
  position: "positions",
  role: "roles",
  roleprivileges: "roleprivilegescollection",
  privilege: "privileges",
  fieldsecurityprofile: "fieldsecurityprofiles",
  fieldpermission: "fieldpermissions",
  attributemaskingrule: "attributemaskingrules",
  principalobjectaccess: "principalobjectaccessset",
  principalobjectattributeaccess: "principalobjectattributeaccessset",
  queuemembership: "queuememberships",
  delegatedauthorization: "delegatedauthorizations",
  managedidentity: "managedidentities",
  keyvaultreference: "keyvaultreferences",
  mailbox: "mailboxes",
  emailserverprofile: "emailserverprofiles",
  pluginassembly: "pluginassemblies",
  pluginpackage: "pluginpackages",
  plugintype: "plugintypes",
  sdkmessageprocessingstep: "sdkmessageprocessingsteps",
  sdkmessageprocessingstepimage: "sdkmessageprocessingstepimages",
  sdkmessageprocessingstepsecureconfig: "sdkmessageprocessingstepsecureconfigs",
  serviceendpoint: "serviceendpoints",
  customapi: "customapis",
  customapirequestparameter: "customapirequestparameters",
  customapiresponseproperty: "customapiresponseproperties",
  webresource: "webresourceset",
  workflow: "workflows",
  connector: "connectors",
  connectionreference: "connectionreferences",
  environmentvariabledefinition: "environmentvariabledefinitions",
  environmentvariablevalue: "environmentvariablevalues",
  appmodule: "appmodules",
  appmoduleroles: "appmodulerolescollection",
};

/** The set of rows that a path of the Web API begins with, in lower case: `systemusers(…)/…` gives `systemusers`. */
export const setOf = (path: string): string => /^[A-Za-z_]\w*/.exec(path)?.[0].toLowerCase() ?? "";

/** Said before anything is sent. */
export const guarded = (table: string): AppError =>
  new AppError("forbidden", `This endpoint writes nothing to the table ${table}.`, {
    hint: "It is one of the tables of rights, identity and automation, or one that the administrator of the endpoint guards. Make the change in the admin center of Power Platform. Nothing was changed.",
  });
