import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type Allowed, anything, layers } from "../../test/unit/architecture/layers";
import { code, table } from "./markdown";

const root = resolve(__dirname, "../..");

/** A layer as it stands in the tree: `shared/sql/`, `shared/errors.ts`. */
function placed(path: string): string {
  const at = resolve(root, path);
  if (!existsSync(at)) return code(`${path}.ts`);
  return code(statSync(at).isDirectory() ? `${path}/` : path);
}

const words = ({ path, only }: Allowed) =>
  `${only === undefined ? "" : `${only === "door" ? "the door" : "types"} of `}${placed(path)}`;

const listed = (parts: readonly string[]) => (parts.length === 0 ? "nothing" : parts.join(", "));

/** Who may import whom, as the test of the layers holds it. */
export const layersTable = (): string =>
  table(
    ["Layer", "What stands there", "May import", "Packages"],
    [
      ...layers.map(({ path, what, imports, packages }) => [
        placed(path),
        what,
        listed(imports.map(words)),
        listed(packages.map(code)),
      ]),
      [anything.map(placed).join(", "), "what only a developer runs", "anything", "any"],
    ],
  );
