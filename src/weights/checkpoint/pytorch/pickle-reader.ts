import { CheckpointError } from "../checkpoint-error.ts";
import { broken, SAVE_WEIGHTS } from "./broken.ts";
import { called, knownName, storageOf } from "./known-names.ts";
import { op, opcodeName } from "./opcodes.ts";
import { PickleBytes } from "./pickle-bytes.ts";
import { Dict, List, OPAQUE, Tuple, type Value } from "./pickle-values.ts";

/** What a pickle may take: GPT-2 XL's with the state of an optimizer has 400 KB. */
export const MAX_PICKLE_BYTES = 1 << 22;
/** How often it may put something on its stack, and into its memo: what a stranger's file can make us allocate. */
const MAX_VALUES = 1 << 18;

/**
 * Reads the pickle of a state_dict as data. Python's reader is a machine that runs what a file tells it; this one knows
 * the few opcodes that build dicts, tuples and descriptions of tensors, and stops at the first other one.
 * @throws CheckpointError "pickle-code" or "pickle-opcode" where the file asks for more than that; "pickle-syntax"
 */
export function readPickle(bytes: Uint8Array): Value {
  return new PickleReader(bytes).run();
}

class PickleReader {
  #bytes: PickleBytes;
  #stack: Value[] = [];
  /** How high the stack was at each mark that is still open. */
  #marks: number[] = [];
  #memo = new Map<number, Value>();
  #pushed = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = new PickleBytes(bytes);
  }

  run(): Value {
    this.#readProtocol();
    for (;;) {
      const code = this.#bytes.byte();
      if (code === op.STOP) return this.#result();
      if (!(this.#readValue(code) || this.#readMemo(code) || this.#readCollection(code)))
        throw new CheckpointError(
          "pickle-opcode",
          `The file's pickle uses ${opcodeName(code)} at byte ${this.#bytes.at - 1}, which no state_dict needs, so it is not opened. ${SAVE_WEIGHTS}`,
        );
    }
  }

  #readProtocol(): void {
    if (this.#bytes.byte() !== op.PROTO) throw syntax("it does not begin as a pickle");
    const protocol = this.#bytes.byte();
    if (protocol !== 2)
      throw new CheckpointError(
        "pickle-opcode",
        `The file's pickle is of protocol ${protocol}; torch.save writes protocol 2, which is read here. Save it without pickle_protocol.`,
      );
  }

  #result(): Value {
    const [value, ...more] = this.#stack;
    if (value === undefined || more.length > 0 || this.#marks.length > 0 || !this.#bytes.isEnd)
      throw syntax("it ends too early");
    return value;
  }

  /** Opcodes that put one value on the stack. */
  #readValue(code: number): boolean {
    const bytes = this.#bytes;
    if (code === op.BININT1) this.#push(bytes.byte());
    else if (code === op.BININT2) this.#push(bytes.uint16());
    else if (code === op.BININT) this.#push(bytes.int32());
    else if (code === op.LONG1) this.#push(bytes.long(bytes.byte()) ?? OPAQUE);
    else if (code === op.BINUNICODE) this.#push(bytes.text(bytes.uint32()));
    else if (code === op.NONE || code === op.NEWTRUE || code === op.NEWFALSE) this.#push(OPAQUE);
    else if (code === op.BINFLOAT) {
      bytes.skip(8);
      this.#push(OPAQUE);
    } else if (code === op.EMPTY_DICT) this.#push(new Dict());
    else if (code === op.EMPTY_LIST) this.#push(new List());
    else if (code === op.GLOBAL) this.#push(knownName(bytes.line(), bytes.line()));
    else if (code === op.BINPERSID) this.#push(storageOf(this.#pop()));
    else if (code === op.REDUCE) {
      const args = this.#pop();
      this.#push(called(this.#pop(), args));
    } else return false;
    return true;
  }

  /** Opcodes that note a value under a number, and get it back. */
  #readMemo(code: number): boolean {
    const bytes = this.#bytes;
    if (code === op.BINGET) this.#push(this.#recall(bytes.byte()));
    else if (code === op.LONG_BINGET) this.#push(this.#recall(bytes.uint32()));
    else if (code === op.BINPUT) this.#note(bytes.byte());
    else if (code === op.LONG_BINPUT) this.#note(bytes.uint32());
    else return false;
    return true;
  }

  /** Opcodes that take several values from the stack. */
  #readCollection(code: number): boolean {
    if (code === op.MARK) {
      this.#count();
      this.#marks.push(this.#stack.length);
    } else if (code === op.EMPTY_TUPLE) this.#push(new Tuple([]));
    else if (code === op.TUPLE1) this.#push(new Tuple(this.#popMany(1)));
    else if (code === op.TUPLE2) this.#push(new Tuple(this.#popMany(2)));
    else if (code === op.TUPLE3) this.#push(new Tuple(this.#popMany(3)));
    else if (code === op.TUPLE) this.#push(new Tuple(this.#popToMark()));
    else if (code === op.SETITEM) this.#setItems(this.#popMany(2));
    else if (code === op.SETITEMS) this.#setItems(this.#popToMark());
    else if (code === op.APPEND) this.#append(this.#popMany(1));
    else if (code === op.APPENDS) this.#append(this.#popToMark());
    else if (code === op.BUILD) this.#build(this.#pop());
    else return false;
    return true;
  }

  #setItems(items: readonly Value[]): void {
    const dict = this.#top();
    if (!(dict instanceof Dict) || items.length % 2 !== 0) throw syntax("it fills something that is no dict");
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i]!;
      if (typeof key !== "string" && typeof key !== "number")
        throw syntax("a key is neither a text nor a whole number");
      if (dict.has(key)) throw broken("duplicate-key", "A dict in the file has a key twice.");
      dict.set(key, items[i + 1]!);
    }
  }

  #append(_items: readonly Value[]): void {
    if (!(this.#top() instanceof List)) throw syntax("it appends to something that is no list");
  }

  /** Attributes of a state_dict: the versions of its modules, of which nothing is needed. */
  #build(state: Value): void {
    if (!(this.#top() instanceof Dict && state instanceof Dict))
      throw syntax("it gives attributes to something that is no dict");
  }

  #recall(index: number): Value {
    const value = this.#memo.get(index);
    if (value === undefined) throw syntax(`it refers to entry ${index}, which it never noted`);
    return value;
  }

  #note(index: number): void {
    this.#memo.set(index, this.#top());
    if (this.#memo.size > MAX_VALUES) throw tooLarge();
  }

  #push(value: Value): void {
    this.#count();
    this.#stack.push(value);
  }

  #count(): void {
    if (++this.#pushed > MAX_VALUES) throw tooLarge();
  }

  #top(): Value {
    const height = this.#marks.at(-1) ?? 0;
    if (this.#stack.length <= height) throw syntax("it takes more from its stack than is there");
    return this.#stack.at(-1)!;
  }

  #pop(): Value {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popMany(count: number): Value[] {
    const height = this.#marks.at(-1) ?? 0;
    if (this.#stack.length - count < height) throw syntax("it takes more from its stack than is there");
    return this.#stack.splice(this.#stack.length - count);
  }

  #popToMark(): Value[] {
    const height = this.#marks.pop();
    if (height === undefined) throw syntax("it closes what it never opened");
    return this.#stack.splice(height);
  }
}

const syntax = (what: string) =>
  broken("pickle-syntax", `The file's list of tensors (data.pkl) is no well-formed pickle: ${what}.`);

const tooLarge = () =>
  new CheckpointError(
    "pickle-too-large",
    `The file's list of tensors (data.pkl) holds more than ${MAX_VALUES} values. ${SAVE_WEIGHTS}`,
  );
