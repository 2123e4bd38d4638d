import type { GPTConfig } from "../model/config.ts";
import { type ConfigHints, deriveConfig, type ShapeConfig } from "./checkpoint-config.ts";
import { CheckpointError, type CheckpointRule, quote } from "./checkpoint-error.ts";
import { type Parameter, parameters } from "./parameters.ts";
import { isWeightType, type WeightType } from "./safetensors/dtype.ts";
import type { TensorEntry } from "./safetensors/header.ts";

/** What becomes of one tensor of the file. */
export interface Placement {
  readonly entry: TensorEntry & { readonly dtype: WeightType };
  /** Conv1D keeps a weight as [in, out]; PyTorch's Linear, and this project, as [out, in]. */
  readonly transposed: boolean;
  /** Our parameters that it holds: one, or query, key and value side by side, a third of the outputs each. */
  readonly into: readonly Pick<Parameter, "name" | "shape">[];
}

/** How a checkpoint becomes a model. */
export interface CheckpointPlan {
  readonly config: GPTConfig;
  /** The head is the token embedding: the file has no `lm_head.weight`, and `out_head.weight` gets no values. */
  readonly tied: boolean;
  /** In the order of the file's bytes. */
  readonly placements: readonly Placement[];
  /** Sentences worth showing: what was assumed, what was left out. */
  readonly notes: readonly string[];
}

/** Hugging Face's name of a tensor in block N, our names of what it holds, and whether it is a Conv1D weight. */
const blockTensors: readonly (readonly [string, readonly string[], boolean])[] = [
  ["ln_1.weight", ["norm1.scale"], false],
  ["ln_1.bias", ["norm1.shift"], false],
  ["attn.c_attn.weight", ["att.W_query.weight", "att.W_key.weight", "att.W_value.weight"], true],
  ["attn.c_attn.bias", ["att.W_query.bias", "att.W_key.bias", "att.W_value.bias"], false],
  ["attn.c_proj.weight", ["att.out_proj.weight"], true],
  ["attn.c_proj.bias", ["att.out_proj.bias"], false],
  ["ln_2.weight", ["norm2.scale"], false],
  ["ln_2.bias", ["norm2.shift"], false],
  ["mlp.c_fc.weight", ["ff.layers.0.weight"], true],
  ["mlp.c_fc.bias", ["ff.layers.0.bias"], false],
  ["mlp.c_proj.weight", ["ff.layers.2.weight"], true],
  ["mlp.c_proj.bias", ["ff.layers.2.bias"], false],
];

/** Causal masks that some versions of the library saved beside the weights. */
const isMask = (name: string) => /^h\.\d+\.attn\.(masked_)?bias$/.test(name);
const blockIndex = (name: string) => /^h\.(0|[1-9]\d*)\./.exec(name)?.[1];

/**
 * Finds the model in a checkpoint of Hugging Face's GPT-2 layout.
 * @param tensors in the order of their bytes, as `parseHeader` returns them
 * @throws CheckpointError naming what is missing, left over or of the wrong shape
 */
export function planCheckpoint(tensors: readonly TensorEntry[], hints: ConfigHints = {}): CheckpointPlan {
  const byName = new Map<string, TensorEntry>();
  for (const entry of tensors) {
    const name = entry.name.replace(/^transformer\./, "");
    if (byName.has(name))
      throw fail(
        "extra-tensor",
        `The file holds ${quote(name)} twice, with “transformer.” and without.`,
        entry,
      );
    byName.set(name, entry);
  }
  const shapes = readShapes(byName);
  const { config, notes } = deriveConfig(shapes, hints);
  const tied = !byName.has("lm_head.weight");
  const expected = expectedTensors(config, tied);

  const missing = [...expected.keys()].filter((name) => !byName.has(name));
  if (missing.length > 0)
    throw new CheckpointError("missing-tensor", `The checkpoint lacks ${list(missing)}. ${ANOTHER}`, {
      tensor: missing[0],
    });
  const others = [...byName.keys()].filter((name) => !expected.has(name) && !isMask(name));
  const inBlocks = others.filter((name) => name.startsWith("h."));
  if (inBlocks.length > 0)
    throw new CheckpointError(
      "extra-tensor",
      `The checkpoint's blocks hold ${list(inBlocks)}, which GPT-2 does not have. ${ANOTHER}`,
      { tensor: byName.get(inBlocks[0]!)!.name },
    );
  if (others.length > 0) notes.push(`Left out, because GPT-2 does not use it: ${list(others)}.`);

  const placements = [...byName]
    .filter(([name]) => expected.has(name))
    .map(([name, entry]) => place(entry, expected.get(name)!));
  return { config, tied, placements, notes };
}

