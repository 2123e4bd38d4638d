import { refusedPickles } from "./malformed-pickles.ts";
import { dict, int, type Pickled, type PickledTensor, tensor, text } from "./pickle-bytes.ts";
import { archived } from "./pytorch-file.ts";
import { type ZipEnd, type ZippedFile, zipFile } from "./zip-file.ts";

/** A file, in words, and the tensor that its error must name. */
export type Malformed = { what: string; file: Uint8Array<ArrayBuffer>; tensor?: string };

const four = new Uint8Array(16);
const good = dict([text("w"), tensor({ shape: [4] })]);
const goodFiles = archived(good, { 0: four });
const whole = zipFile(goodFiles);
const of = (value: Pickled) => zipFile(archived(value, { 0: four }));

/** A file of one tensor `w`, with something else about it. */
const odd = (what: string, described: Partial<PickledTensor>): Malformed => ({
  what,
  file: of(dict([text("w"), tensor({ shape: [4], ...described })])),
  tensor: "w",
});
const named = (what: string, name: string): Malformed => ({
  what,
  file: of(dict([text(name), tensor({ shape: [4] })])),
  tensor: name,
});
const ended = (what: string, end: ZipEnd): Malformed => ({ what, file: zipFile(goodFiles, end) });
/** The same archive with something else about its storage. */
const stored = (what: string, change: Partial<ZippedFile>, index = 1): Malformed => ({
  what,
  file: zipFile(goodFiles.map((file, i) => (i === index ? { ...file, ...change } : file))),
});
const order = (what: string, word: string): Malformed => ({
  what,
  file: zipFile([...goodFiles, { name: "model/byteorder", bytes: new TextEncoder().encode(word) }]),
});

