import { existsSync } from "node:fs";
import { join } from "node:path";

/** A file or folder of the facts and labelled sets that are no part of the project; `npm run referee:facts` says where. */
export function factsFile(name: string): string {
  const folder = process.env.FACTS_FOLDER;
  if (folder === undefined)
    throw new Error("Say where the facts are: npm run referee:facts -- --data <folder>");
  const file = join(folder, name);
  if (!existsSync(file)) throw new Error(`The folder of the facts has no ${name}: ${folder}`);
  return file;
}
