import type {
  Aggregate,
  AttributeNode,
  ConditionNode,
  DateGrouping,
  EntityNode,
  Fetch,
  FilterNode,
  LinkNode,
  LinkType,
  OrderNode,
} from "./model";
import { INVALID_XML, invalid, refuse, TOO_MANY_CONDITIONS, TOO_MANY_LINKS } from "./refuse";
import {
  AGGREGATES,
  ALIAS,
  ATTRIBUTES,
  CHILDREN,
  DATE_GROUPINGS,
  FILTER_LINK_TYPES,
  JOIN_TYPES,
  LIMITS,
  OPERATORS,
  SQL_HINTS,
  VALUE_OF_OPERATORS,
} from "./vocabulary";
import { parseXml, type XmlElement } from "./xml";

/** Reads FetchXML strictly: an element, attribute or operator that FetchXML does not have is refused with its place. */
export function readFetch(text: string): Fetch {
  const root = parseXml(text);
  if (root.name !== "fetch") {
    throw refuse(INVALID_XML, `Invalid XML. Expected 'fetch' but found '${root.name}'.`, root.at);
  }
  checkWords(root);
  checkLimits(root);
  const [entity, ...more] = root.children;
  if (entity === undefined || more.length > 0) {
    throw refuse(INVALID_XML, "Invalid XML. A fetch has exactly one entity.", root.at);
  }
  const top = whole(root, "top", 1, LIMITS.pageRows);
  const count = whole(root, "count", 1, Number.MAX_SAFE_INTEGER);
  const page = whole(root, "page", 1, Number.MAX_SAFE_INTEGER);
  if (top !== undefined && (count !== undefined || page !== undefined)) {
    throw invalid(
      `The top attribute can't be specified with paging attribute ${count === undefined ? "page" : "count"}.`,
      root.at,
    );
  }
  checkSettings(root);
  const aggregate = flag(root, "aggregate");
  const distinct = flag(root, "distinct");
  if (aggregate && distinct) {
    throw invalid("The attributes aggregate and distinct exclude each other.", root.at);
  }
  const cookie = root.attributes["paging-cookie"];
  return {
    aggregate,
    distinct,
    top,
    count,
    page,
    pagingCookie: cookie === undefined || cookie === "" ? undefined : cookie,
    returnTotalRecordCount: flag(root, "returntotalrecordcount"),
    aggregateLimit: whole(root, "aggregatelimit", 1, LIMITS.aggregateRows),
    useRawOrderBy: flag(root, "useraworderby"),
    isRetained: root.attributes.datasource === "retained",
    minActiveRowVersion: flag(root, "min-active-row-version"),
    entity: readEntity(entity),
  };
}

/** Settings that say how SQL Server is to work, or nothing any more: checked, and without effect here. */
function checkSettings(root: XmlElement): void {
  flag(root, "no-lock");
  flag(root, "latematerialize");
  oneOf(root, "mapping", new Set(["logical", "internal"]));
  oneOf(root, "datasource", new Set(["retained", "archive"]));
  oneOf(
    root,
    "output-format",
    new Set(["xml-ado", "xml-auto", "xml-elements", "xml-raw", "xml-platform"]),
  );
  const offset = root.attributes["utc-offset"];
  if (offset !== undefined && !/^-?\d{1,4}$/.test(offset)) {
    throw invalid(
      `The attribute 'utc-offset' must be a number of minutes, not '${offset}'.`,
      root.at,
    );
  }
  for (const hint of (root.attributes.options ?? "").split(",")) {
    if (hint.trim() !== "" && !SQL_HINTS.has(hint.trim().toLowerCase())) {
      throw invalid(
        `The query hint '${hint.trim().slice(0, 100)}' is not known. Known: ${[...SQL_HINTS].join(", ")}.`,
        root.at,
      );
    }
  }
}

