import { posix } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { sourceFiles } from "./import-graph";

const mostInARoom = 15;

/** Rooms that hold more, and why. */
const exceptions: Readonly<Record<string, string>> = {
  "shared/tools": "one tool, one file: a list to look a name up in",
};

const rooms = new Map<string, number>();
for (const { path } of sourceFiles)
  rooms.set(posix.dirname(path), (rooms.get(posix.dirname(path)) ?? 0) + 1);

describe("rooms", () => {
  test(`hold at most ${mostInARoom} files, but for those with a reason`, () => {
    expect(rooms.size).toBeGreaterThan(50);
    const crowded = [...rooms].filter(([, files]) => files > mostInARoom).map(([room]) => room);
    expect(crowded.sort()).toEqual(Object.keys(exceptions).sort());
  });

  test.each(["functions", "shared", "packages", "dev", "bench", "infra"])(
    "%s: half of the files are shorter than 120 lines",
    (folder) => {
      const lines = sourceFiles
        .filter(({ path }) => path.startsWith(`${folder}/`))
        .map((file) => file.lines)
        .sort((a, b) => a - b);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines[Math.floor(lines.length / 2)]).toBeLessThan(120);
    },
  );
});
