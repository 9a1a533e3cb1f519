import type { PublishedTool } from "./surface";
import list from "./tool-list.generated.json";

/** What `tools/list` says; written by the build from the tools' own schemas. */
export const toolList = list as readonly PublishedTool[];
