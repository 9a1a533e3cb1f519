import { DataverseError, type WebRequest, type WebResponse, type World } from "../model";
import { textsArgument } from "./arguments";

/** GET RetrieveTotalRecordCount(EntityNames=['incident']) → counts over all rows, as Dataverse's nightly snapshot has them. */
export function retrieveTotalRecordCount(request: WebRequest, world: World): WebResponse {
  const names = textsArgument(request, "EntityNames");
  const counts = names.map((name) => {
    const entity = world.catalog.byName(name);
    if (entity === undefined) {
      throw new DataverseError(
        404,
        "0x80040217",
        `Could not find an entity with name ${name} and language code 1033.`,
      );
    }
    world.security.demand(request.principal, "Read", entity.logicalName);
    return Number(world.db.prepare(`SELECT count(*) AS n FROM "${entity.logicalName}"`).get()?.n);
  });
  return {
    status: 200,
    body: {
      "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.RetrieveTotalRecordCountResponse`,
      EntityRecordCountCollection: {
        Count: names.length,
        IsReadOnly: false,
        Keys: names,
        Values: counts,
      },
    },
  };
}
