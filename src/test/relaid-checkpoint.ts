import { type CheckpointRecipe, checkpointBlocks } from "./checkpoint-maker.ts";
import { safetensorsFile, type TensorToWrite } from "./safetensors-file.ts";

/** Programs that store the same weights under other names, or the other way round. */
export type Layout = "notebook" | "notebook, one matrix" | "nanoGPT";

type Rename = (name: string) => string;

/** Hugging Face's names behind "h.N.", and the notebook's. */
const notebookNames: Readonly<Record<string, string>> = {
  "ln_1.weight": "norm1.scale",
  "ln_1.bias": "norm1.shift",
  "attn.c_attn.weight": "att.qkv.weight",
  "attn.c_attn.bias": "att.qkv.bias",
  "attn.c_proj.weight": "att.out_proj.weight",
  "attn.c_proj.bias": "att.out_proj.bias",
  "ln_2.weight": "norm2.scale",
  "ln_2.bias": "norm2.shift",
  "mlp.c_fc.weight": "ff.layers.0.weight",
  "mlp.c_fc.bias": "ff.layers.0.bias",
  "mlp.c_proj.weight": "ff.layers.2.weight",
  "mlp.c_proj.bias": "ff.layers.2.bias",
  "attn.bias": "att.mask",
};
const notebookOuter: Readonly<Record<string, string>> = {
  "wte.weight": "tok_emb.weight",
  "wpe.weight": "pos_emb.weight",
  "ln_f.weight": "final_norm.scale",
  "ln_f.bias": "final_norm.shift",
  "lm_head.weight": "out_head.weight",
};

/**
 * The weights of an F32 recipe as another program stores them.
 * @param rename puts something around the names
 */
export function relaidCheckpoint(
  recipe: CheckpointRecipe,
  layout: Layout,
  rename: Rename = (name) => name,
): TensorToWrite[] {
  return tensorsOf(recipe)
    .map((tensor) => (isConv1D(tensor) ? transposed(tensor) : tensor))
    .flatMap((tensor) => (layout === "nanoGPT" ? [tensor] : asNotebook(tensor, layout)))
    .map((tensor) => ({ ...tensor, name: rename(tensor.name) }));
}

/** The same as a file. */
export const relaidFile = (...asked: Parameters<typeof relaidCheckpoint>): Blob =>
  new Blob([safetensorsFile(relaidCheckpoint(...asked))]);

function tensorsOf(recipe: CheckpointRecipe): TensorToWrite[] {
  const [, header, ...blocks] = [...checkpointBlocks({ ...recipe, prefix: false })];
  const entries = Object.entries(JSON.parse(new TextDecoder().decode(header)) as object);
  const tensors = entries.filter(([name]) => name !== "__metadata__");
  const data = new Uint8Array(blocks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const block of blocks) {
    data.set(block, at);
    at += block.byteLength;
  }
  return tensors.map(([name, { dtype, shape, data_offsets }]) => ({
    name,
    dtype,
    shape,
    bytes: data.slice(...(data_offsets as [number, number])),
  }));
}

const isConv1D = ({ name }: TensorToWrite) => /\.(c_attn|c_proj|c_fc)\.weight$/.test(name);

function transposed(tensor: TensorToWrite): TensorToWrite {
  const [rows, columns] = tensor.shape as [number, number];
  const values = new Float32Array(tensor.bytes.buffer);
  const other = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      other[column * rows + row] = values[row * columns + column]!;
  return { ...tensor, shape: [columns, rows], bytes: new Uint8Array(other.buffer) };
}

function asNotebook(tensor: TensorToWrite, layout: Exclude<Layout, "nanoGPT">): TensorToWrite[] {
  const [, index, inBlock = ""] = /^h\.(\d+)\.(.+)$/.exec(tensor.name) ?? [];
  if (index === undefined) return [{ ...tensor, name: notebookOuter[tensor.name]! }];
  const name = `trf_blocks.${index}.${notebookNames[inBlock]!}`;
  if (layout === "notebook, one matrix" || !name.includes(".qkv.")) return [{ ...tensor, name }];
  const [rows, ...columns] = tensor.shape as [number, ...number[]];
  const third = tensor.bytes.byteLength / 3;
  return ["W_query", "W_key", "W_value"].map((part, i) => ({
    dtype: tensor.dtype,
    name: name.replace("qkv", part),
    shape: [rows / 3, ...columns],
    bytes: tensor.bytes.slice(i * third, (i + 1) * third),
  }));
}
