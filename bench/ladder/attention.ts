import type { Recording } from "../../src/device/recording.ts";
import type { Gpu } from "../../src/gpu/gpu.ts";
import { flashAttention, flashAttentionTile } from "../../src/kernels/flash-attention.ts";
import {
  flashDecoding,
  flashDecodingCombine,
  MAX_UNSPLIT,
  splitsFor,
} from "../../src/kernels/flash-decoding.ts";
import { causalAttention as reference } from "../../src/reference/causal-attention.ts";
import { type Ladder, noise, type Rung } from "./rung.ts";

const [n_heads, head_dim, context_length] = [12, 64, 1024];
const emb_dim = n_heads * head_dim;

/** Attention of `num_tokens` queries after `cache_len` others, in one layer of GPT-2. */
export function attentionLadder(device: Gpu, num_tokens: number, cache_len: number): Ladder {
  const rows = noise(num_tokens * emb_dim, 1);
  const keys = noise((cache_len + num_tokens) * emb_dim, 2);
  const mixed = noise((cache_len + num_tokens) * emb_dim, 3);
  const shape = { batch: 1, num_tokens, cache_len, n_heads, head_dim };
  const values = reference(rows, keys, mixed, shape, "causal");
  // Means of values below 1, by weights of scores below 8: a score is off by some 2^-20, and so is its weight.
  const expected = { values, bounds: values.map(() => 1e-5) };

  const upload = (
    label: string,
    data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>,
    bytes: number,
  ) => {
    const buffer = device.createStorage(label, bytes);
    device.write(buffer, 0, data);
    return buffer;
  };
  const splits = splitsFor(context_length);
  const buffers = {
    q: upload("ladder q", rows, rows.byteLength),
    k: upload("ladder k", keys, context_length * emb_dim * 4),
    v: upload("ladder v", mixed, context_length * emb_dim * 4),
    cache_len: upload("ladder cache_len", Uint32Array.of(cache_len), 4),
    y: device.createStorage("ladder y", rows.byteLength),
  };
  const { y, ...inputs } = buffers;
  const partials = device.createStorage("ladder partials", splits * emb_dim * 4);
  const stats = device.createStorage("ladder stats", splits * n_heads * 8);

  const noDropout = { dropout_seed: 0, keep_threshold: 0, keep_prob_bits: 0 };
  const dims = { batch: 1, num_tokens, n_heads, head_dim, capacity: context_length, ...noDropout };
  const constants = { causal: 1, dropout: 0 };
  const rung = (
    name: string,
    file: string,
    record: (recording: Recording) => void,
    subgroups = false,
  ): Rung => ({ name, file: `shaders/attention/${file}`, subgroups, expected, record });

  const ofOneQuery = [
    rung("sixteen threads a key, a workgroup a head", "flash-decoding.wgsl", (recording) => {
      const unsplit = { ...dims, capacity: MAX_UNSPLIT }; // a single row may have more keys
      recording.add(flashDecoding, { ...inputs, partials: y, stats }, unsplit, constants);
    }),
    rung("the keys split over workgroups, and combined", "flash-decoding-combine.wgsl", (recording) => {
      const combined = { num_rows: 1, n_heads, head_dim, splits };
      recording.add(flashDecoding, { ...inputs, partials, stats }, dims, constants);
      const { cache_len } = buffers;
      recording.add(flashDecodingCombine, { partials, stats, cache_len, y }, combined);
    }),
  ];
  const ofMany = rung("tiles of keys for 32 queries", "flash-attention-tile.wgsl", (recording) =>
    recording.add(flashAttentionTile, buffers, dims, constants),
  );
  return {
    title: `Attention: ${num_tokens} ${num_tokens === 1 ? "query" : "queries"} after ${cache_len} tokens, 12 heads of 64`,
    output: y,
    rungs: [
      rung("a workgroup a query, which meets at barriers", "flash-attention.wgsl", (recording) =>
        recording.add(flashAttention.workgroup.vec4, buffers, dims, constants),
      ),
      rung(
        "four threads for four queries, no barrier",
        "flash-attention-quad.wgsl",
        (recording) => recording.add(flashAttention.quad.vec4, buffers, dims, constants),
        true,
      ),
      ...(num_tokens === 1 ? ofOneQuery : [ofMany]),
    ],
    destroy: () => {
      for (const buffer of [...Object.values(buffers), partials, stats]) device.destroyBuffer(buffer);
    },
  };
}
