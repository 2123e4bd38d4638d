import { CheckpointError, quote } from "../checkpoint-error.ts";
import { broken, SAVE_WEIGHTS } from "./broken.ts";
import { Dict, Global, Storage, StoredTensor, Tuple, type Value } from "./pickle-values.ts";

/** PyTorch's classes of storages, and what safetensors calls the type of their numbers. */
const storages: ReadonlyMap<string, string> = new Map([
  ["torch.FloatStorage", "F32"],
  ["torch.HalfStorage", "F16"],
  ["torch.BFloat16Storage", "BF16"],
  ["torch.DoubleStorage", "F64"],
  ["torch.BoolStorage", "BOOL"],
  ["torch.ByteStorage", "U8"],
  ["torch.CharStorage", "I8"],
  ["torch.ShortStorage", "I16"],
  ["torch.IntStorage", "I32"],
  ["torch.LongStorage", "I64"],
]);

const MAX_DIMS = 8;
/** PyTorch counts them: "0", "1", "2". */
const MAX_KEY_LENGTH = 20;

type Make = (values: readonly Value[]) => Value;

/** What takes the place of the three functions of Python's that a state_dict is made with. */
const functions: ReadonlyMap<string, Make> = new Map<string, Make>([
  ["collections.OrderedDict", orderedDict],
  ["torch._utils._rebuild_tensor_v2", tensor],
  ["torch._utils._rebuild_parameter", parameter],
]);

/**
 * The name of something in Python, which the file wants imported. Nothing is: it has to be one of a list.
 * @throws CheckpointError "pickle-code"
 */
export function knownName(module: string, name: string): Global {
  const whole = `${module}.${name}`;
  if (storages.has(whole) || functions.has(whole)) return new Global(whole);
  throw new CheckpointError(
    "pickle-code",
    `The file needs Python's ${quote(whole)}, and more than names, numbers and tensors is not read here: it could be any program. ${SAVE_WEIGHTS}`,
  );
}

/** What a function of the list makes of its arguments. */
export function called(callee: Value, args: Value): Value {
  const make = callee instanceof Global && functions.get(callee.name);
  if (!make || !(args instanceof Tuple))
    throw broken("pickle-syntax", "The file calls something that is no function.");
  return make(args.items);
}

/** A storage, by the description that stands for it in the pickle: ("storage", torch.FloatStorage, "0", "cpu", 6). */
export function storageOf(description: Value): Storage {
  const [kind, type, key, , length] = description instanceof Tuple ? description.items : [];
  const dtype = type instanceof Global ? storages.get(type.name) : undefined;
  const isKnown = kind === "storage" && dtype !== undefined;
  if (!isKnown || typeof key !== "string" || key.length > MAX_KEY_LENGTH || typeof length !== "number")
    throw broken("pickle-syntax", "The file describes the bytes of a tensor in an unknown way.");
  return new Storage(dtype, key, length);
}

function orderedDict(values: readonly Value[]): Dict {
  if (values.length > 0) throw broken("pickle-syntax", "The file makes a dict of something.");
  return new Dict();
}

/** Of (storage, offset, shape, strides, requires_grad, hooks) the last two are for training. */
function tensor([storage, offset, shape, strides]: readonly Value[]): StoredTensor {
  if (!(storage instanceof Storage) || typeof offset !== "number")
    throw broken("pickle-syntax", "The file has a tensor without bytes.");
  return new StoredTensor(storage, offset, wholeNumbers(shape), wholeNumbers(strides));
}

/** (tensor, requires_grad, hooks) */
function parameter([data]: readonly Value[]): StoredTensor {
  if (data instanceof StoredTensor) return data;
  throw broken("pickle-syntax", "The file has a parameter that is no tensor.");
}

function wholeNumbers(value: Value | undefined): readonly number[] {
  const items = value instanceof Tuple ? value.items : undefined;
  // The length first: a file may give one endless tuple to very many tensors.
  if (items && items.length > MAX_DIMS)
    throw broken("too-many-dims", `The file has a tensor of more than ${MAX_DIMS} dimensions.`);
  if (items?.every((item) => typeof item === "number")) return items;
  throw broken("bad-shape", "The file has a tensor whose shape is no list of whole numbers.");
}
