import { posix } from "node:path";
import { fileAt, type SourceFile } from "./import-graph";

export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Groups in which everybody reaches everybody, by Tarjan's algorithm; each in the order of names. */
export function circlesOf(graph: Graph): string[][] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (node: string): number => {
    const own = order.size;
    order.set(node, own);
    low.set(node, own);
    open.push(node);
    let lowest = own;
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) lowest = Math.min(lowest, visit(next));
      else if (open.includes(next)) lowest = Math.min(lowest, order.get(next) ?? own);
    }
    low.set(node, lowest);
    if (lowest === own) {
      const circle = open.splice(open.indexOf(node));
      if (circle.length > 1) circles.push(circle.sort());
    }
    return lowest;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return circles.sort();
}

/** Who imports whom, types as well: a circle of types alone is no less hard to read. */
export const importsAmong = (files: readonly SourceFile[]): Graph =>
  new Map(
    files.map(({ path, imports }) => [
      path,
      new Set(imports.flatMap(({ to, isPackage }) => (isPackage ? [] : (fileAt(to) ?? [])))),
    ]),
  );

/** For each folder: its files and folders, and which of them imports which. */
export function siblings(graph: Graph): ReadonlyMap<string, Graph> {
  const folders = new Map<string, Map<string, Set<string>>>();
  const childOf = (folder: string, file: string) => {
    const [name] = posix.relative(folder, file).split("/");
    return name === undefined || name === ".." ? undefined : name;
  };
  for (const [from, targets] of graph) {
    for (let folder = posix.dirname(from); ; folder = posix.dirname(folder)) {
      const among = folders.get(folder) ?? new Map<string, Set<string>>();
      folders.set(folder, among);
      const child = childOf(folder, from);
      for (const to of targets) {
        const other = childOf(folder, to);
        if (child === undefined || other === undefined || other === child) continue;
        among.set(child, (among.get(child) ?? new Set()).add(other));
      }
      if (folder === ".") break;
    }
  }
  return folders;
}

/**
 * Every circle among what stands side by side, as one line that says in which folder. A circle of files is one of these, too:
 * in the folder where the files' ways part.
 */
export const allCircles = (files: readonly SourceFile[]): string[] =>
  [...siblings(importsAmong(files))]
    .flatMap(([folder, among]) =>
      circlesOf(among).map((circle) => `${folder}: ${circle.join(" ")}`),
    )
    .sort();