function checkWords(element: XmlElement): void {
  const known = ATTRIBUTES[element.name] ?? new Set<string>();
  for (const name of Object.keys(element.attributes)) {
    if (!known.has(name)) {
      throw refuse(
        INVALID_XML,
        `Invalid XML. The attribute '${name}' is not known on '${element.name}'. Known: ${[...known].join(", ")}.`,
        element.at,
      );
    }
  }
  const allowed = CHILDREN[element.name];
  if (allowed !== undefined || element.name !== "value") {
    if (element.text.trim() !== "") {
      throw refuse(
        INVALID_XML,
        `Invalid XML. '${element.name}' holds text; only 'value' may.`,
        element.at,
      );
    }
  }
  for (const child of element.children) {
    if (!allowed?.has(child.name)) {
      const names = allowed === undefined ? "nothing" : [...allowed].join(", ");
      throw refuse(
        INVALID_XML,
        `Invalid XML. '${child.name}' may not stand inside '${element.name}'. Allowed: ${names}.`,
        child.at,
      );
    }
    checkWords(child);
  }
}

function checkLimits(root: XmlElement): void {
  let links = 0;
  let conditions = 0;
  const walk = (element: XmlElement) => {
    if (element.name === "link-entity") links += 1;
    if (element.name === "condition") conditions += 1;
    element.children.forEach(walk);
  };
  walk(root);
  if (links > LIMITS.links) {
    throw refuse(
      TOO_MANY_LINKS,
      `Number of link entities (${links}) in query exceeded maximum limit of ${LIMITS.links}.`,
    );
  }
  if (links + conditions > LIMITS.conditions) {
    throw refuse(
      TOO_MANY_CONDITIONS,
      `Number of conditions (${links + conditions}) in query exceeded maximum limit of ${LIMITS.conditions}.`,
    );
  }
}

function whole(element: XmlElement, name: string, least: number, most: number): number | undefined {
  const text = element.attributes[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw invalid(
    `The attribute '${name}' must be a whole number from ${least} to ${most}, not '${text}'.`,
    element.at,
  );
}

function flag(element: XmlElement, name: string): boolean {
  const text = element.attributes[name];
  if (text === undefined) return false;
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0)$/i.test(text)) return false;
  throw invalid(`The attribute '${name}' must be true or false, not '${text}'.`, element.at);
}

function needed(element: XmlElement, name: string): string {
  const text = element.attributes[name];
  if (text !== undefined && text !== "") return text;
  throw refuse(INVALID_XML, `Invalid XML. '${element.name}' needs '${name}'.`, element.at);
}

function oneOf<T extends string>(
  element: XmlElement,
  name: string,
  known: ReadonlySet<string>,
): T | undefined {
  const text = element.attributes[name];
  if (text === undefined) return undefined;
  if (known.has(text)) return text as T;
  throw invalid(
    `The attribute '${name}' must be one of ${[...known].join(", ")}, not '${text}'.`,
    element.at,
  );
}

function readAlias(element: XmlElement): string | undefined {
  const { alias } = element.attributes;
  if (alias === undefined || ALIAS.test(alias)) return alias;
  throw invalid(
    `The alias '${alias}' is not valid: only letters, digits and underscores, not beginning with a digit.`,
    element.at,
  );
}

const named = (element: XmlElement, name: string) =>
  element.children.filter((child) => child.name === name);

function readEntity(element: XmlElement): EntityNode {
  for (const name of ["enableprefiltering", "intersect", "visible"]) flag(element, name);
  return {
    name: needed(element, "name"),
    allAttributes: named(element, "all-attributes").length > 0,
    attributes: named(element, "attribute").map(readAttribute),
    orders: named(element, "order").map(readOrder),
    filters: named(element, "filter").map(readFilter),
    links: named(element, "link-entity").map((link) => readLink(link, JOIN_TYPES)),
    at: element.at,
  };
}

