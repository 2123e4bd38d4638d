import {
  called,
  dict,
  emptyList,
  global,
  int,
  none,
  orderedDict,
  type Pickled,
  pickle,
  storage,
  tensor,
  text,
  tuple,
} from "./pickle-bytes.ts";

const w: Pickled = tensor({ shape: [4] });
const asState = (value: Pickled): Pickled => dict([text("w"), value]);
const of = (what: string, value: Pickled) => ({ what, bytes: pickle(value) });
const raw = (what: string, ...bytes: number[]) => ({ what, bytes: Uint8Array.from(bytes) });
const long = (what: string, bytes: number[]) => ({ what, bytes: Uint8Array.from([0x80, 2, ...bytes, STOP]) });
const repeated = (opcode: number): number[] => Array.from({ length: MANY }, () => opcode);
const rebuilt = (...args: Pickled[]) =>
  asState(called(global("torch._utils", "_rebuild_tensor_v2"), tuple(...args)));
const described = (...parts: Pickled[]) =>
  rebuilt([...tuple(...parts), 0x51], int(0), tuple(int(4)), tuple(int(1)));
const float = global("torch", "FloatStorage");
const MANY = 300_000;
const [MEMO, MARK, STOP] = [0x71, 0x28, 0x2e];

/** Every opcode of Python's that no state_dict needs, and two that are none of Python's. */
const otherOpcodes = [
  ...[
    0x30, 0x31, 0x32, 0x42, 0x43, 0x46, 0x49, 0x4c, 0x50, 0x53, 0x54, 0x55, 0x56, 0x64, 0x67, 0x69, 0x6c,
    0x6f,
  ],
  ...[
    0x70, 0x81, 0x82, 0x83, 0x84, 0x8b, 0x8c, 0x8d, 0x8e, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96,
    0x97, 0x98,
  ],
  ...[0x00, 0xff],
];

/** What a hostile file would have Python import, and what an honest one may. */
const code = [
  ["os", "system"],
  ["posix", "system"],
  ["builtins", "eval"],
  ["builtins", "getattr"],
  ["__builtin__", "exec"],
  ["torch", "load"],
  ["torch.hub", "load"],
  ["torch._utils", "_rebuild_tensor_v3"],
  ["torch._utils", "_rebuild_qtensor"],
  ["torch.storage", "UntypedStorage"],
  ["torch", "QInt8Storage"],
  ["numpy.core.multiarray", "scalar"],
  ["collections", "defaultdict"],
  ["__main__", "GPTModel"],
  ["__proto__", "constructor"],
  ["", ""],
] as const;