/** Rows wider than this would not fit a chunk; GPT-2 XL's are 1,600 wide. */
const MAX_EMB_DIM = 65536;
const ANOTHER = "Choose a checkpoint of GPT-2 in Hugging Face's layout.";

type Expected = Pick<Placement, "into" | "transposed">;

/** What a checkpoint of this config must hold, by its name without the prefix. */
function expectedTensors(config: GPTConfig, tied: boolean): Map<string, Expected> {
  const ours = new Map(parameters(config).map((parameter) => [parameter.name, parameter]));
  const expected = new Map<string, Expected>();
  const expect = (name: string, into: readonly string[], transposed = false) =>
    expected.set(name, { into: into.map((target) => ours.get(target)!), transposed });
  expect("wte.weight", ["tok_emb.weight"]);
  expect("wpe.weight", ["pos_emb.weight"]);
  for (let i = 0; i < config.n_layers; i++)
    for (const [name, into, transposed] of blockTensors)
      if (config.qkv_bias || name !== "attn.c_attn.bias")
        expect(
          `h.${i}.${name}`,
          into.map((target) => `trf_blocks.${i}.${target}`),
          transposed,
        );
  expect("ln_f.weight", ["final_norm.scale"]);
  expect("ln_f.bias", ["final_norm.shift"]);
  if (!tied) expect("lm_head.weight", ["out_head.weight"]);
  return expected;
}

function readShapes(byName: ReadonlyMap<string, TensorEntry>): ShapeConfig {
  const wte = byName.get("wte.weight");
  const wpe = byName.get("wpe.weight");
  if (!wte || !wpe)
    throw new CheckpointError(
      "not-gpt2",
      `The file has no ${quote(wte ? "wpe.weight" : "wte.weight")}, so it holds no GPT-2; it holds ${list([...byName.keys()]) || "nothing"}. ${ANOTHER}`,
    );
  const [vocab_size, emb_dim] = matrix(wte);
  const [context_length, wpeDim] = matrix(wpe);
  if (wpeDim !== emb_dim)
    throw fail(
      "wrong-shape",
      `${quote(wpe.name)} has rows of ${wpeDim}, ${quote(wte.name)} of ${emb_dim}.`,
      wpe,
    );
  if (emb_dim > MAX_EMB_DIM) throw fail("wrong-shape", `${quote(wte.name)} has rows of ${emb_dim}.`, wte);
  // Counting the blocks, not taking the highest index, keeps a block named 999999999 from costing memory.
  const blocks = new Set([...byName.keys()].map(blockIndex).filter((index) => index !== undefined));
  if (blocks.size === 0) throw new CheckpointError("not-gpt2", `The file has no blocks “h.0.…”. ${ANOTHER}`);
  const qkv_bias = [...byName.keys()].some((name) => name.endsWith(".attn.c_attn.bias"));
  return { vocab_size, context_length, emb_dim, n_layers: blocks.size, qkv_bias };
}

function matrix(entry: TensorEntry): [rows: number, columns: number] {
  const [rows, columns, ...more] = entry.shape;
  if (!rows || !columns || more.length > 0)
    throw fail("wrong-shape", `${quote(entry.name)} has shape [${entry.shape}]; a matrix is needed.`, entry);
  return [rows, columns];
}

function place(entry: TensorEntry, { into, transposed }: Expected): Placement {
  const [rows, ...columns] = into[0]!.shape as [number, ...number[]];
  const asLinear = [rows * into.length, ...columns];
  const shape = transposed ? asLinear.toReversed() : asLinear;
  if (`${entry.shape}` !== `${shape}`) {
    if (transposed && `${entry.shape}` === `${asLinear}`)
      throw fail(
        "linear-layout",
        `${quote(entry.name)} is stored as [out, in], but GPT-2's Conv1D layers store [in, out].`,
        entry,
      );
    throw fail("wrong-shape", `${quote(entry.name)} has shape [${entry.shape}], not [${shape}].`, entry);
  }
  const { dtype } = entry;
  if (!isWeightType(dtype))
    throw fail(
      "dtype-unsupported",
      `${quote(entry.name)} is of type ${dtype}; F32, F16 or BF16 is needed.`,
      entry,
    );
  return { entry: { ...entry, dtype }, transposed, into };
}

function fail(rule: CheckpointRule, what: string, { name }: TensorEntry): CheckpointError {
  return new CheckpointError(rule, `${what} ${ANOTHER}`, { tensor: name });
}

/** The first few names, and how many there are. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(quote).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
