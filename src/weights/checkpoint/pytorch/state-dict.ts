import { CheckpointError, quote } from "../checkpoint-error.ts";
import { SAVE_WEIGHTS } from "./broken.ts";
import { Dict, StoredTensor, type Value } from "./pickle-values.ts";

/** The weights that a file holds, by the names that it gives them. */
export interface StateDict {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Sentences to show: where in the file they were found, what beside them is no tensor. */
  readonly notes: readonly string[];
}

/** What training programs call the weights among what else they save. */
const usual = ["model_state_dict", "state_dict", "model", "model_state", "weights"];

/**
 * Finds the weights in what a file holds: a state_dict, or a dict that has one under a key, as of training that is to go
 * on: {"model_state_dict": …, "optimizer_state_dict": …}.
 * @throws CheckpointError "no-tensors"
 */
export function findStateDict(value: Value): StateDict {
  if (value instanceof StoredTensor)
    throw new CheckpointError("no-tensors", `The file holds a single tensor, no model. ${SAVE_WEIGHTS}`);
  const root = value instanceof Dict ? value : new Dict();
  const inside = [...root.entries].filter(
    (entry): entry is [string | number, Dict] => entry[1] instanceof Dict,
  );
  const named = usual.flatMap((key) => inside.filter(([name]) => name === key));
  const candidates: (readonly [key: string | number | undefined, dict: Dict])[] = [
    ...named,
    ...[[undefined, root] as const, ...inside].toSorted(([, a], [, b]) => count(b) - count(a)),
  ];
  const found = candidates.find(([, dict]) => count(dict) > 0);
  if (!found) throw new CheckpointError("no-tensors", `The file holds no tensors by name. ${SAVE_WEIGHTS}`);
  const [key, dict] = found;
  const notes = key === undefined ? [] : [taken(key, root)];
  const others = [...dict.entries]
    .filter(([, item]) => !(item instanceof StoredTensor))
    .map(([name]) => name);
  if (others.length > 0) notes.push(`Left out, because it is no tensor: ${list(others)}.`);
  return { tensors: new Map([...dict.entries].filter(isTensor)), notes };
}

const isTensor = (entry: [string | number, Value]): entry is [string, StoredTensor] =>
  typeof entry[0] === "string" && entry[1] instanceof StoredTensor;

const count = (dict: Dict): number => [...dict.entries].filter(isTensor).length;

function taken(key: string | number, root: Dict): string {
  const others = [...root.entries.keys()].filter((name) => name !== key);
  const left = others.length > 0 ? `; the file also holds ${list(others)}` : "";
  return `The model was taken from ${quote(String(key))}${left}.`;
}

/** The first few names, and how many there are. */
function list(names: readonly (string | number)[]): string {
  const shown = names
    .slice(0, 5)
    .map((name) => quote(String(name)))
    .join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
