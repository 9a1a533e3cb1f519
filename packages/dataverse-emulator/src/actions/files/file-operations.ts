import type { Operation } from "../operation";
import {
  commitFileUpload,
  commitTextUpload,
  deleteFile,
  initializeFileUpload,
  initializeTextUpload,
  uploadBlock,
} from "./file-blocks";
import { downloadBlock, initializeFileDownload, initializeTextDownload } from "./file-downloads";

const token = { FileContinuationToken: "Edm.String!" };
const download = { FileSizeInBytes: "Edm.Int64!", FileName: "Edm.String", ...token };
const list = { BlockList: "Collection(Edm.String)!", ...token };

/** Of a note or an attachment: the row comes along, its content in blocks. */
const ofText = (
  word: "Annotation" | "Attachment",
  table: string,
  key: string,
): Readonly<Record<string, Operation>> => {
  const target = { Target: `${table}!` };
  const initialize = `Initialize${word}BlocksUpload`;
  const commit = `Commit${word}BlocksUpload`;
  const read = `Initialize${word}BlocksDownload`;
  return {
    [initialize]: {
      kind: "Action",
      parameters: target,
      returns: token,
      run: initializeTextUpload(table, initialize),
    },
    [commit]: {
      kind: "Action",
      parameters: { ...target, ...list },
      returns: { [key]: "Edm.Guid!", FileSizeInBytes: "Edm.Int64!" },
      run: commitTextUpload(table, commit, key),
    },
    [read]: {
      kind: "Action",
      parameters: target,
      returns: download,
      run: initializeTextDownload(table, read),
    },
  };
};

/** Files that come and go in blocks. */
export const fileOperations: Readonly<Record<string, Operation>> = {
  ...ofText("Annotation", "annotation", "AnnotationId"),
  ...ofText("Attachment", "activitymimeattachment", "ActivityMimeAttachmentId"),
  InitializeFileBlocksUpload: {
    kind: "Action",
    parameters: {
      Target: "crmbaseentity!",
      FileAttributeName: "Edm.String!",
      FileName: "Edm.String!",
    },
    returns: token,
    run: initializeFileUpload,
  },
  UploadBlock: {
    kind: "Action",
    parameters: { BlockId: "Edm.String!", BlockData: "Edm.Binary!", ...token },
    run: uploadBlock,
  },
  CommitFileBlocksUpload: {
    kind: "Action",
    parameters: { FileName: "Edm.String!", MimeType: "Edm.String!", ...list },
    returns: { FileId: "Edm.Guid!", FileSizeInBytes: "Edm.Int64!" },
    run: commitFileUpload,
  },
  InitializeFileBlocksDownload: {
    kind: "Action",
    parameters: { Target: "crmbaseentity!", FileAttributeName: "Edm.String!" },
    returns: { ...download, IsChunkingSupported: "Edm.Boolean!" },
    run: initializeFileDownload,
  },
  DownloadBlock: {
    kind: "Action",
    parameters: { Offset: "Edm.Int64!", BlockLength: "Edm.Int64!", ...token },
    returns: { Data: "Edm.Binary" },
    run: downloadBlock,
  },
  DeleteFile: { kind: "Action", parameters: { FileId: "Edm.Guid!" }, run: deleteFile },
};
