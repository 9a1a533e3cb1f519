import type { Catalog, Database, World } from "./model";
import { createRecords } from "./records";
import { createSecurity } from "./security";
import { route } from "./web/routes/router";

/** Puts the parts together over one database. */
export function createWorld(db: Database, catalog: Catalog, now: () => Date): World {
  const security = createSecurity(db, catalog);
  const records = createRecords({ db, catalog, security, now });
  const world: World = {
    db,
    catalog,
    records,
    security,
    now,
    dispatch: (request) => route(request, world),
  };
  return world;
}
