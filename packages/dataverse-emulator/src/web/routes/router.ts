import { actionsHandler } from "../../actions";
import { csdlHandler } from "../../csdl";
import { fetchXmlHandler } from "../../fetchxml";
import { metadataHandler } from "../../metadata";
import { demandPropagated } from "../../metadata/propagation";
import {
  DataverseError,
  type Handler,
  type WebRequest,
  type WebResponse,
  type World,
} from "../../model";
import { odataHandler } from "../../odata";
import { sqlHandler } from "../../sql";
import { batchHandler } from "./batch";
import { bulkHandler } from "./bulk";
import { crudHandler } from "./crud";
import { fileHandler } from "./files";

/** One kind of request, as `packages/dataverse-emulator/README.md` lists it. */
export interface Route {
  readonly handler: Handler;
  /** Method and path below `/api/data/v9.2/`, a few of each form. */
  readonly forms: readonly string[];
  readonly what: string;
}

/** In this order: definitions and actions have names of their own, FetchXML and SQL a query option, the rest is rows. */
export const routes: readonly Route[] = [
  {
    handler: batchHandler,
    forms: ["POST $batch"],
    what: "many requests in one; change sets that are done whole or not at all, `$1` for what an earlier one made",
  },
  {
    handler: bulkHandler,
    forms: [
      "POST accounts/Microsoft.Dynamics.CRM.CreateMultiple",
      "POST accounts/Microsoft.Dynamics.CRM.UpdateMultiple",
      "POST accounts/Microsoft.Dynamics.CRM.UpsertMultiple",
    ],
    what: "many rows of one table",
  },
  {
    handler: csdlHandler,
    forms: ["GET $metadata", "GET "],
    what: "the model as CSDL XML, and the service document",
  },
  {
    handler: metadataHandler,
    forms: [
      "GET EntityDefinitions(LogicalName='incident')?$expand=Attributes",
      "GET RelationshipDefinitions",
      "GET GlobalOptionSetDefinitions",
      "GET RetrieveMetadataChanges(Query=@q)?@q={}",
    ],
    what: "definitions with casts, filters and deltas; create, change and delete of tables, columns of every type, relationships, keys and choices; `PublishXml`, `PublishAllXml`, `RetrieveDependenciesForDelete`",
  },
  {
    handler: actionsHandler,
    forms: ["GET WhoAmI", "POST CloseIncident"],
    what: "the actions and functions below",
  },
  {
    handler: fetchXmlHandler,
    forms: ["GET accounts?fetchXml=<fetch><entity name='account'/></fetch>"],
    what: "FetchXML: every operator below, link types, aggregates, date grouping, paging cookies",
  },
  {
    handler: sqlHandler,
    forms: ["GET accounts?sql=SELECT name FROM account"],
    what: "the documented part of T-SQL",
  },
  {
    handler: fileHandler,
    forms: ["GET accounts(…)/new_file/$value", "PATCH accounts(…)/new_file"],
    what: "file and image columns, whole, in chunks, and by ranges",
  },
  {
    handler: odataHandler,
    forms: [
      "GET accounts?$select=name&$filter=startswith(name,'A')&$orderby=name&$top=3&$count=true",
      "GET accounts?$apply=groupby((statecode),aggregate($count as n))",
      "GET incidents?$expand=customerid_account($select=name)&$top=1",
      "GET accounts/$count",
    ],
    what: "rows, columns and links; `$select $filter $orderby $top $count $expand $apply`, lambdas, query functions, `savedQuery`, alternate keys, annotations by `Prefer`",
  },
  {
    handler: crudHandler,
    forms: ["POST accounts", "PATCH accounts(…)", "DELETE accounts(…)", "POST accounts(…)/…/$ref"],
    what: "create, deep insert, update, upsert, delete, one property, `$ref`",
  },
];

/** @throws DataverseError; any other error is a bug of the emulator */
export function route(request: WebRequest, world: World): WebResponse {
  demandPropagated(request, world);
  for (const { handler } of routes) {
    const response = handler(request, world);
    if (response !== undefined) return response;
  }
  const segment = request.path.split(/[/(]/)[0] ?? "";
  throw new DataverseError(404, "0x80060888", `Resource not found for the segment '${segment}'.`);
}
