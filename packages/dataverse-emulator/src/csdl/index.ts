import { DataverseError, type Handler } from "../model";
import { DEFINITION_SETS } from "./definition-types";
import { csdlDocument } from "./document";

/** GET of the service root (the list of sets) and of `$metadata` (CSDL). */
export const csdlHandler: Handler = (request, world) => {
  const path = request.path.replace(/\/$/, "");
  if (path !== "" && path !== "$metadata" && path !== "%24metadata") return undefined;
  if (request.method !== "GET") {
    throw new DataverseError(
      405,
      "0x80060888",
      `The requested resource does not support http method '${request.method}'.`,
    );
  }
  if (path !== "") {
    const { accept = "" } = request.headers;
    if (/\bjson\b/i.test(accept) && !/xml|\*\/\*/i.test(accept))
      throw new DataverseError(
        415,
        "0x80060888",
        "A supported MIME type could not be found that matches the acceptable MIME types for the request.",
      );
    return {
      status: 200,
      headers: { "Content-Type": "application/xml" },
      body: csdlDocument(
        world.catalog,
        request.query.get("annotations") === "true" ||
          request.annotations.wants("Org.OData.Capabilities.V1.ChangeTracking"),
      ),
    };
  }
  const names = [
    ...world.catalog.entities().map((entity) => entity.entitySetName),
    ...Object.keys(DEFINITION_SETS),
  ];
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata`,
      value: names.map((name) => ({ name, kind: "EntitySet", url: name })),
    },
  };
};
