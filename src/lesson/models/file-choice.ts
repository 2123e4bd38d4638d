import type { ChosenFile } from "./chosen-files.ts";

/** A checkpoint and what was chosen along with it; or only that, for a checkpoint that was chosen before. */
export type FileChoice = Partial<ChosenFile>;

const SAFETENSORS = /\.safetensors(\.gz)?$/i;
/** What files of `torch.save` are called. */
const PYTORCH = /\.(pth|pt|bin|ckpt)(\.gz)?$/i;
/** What training leaves beside the weights, in the same format. */
const NO_WEIGHTS = /^(optimizer|scheduler|scaler|training_args|rng_state(_\d+)?)\.(pth|pt|bin)$/i;
const SHARD = /-(\d+)-of-(\d+)\.(safetensors|bin)$/i;
const INDEX = /\.index\.json$/i;
/** A browser that saves a file twice numbers it: "vocab (1).json". */
const VOCABULARY = /^vocab( ?\(\d+\))?\.json$/i;
/** What lies beside checkpoints and says nothing of them that could be used. */
const BESIDE =
  /^(tokenizer|tokenizer_config|special_tokens_map|added_tokens|generation_config|preprocessor_config|trainer_state|all_results|train_results|eval_results)( ?\(\d+\))?\.json$/i;

const ONE_FILE =
  'This checkpoint is cut into several files, and only a whole one can be read. Save it as one: save_pretrained(…, max_shard_size="100GB"), or take the model.safetensors of the same model.';
const ANOTHER = "Choose the model.safetensors of the same model.";

/** What else weights are stored in, and what to do then. */
const otherWeights: readonly (readonly [RegExp, string])[] = [
  [/\.(pkl|pickle)$/i, 'Save the weights with PyTorch: torch.save(model.state_dict(), "model.pth").'],
  [/\.gguf$/i, `It is a GGUF file. ${ANOTHER}`],
  [/\.(ggml|ggmf|ggjt)$/i, `It is a GGML file. ${ANOTHER}`],
  [/\.onnx$/i, `It is an ONNX file. ${ANOTHER}`],
  [/\.(h5|hdf5|keras)$/i, `It is a Keras file. ${ANOTHER}`],
  [/\.(pb|tflite|meta|data-\d+-of-\d+)$/i, `It is a TensorFlow file. ${ANOTHER}`],
  [/\.(npz|npy)$/i, `It is a NumPy file. ${ANOTHER}`],
  [/\.msgpack$/i, `It is a Flax file. ${ANOTHER}`],
  [/\.(zip|gz|tgz|tar|xz|bz2|zst|7z|rar)$/i, "Unpack it, and choose the model.safetensors in it."],
];

/**
 * Finds the checkpoint, its `config.json` and its `vocab.json` among files that were chosen or dropped together, in any order.
 * @param anyName whether a file alone may be a checkpoint whatever it is called: its bytes tell when it is loaded
 * @returns a sentence where they are of no use
 */
export function sortFiles(files: readonly File[], anyName = false): FileChoice | string {
  const named = (pattern: RegExp) => files.filter(({ name }) => pattern.test(name));
  const safetensors = named(SAFETENSORS);
  const checkpoints =
    safetensors.length > 0 ? safetensors : named(PYTORCH).filter(({ name }) => !NO_WEIGHTS.test(name));
  const [file, another] = checkpoints;
  if (checkpoints.some(({ name }) => Number(SHARD.exec(name)?.[2] ?? 1) > 1)) return ONE_FILE;
  if (another) return `“${file!.name}” and “${another.name}” are two checkpoints. Choose one of them.`;
  const config = configAmong(files);
  if (typeof config === "string") return config;
  const [vocabulary] = named(VOCABULARY);
  if (file) return { file, config, vocabulary };
  for (const [pattern, advice] of otherWeights) {
    const [other] = named(pattern);
    if (other) return `“${other.name}” cannot be used here. ${advice}`;
  }
  if (named(INDEX).length > 0) return ONE_FILE;
  if (config || vocabulary) return { config, vocabulary };
  const [other, ...more] = files;
  const isUnknown = more.length === 0 && other !== undefined && !/\.json$/i.test(other.name);
  if (isUnknown && (anyName || !other.name.includes("."))) return { file: other };
  return other
    ? `“${other.name}” is not used: of files only a .safetensors or a .pth, and its config.json, can be used here.`
    : "There is no .safetensors and no .pth in this folder.";
}

/** A file called config.json, or the one JSON file that may be one. */
function configAmong(files: readonly File[]): File | string | undefined {
  const candidates = files.filter(
    ({ name }) => /\.json$/i.test(name) && ![INDEX, VOCABULARY, BESIDE].some((pattern) => pattern.test(name)),
  );
  const exact = candidates.find(({ name }) => name.toLowerCase() === "config.json");
  const [first, second] = candidates;
  if (exact || !second) return exact ?? first;
  return `“${first!.name}” and “${second.name}”: only one can be the model's config.json. Choose it alone, with the checkpoint.`;
}
