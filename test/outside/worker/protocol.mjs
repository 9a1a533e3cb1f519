import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const file = join(dirname(fileURLToPath(import.meta.url)), "function-rpc.proto");
const definition = loadSync(file, { enums: String, oneofs: true, defaults: true });

/** The service between host and worker, for a client and for a server. Enums are names; `content` says which message it is. */
export const { FunctionRpc } = loadPackageDefinition(definition).AzureFunctionsRpcMessages;

export const success = { status: "Success" };
