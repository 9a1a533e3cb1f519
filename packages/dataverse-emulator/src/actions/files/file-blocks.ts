import { randomUUID } from "node:crypto";
import {
  DataverseError,
  type EntityDefinition,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { demandUpload, FileContent } from "../../records";
import {
  addBlock,
  beginUpload,
  endUpload,
  type FilePlace,
  fileById,
  joinBlocks,
  type Upload,
  uploadOf,
} from "../../store";
import { demandRow, doesNotExist, invalidArgument } from "../access";
import { isObject, type Json, parametersOf, targetOf, typeNameOf } from "../reference";

/** Bytes that a block may have, and a file made of blocks. */
export const largestBlock = 4_194_304;
const largestFile = 134_217_728;

const tooBig = () => new DataverseError(400, "0x80044a02", "Attachment file size is too big.");

/** Tables of the time before file columns: their content is base64 in a text. */
export const texts: Readonly<Record<string, string>> = {
  activitymimeattachment: "body",
  annotation: "documentbody",
};

export const answer = (request: WebRequest, name: string, body: Json): WebResponse => ({
  status: 200,
  body: {
    "@odata.context": `${request.serviceRoot}$metadata#Microsoft.Dynamics.CRM.${name}Response`,
    ...body,
  },
});

/** The file or image column that a parameter names. */
export function fileColumn(entity: EntityDefinition, name: unknown): string {
  const attribute = typeof name === "string" ? entity.attribute(name) : undefined;
  if (attribute === undefined)
    throw new DataverseError(
      400,
      "0x80041103",
      `'${entity.logicalName}' entity doesn't contain attribute with Name = '${String(name).slice(0, 100)}' and NameMapping = 'Logical'.`,
    );
  if (attribute.type === "File" || attribute.type === "Image") return attribute.logicalName;
  throw invalidArgument(
    `'${attribute.logicalName}' of '${entity.logicalName}' is no file and no image column.`,
  );
}

function begin(world: World, place: FilePlace, name: string, mimeType = ""): Json {
  const token = world.db.transaction(() => beginUpload(world.db, place, name, mimeType));
  return { FileContinuationToken: token };
}

/**
 * POST InitializeFileBlocksUpload {Target, FileAttributeName, FileName} → {FileContinuationToken}
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export function initializeFileUpload(request: WebRequest, world: World): WebResponse {
  const body = parametersOf(request.body);
  const { entity, id } = targetOf(world, body.Target, "Target");
  const column = fileColumn(entity, body.FileAttributeName);
  const name = String(body.FileName).trim();
  if (name === "") throw invalidArgument("Required field 'FileName' is missing");
  demandUpload(world, entity.logicalName, id, request.principal);
  const place = { table: entity.logicalName, rowId: id, column };
  return answer(request, "InitializeFileBlocksUpload", begin(world, place, name));
}

/** What a note or an attachment is to hold beside its content. */
function rowOf(value: unknown, table: string): Json {
  if (!isObject(value)) throw invalidArgument("Required field 'Target' is missing");
  const type = typeNameOf(value);
  if (type !== undefined && type !== table)
    throw invalidArgument(`Target must be a row of ${table}; it is of '${type}'.`);
  const { "@odata.type": _, [texts[table] ?? ""]: __, ...columns } = value;
  return columns;
}

/** A note is named by its id, whether it is there already or not; an attachment is always a new one. */
function textPlace(world: World, request: WebRequest, table: string, row: Json): FilePlace {
  const { principal } = request;
  const key = world.catalog.byName(table)?.primaryIdAttribute ?? "";
  const column = texts[table] ?? "";
  if (table !== "annotation") {
    world.security.demand(principal, "Create", table);
    return { table, rowId: String(row[key] ?? randomUUID()), column };
  }
  const { id } = targetOf(world, { ...row, "@odata.type": table }, "Target");
  const isThere = world.records.read(table, id) !== undefined;
  if (isThere) demandRow(world, principal, "Write", table, id);
  else world.security.demand(principal, "Create", table);
  return { table, rowId: id, column };
}

/** POST InitializeAnnotationBlocksUpload, InitializeAttachmentBlocksUpload {Target} → {FileContinuationToken} */
export const initializeTextUpload =
  (table: string, name: string) =>
  (request: WebRequest, world: World): WebResponse => {
    const row = rowOf(parametersOf(request.body).Target, table);
    const place = textPlace(world, request, table, row);
    const begun = begin(world, place, String(row.filename ?? ""), String(row.mimetype ?? ""));
    return answer(request, name, begun);
  };

/** Without groups: a block has millions of characters, and each repeated group takes a frame of the stack. */
const isBase64 = (text: string) => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);

function uploadFor(world: World, token: unknown): Upload {
  const upload = typeof token === "string" ? uploadOf(world.db, token) : undefined;
  if (upload !== undefined) return upload;
  throw invalidArgument(
    "FileContinuationToken is not valid: it is of no upload that has begun and not ended.",
  );
}

