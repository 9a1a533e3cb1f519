// What definitions recorded in real organizations say otherwise than the files of table facts. Levels, validity, precision, formats
// and cascades are kinds, which hold for every table: src/metadata/definitions/ has them as rules.

/** Options that are there, and those that are not (`has no <value>`). */
export function correct(recorded, table, column) {
  // One of the sources writes a logical name with a capital.
  column.logicalName = column.logicalName.toLowerCase();
  const qualified = `${table}.${column.logicalName}`;
  const first = DEFAULTS[qualified];
  if (first !== undefined) column.defaultValue = first;
  Object.assign(column, OTHERWISE[qualified]);
  for (const [name, logicalName, said] of recorded.options) {
    if (name !== table || logicalName !== column.logicalName || column.options === undefined)
      continue;
    const absent = /^has no (\d+)$/.exec(said)?.[1];
    const others = column.options.filter(({ value }) => value !== (said.value ?? Number(absent)));
    column.options =
      absent === undefined
        ? [...others, said].sort((one, other) => one.value - other.value)
        : others;
  }
}

/** Choices that begin with a value which the facts leave out, as new rows of a real organization show. */
const DEFAULTS = { "incident.servicestage": 0 };

/** What Microsoft's table reference says otherwise. */
const OTHERWISE = {
  "account.entityimage": { displayName: "Default Image" },
  "contact.entityimage": { displayName: "Entity Image" },
  "incident.entityimage": { displayName: "Entity Image" },
  "knowledgearticle.msdyn_contentstore_name": { type: "String", maxLength: 200 },
};

/** Relationships that the facts know by a made-up name. */
const RENAMED = { incidentresolution_annotation_objectid: "IncidentResolution_Annotation" };

/** The relationship's own name, and the property that leads along it. */
export function nameOf(recorded, found, property) {
  const schemaName = RENAMED[found] ?? found;
  const own = /_createdby$/.test(schemaName) ? undefined : recorded.navigation[schemaName];
  return { schemaName, property: own ?? property };
}
