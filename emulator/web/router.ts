import { actionsHandler } from "../actions";
import { fetchXmlHandler } from "../fetchxml";
import { metadataHandler } from "../metadata";
import { csdlHandler } from "../metadata/csdl";
import { demandPropagated } from "../metadata/propagation";
import {
  DataverseError,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../model";
import { odataHandler } from "../odata";
import { sqlHandler } from "../sql";
import { batchHandler } from "./batch";
import { bulkHandler } from "./bulk";
import { crudHandler } from "./crud";
import { fileHandler } from "./files";

/** In this order: definitions and actions have names of their own, FetchXML and SQL a query option, the rest is rows. */
const handlers: readonly Handler[] = [
  batchHandler,
  bulkHandler,
  csdlHandler,
  metadataHandler,
  actionsHandler,
  fetchXmlHandler,
  sqlHandler,
  fileHandler,
  odataHandler,
  crudHandler,
];

/** @throws DataverseError; any other error is a bug of the emulator */
export function route(request: WebRequest, world: World): WebResponse {
  demandPropagated(request, world);
  for (const handler of handlers) {
    const response = handler(request, world);
    if (response !== undefined) return response;
  }
  const segment = request.path.split(/[/(]/)[0] ?? "";
  throw new DataverseError(404, "0x80060888", `Resource not found for the segment '${segment}'.`);
}
