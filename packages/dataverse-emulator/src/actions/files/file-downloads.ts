import { DataverseError, type WebRequest, type WebResponse, type World } from "../../model";
import { FileContent, readFile } from "../../records";
import type { FilePlace } from "../../store";
import { demandRow, invalidArgument } from "../access";
import { isObject, parametersOf, targetOf } from "../reference";
import { answer, fileColumn, largestBlock, texts } from "./file-blocks";

/** The content that a download reads, with the rights of whoever asks. */
function downloadOf(request: WebRequest, world: World, place: FilePlace): FileContent {
  const { table, rowId, column } = place;
  const { principal } = request;
  if (texts[table] !== column) {
    const content = readFile(world, table, rowId, column, principal);
    if (content !== undefined) return content;
  } else {
    const row = demandRow(world, principal, "Read", table, rowId);
    const text = row[column];
    if (typeof text === "string" && text !== "")
      return new FileContent(
        String(row.filename ?? ""),
        String(row.mimetype ?? ""),
        Buffer.from(text, "base64"),
      );
  }
  throw new DataverseError(
    404,
    "0x80040217",
    `No file attachment found for attribute: ${column} EntityId: ${rowId}.`,
  );
}

/** It says what to read; the right to is looked at again with each block. */
const tokenOf = (place: FilePlace): string =>
  Buffer.from(JSON.stringify(place), "utf8").toString("base64url");

function placeOf(world: World, token: unknown): FilePlace {
  try {
    const value: unknown = JSON.parse(Buffer.from(String(token), "base64url").toString("utf8"));
    if (isObject(value)) {
      const { table, rowId, column } = value as Record<string, string>;
      const entity = world.catalog.byName(table ?? "");
      const type = entity?.attribute(column ?? "")?.type;
      const isFile = type === "File" || type === "Image" || texts[table ?? ""] === column;
      if (entity !== undefined && isFile && typeof rowId === "string")
        return { table: entity.logicalName, rowId, column: String(column) };
    }
  } catch {
    // Whatever it is, it is no token of ours.
  }
  throw invalidArgument("FileContinuationToken is not valid: begin the download again.");
}

/** POST InitializeFileBlocksDownload {Target, FileAttributeName} → {FileContinuationToken, FileSizeInBytes, FileName, IsChunkingSupported} */
export function initializeFileDownload(request: WebRequest, world: World): WebResponse {
  const body = parametersOf(request.body);
  const { entity, id } = targetOf(world, body.Target, "Target");
  const column = fileColumn(entity, body.FileAttributeName);
  const place = { table: entity.logicalName, rowId: id, column };
  const { name, bytes } = downloadOf(request, world, place);
  return answer(request, "InitializeFileBlocksDownload", {
    FileContinuationToken: tokenOf(place),
    FileSizeInBytes: bytes.length,
    FileName: name,
    IsChunkingSupported: true,
  });
}

/** POST InitializeAnnotationBlocksDownload, InitializeAttachmentBlocksDownload {Target} */
export const initializeTextDownload =
  (table: string, name: string) =>
  (request: WebRequest, world: World): WebResponse => {
    const { Target } = parametersOf(request.body);
    const target = isObject(Target) ? { "@odata.type": table, ...Target } : Target;
    const { entity, id } = targetOf(world, target, "Target");
    if (entity.logicalName !== table)
      throw invalidArgument(`Target must be a row of ${table}; it is of '${entity.logicalName}'.`);
    const place = { table, rowId: id, column: texts[table] ?? "" };
    const content = downloadOf(request, world, place);
    return answer(request, name, {
      FileContinuationToken: tokenOf(place),
      FileSizeInBytes: content.bytes.length,
      FileName: content.name,
    });
  };

/** POST DownloadBlock {Offset, BlockLength, FileContinuationToken} → {Data} */
export function downloadBlock(request: WebRequest, world: World): WebResponse {
  const body = parametersOf(request.body);
  const [offset, length] = [Number(body.Offset), Number(body.BlockLength)];
  const { bytes } = downloadOf(request, world, placeOf(world, body.FileContinuationToken));
  if (offset < 0 || offset >= Math.max(bytes.length, 1) || length < 1)
    throw invalidArgument(
      `The file has ${bytes.length} bytes: Offset must be among them, and BlockLength at least 1.`,
    );
  const data = Buffer.from(bytes).subarray(offset, offset + Math.min(length, largestBlock));
  return answer(request, "DownloadBlock", { Data: data.toString("base64") });
}
