// Draws icon.png: a white speech bubble with three dots on the connector's brand colour, 230 by 230 points.
// Run `node infra/connector/make-icon.mjs` after a change; the result is committed.
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32, deflateSync } from "node:zlib";

const size = 230;
const brand = [0x0b, 0x5a, 0x8f];
const white = [255, 255, 255];

const inBubble = (x, y) => {
  const [left, top, right, bottom, corner] = [45, 55, 185, 145, 22];
  const dx = Math.max(left + corner - x, x - (right - corner), 0);
  const dy = Math.max(top + corner - y, y - (bottom - corner), 0);
  const isTail = y >= bottom - 5 && y <= 180 && x >= 75 && x <= 75 + (180 - y);
  return (
    isTail || (x >= left && x <= right && y >= top && y <= bottom && Math.hypot(dx, dy) <= corner)
  );
};
const inDot = (x, y) => [80, 115, 150].some((centre) => Math.hypot(x - centre, y - 100) <= 11);

/** Four samples for each side of a point make the edges smooth. */
function colourAt(x, y) {
  let lit = 0;
  for (let i = 0; i < 16; i++) {
    const [sx, sy] = [x + (i % 4) / 4, y + Math.floor(i / 4) / 4];
    if (inBubble(sx, sy) && !inDot(sx, sy)) lit++;
  }
  return brand.map((part, index) => Math.round(part + ((white[index] - part) * lit) / 16));
}

const rows = Buffer.concat(
  Array.from({ length: size }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: size }, (_, x) => colourAt(x, y)).flat()]),
  ),
);
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(12 + data.length);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), 8 + data.length);
  return out;
}
const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
header.set([8, 2, 0, 0, 0], 8);
writeFileSync(
  join(dirname(fileURLToPath(import.meta.url)), "icon.png"),
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]),
);
