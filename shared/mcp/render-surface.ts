import { tools } from "../tools";
import { buildSurface } from "./surface";

/** The text of `tool-list.generated.json`, which the build writes and the server serves. */
export const renderSurface = (): string => `${JSON.stringify(buildSurface(tools), null, 1)}\n`;
