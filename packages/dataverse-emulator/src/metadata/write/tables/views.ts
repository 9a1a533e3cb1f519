import type { EntityDefinition, Principal, World } from "../../../model";

interface View {
  readonly name: string;
  /** 0 public, 1 advanced find, 2 associated, 4 quick find, 64 lookup. */
  readonly querytype: number;
  readonly isDefault: boolean;
  readonly filter: string;
}

const state = (value: number) =>
  `<filter type="and"><condition attribute="statecode" operator="eq" value="${value}"/></filter>`;

/** The views that every new table comes with; quick find looks for what is sought in the primary name. */
function viewsOf(entity: EntityDefinition): View[] {
  const { displayCollectionName: plural, primaryNameAttribute: name = "" } = entity;
  const hasState = entity.attribute("statecode") !== undefined;
  const active = hasState ? state(0) : "";
  const sought = `<filter type="or" isquickfindfields="1"><condition attribute="${name}" operator="like" value="{0}"/></filter>`;
  return [
    { name: `Active ${plural}`, querytype: 0, isDefault: true, filter: active },
    ...(hasState
      ? [{ name: `Inactive ${plural}`, querytype: 0, isDefault: false, filter: state(1) }]
      : []),
    { name: `${plural} Advanced Find View`, querytype: 1, isDefault: true, filter: active },
    { name: `${plural} Associated View`, querytype: 2, isDefault: true, filter: active },
    {
      name: `Quick Find Active ${plural}`,
      querytype: 4,
      isDefault: true,
      filter: active + sought,
    },
    { name: `${plural} Lookup View`, querytype: 64, isDefault: true, filter: active },
  ];
}

export function createViews(world: World, principal: Principal, entity: EntityDefinition): void {
  const { logicalName, primaryIdAttribute: id, primaryNameAttribute: name } = entity;
  if (name === undefined || world.catalog.byName("savedquery") === undefined) return;
  const columns = [name, "createdon"].map((each) => `<attribute name="${each}"/>`).join("");
  const cells = [name, "createdon"].map((each) => `<cell name="${each}" width="150"/>`).join("");
  for (const view of viewsOf(entity)) {
    world.records.create(
      "savedquery",
      {
        name: view.name,
        returnedtypecode: logicalName,
        querytype: view.querytype,
        isdefault: view.isDefault,
        isquickfindquery: view.querytype === 4,
        isuserdefined: false,
        ismanaged: false,
        fetchxml: `<fetch version="1.0" mapping="logical"><entity name="${logicalName}"><attribute name="${id}"/>${columns}<order attribute="${name}" descending="false"/>${view.filter}</entity></fetch>`,
        layoutxml: `<grid name="resultset" jump="${name}" select="1" icon="1" preview="1"><row name="result" id="${id}">${cells}</row></grid>`,
      },
      principal,
      { internal: true },
    );
  }
}

/** Views of a table go with it, those that people keep for themselves as well. */
export function dropViews({ db }: World, entity: EntityDefinition): void {
  for (const table of ["savedquery", "userquery"])
    db.prepare(`DELETE FROM "${table}" WHERE returnedtypecode = ?`).run(entity.logicalName);
}
