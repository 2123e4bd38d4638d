import type { Gpu } from "../../src/gpu/gpu.ts";
import { layerNorm } from "../../src/kernels/layer-norm.ts";
import { layerNormLinear, linear, type MatmulVariant, rowConstants } from "../../src/kernels/linear.ts";
import { layerNorm as normReference } from "../../src/reference/layer-norm.ts";
import { matmul } from "../../src/reference/matmul.ts";
import { type Ladder, noise, type Rung } from "./rung.ts";

const [in_dim, out_dim] = [768, 2304];
const sides = { num_rows: 1, in_dim, out_dim };

/** A LayerNorm and the product that follows it, as two kernels and as one. */
export function normLadder(device: Gpu): Ladder {
  const data = {
    x: noise(in_dim, 1),
    w: noise(out_dim * in_dim, 2),
    scale: noise(in_dim, 3),
    shift: noise(in_dim, 4),
  };
  const normed = normReference(data.x, data.scale, data.shift);
  const magnitudes = matmul(normed.map(Math.abs), data.w.map(Math.abs), sides);
  const expected = {
    values: matmul(normed, data.w, sides),
    bounds: magnitudes.map((sum) => sum * 2 * in_dim * 2 ** -23), // the norm's sums round, and the product's
  };
  const upload = (label: string, values: Float32Array<ArrayBuffer>) => {
    const buffer = device.createStorage(label, values.byteLength);
    device.write(buffer, 0, values);
    return buffer;
  };
  const [x, w] = [upload("ladder x", data.x), upload("ladder w", data.w)];
  const [scale, shift] = [upload("ladder scale", data.scale), upload("ladder shift", data.shift)];
  const y = device.createStorage("ladder y", out_dim * 4);
  const between = device.createStorage("ladder normed", in_dim * 4);
  const dims = { ...sides, first_out: 0, y_dim: out_dim };

  const twoKernels = (name: string, variant: MatmulVariant, subgroups: boolean): Rung => ({
    name,
    file: "shaders/norm/layer-norm.wgsl",
    subgroups,
    expected,
    record: (recording) => {
      const norm = { num_tokens: 1, emb_dim: in_dim, first: 0, stride: 1 };
      recording.add(layerNorm, { x, scale, shift, y: between }, norm);
      const operands = { x: between, w, bias: between, shortcut: between, y };
      recording.add(linear[variant].vec4, operands, dims, rowConstants(variant, 1));
    },
  });
  return {
    title: "LayerNorm and the product after it: [1, 768] times [2304, 768]",
    output: y,
    rungs: [
      twoKernels("two kernels, the product in workgroups", "matvecSubgroups", true),
      {
        name: "one kernel: every workgroup norms the row itself",
        file: "shaders/parts/prologue-layer-norm.wgsl",
        subgroups: true,
        expected,
        record: (recording) => {
          const operands = { x, w, bias: x, shortcut: x, y, scale, shift };
          const constants = rowConstants("matvecSubgroups", 1);
          recording.add(layerNormLinear.matvecSubgroups.vec4, operands, dims, constants);
        },
      },
      twoKernels("two kernels, the product by threads", "matmulRegister", false),
    ],
    destroy: () => {
      for (const buffer of [x, w, scale, shift, y, between]) device.destroyBuffer(buffer);
    },
  };
}