/** Pickles that break one rule each, by the rule. */
export const refusedPickles: Record<string, { what: string; bytes: Uint8Array }[]> = {
  "pickle-code": code.map(([module, name]) =>
    of(`${module}.${name}`, called(global(module, name), tuple(text("touch owned")))),
  ),
  "pickle-opcode": [
    ...otherOpcodes.map((opcode) => raw(`opcode ${opcode}`, 0x80, 2, opcode, 0, 0, 0, 0, 0, 0, 0, 0, STOP)),
    ...[0, 1, 3, 4, 5, 255].map((protocol) =>
      raw(`protocol ${protocol}`, 0x80, protocol, ...asState(w), STOP),
    ),
    raw("a second PROTO", 0x80, 2, 0x80, 2, STOP),
  ],
  "pickle-too-large": [
    long("more marks than values are allowed", repeated(MARK)),
    long("more dicts than are allowed", repeated(0x7d)),
    long("a memo without end", [...none, ...memoOf(MANY)]),
    { what: "four megabytes", bytes: new Uint8Array(2 ** 22 + 1) },
  ],
  "pickle-syntax": [
    raw("nothing"),
    raw("no protocol", ...asState(w), STOP),
    raw("a protocol alone", 0x80, 2),
    raw("an end alone", 0x80, 2, STOP),
    raw("no end", 0x80, 2, ...asState(w)),
    raw("bytes after the end", 0x80, 2, ...asState(w), STOP, STOP),
    raw("two values", 0x80, 2, ...none, ...asState(w), STOP),
    raw("a mark that stays open", 0x80, 2, MARK, STOP),
    raw("a mark below the value", 0x80, 2, ...asState(w), MARK, STOP),
    raw("a text that is cut", 0x80, 2, 0x58, 255, 255, 255, 255, 0x41),
    raw("a text that is not UTF-8", 0x80, 2, 0x58, 2, 0, 0, 0, 0xc3, 0x28, STOP),
    raw("a number that is cut", 0x80, 2, 0x4a, 1, 2),
    raw("a long number that is cut", 0x80, 2, 0x8a, 255, 1, 2),
    raw("a float that is cut", 0x80, 2, 0x47, 1, 2),
    raw("a name without end", 0x80, 2, 0x63, ...new Uint8Array(400).fill(0x61), STOP),
    raw("a name that is not UTF-8", 0x80, 2, 0x63, 0xff, 0x0a, 0x61, 0x0a, STOP),
    raw("a memo of nothing", 0x80, 2, MEMO, 0, STOP),
    raw("a memo of what lies under a mark", 0x80, 2, 0x4e, MARK, MEMO, 0, STOP),
    raw("what was never noted", 0x80, 2, 0x68, 0, STOP),
    raw("what was never noted, in four bytes", 0x80, 2, 0x6a, 0, 0, 0, 1, STOP),
    raw("a tuple of nothing", 0x80, 2, 0x85, STOP),
    raw("a tuple of two of one", 0x80, 2, 0x4e, 0x86, STOP),
    raw("a tuple of three across a mark", 0x80, 2, 0x4e, 0x4e, MARK, 0x4e, 0x87, STOP),
    raw("a tuple without a mark", 0x80, 2, 0x4e, 0x74, STOP),
    raw("an item set on nothing", 0x80, 2, 0x4e, 0x4e, 0x73, STOP),
    raw("an item set on a list", 0x80, 2, 0x5d, 0x4e, 0x4e, 0x73, STOP),
    raw("items of an odd number", 0x80, 2, 0x7d, MARK, 0x4e, 0x75, STOP),
    raw("items across a mark", 0x80, 2, 0x7d, MARK, MARK, 0x4e, 0x4e, 0x75, STOP),
    raw("a key that is none", 0x80, 2, 0x7d, 0x4e, 0x4e, 0x73, STOP),
    raw("a key that is a dict", 0x80, 2, 0x7d, 0x7d, 0x4e, 0x73, STOP),
    raw("an append to a dict", 0x80, 2, 0x7d, 0x4e, 0x61, STOP),
    raw("appends to nothing", 0x80, 2, MARK, 0x4e, 0x65, STOP),
    raw("attributes of a list", 0x80, 2, 0x5d, 0x7d, 0x62, STOP),
    raw("attributes that are no dict", 0x80, 2, 0x7d, 0x4e, 0x62, STOP),
    of("a call of a text", called(text("collections.OrderedDict"), tuple())),
    of("a call of a storage", called(float, tuple(int(4)))),
    of("a call with a list", called(global("collections", "OrderedDict"), emptyList)),
    of("a dict made of items", called(global("collections", "OrderedDict"), tuple(emptyList))),
    of("a parameter of nothing", asState(called(global("torch._utils", "_rebuild_parameter"), tuple(none)))),
    of("a tensor of nothing", rebuilt()),
    of("a tensor of no storage", rebuilt(int(0), int(0), tuple(), tuple())),
    of("a tensor at no place", rebuilt(storage({}), none, tuple(int(4)), tuple(int(1)))),
    of(
      "a tensor at more than a double counts",
      rebuilt(storage({}), [0x8a, 8, ...ones(7), 0x7f], tuple(), tuple()),
    ),
    of("bytes of another kind", described(text("module"), float, text("0"), text("cpu"), int(4))),
    of("bytes of no type", described(text("storage"), orderedDict, text("0"), text("cpu"), int(4))),
    of("bytes without a key", described(text("storage"), float, none, text("cpu"), int(4))),
    of(
      "bytes with an endless key",
      described(text("storage"), float, text("0".repeat(99)), text("cpu"), int(4)),
    ),
    of("bytes without a number", described(text("storage"), float, text("0"), text("cpu"), none)),
    of("bytes of nothing", described()),
    of("bytes described by a text", [...text("storage"), 0x51]),
  ],
  "bad-shape": [
    of("no shape", rebuilt(storage({}), int(0), none, tuple(int(1)))),
    of("a shape of texts", rebuilt(storage({}), int(0), tuple(text("4")), tuple(int(1)))),
    of("a list for a shape", rebuilt(storage({}), int(0), emptyList, tuple(int(1)))),
    of("no strides", rebuilt(storage({}), int(0), tuple(int(4)))),
  ],
  "too-many-dims": [of("nine dimensions", asState(tensor({ shape: [4, 1, 1, 1, 1, 1, 1, 1, 1] })))],
  "no-tensors": [
    of("nothing", none),
    of("a number", int(4)),
    of("a list", emptyList),
    of("an empty dict", orderedDict),
    of("a tensor without a name", w),
    of("a dict of numbers", dict([text("w"), int(4)])),
    of("a dict too deep", dict([text("a"), dict([text("b"), asState(w)])])),
    of("a dict in itself", [0x7d, MEMO, 0, ...text("model"), 0x68, 0, 0x73]),
    of("a tensor under __proto__ of a dict of numbers", dict([text("__proto__"), dict([int(0), w])])),
  ],
};

function memoOf(count: number): number[] {
  return Array.from({ length: count }, (_, i) => [0x72, i & 255, (i >> 8) & 255, (i >> 16) & 255, 0]).flat();
}

function ones(count: number): number[] {
  return Array.from({ length: count }, () => 0xff);
}
