import { defineKernel, type Grid } from "../../src/device/kernel.ts";
import type { Recording } from "../../src/device/recording.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { linear, type MatmulVariant, needsSubgroups, rowConstants } from "../../src/kernels/linear.ts";
import { blockPart, type WeightFormat } from "../../src/kernels/weight-format.ts";
import { matmul } from "../../src/reference/matmul.ts";
import { packF16, packInt8, unpackF16, unpackInt8 } from "../../src/reference/pack.ts";
import { type Expected, type Ladder, noise, type Rung } from "./rung.ts";
import broadcast8 from "./shaders/broadcast-8-rows.wgsl?raw";
import fourAtOnce from "./shaders/four-at-once.wgsl?raw";
import fourRows from "./shaders/four-rows.wgsl?raw";
import naive from "./shaders/naive.wgsl?raw";
import oneCheck from "./shaders/one-check-a-block.wgsl?raw";
import swap8 from "./shaders/swap-8-rows.wgsl?raw";
import swap12 from "./shaders/swap-12-rows.wgsl?raw";
import swap16 from "./shaders/swap-16-rows.wgsl?raw";

interface ProductDims {
  num_rows: number;
  in_dim: number;
  out_dim: number;
}

/** A kernel of the ladder's own, which no model runs; `grid` from rows and features. */
const define = (label: string, wgsl: string, grid: (num_rows: number, out_dim: number) => Grid) =>
  defineKernel({
    label,
    wgsl,
    bindings: ["x", "w", "y"],
    dims: ["num_rows", "in_dim", "out_dim"],
    workgroups: ({ num_rows, out_dim }) => grid(num_rows, out_dim),
  });

const tile = (features: number, rows: number) => (num_rows: number, out_dim: number) =>
  [Math.ceil(out_dim / features), Math.ceil(num_rows / rows)] as const;

const own = {
  naive: define("ladder naive", naive, tile(64, 1)),
  "four-at-once": define("ladder four at once", fourAtOnce, tile(64, 1)),
  "four-rows": define("ladder four rows", fourRows, tile(64, 1)),
  "one-check-a-block": define("ladder one check a block", oneCheck, tile(64, 1)),
  "broadcast-8-rows": define("ladder broadcast", `enable subgroups;\n${broadcast8}`, tile(256, 8)),
  "swap-8-rows": define("ladder swap 8", `enable subgroups;\n${swap8}`, tile(256, 8)),
  "swap-12-rows": define("ladder swap 12", `enable subgroups;\n${swap12}`, tile(256, 12)),
  "swap-16-rows": define("ladder swap 16", `enable subgroups;\n${swap16}`, tile(256, 16)),
};

/** The product by threads as it was before it walked along int8 weights block by block: a scale for every vec. */
const scaleEachVec = {
  ...linear.matmulRegister.int8,
  label: "ladder int8, a scale for every vec",
  wgsl: linear.matmulRegister.int8.wgsl.replace(blockPart("int8"), () => blockPart("vec4")),
};

/** Operands of a product on the GPU, and its expected output. */
export class Product {
  readonly #device: Gpu;
  readonly #dims: ProductDims;
  readonly #x: Float32Array;
  readonly #xBuffer: GPUBuffer;
  readonly #weights = new Map<string, { buffer: GPUBuffer; expected: Expected }>();
  readonly #w: Float32Array<ArrayBuffer>;
  readonly y: GPUBuffer;

