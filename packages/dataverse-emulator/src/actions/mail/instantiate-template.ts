import {
  DataverseError,
  type SqlRow,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { demandRow, doesNotExist, invalidArgument } from "../access";
import { parametersOf } from "../reference";

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};
const plain = (text: string) =>
  text.replace(/&(?:lt|gt|quot|apos|amp);/g, (one) => entities[one] ?? one);

const escapeHtml = (text: string) =>
  text.replace(
    /[&<>"]/g,
    (one) => Object.keys(entities).find((key) => entities[key] === one) ?? one,
  );

/** The rows whose columns a template may name: the row itself, and the one who fills it in. */
type Sources = ReadonlyMap<string, SqlRow>;

/** The shown text of `incident/title`, or of `customerid` of the row. */
function shownValue(world: World, sources: Sources, path: string): string {
  const names = path.replace(/^\/?data\//, "").split("/");
  const [table = "", column = ""] =
    names.length > 1 ? names : [...sources.keys()].slice(0, 1).concat(names);
  const row = sources.get(table.toLowerCase());
  const name = column.replace(/\/?@name$/, "").toLowerCase();
  if (row === undefined || row[name] === undefined || row[name] === null) return "";
  return world.records.formatted(table.toLowerCase(), name, row) ?? String(row[name]);
}

/**
 * Fills one text of a template: the stylesheet that Dataverse keeps (`<xsl:value-of select="incident/title"/>`, with
 * `xsl:choose` for a default) or the slugs that people write (`{!incident:title;the case}`).
 */
export function fillTemplate(
  world: World,
  template: string,
  sources: Sources,
  kind: "html" | "text",
): string {
  const shown = (value: string) => (kind === "html" ? escapeHtml(value) : value);
  const slugs = (text: string) =>
    text.replace(
      /\{!\s*([\w ]+?)\s*[:.]\s*(\w+)\s*;([^}]*)\}/g,
      (_, table: string, column: string, otherwise: string) => {
        const value = shownValue(
          world,
          sources,
          `${table.replaceAll(" ", "").toLowerCase()}/${column}`,
        );
        return value === "" ? otherwise : shown(value);
      },
    );
  const body = /<xsl:template[^>]*>([\s\S]*)<\/xsl:template>/.exec(template)?.[1];
  if (body === undefined) return slugs(template);
  const chosen = body.replace(
    /<xsl:choose>\s*<xsl:when test="([^"]*)">([\s\S]*?)<\/xsl:when>\s*(?:<xsl:otherwise>([\s\S]*?)<\/xsl:otherwise>)?\s*<\/xsl:choose>/g,
    (_, test: string, yes: string, no: string | undefined) =>
      shownValue(world, sources, test) === "" ? (no ?? "") : yes,
  );
  let out = "";
  const piece =
    /<!\[CDATA\[([\s\S]*?)\]\]>|<xsl:value-of\s+select="([^"]*)"\s*\/>|<\/?xsl:[^>]*>|([^<]+)/g;
  for (const [, data, path, between] of chosen.matchAll(piece)) {
    if (data !== undefined) out += slugs(data);
    else if (path !== undefined) out += shown(shownValue(world, sources, path));
    else if (between !== undefined && between.trim() !== "") out += slugs(plain(between));
  }
  return out;
}

const guidOf = (value: unknown, name: string): string => {
  if (typeof value === "string" && guid.test(value)) return value.toLowerCase();
  throw invalidArgument(`Required field '${name}' is missing: a GUID.`);
};

/**
 * POST InstantiateTemplate {TemplateId, ObjectType, ObjectId} → the mail that the template makes of the row; nothing is
 * written.
 */
export function instantiateTemplate(request: WebRequest, world: World): WebResponse {
  const parameters = parametersOf(request.body);
  const { principal } = request;
  const templateId = guidOf(parameters.TemplateId, "TemplateId");
  const table = parameters.ObjectType;
  const entity = typeof table === "string" ? world.catalog.byName(table) : undefined;
  if (entity === undefined) {
    throw invalidArgument("Required field 'ObjectType' is missing: a table's logical name.");
  }
  const objectId = guidOf(parameters.ObjectId, "ObjectId");
  if (world.records.read("template", templateId) === undefined) {
    throw doesNotExist("template", templateId);
  }
  const template = demandRow(world, principal, "Read", "template", templateId);
  const kind = template.templatetypecode;
  if (kind && kind !== entity.logicalName && kind !== "systemuser") {
    throw new DataverseError(400, "0x80040313", "Must specify a valid Template Id");
  }
  const row = demandRow(world, principal, "Read", entity.logicalName, objectId);
  const user = world.records.read("systemuser", principal.systemUserId);
  const sources = new Map([
    [entity.logicalName, row],
    ...(user ? ([["systemuser", user]] as const) : []),
  ]);
  const property = world.catalog
    .byName("email")
    ?.attribute("regardingobjectid")
    ?.navigation?.find((each) => each.target === entity.logicalName)?.property;
  const text = (column: string, as: "html" | "text") =>
    fillTemplate(world, String(template[column] ?? ""), sources, as);
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#emails`,
      value: [
        {
          "@odata.type": "#Microsoft.Dynamics.CRM.email",
          subject: text("subject", "text"),
          description: text("body", "html"),
          directioncode: true,
          ...(property === undefined ? {} : { _regardingobjectid_value: objectId }),
        },
      ],
    },
  };
}
