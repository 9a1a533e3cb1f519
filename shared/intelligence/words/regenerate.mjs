// Makes word-vectors.bin: what a sentence encoder says about each of the 30,000 most frequent words, cut down to
// the 256 directions in which they differ most, in 4 bits each. A text's meaning is then a weighted mean of rows, which
// costs no model at run time (the way of https://github.com/MinishLab/model2vec).
//   node shared/intelligence/words/regenerate.mjs --words > out/words.txt          the words of the table at hand
//   dotnet run --project test/outside/word-vectors -- out/words.txt out/vectors.f32
//   node shared/intelligence/words/regenerate.mjs out/words.txt out/vectors.f32
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const given = 384;
const size = 256;
/** Widest part of a direction's spread that one of the 15 steps covers. */
const step = 0.4;
const target = join(dirname(fileURLToPath(import.meta.url)), "word-vectors.bin");

const [list, vectors] = process.argv.slice(2);
if (list === "--words") process.stdout.write(wordsAtHand());
else if (vectors === undefined)
  throw new Error("Name the list of words and the file of their vectors.");
else write(readFileSync(list, "utf8"), readFileSync(vectors));

function wordsAtHand() {
  const table = readFileSync(target);
  const from = 8 + table.readUInt32LE(0);
  return table.toString("utf8", from, from + table.readUInt32LE(4));
}

function write(text, bytes) {
  const count = text.split("\n").length;
  if (bytes.length !== count * given * 4)
    throw new Error(`${count} words need ${count * given * 4} bytes, not ${bytes.length}.`);
  const rows = new Float32Array(new Uint8Array(bytes).buffer);
  centre(rows, count);
  const strongest = strongestDirections(rows, count);
  const steps = new Float32Array(size);
  const parts = strongest.map((direction) => project(rows, count, direction));
  const packed = Buffer.alloc((count * size) / 2);
  parts.forEach((part, d) => {
    steps[d] = step * Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / count);
    part.forEach((value, row) => {
      const rounded = Math.max(-7, Math.min(7, Math.round(value / steps[d]))) + 8;
      packed[(row * size + d) >> 1] |= d % 2 === 0 ? rounded : rounded << 4;
    });
  });
  const head = Buffer.from(JSON.stringify({ n: count, d: size, bits: 4 }));
  const words = Buffer.from(text);
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(head.length, 0);
  lengths.writeUInt32LE(words.length, 4);
  writeFileSync(target, Buffer.concat([lengths, head, words, Buffer.from(steps.buffer), packed]));
}

function centre(rows, count) {
  for (let d = 0; d < given; d++) {
    let sum = 0;
    for (let at = d; at < rows.length; at += given) sum += rows[at];
    for (let at = d; at < rows.length; at += given) rows[at] -= sum / count;
  }
}

/** The directions in which the rows differ most, strongest first: orthogonal iteration on their covariance. */
function strongestDirections(rows, count) {
  const covariance = Array.from({ length: given }, () => new Float64Array(given));
  for (let row = 0; row < count; row++) {
    const at = row * given;
    for (let a = 0; a < given; a++) {
      for (let b = a; b < given; b++) covariance[a][b] += rows[at + a] * rows[at + b];
    }
  }
  for (let a = 0; a < given; a++) for (let b = 0; b < a; b++) covariance[a][b] = covariance[b][a];
  let basis = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: given }, (_, j) => Math.sin((i + 1) * (j + 1.3) * 1.7)),
  );
  for (let turn = 0; turn < 60; turn++) {
    makeOrthogonal(basis);
    basis = basis.map((direction) =>
      Float64Array.from(covariance, (row) =>
        row.reduce((sum, value, d) => sum + value * direction[d], 0),
      ),
    );
  }
  makeOrthogonal(basis);
  return basis;
}

/** Gram and Schmidt: each direction without its share in those before it, of length 1. */
function makeOrthogonal(basis) {
  basis.forEach((direction, i) => {
    for (const before of basis.slice(0, i)) {
      const share = before.reduce((sum, value, d) => sum + value * direction[d], 0);
      for (let d = 0; d < given; d++) direction[d] -= share * before[d];
    }
    const length = Math.hypot(...direction);
    for (let d = 0; d < given; d++) direction[d] /= length;
  });
}

function project(rows, count, direction) {
  return Float64Array.from({ length: count }, (_, row) => {
    let sum = 0;
    for (let d = 0; d < given; d++) sum += rows[row * given + d] * direction[d];
    return sum;
  });
}