  constructor(device: Gpu, dims: ProductDims) {
    this.#device = device;
    this.#dims = dims;
    this.#x = noise(dims.num_rows * dims.in_dim, 1);
    this.#w = noise(dims.out_dim * dims.in_dim, 2);
    this.#xBuffer = device.createStorage("ladder x", this.#x.byteLength);
    device.write(this.#xBuffer, 0, this.#x as Float32Array<ArrayBuffer>);
    this.y = device.createStorage("ladder y", dims.num_rows * dims.out_dim * 4);
  }

  /** A rung with a kernel of the ladder's own. */
  ours(name: string, kernel: keyof typeof own): Rung {
    const { buffer, expected } = this.#weightsIn("vec4");
    return {
      name,
      file: `bench/ladder/shaders/${kernel}.wgsl`,
      subgroups: own[kernel].wgsl.startsWith("enable"),
      expected,
      record: (recording) =>
        recording.add(own[kernel], { x: this.#xBuffer, w: buffer, y: this.y }, this.#dims),
    };
  }

  /** A rung with a kernel of the model's, `rows` rows a thread at most. */
  models(
    name: string,
    variant: MatmulVariant,
    format: WeightFormat = "vec4",
    rows = this.#dims.num_rows,
    kernel = linear[variant][format],
  ): Rung {
    const { buffer, expected } = this.#weightsIn(format);
    const [x, y] = [this.#xBuffer, this.y];
    return {
      name,
      file: `shaders/${files[variant]}.wgsl`,
      subgroups: needsSubgroups(variant),
      expected,
      record: (recording: Recording) =>
        recording.add(
          kernel,
          { x, w: buffer, bias: x, shortcut: x, y },
          { ...this.#dims, first_out: 0, y_dim: this.#dims.out_dim },
          rowConstants(variant, rows),
        ),
    };
  }

  destroy(): void {
    const device = this.#device;
    for (const { buffer } of this.#weights.values()) device.destroyBuffer(buffer);
    device.destroyBuffer(this.#xBuffer);
    device.destroyBuffer(this.y);
  }

  /** The weights as a format stores them, and the product with the rounded values. */
  #weightsIn(format: WeightFormat): { buffer: GPUBuffer; expected: Expected } {
    let known = this.#weights.get(format);
    if (!known) {
      const packed = format === "f16" ? packF16(this.#w) : format === "int8" ? packInt8(this.#w) : this.#w;
      const buffer = this.#device.createStorage(`ladder w, ${format}`, packed.byteLength);
      this.#device.write(buffer, 0, packed as Uint32Array<ArrayBuffer>);
      known = { buffer, expected: this.#expect(unpacked(format, packed)) };
      this.#weights.set(format, known);
    }
    return known;
  }

  #expect(w: ArrayLike<number>): Expected {
    const { in_dim } = this.#dims;
    const magnitudes = matmul(this.#x.map(Math.abs), Float64Array.from(w, Math.abs), this.#dims);
    // Each of in_dim products and sums may round by 2^-24, in any order; unpacking rounds twice more.
    return {
      values: matmul(this.#x, w, this.#dims),
      bounds: magnitudes.map((sum) => sum * (in_dim + 4) * 2 ** -23),
    };
  }
}

const files: Record<MatmulVariant, string> = {
  matmul: "matmul/matmul-tile",
  matvec: "matmul/matvec",
  matvecSubgroups: "matmul/matvec",
  matmulQuad: "matmul/matmul-quad",
  matmulQuad4Rows: "matmul/matmul-quad-4-rows",
  matmulRegister: "matmul/matmul-register",
};

function unpacked(format: WeightFormat, words: Uint32Array | Float32Array): ArrayLike<number> {
  if (format === "f16") return unpackF16(words);
  return format === "int8" ? unpackInt8(words as Uint32Array) : words;
}

/** 64 rows times a matrix of the feed-forward, which take most of a prefill's time. */
export function prefillLadder(device: Gpu): Ladder {
  const product = new Product(device, { num_rows: 64, in_dim: 768, out_dim: 3072 });
  return {
    title: "64 rows: [64, 768] times [3072, 768], 151 million multiplications",
    output: product.y,
    rungs: [
      product.ours("one thread an output", "naive"),
      product.ours("four neighbours with one load", "four-at-once"),
      product.models("four features a thread", "matmulRegister", "vec4", 1),
      product.models("four features of four rows a thread", "matmulRegister"),
      product.models("tiles of 64 x 64 in workgroup memory", "matmul"),
      product.ours("eight rows, broadcast in a subgroup", "broadcast-8-rows"),
      product.ours("eight rows, swapped in a quad", "swap-8-rows"),
      product.ours("twelve rows, swapped in a quad", "swap-12-rows"),
      product.ours("sixteen rows, swapped in a quad", "swap-16-rows"),
      product.models("input-stationary: sixteen rows of x in registers", "matmulQuad"),
    ],
    destroy: () => product.destroy(),
  };
}

/** Four rows times a matrix: a short prompt, or four texts side by side. */
export function fewRowsLadder(device: Gpu): Ladder {
  const product = new Product(device, { num_rows: 4, in_dim: 768, out_dim: 3072 });
  return {
    title: "Four rows: [4, 768] times [3072, 768], 9.4 MB of weights in f32",
    output: product.y,
    rungs: [
      product.models("four features a thread, row after row", "matmulRegister", "vec4", 1),
      product.models("four features of four rows a thread", "matmulRegister"),
      product.models("the rows swapped in a quad", "matmulQuad4Rows"),
      product.models("input-stationary: sixteen rows of x in registers", "matmulQuad"),
    ],
    destroy: () => product.destroy(),
  };
}

/** One row times a matrix, which takes most of a decode step's time. */
export function decodeLadder(device: Gpu): Ladder {
  const product = new Product(device, { num_rows: 1, in_dim: 768, out_dim: 12288 });
  return {
    title: "One row: [1, 768] times [12288, 768], 38 MB of weights in f32",
    output: product.y,
    rungs: [
      product.ours("one thread a row of the matrix", "naive"),
      product.models("a workgroup of 64 adds up, in its memory", "matvec"),
      product.models("the same, in registers of a subgroup", "matvecSubgroups"),
      product.ours("a thread a row, four neighbours with one load", "four-at-once"),
      product.ours("a thread four rows", "four-rows"),
      product.ours("one check of the index for 16 loads", "one-check-a-block"),
      product.models("the lengths written in the shader", "matmulRegister"),
      product.models("weights in f16", "matmulRegister", "f16"),
      product.models("weights in int8, a scale for every vec", "matmulRegister", "int8", 1, scaleEachVec),
      product.models("weights in int8, a scale for every block", "matmulRegister", "int8"),
    ],
    destroy: () => product.destroy(),
  };
}
