import type { CheckpointRule } from "../weights/checkpoint/checkpoint-error.ts";
import { rawFile } from "./safetensors-file.ts";

/** A file, and the tensor that its error must name. */
export type Malformed = { file: Uint8Array; tensor?: string };

export const data = (bytes: number): Uint8Array => new Uint8Array(bytes);
/** The header's entry of one tensor, from JSON texts. */
export const entry = (shape: string, offsets: string, dtype = '"F32"'): string =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;
/** Files of one 16-byte tensor `w`, except for what the test puts into its entry. */
const entries = (...texts: string[]): Malformed[] =>
  texts.map((text) => ({ file: rawFile(`{"w":${text}}`, data(16)), tensor: "w" }));
const headers = (...texts: string[]): Malformed[] => texts.map((text) => ({ file: rawFile(text, data(16)) }));
const good = entry("[4]", "[0,16]");
const bytes = (...values: number[]) => Uint8Array.from(values);

/** Files that break one rule each, by the rule. */
export const malformedFiles: Record<string, Malformed[]> = {
  "file-too-short": [0, 1, 4, 7].map((length) => ({ file: data(length) })),
  "header-empty": [0n, 1n].flatMap((claimed) => [
    { file: rawFile("", data(0), claimed) },
    { file: rawFile("", data(64), claimed) },
  ]),
  "header-too-large": [
    2n ** 20n + 1n,
    2n ** 24n,
    100_000_001n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 53n,
    2n ** 63n,
    2n ** 64n - 1n,
  ].map((claimed) => ({ file: rawFile(`{"w":${good}}`, data(16), claimed) })),
  "header-past-end": [1n, 8n, 1000n, 1_000_000n].map((more) => ({
    file: rawFile("{}", data(0), 2n + more),
  })),
  "header-not-object": [
    ...headers("[]", " {}", "\n{}", '"{}"', "null", "\ufeff{}", "1234", "\u0000\u0000{}"),
    { file: rawFile(bytes(0x80, 0x02, 0x7d, 0x71), data(0)) }, // a Python pickle
  ],
  "header-not-utf8": [
    bytes(0x7b, 0xff, 0x7d),
    bytes(0x7b, 0x22, 0xc3, 0x22, 0x7d), // half a character
    bytes(0x7b, 0x22, 0xc0, 0x80, 0x22, 0x7d), // an overlong NUL
    bytes(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x7d), // a lone surrogate
    bytes(0x7b, 0x22, 0xf4, 0x90, 0x80, 0x80, 0x22, 0x7d), // beyond Unicode
    bytes(0x7b, 0x00, 0xfe, 0xff),
  ].map((header) => ({ file: rawFile(header, data(0)) })),
  "json-syntax": [
    ...headers("{ ", '{"w"', '{"w"}', "{,}", "{w:1}", "{'w':1}", '{"w', '{"\\x":1}', '{"a\nb":{}}'),
    ...headers(`{"w":${good},}`, `{"w":${good} "v":${good}}`, `{"w":${good}`),
    ...headers(`{/* */"w":${good}}`, '{"w\\"}', '{"\\u12":{}}'),
    ...entries('{"dtype"}', '{"dtype":"F32" "shape":[4]}', "{dtype}", '{"dtype":"F32",}'),
  ],
  "json-trailing": headers(
    "{}}",
    "{}{}",
    "{} x",
    "{}\u0000",
    `{"w":${good}}]`,
    `{"w":${good}}\u00a0`,
    `{"w":${good}}{"w":${good}}`,
  ),
  "duplicate-key": [
    { file: rawFile(`{"w":${good},"w":${good}}`, data(16)), tensor: "w" },
    { file: rawFile(`{"w":${entry("[4]", "[0,16]")},"\\u0077":${good}}`, data(16)), tensor: "w" },
    { file: rawFile(`{"__proto__":${good},"__proto__":${good}}`, data(16)), tensor: "__proto__" },
    { file: rawFile(`{"__metadata__":{},"__metadata__":{},"w":${good}}`, data(16)), tensor: "__metadata__" },
    { file: rawFile(`{"__metadata__":{"a":"1","a":"2"},"w":${good}}`, data(16)), tensor: "__metadata__" },
    ...entries(
      '{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}',
      '{"dtype":"F32","shape":[4],"shape":[4],"data_offsets":[0,16]}',
      '{"dtype":"F32","shape":[4],"data_offsets":[0,16],"data_offsets":[0,16]}',
    ),
  ],
  "bad-name": ["", "a\\u0000b", "a\\nb", "\\ud800", "\\udc00x", "x\\u001b[31m", "n".repeat(257)].map(
    (name) => ({
      file: rawFile(`{"${name}":${good}}`, data(16)),
      tensor: JSON.parse(`"${name}"`) as string,
    }),
  ),
  "bad-metadata": [
    "[]",
    "null",
    '"text"',
    "1",
    '{"a":1}',
    '{"a":null}',
    '{"a":{"b":"c"}}',
    '{"a":["b"]}',
  ].map((metadata) => ({ file: rawFile(`{"__metadata__":${metadata}}`, data(0)), tensor: "__metadata__" })),
  "entry-not-object": entries("[]", "null", "true", "1", '"F32"', '["F32",[4],[0,16]]'),
  "unknown-field": [
    ...entries(
      '{"dtype":"F32","shape":[4],"data_offsets":[0,16],"strides":[1]}',
      '{"Dtype":"F32","shape":[4],"data_offsets":[0,16]}',
      '{"dtype":"F32","shape":[4],"data_offsets ":[0,16]}',
      '{"dtype":"F32","shape":[4],"offset":0}',
      '{"__proto__":{"dtype":"F32"}}',
      '{"":""}',
    ),
  ],
  "missing-field": entries(
    "{}",
    '{"dtype":"F32"}',
    '{"shape":[4]}',
    '{"data_offsets":[0,16]}',
    '{"shape":[4],"data_offsets":[0,16]}',
    '{"dtype":"F32","data_offsets":[0,16]}',
    '{"dtype":"F32","shape":[4]}',
  ),
  "dtype-unknown": [
    '""',
    '"f32"',
    '"F32 "',
    '"float32"',
    '"F128"',
    '"constructor"',
    "null",
    "4",
    '["F32"]',
  ].flatMap((dtype) => entries(entry("[4]", "[0,16]", dtype))),
  "bad-shape": entries(
    ...[
      "4",
      "null",
      '"[4]"',
      "{}",
      "[-4]",
      "[4.0]",
      "[4.5]",
      "[4e0]",
      "[04]",
      "[+4]",
      '["4"]',
      "[null]",
      "[[4]]",
    ]
      .concat(
        "[9007199254740992]",
        "[18446744073709551615]",
        "[4,]",
        "[,4]",
        "[4 4]",
        "[4",
        "[1e999]",
        "[-0]",
      )
      .map((shape) => entry(shape, "[0,16]")),
  ),
  "too-many-dims": entries(
    entry("[1,1,1,1,1,1,1,1,4]", "[0,16]"),
    entry(`[${"1,".repeat(5000)}4]`, "[0,16]"),
    entry(`[${"0,".repeat(100_000)}0]`, "[0,0]"),
    entry("[2,2,1,1,1,1,1,1,1,1]", "[0,16]"),
  ),
  "size-overflow": entries(
    entry("[9007199254740991]", "[0,16]"),
    entry("[4503599627370496,4]", "[0,16]"),
    entry("[4294967296,4294967296]", "[0,16]"), // 2^64 elements: 0 in 64-bit arithmetic that wraps
    entry("[4611686018427387,4611686018427387]", "[0,16]"),
    entry("[2147483648,2147483648,2147483648]", "[0,0]"),
    entry("[65536,65536,65536,65536]", "[0,0]"),
    entry("[9007199254740991,0]", "[0,0]"),
  ),
  "bad-offsets": entries(
    ...[
      "16",
      "null",
      "[]",
      "[0]",
      "[0,8,16]",
      '["0","16"]',
      "[0,-16]",
      "[0.5,16]",
      "{}",
      "[0,16.0]",
      "[[0,16]]",
    ]
      .concat("[0,1e2]", "[0,18446744073709551616]", "[null,16]", "[0,16", '"0,16"')
      .map((offsets) => entry("[4]", offsets)),
  ),
  "offsets-reversed": entries(
    entry("[4]", "[16,0]"),
    entry("[4]", "[1,0]"),
    entry("[0]", "[8,7]"),
    entry("[4]", "[9007199254740991,0]"),
  ),
  "offsets-past-end": entries(
    entry("[4]", "[0,17]"),
    entry("[4]", "[16,32]"),
    entry("[1073741824]", "[0,4294967296]"),
    entry("[4]", "[9007199254740975,9007199254740991]"),
    entry("[0]", "[17,17]"),
  ),
  "size-mismatch": [
    ...entries(
      entry("[3]", "[0,16]"),
      entry("[5]", "[0,16]"),
      entry("[]", "[0,16]"),
      entry("[0]", "[0,16]"),
      entry("[4]", "[0,0]"),
      entry("[4]", "[0,16]", '"F16"'),
      entry("[4]", "[0,16]", '"BF16"'),
      entry("[4]", "[0,16]", '"F64"'),
      entry("[4]", "[0,16]", '"BOOL"'),
      entry("[2,3]", "[0,16]"),
      entry("[4]", "[0,15]"),
    ),
  ],
  "offsets-overlap": [
    [entry("[4]", "[0,16]"), entry("[4]", "[0,16]")],
    [entry("[4]", "[0,16]"), entry("[3]", "[4,16]")],
    [entry("[2]", "[0,8]"), entry("[3]", "[4,16]")],
    [entry("[2]", "[0,8]"), entry("[0]", "[4,4]")],
    [entry("[4]", "[0,16]"), entry("[1]", "[0,4]")].reverse(),
  ].map(([a, b]) => ({ file: rawFile(`{"a":${a},"b":${b}}`, data(16)) })),
  "offsets-hole": [
    ...entries(
      entry("[3]", "[4,16]"),
      entry("[1]", "[12,16]"),
      entry("[0]", "[16,16]"),
      entry("[0]", "[1,1]"),
    ),
    { file: rawFile(`{"w":${entry("[1]", "[12,16]")},"v":${entry("[2]", "[0,8]")}}`, data(16)), tensor: "w" },
  ],
  "data-left-over": [
    ...headers(
      "{}",
      '{"__metadata__":{}}',
      `{"w":${entry("[3]", "[0,12]")}}`,
      `{"w":${entry("[0]", "[0,0]")}}`,
    ),
    { file: rawFile(`{"w":${good}}`, data(17)) },
    { file: rawFile(`{"w":${good}}`, data(4096)) },
  ],
} satisfies Partial<Record<CheckpointRule, Malformed[]>>;