/** POST UploadBlock {BlockId, BlockData, FileContinuationToken} → 204. A block sent again takes the place of the first. */
export function uploadBlock(request: WebRequest, world: World): WebResponse {
  const { BlockId: id, BlockData: data, FileContinuationToken } = parametersOf(request.body);
  const upload = uploadFor(world, FileContinuationToken);
  if (typeof id !== "string" || id === "" || !isBase64(id) || Buffer.from(id, "base64").length > 64)
    throw invalidArgument("BlockId must be base64 of 1 to 64 bytes.");
  if (typeof data !== "string" || !isBase64(data))
    throw invalidArgument("BlockData must be base64.");
  const bytes = Buffer.from(data, "base64");
  if (bytes.length > largestBlock)
    throw invalidArgument(
      `BlockData has ${bytes.length} bytes; a block has ${largestBlock} at most.`,
    );
  if (!world.db.transaction(() => addBlock(world.db, upload, id, bytes)))
    throw invalidArgument("Every BlockId of a file must have the same length.");
  return { status: 204 };
}

function contentOf(world: World, upload: Upload, list: unknown): Buffer {
  const ids = Array.isArray(list) ? list : [];
  const content = joinBlocks(world.db, upload.token, ids.map(String));
  if (content === undefined)
    throw invalidArgument(
      "The specified block list is invalid: it names a block that was not uploaded.",
    );
  if (content.length > largestFile) throw tooBig();
  return content;
}

/** POST CommitFileBlocksUpload {FileName, MimeType, BlockList, FileContinuationToken} → {FileId, FileSizeInBytes} */
export function commitFileUpload(request: WebRequest, world: World): WebResponse {
  const body = parametersOf(request.body);
  const upload = uploadFor(world, body.FileContinuationToken);
  const { table, rowId, column } = upload;
  if (texts[table] === column)
    throw invalidArgument("FileContinuationToken is of a note or an attachment.");
  const attribute = world.catalog.byName(table)?.attribute(column);
  if (attribute === undefined) throw doesNotExist(table, rowId);
  const bytes = contentOf(world, upload, body.BlockList);
  const most = attribute.maxSizeInKB ?? (attribute.type === "Image" ? 10_240 : 32_768);
  if (bytes.length > most * 1_024) throw tooBig();
  const isImage = attribute.type === "Image";
  const value = isImage
    ? bytes.toString("base64")
    : new FileContent(String(body.FileName ?? upload.name), String(body.MimeType), bytes);
  world.db.transaction(() => {
    world.records.update(table, rowId, { [column]: value }, request.principal);
    endUpload(world.db, upload.token);
  });
  const row = world.records.read(table, rowId);
  return answer(request, "CommitFileBlocksUpload", {
    FileId: isImage ? row?.[`${column}id`] : row?.[column],
    FileSizeInBytes: bytes.length,
  });
}

/** POST CommitAnnotationBlocksUpload, CommitAttachmentBlocksUpload {Target, BlockList, FileContinuationToken} */
export const commitTextUpload =
  (table: string, name: string, key: string) =>
  (request: WebRequest, world: World): WebResponse => {
    const body = parametersOf(request.body);
    const upload = uploadFor(world, body.FileContinuationToken);
    if (upload.table !== table) throw invalidArgument(`FileContinuationToken is not of ${table}.`);
    const row = rowOf(body.Target, table);
    const primaryKey = world.catalog.byName(table)?.primaryIdAttribute ?? "";
    const { [primaryKey]: given, ...columns } = row;
    const id = String(given ?? upload.rowId).toLowerCase();
    if (id !== upload.rowId)
      throw invalidArgument("Target is another row than the upload began with.");
    const bytes = contentOf(world, upload, body.BlockList);
    const whole = { ...columns, [upload.column]: bytes.toString("base64") };
    const { principal } = request;
    world.db.transaction(() => {
      const isUpdate = table === "annotation" && world.records.read(table, id) !== undefined;
      if (isUpdate) world.records.update(table, id, whole, principal);
      else world.records.create(table, whole, principal, { id });
      endUpload(world.db, upload.token);
    });
    return answer(request, name, { [key]: id, FileSizeInBytes: bytes.length });
  };

/** POST DeleteFile {FileId} → 204 */
export function deleteFile(request: WebRequest, world: World): WebResponse {
  const id = String(parametersOf(request.body).FileId).toLowerCase();
  const owner = fileById(world.db, id);
  const entity =
    owner &&
    world.catalog
      .entities()
      .find(
        (each) =>
          each.attribute(owner.column)?.type === "File" &&
          world.records.read(each.logicalName, owner.rowId)?.[owner.column] === id,
      );
  if (owner === undefined || entity === undefined) throw doesNotExist("fileattachment", id);
  const change = { [owner.column]: null };
  world.records.update(entity.logicalName, owner.rowId, change, request.principal);
  return { status: 204 };
}