const malformed: Record<string, Malformed[]> = {
  "zip-cut": [
    { what: "four bytes", file: whole.slice(0, 4) },
    ...[1, 2, 21, 22, 60, 99, 200].map((bytes) => ({
      what: `the last ${bytes} bytes are missing`,
      file: whole.slice(0, -bytes),
    })),
    { what: "a byte too many", file: Uint8Array.from([...whole, 0]) },
  ],
  "zip-directory": [
    ended("an entry too many", { count: 4 }),
    ended("an entry too few", { count: 2 }),
    ended("no entries", { count: 0 }),
    ended("entries without number", { count: 2 ** 40 }),
    ended("a list that begins behind it", { directoryAt: whole.byteLength }),
    ended("a list that begins elsewhere", { directoryAt: 0 }),
    ended("a list that begins at 2^60", { directoryAt: 2 ** 60 }),
    ended("a list of half its length", { directoryBytes: 80 }),
    ended("a list of a terabyte", { directoryBytes: 2 ** 40 }),
    ended("a record at 2^60", { record64At: 2 ** 60 }),
    ended("a record at the end", { record64At: whole.byteLength }),
    ended("a record elsewhere", { record64At: 0 }),
    ended("a record of another kind", { signature64: 1 }),
    ended("32 bits, a list elsewhere", { has64: false, directoryAt: 64 }),
    ended("32 bits, a list outside", { has64: false, directoryAt: 2 ** 31 }),
    { ...ended("64 bits without their field", {}), file: withoutLargeField() },
  ],
  "zip-overlap": [
    stored("a storage of a terabyte", { listed: { bytes: 2 ** 32 - 2 } }),
    stored("a storage that reaches into the next", { listed: { bytes: 999 } }),
    stored("two entries at one place", { listed: { headerAt: 0 } }),
    stored("an entry in the list of contents", { listed: { headerAt: 2 ** 31 } }),
    { what: "a storage of 2^52 bytes", file: zipFile(hugeEntry(2 ** 52), { isLarge: true }) },
    { what: "a storage of 2^63 bytes", file: zipFile(hugeEntry(2 ** 63), { isLarge: true }) },
  ],
  "zip-compressed": [
    stored("a compressed storage", { listed: { method: 8 } }),
    stored("a compressed pickle", { listed: { method: 8 } }, 0),
    stored("an encrypted storage", { listed: { flags: 1 } }),
  ],
  "zip-entry": [
    stored("no header before a storage", { own: { signature: 0 } }),
    stored("another name before a storage", { own: { name: "model/data/1" } }),
    stored("a longer name before a storage", { own: { name: "model/data/00" } }),
    stored("a storage compressed by its own header", { own: { method: 8 } }),
    stored("a storage that begins behind its end", { own: { extraBytes: 9999 } }),
    stored("another name before the pickle", { own: { name: "model/data.pki" } }, 0),
  ],
  "duplicate-key": [
    stored("two entries of a name", { listed: { name: "model/version" } }),
    {
      what: "a tensor twice",
      file: of(dict([text("w"), tensor({ shape: [4] })], [text("w"), tensor({ shape: [4] })])),
    },
  ],
  "big-endian": [
    order("the other order", "big"),
    order("no order", ""),
    order("a long word", "little".repeat(9)),
  ],
  "storage-missing": [
    odd("no storage", { key: "1" }),
    odd("a key that leads elsewhere", { key: "../version" }),
  ],
  "size-mismatch": [
    odd("more numbers than bytes", { length: 5 }),
    odd("fewer numbers than bytes", { length: 3, shape: [3] }),
    odd("numbers of another size", { type: "DoubleStorage" }),
    odd("2^53 numbers", { length: 2 ** 53 - 1 }),
  ],
  "offsets-past-end": [
    odd("more rows than numbers", { shape: [5] }),
    odd("an offset", { offset: 1 }),
    odd("an offset of 2^53", { offset: 2 ** 53 - 1 }),
    odd("a stride", { strides: [2] }),
    odd("a stride of 2^53", { shape: [2, 2], strides: [2 ** 53 - 1, 1] }),
    odd("2^53 rows", { shape: [2 ** 53 - 1], strides: [1] }),
  ],
  "bad-shape": [
    odd("a negative length", { shape: [-4] }),
    odd("two negative lengths", { shape: [-2, -2] }),
    odd("a negative offset", { offset: -1 }),
    odd("a negative stride", { offset: 3, strides: [-1] }),
    odd("a negative storage", { length: -4 }),
    odd("a stride too few", { shape: [2, 2], strides: [1] }),
    odd("a stride too many", { strides: [1, 1] }),
  ],
  strides: [
    odd("one number repeated", { strides: [0] }),
    odd("a row repeated", { shape: [3, 4], strides: [0, 1] }),
    odd("a column repeated", { shape: [4, 3], strides: [1, 0] }),
    odd("rows that overlap", { shape: [3, 2], strides: [1, 1] }),
    odd("windows", { shape: [2, 2], strides: [1, 1] }),
  ],
  "size-overflow": [
    odd("a number repeated 2^52 times", { shape: [2 ** 52], strides: [0] }),
    odd("repeated more often than a double counts", { shape: [2 ** 53 - 1, 2 ** 53 - 1], strides: [0, 0] }),
    { what: "a storage in very many tensors", file: sharedBy(99) },
  ],
  "bad-name": [
    named("no name", ""),
    named("a control character", "w\n"),
    named("a long name", "w".repeat(257)),
  ],
  "pickle-code": [
    {
      what: "a program of torch.jit",
      file: zipFile([...goodFiles, { name: "model/constants.pkl", bytes: four }]),
    },
  ],
  "no-tensors": [{ what: "a key that is a number", file: of(dict([int(0), tensor({ shape: [4] })])) }],
};

/** The good archive with another pickle. */
const withPickle = (bytes: Uint8Array) =>
  zipFile(goodFiles.map((file) => (file.name === "model/data.pkl" ? { ...file, bytes } : file)));

/** Files of torch.save that break one rule each, by the rule. */
export const malformedFiles: Record<string, Malformed[]> = { ...malformed };
for (const [rule, pickles] of Object.entries(refusedPickles))
  malformedFiles[rule] = [
    ...(malformed[rule] ?? []),
    ...pickles.map(({ what, bytes }) => ({ what, file: withPickle(bytes) })),
  ];

function hugeEntry(bytes: number): ZippedFile[] {
  return goodFiles.map((file, i) => (i === 1 ? { ...file, listed: { bytes } } : file));
}

function sharedBy(count: number): Uint8Array<ArrayBuffer> {
  const names = Array.from({ length: count }, (_, i) => `w${i}`);
  const shared = tensor({ length: 9999, shape: [9999] });
  const value = dict(...names.map((name): [Pickled, Pickled] => [text(name), shared]));
  return zipFile(archived(value, { 0: new Uint8Array(4 * 9999) }));
}

/** Sizes that refer to 64 bits, of an entry that has none. */
function withoutLargeField(): Uint8Array<ArrayBuffer> {
  const file = zipFile(goodFiles, { isLarge: true });
  const at = file.findIndex(
    (_, i) => i > 4 && file[i] === 9 && file[i + 2] === 2 && file[i + 6] === 1 && file[i + 8] === 24,
  );
  file[at + 6] = 7;
  return file;
}
