import { fileAt, sourceFiles } from "../../test/unit/architecture/import-graph";

/** The rooms that the drawing shows, what calls above what is called. */
const roomOf = (path: string): string | undefined =>
  /^(functions|dev|packages\/dataverse-emulator|shared\/[\w-]+)(?=\/)/.exec(path)?.[1];

const idOf = (room: string) => room.replace(/\W/g, "_");

/** Rooms as nodes, imports of running code as arrows (types left out), as Mermaid. */
export function roomsDrawing(): string {
  const arrows = new Set<string>();
  const rooms = new Set<string>();
  for (const { path, imports } of sourceFiles) {
    const from = roomOf(path);
    if (from === undefined) continue;
    rooms.add(from);
    for (const { to, isPackage, isType } of imports) {
      const target = isPackage || isType ? undefined : fileAt(to);
      const room = target === undefined ? undefined : roomOf(target);
      if (room !== undefined && room !== from) arrows.add(`  ${idOf(from)} --> ${idOf(room)}`);
    }
  }
  const nodes = [...rooms].sort().map((room) => `  ${idOf(room)}["${room}"]`);
  return `\`\`\`mermaid\nflowchart TD\n${[...nodes, ...[...arrows].sort()].join("\n")}\n\`\`\``;
}
