/** Numbers in 16 bits: what a row is rounded to, so that sums over 1,536 of them times bytes stay below 2^31. */
const most = 8191;
/** Rows that the multiplication takes at a time. */
const together = 4;
const pageSize = 65_536;

// Looked up once: where scripts run in a context of their own, each look at a global costs more than what it computes.
const { abs } = Math;

/** The part of WebAssembly that is used: the types of it come with those of browsers only. */
interface Instance {
  readonly exports: { readonly memory: Memory; readonly multiply: Multiply };
}
interface Memory {
  readonly buffer: ArrayBuffer;
  /** @param pages of 64 KB each */
  grow(pages: number): number;
}
const { WebAssembly: assembly } = globalThis as unknown as {
  readonly WebAssembly: {
    instantiate(program: Uint8Array): Promise<{ readonly instance: Instance }>;
  };
};

type Multiply = (
  x: number,
  rows: number,
  w: number,
  outs: number,
  inner: number,
  sums: number,
) => void;

/** A matrix of bytes, each row with the width of its steps, and what is added to each product. */
export interface Matrix {
  /** Where it stands in the memory. */
  readonly at: number;
  readonly outs: number;
  readonly inner: number;
  readonly steps: Float32Array;
  readonly bias: Float32Array;
}

/** The memory of the multiplication (`multiply.wat`): matrices, and room for the rows of one product. */
export class MatrixMemory {
  readonly #memory: Memory;
  readonly #multiply: Multiply;
  readonly #x: number;
  readonly #sums: number;

  private constructor(instance: Instance, bytes: Uint8Array, rows: number, width: number) {
    const { memory, multiply } = instance.exports;
    this.#memory = memory;
    this.#multiply = multiply;
    this.#x = Math.ceil(bytes.length / 16) * 16;
    this.#sums = this.#x + rows * width * 2;
    const needed = this.#sums + rows * width * 4;
    this.#memory.grow(Math.ceil((needed - this.#memory.buffer.byteLength) / pageSize));
    new Uint8Array(this.#memory.buffer).set(bytes);
  }

  /**
   * @param bytes all matrices, one behind the other
   * @param rows of the largest product
   * @param width of the widest row of one, on either side
   */
  static async with(
    program: Uint8Array,
    bytes: Uint8Array,
    rows: number,
    width: number,
  ): Promise<MatrixMemory> {
    const { instance } = await assembly.instantiate(Uint8Array.from(program));
    const whole = Math.ceil(rows / together) * together;
    return new MatrixMemory(instance, bytes, whole, width);
  }

  /** `x` (`rows` × `inner`) times the matrix turned, plus its bias, as `rows` × `outs`. */
  product(x: Float32Array, rows: number, matrix: Matrix): Float32Array {
    const { outs, inner, steps, bias } = matrix;
    const whole = Math.ceil(rows / together) * together;
    const rounded = new Int16Array(this.#memory.buffer, this.#x, whole * inner);
    const widths = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      const from = row * inner;
      let widest = 0;
      for (let k = from; k < from + inner; k++) {
        const size = abs(x[k] as number);
        if (size > widest) widest = size;
      }
      const width = widest / most || 1;
      widths[row] = width;
      for (let k = from; k < from + inner; k++) {
        const value = (x[k] as number) / width;
        // An array of whole numbers cuts off what is behind the point.
        rounded[k] = value < 0 ? value - 0.5 : value + 0.5;
      }
    }
    rounded.fill(0, rows * inner);
    this.#multiply(this.#x, whole, matrix.at, outs, inner, this.#sums);
    const sums = new Int32Array(this.#memory.buffer, this.#sums, rows * outs);
    const product = new Float32Array(rows * outs);
    for (let row = 0, at = 0; row < rows; row++) {
      const width = widths[row] as number;
      for (let out = 0; out < outs; out++, at++)
        product[at] = (sums[at] as number) * width * (steps[out] as number) + (bias[out] as number);
    }
    return product;
  }

  /** A byte of the matrices with its sign. */
  row(at: number, length: number): Int8Array {
    return new Int8Array(this.#memory.buffer, at, length);
  }
}
