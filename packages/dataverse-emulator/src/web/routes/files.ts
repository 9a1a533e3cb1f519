import { extname } from "node:path";
import {
  type AttributeDefinition,
  DataverseError,
  type EntityDefinition,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { demandUpload, FileContent, readFile } from "../../records";
import { readKey } from "../../row-key";
import { addPart, beginUpload, endUpload, type FilePlace, joinParts, uploadOf } from "../../store";
import { existing, noSegment, notAllowed } from "./refusals";
import { segmentsOf } from "./row-path";

/** Bytes of a part that the service advises. */
const chunkSize = 4_194_304;

interface Content {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

/**
 * File and image columns as resources of their own: `set(id)/column` takes the bytes whole or in parts, gives them back
 * (as base64 in JSON; bare below `/$value`; in ranges), and loses them by DELETE.
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export const fileHandler: Handler = (request, world) => {
  const [first, second, third, ...more] = segmentsOf(request.path) ?? [];
  const entity = world.catalog.bySet(first?.name ?? "");
  const attribute = entity?.attribute(second?.name ?? "");
  if (entity === undefined || attribute === undefined || first?.key === undefined) return undefined;
  if (attribute.type !== "File" && attribute.type !== "Image") return undefined;
  if (more.length > 0 || (third !== undefined && third.name !== "$value"))
    throw noSegment(third?.name ?? "");
  const rowId = existing(entity, readKey(first.key, entity, world), world);
  const place = { table: entity.logicalName, rowId, column: attribute.logicalName };
  switch (request.method) {
    case "GET":
      return download(request, world, entity, attribute, place, third !== undefined);
    case "DELETE":
      world.records.update(place.table, rowId, { [place.column]: null }, request.principal);
      return { status: 204 };
    case "PATCH":
    case "PUT":
      // An image may also come as base64 in `{"value": …}`, as any column.
      if (/json/i.test(request.headers["content-type"] ?? "")) return undefined;
      return upload(request, world, attribute, place);
    default:
      throw notAllowed(request);
  }
};

function upload(
  request: WebRequest,
  world: World,
  attribute: AttributeDefinition,
  place: FilePlace,
): WebResponse {
  const token = request.query.get("sessiontoken");
  if (token !== undefined) return takePart(request, world, attribute, place, token);
  const name = fileNameOf(request, attribute);
  const mimeType = mimeTypeOf(name);
  if (request.headers["x-ms-transfer-mode"]?.toLowerCase() === "chunked") {
    demandUpload(world, place.table, place.rowId, request.principal);
    const begun = world.db.transaction(() => beginUpload(world.db, place, name, mimeType));
    const [path] = request.path.split("?");
    return {
      status: 200,
      headers: {
        "Accept-Ranges": "bytes",
        Location: `${request.serviceRoot}${path}?sessiontoken=${begun}`,
        "x-ms-chunk-size": String(chunkSize),
        "Access-Control-Expose-Headers": "x-ms-chunk-size",
      },
    };
  }
  keep(request, world, attribute, place, {
    name,
    mimeType,
    bytes: Buffer.from(request.rawBody ?? new Uint8Array()),
  });
  return { status: 204 };
}

/** The next part of a file that comes in parts; the last one makes it whole. */
function takePart(
  request: WebRequest,
  world: World,
  attribute: AttributeDefinition,
  place: FilePlace,
  token: string,
): WebResponse {
  const bytes = Buffer.from(request.rawBody ?? new Uint8Array());
  const begun = uploadOf(world.db, token);
  const range = /^bytes (\d+)-(-?\d+)\/(\d+)$/.exec(request.headers["content-range"] ?? "");
  if (range === null)
    throw refuse("The header Content-Range must be: bytes <first>-<last>/<size>.");
  const [start, end, size] = [Number(range[1]), Number(range[2]), Number(range[3])];
  // A client that counts in whole parts sends an empty one behind the last.
  if (bytes.length === 0 && start === size) return { status: 204 };
  if (begun === undefined || begun.rowId !== place.rowId || begun.column !== place.column)
    throw refuse("The session token is unknown: begin the upload again.");
  demandSize(attribute, size);
  if (start !== begun.received || end - start + 1 !== bytes.length || end >= size) {
    throw refuse(
      `The part ${range[0]} with ${bytes.length} bytes does not follow the ${begun.received} bytes received.`,
    );
  }
  return world.db.transaction(() => {
    addPart(world.db, begun, bytes);
    if (end + 1 < size) return { status: 206 };
    const { name, mimeType } = begun;
    keep(request, world, attribute, place, { name, mimeType, bytes: joinParts(world.db, token) });
    endUpload(world.db, token);
    return { status: 204 };
  });
}

function keep(
  request: WebRequest,
  world: World,
  attribute: AttributeDefinition,
  place: FilePlace,
  content: Content,
): void {
  demandSize(attribute, content.bytes.length);
  const value =
    attribute.type === "Image"
      ? content.bytes.toString("base64")
      : new FileContent(content.name, content.mimeType, content.bytes);
  world.records.update(place.table, place.rowId, { [place.column]: value }, request.principal);
}

function demandSize(attribute: AttributeDefinition, size: number): void {
  const most = attribute.maxSizeInKB ?? (attribute.type === "Image" ? 10_240 : 32_768);
  if (size > most * 1_024)
    throw new DataverseError(400, "0x80044a02", "Attachment file size is too big.");
}

/** The header counts before the query; a name in neither is refused, save for an image. */
function fileNameOf(request: WebRequest, attribute: AttributeDefinition): string {
  const named = request.headers["x-ms-file-name"] ?? request.query.get("x-ms-file-name") ?? "";
  const name = named.replace(/^.*[\\/]/s, "").trim();
  if (name !== "") return name;
  if (attribute.type === "Image") return `${attribute.logicalName}.png`;
  throw refuse("The name of the file is missing: send the header x-ms-file-name.");
}

const mimeTypes: Readonly<Record<string, string>> = {
  ".csv": "text/csv",
  ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  ".gif": "image/gif",
  ".htm": "text/html",
  ".html": "text/html",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".json": "application/json",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".txt": "text/plain",
  ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ".xml": "application/xml",
  ".zip": "application/zip",
};
const mimeTypeOf = (name: string) =>
  mimeTypes[extname(name).toLowerCase()] ?? "application/octet-stream";

function download(
  request: WebRequest,
  world: World,
  entity: EntityDefinition,
  attribute: AttributeDefinition,
  place: FilePlace,
  isBare: boolean,
): WebResponse {
  const content = readFile(world, place.table, place.rowId, place.column, request.principal);
  if (content === undefined) return { status: 204 };
  const size = content.bytes.length;
  const range = rangeOf(request.headers.range, size);
  const bytes =
    range === undefined ? content.bytes : content.bytes.subarray(range.start, range.end + 1);
  const headers = {
    "x-ms-file-size": String(size),
    "x-ms-file-name": encodeURI(content.name),
    mimetype: content.mimeType,
    "Content-Disposition": `attachment; filename*=UTF-8''${encodeURIComponent(content.name)}`,
    Location: `${request.serviceRoot}${request.path}`,
    "Access-Control-Expose-Headers": "x-ms-file-size; x-ms-file-name; x-ms-chunk-size; mimetype",
    ...(range === undefined
      ? {}
      : {
          "x-ms-chunk-size": String(chunkSize),
          "Content-Range": `bytes ${range.start}-${range.end}/${size}`,
        }),
  };
  const status = range === undefined ? 200 : 206;
  if (isBare)
    return {
      status,
      headers: { "Content-Type": "application/octet-stream", ...headers },
      body: bytes,
    };
  const context = `${request.serviceRoot}$metadata#${entity.entitySetName}(${place.rowId})/${attribute.logicalName}`;
  return {
    status,
    headers,
    body: { "@odata.context": context, value: Buffer.from(bytes).toString("base64") },
  };
}

/**
 * First and last byte asked for, within the file; `bytes=-4` asks for the last four. What is no range (its end before its
 * start, several of them, another unit) is as if it were not there: https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
function rangeOf(
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (match === null) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "" && last === "") return undefined;
  if (first !== "" && last !== "" && Number(last) < Number(first)) return undefined;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  if (start >= size)
    throw new DataverseError(
      416,
      "0x80060888",
      `The file has ${size} bytes; byte ${start} is not among them.`,
    );
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  return { start, end };
}

const refuse = (message: string) => new DataverseError(400, "0x80060888", message);
