// What the pickle of a state_dict is made of, as inert data: no object of Python's is ever made, and nothing is called.

/** A value of which nothing is needed: None, a truth value, a number with a fraction, a whole one that is too large. */
export const OPAQUE: unique symbol = Symbol("a value that is not needed");

export type Value =
  | number // always a whole number
  | string
  | typeof OPAQUE
  | Tuple
  | List
  | Dict
  | Global
  | Storage
  | StoredTensor;

export class Tuple {
  readonly items: readonly Value[];

  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** A list. What is in it is not needed: an optimizer's settings, a history of losses. */
export class List {}

/** A dict, ordered or not. A `Map`, so that a key named "__proto__" is a key like any other. */
export class Dict {
  #entries: Map<string | number, Value> | undefined;

  get entries(): ReadonlyMap<string | number, Value> {
    return this.#entries ?? NOTHING;
  }

  has(key: string | number): boolean {
    return this.#entries?.has(key) ?? false;
  }

  set(key: string | number, value: Value): void {
    this.#entries ??= new Map(); // a hostile file may hold very many empty dicts
    this.#entries.set(key, value);
  }
}

const NOTHING: ReadonlyMap<string | number, Value> = new Map();

/** A name of Python's, "torch.FloatStorage": one of the few in `known-names.ts`. */
export class Global {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Numbers of one type in a row, in a file of their own in the archive: "data/KEY". */
export class Storage {
  readonly dtype: string;
  readonly key: string;
  /** How many numbers there are. */
  readonly length: number;

  constructor(dtype: string, key: string, length: number) {
    this.dtype = dtype;
    this.key = key;
    this.length = length;
  }
}

/** A tensor as PyTorch keeps it: which numbers of a storage, in steps along each dimension. Nothing of it is checked yet. */
export class StoredTensor {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}
