import type { GPTConfig } from "../../config.ts";
import { type Parameter, parameters } from "../parameters.ts";
import { type ConfigHints, deriveConfig, type ShapeConfig } from "./checkpoint-config.ts";
import { CheckpointError, type CheckpointRule, quote } from "./checkpoint-error.ts";
import { bareName, type Naming, namingOf } from "./checkpoint-names.ts";
import { isWeightType, type WeightType } from "./safetensors/dtype.ts";
import type { TensorEntry } from "./safetensors/header.ts";

/** How one tensor of the file is read. */
export interface Placement {
  readonly entry: TensorEntry & { readonly dtype: WeightType };
  /** Conv1D stores a weight as [in, out]; PyTorch's Linear, and this project, as [out, in]. */
  readonly transposed: boolean;
  /** Our parameters that it holds: one, or query, key and value side by side, a third of the outputs each. */
  readonly into: readonly Pick<Parameter, "name" | "shape">[];
}

/** How a checkpoint becomes a model. */
export interface CheckpointPlan {
  readonly config: GPTConfig;
  /** The head is the token embedding: the file has only one of the two, and `out_head.weight` gets no values. */
  readonly tied: boolean;
  /** In the order of the file's bytes. */
  readonly placements: readonly Placement[];
  /** Our parameters that the model was trained without: shifts and biases, which are then zero. */
  readonly zeros: readonly Parameter[];
  /** Sentences to show: what was assumed, what was left out. */
  readonly notes: readonly string[];
}

/** The tensors of a file by their bare names, and who named them. */
interface Contents {
  readonly naming: Naming;
  readonly byName: ReadonlyMap<string, TensorEntry>;
}

/**
 * Finds the model in a checkpoint with the names of Hugging Face's GPT-2, of nanoGPT or of the notebook.
 * @param tensors in the order of their bytes, as `parseHeader` returns them
 * @throws CheckpointError naming what is missing, left over or of the wrong shape
 */
export function planCheckpoint(tensors: readonly TensorEntry[], hints: ConfigHints = {}): CheckpointPlan {
  const contents = readNames(tensors);
  const { naming, byName } = contents;
  const { config, notes } = deriveConfig(readShapes(contents), hints);
  const isWithoutBiases = !hasBiases(contents);
  const expected = expectedTensors(contents, config, isWithoutBiases);

  const missing = [...expected.keys()].filter((name) => !byName.has(name));
  if (missing.length > 0)
    throw new CheckpointError(
      "missing-tensor",
      `The checkpoint lacks ${list(missing)}. ${ANOTHER} ${ONE_FILE}`,
      {
        tensor: missing[0],
      },
    );
  const others = [...byName.keys()].filter((name) => !expected.has(name) && !naming.buffers.test(name));
  const foreign = others.filter((name) => isPartOfTheSum(name, naming));
  if (foreign.length > 0)
    throw new CheckpointError(
      "extra-tensor",
      `The checkpoint holds ${list(foreign)}, which GPT-2 does not have. ${ANOTHER}`,
      { tensor: byName.get(foreign[0]!)!.name },
    );
  if (others.length > 0) notes.push(`Left out, because GPT-2 does not use it: ${list(others)}.`);

  const isConv1D = storesConv1D(contents);
  const placements = [...byName]
    .filter(([name]) => expected.has(name))
    .map(([name, entry]) => place(entry, expected.get(name)!, isConv1D));
  if (naming.isConv1D && !isConv1D)
    notes.push(
      "Its matrices are stored as [out, in], as nanoGPT stores them. Where it was trained with the exact GELU, as nanoGPT does, the tanh form that is computed here differs by less than 0.001.",
    );
  const given = new Set(placements.flatMap(({ into }) => into.map(({ name }) => name)));
  const zeros = isWithoutBiases
    ? parameters(config).filter(({ name }) => isBias(name) && !given.has(name))
    : [];
  if (zeros.length > 0) notes.push("It was trained without biases: those are zero.");
  return { config, tied: isTied(contents), placements, zeros, notes };
}

/** Rows wider than this would not fit a chunk; GPT-2 XL's are 1,600 wide. */
const MAX_EMB_DIM = 65536;
const ANOTHER = "Choose a checkpoint with the names of Hugging Face's GPT-2, of nanoGPT or of the notebook.";
const ONE_FILE = "One that is cut into several files has to be saved as one.";

const isBias = (name: string) => /\.(bias|shift)$/.test(name);

function readNames(tensors: readonly TensorEntry[]): Contents {
  const byName = new Map<string, TensorEntry>();
  for (const entry of tensors) {
    const name = bareName(entry.name);
    const other = byName.get(name);
    if (other)
      throw fail(
        "extra-tensor",
        `The file holds ${quote(other.name)} and ${quote(entry.name)}, two names of one tensor.`,
        entry,
      );
    byName.set(name, entry);
  }
  return { naming: namingOf([...byName.keys()]), byName };
}

/** With weight tying a file may store the head and the embedding once, under either name. */
const isTied = ({ naming, byName }: Contents) => !byName.has(naming.head) || !byName.has(naming.tokens);