function readLink(element: XmlElement, types: ReadonlySet<string>): LinkNode {
  const written = oneOf<LinkType | "natural">(element, "link-type", types);
  if (written === undefined && types === FILTER_LINK_TYPES) {
    throw invalid(
      "A link-entity inside a filter needs link-type any, not any, all or not all.",
      element.at,
    );
  }
  // `natural` is an old name of the usual join.
  const linkType = written === undefined || written === "natural" ? "inner" : written;
  const { from, to } = element.attributes;
  return { kind: "link", ...readEntity(element), from, to, alias: readAlias(element), linkType };
}

function readAttribute(element: XmlElement): AttributeNode {
  const rowAggregate = element.attributes.rowaggregate;
  if (rowAggregate !== undefined && rowAggregate.toLowerCase() !== "countchildren") {
    throw invalid(`rowaggregate must be CountChildren, not '${rowAggregate}'.`, element.at);
  }
  // Everybody's time zone is UTC here, so that both settings group alike.
  flag(element, "usertimezone");
  return {
    name: needed(element, "name"),
    alias: readAlias(element),
    aggregate: oneOf<Aggregate>(element, "aggregate", AGGREGATES),
    groupBy: flag(element, "groupby"),
    dateGrouping: oneOf<DateGrouping>(element, "dategrouping", DATE_GROUPINGS),
    distinct: flag(element, "distinct"),
    countChildren: rowAggregate !== undefined,
    at: element.at,
  };
}

function readOrder(element: XmlElement): OrderNode {
  const { attribute, alias, entityname } = element.attributes;
  if (attribute === undefined && alias === undefined) {
    throw invalid("An order needs an attribute, or an alias of an aggregate query.", element.at);
  }
  const descending = flag(element, "descending");
  return { attribute, alias, entityName: entityname, descending, at: element.at };
}

function readFilter(element: XmlElement): FilterNode {
  flag(element, "isquickfindfields");
  oneOf(element, "hint", new Set(["union"]));
  const type = oneOf<"and" | "or">(element, "type", new Set(["and", "or"])) ?? "and";
  const parts = element.children.map((child) => {
    if (child.name === "filter") return readFilter(child);
    return child.name === "condition" ? readCondition(child) : readLink(child, FILTER_LINK_TYPES);
  });
  return { kind: "filter", type, parts };
}

function readCondition(element: XmlElement): ConditionNode {
  const operator = needed(element, "operator");
  const arity = OPERATORS.get(operator);
  if (arity === undefined) {
    throw invalid(`The condition operator '${operator}' is not known.`, element.at);
  }
  const { value, valueof: otherColumn, entityname, alias, aggregate } = element.attributes;
  if (aggregate !== undefined || alias !== undefined) {
    throw invalid(
      "Conditions on aggregates are not supported: FetchXML has no HAVING.",
      element.at,
    );
  }
  const values = named(element, "value").map((child) => child.text);
  if (value !== undefined) values.unshift(value);
  const base = {
    kind: "condition",
    attribute: needed(element, "attribute"),
    operator,
    entityName: entityname,
    at: element.at,
  } as const;
  if (otherColumn !== undefined) {
    if (!VALUE_OF_OPERATORS.has(operator) || values.length > 0) {
      throw invalid(
        `valueof works with ${[...VALUE_OF_OPERATORS].join(", ")}, and without a value.`,
        element.at,
      );
    }
    return { ...base, values: [], valueOf: otherColumn };
  }
  const wrong =
    (arity === "none" && values.length > 0 && values.some((one) => one !== "")) ||
    (arity === "one" && values.length !== 1) ||
    (arity === "two" && values.length !== 2) ||
    (arity === "many" && values.length === 0);
  if (wrong) {
    const wanted = { none: "no value", one: "one value", two: "two values", many: "values" }[arity];
    throw invalid(
      `The condition operator '${operator}' takes ${wanted}, but ${values.length} were given.`,
      element.at,
    );
  }
  return { ...base, values: arity === "none" ? [] : values, valueOf: undefined };
}
