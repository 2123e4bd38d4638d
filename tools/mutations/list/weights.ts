import { logits, type Mutation } from "../mutation.ts";

export const weights: Mutation[] = [
  {
    name: "normal weights: sine and cosine change places",
    file: "assembly/seed/blocks.ts",
    find: "const x1 = f32x4.mul(radius, v128.bitselect(sin, cos, swap));",
    replace: "const x1 = f32x4.mul(radius, v128.bitselect(cos, sin, swap));",
    suite: logits,
  },
  {
    name: "normal weights: the vectors round in another order than the plain loops",
    file: "assembly/seed/blocks.ts",
    find: "f32x4.mul(f32x4.mul(y, z), quadratic(SIN_0, SIN_1, SIN_2, z))",
    replace: "f32x4.mul(y, f32x4.mul(z, quadratic(SIN_0, SIN_1, SIN_2, z)))",
    suite: "unit src/weights/seed/blocks.test.ts",
  },
  {
    name: "square weights are transposed",
    file: "src/loading/upload-weights.ts",
    find: "let remaining: Float32Array<ArrayBuffer> = data;",
    replace: `const n = shape[0]!;
  const square = shape[1] === n && data.length === n * n;
  let remaining = square ? data.map((_, i) => data[(i % n) * n + Math.floor(i / n)]!) : data;`,
    suite: logits,
  },
  {
    name: "W_key is created before W_query",
    file: "src/weights/parameters.ts",
    find: `  ...linear(\`\${name}.att.W_query\`, emb_dim, emb_dim, qkv_bias),
  ...linear(\`\${name}.att.W_key\`, emb_dim, emb_dim, qkv_bias),`,
    replace: `  ...linear(\`\${name}.att.W_key\`, emb_dim, emb_dim, qkv_bias),
  ...linear(\`\${name}.att.W_query\`, emb_dim, emb_dim, qkv_bias),`,
    suite: logits,
  },
  {
    name: "the first model to go takes the shared weights with it",
    file: "src/loading/shared-weights.ts",
    find: "if (--joined.users > 0) return;",
    replace: "--joined.users;",
    suite: "gpu src/runtime/shared-weights.gpu.test.ts",
  },
  {
    name: "a wrong out of the GPU is believed",
    file: "src/runtime/self-test.ts",
    find: "if (id !== expected.id || !(error <= tolerance)) {",
    replace: "if (id !== id) {",
    suite: "gpu src/runtime/self-test.gpu.test.ts",
  },
  {
    name: "what comes after a cut is not compared with what is there",
    file: "src/weights/checkpoint/download/request.ts",
    find: "if (chunk[i - at] !== before[i - first]) return false;",
    replace: "if (at < 0) return false;",
    suite: "unit src/weights/checkpoint/server-nodes.test.ts",
  },
  {
    name: "other names of a file's state are believed",
    file: "src/weights/checkpoint/download/version.ts",
    find: 'tags === false || dates === false ? "other" : "unknown"',
    replace: '"unknown"',
    suite: "unit src/weights/checkpoint/server-nodes.test.ts",
  },
  {
    name: "a token is part of a copy's name",
    file: "src/weights/checkpoint/copy-name.ts",
    find: "for (const name of names) address.searchParams.delete(name);",
    replace: "",
    suite: "unit src/weights/checkpoint/signed-address.test.ts",
  },
  {
    name: "torch.save: any name of Python's is taken for one of PyTorch's",
    file: "src/weights/checkpoint/pytorch/known-names.ts",
    find: "if (storages.has(whole) || functions.has(whole)) return",
    replace: 'if (whole !== "") return',
    suite: "unit src/weights/checkpoint/pytorch/malformed.test.ts",
  },
  {
    name: "torch.save: a tensor may end one number after its storage",
    file: "src/weights/checkpoint/pytorch/locate.ts",
    find: "|| last >= storage.length)",
    replace: "|| last > storage.length)",
    suite: "unit src/weights/checkpoint/pytorch/malformed.test.ts",
  },
  {
    name: "torch.save: a transposed matrix is read as if it lay in order",
    file: "src/weights/checkpoint/pytorch/view-pieces.ts",
    find: "if (isTransposed) yield* transposed(source, view, signal);",
    replace: "if (isTransposed) yield* inLines(source, view, signal);",
    suite: "unit src/weights/checkpoint/pytorch/pytorch.test.ts",
  },
  {
    name: "a gzip is inflated without a bound",
    file: "src/weights/checkpoint/inflated-source.ts",
    find: "if (bytes > most) throw tooLarge(most);",
    replace: "",
    suite: "unit src/weights/checkpoint/inflated-source.test.ts",
  },
];