/** Whether it has any shift or bias, as all GPT-2 have but those that were trained with none. */
const hasBiases = ({ naming, byName }: Contents) =>
  [...byName.keys()].some(
    (name) => isBias(name) && !naming.buffers.test(name) && isPartOfTheSum(name, naming),
  );

/** Whether a tensor of this name takes part in what a GPT-2 computes; heads for other tasks stand beside it. */
const isPartOfTheSum = (name: string, { blocks, head }: Naming) =>
  name.startsWith(`${blocks}.`) ||
  name.startsWith(head.replace("weight", "")) ||
  /^(ln_f|final_norm)\./.test(name);

/** Whether matrices are stored as [in, out]: that of query, key and value is never square, and the others follow it. */
function storesConv1D({ naming, byName }: Contents): boolean {
  if (!naming.isConv1D) return false;
  const [rows, columns] = byName.get(`${naming.blocks}.0.attn.c_attn.weight`)!.shape;
  return rows !== 3 * columns!;
}

interface Expected extends Pick<Placement, "into"> {
  readonly isMatrix: boolean;
}

/** What a checkpoint of this config must hold, by its bare name. */
function expectedTensors(
  { naming, byName }: Contents,
  config: GPTConfig,
  isWithoutBiases: boolean,
): Map<string, Expected> {
  const ours = new Map(parameters(config).map((parameter) => [parameter.name, parameter]));
  const expected = new Map<string, Expected>();
  const expect = (name: string, into: readonly string[], isMatrix = false) => {
    const known = into.flatMap((target) => ours.get(target) ?? []); // without qkv_bias there are none of its three biases
    if (known.length > 0 && !(isWithoutBiases && isBias(name))) expected.set(name, { into: known, isMatrix });
  };
  const tokens = byName.has(naming.tokens) ? naming.tokens : naming.head;
  expect(tokens, ["tok_emb.weight"]);
  expect(naming.positions, ["pos_emb.weight"]);
  for (let i = 0; i < config.n_layers; i++)
    for (const { name, into, isMatrix } of naming.inBlock)
      expect(
        `${naming.blocks}.${i}.${name}`,
        into.map((target) => `trf_blocks.${i}.${target}`),
        isMatrix,
      );
  for (const { name, into } of naming.afterBlocks) expect(name, into);
  if (tokens !== naming.head && byName.has(naming.head)) expect(naming.head, ["out_head.weight"]);
  return expected;
}

function readShapes({ naming, byName }: Contents): ShapeConfig {
  const { tokens, positions, head, blocks, qkvBias } = naming;
  const wte = byName.get(tokens) ?? byName.get(head);
  const wpe = byName.get(positions);
  const found = [...byName.values()].map(({ name }) => name);
  if (!wte || !wpe)
    throw new CheckpointError(
      "not-gpt2",
      `The file has no ${quote(wte ? positions : tokens)}, so it holds no GPT-2; it holds ${list(found) || "nothing"}. ${ANOTHER} ${ONE_FILE}`,
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
  const headRows = byName.get(head)?.shape[0] ?? vocab_size;
  if (headRows !== vocab_size)
    throw fail(
      "wrong-shape",
      `${quote(byName.get(head)!.name)} chooses among ${headRows}, not among the ${vocab_size} tokens: it was trained for another task than the next token.`,
      byName.get(head)!,
    );
  // Counting the blocks, not taking the highest index, keeps a block named 999999999 from costing memory.
  const index = new RegExp(`^${blocks}\\.(0|[1-9]\\d*)\\.`);
  const indices = new Set([...byName.keys()].map((name) => index.exec(name)?.[1]).filter(Boolean));
  if (indices.size === 0)
    throw new CheckpointError("not-gpt2", `The file has no blocks “${blocks}.0.…”. ${ANOTHER}`);
  const qkv_bias = [...byName.keys()].some((name) => name.endsWith(`.${qkvBias}`));
  return { vocab_size, context_length, emb_dim, n_layers: indices.size, qkv_bias };
}

function matrix(entry: TensorEntry): [rows: number, columns: number] {
  const [rows, columns, ...more] = entry.shape;
  if (!rows || !columns || more.length > 0)
    throw fail("wrong-shape", `${quote(entry.name)} has shape [${entry.shape}]; a matrix is needed.`, entry);
  return [rows, columns];
}

function place(entry: TensorEntry, { into, isMatrix }: Expected, isConv1D: boolean): Placement {
  const [rows, ...columns] = into[0]!.shape as [number, ...number[]];
  const asLinear = [rows * into.length, ...columns];
  const asConv1D = asLinear.toReversed();
  const transposed = isMatrix && isConv1D;
  const [shape, other] = transposed ? [asConv1D, asLinear] : [asLinear, asConv1D];
  if (`${entry.shape}` !== `${shape}`) {
    if (isMatrix && `${entry.shape}` === `${other}`)
      throw fail(
        "linear-layout",
        `${quote(entry.name)} is stored the other way round than other matrices of the file: [${entry.shape}], not [${shape}].`,
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
