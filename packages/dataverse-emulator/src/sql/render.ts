import type { SqlRow, WebRequest } from "../model";
import { toJson } from "../records/render/render";
import type { Output } from "./outputs";
import { namesOf } from "./outputs";
import type { Page } from "./run";

type Json = Record<string, unknown>;
const attributeName = "OData.Community.Display.V1.AttributeName";

/** One column of all rows, rendered with its annotations: the property's own name, then under the name of the answer. */
function renderOutput(page: Page, index: number, output: Output, request: WebRequest): Json[] {
  const { column } = output;
  if (column === undefined || output.aggregate !== undefined) {
    const isValue = output.aggregate === "min" || output.aggregate === "max";
    return page.rows.map((row) => {
      const value = row[`v${index}`];
      const shown = column && isValue ? toJson(column.attribute, value) : (value ?? null);
      return { [output.property]: typeof shown === "bigint" ? Number(shown) : shown };
    });
  }
  const { entity } = column.source;
  const { logicalName } = column.attribute;
  const rows = page.rows.map(
    (row): SqlRow => ({
      [logicalName]: row[`v${index}`] ?? null,
      ...(`y${index}` in row ? { [`${logicalName}__type`]: row[`y${index}`] ?? null } : {}),
      versionnumber: null,
    }),
  );
  const property = namesOf(column.attribute);
  const isRenamed = output.property !== property;
  return page.scope.world.records
    .render(entity.logicalName, rows, [logicalName], request)
    .map((rendered) => {
      const out: Json = {};
      if (isRenamed) out[`${output.property}@${attributeName}`] = logicalName;
      for (const [name, value] of Object.entries(rendered)) {
        if (name === property) out[output.property] = value;
        else if (name.startsWith(`${property}@`)) {
          out[output.property + name.slice(property.length)] = value;
        }
      }
      return out;
    });
}

/** The rows as JSON. Without groups each has its etag and its primary key, asked for or not. */
export function renderPage(page: Page, request: WebRequest): { rows: Json[]; columns: string[] } {
  const [root] = page.scope.sources;
  const key = root?.entity.primaryIdAttribute ?? "";
  const parts = page.outputs.map((output, index) => renderOutput(page, index, output, request));
  const columns = page.outputs.map(({ property }) => property);
  const hasKey = columns.includes(key);
  if (!page.grouped && !hasKey) columns.push(key);
  const rows = page.rows.map((row, at): Json => {
    const head: Json = page.grouped ? {} : { "@odata.etag": `W/"${row.versionnumber}"` };
    if (!page.grouped && !hasKey) head[key] = row[key] ?? null;
    return Object.assign(head, ...parts.map((part) => part[at]));
  });
  return { rows, columns };
}
