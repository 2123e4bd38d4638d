import fc from "fast-check";
import { dict, type Pickled, type PickledTensor, pickle, tensor, text } from "./pickle-bytes.ts";
import { archived } from "./pytorch-file.ts";
import type { TensorToWrite } from "./safetensors-file.ts";
import type { Mutated } from "./safetensors-mutations.ts";
import { type ZipEnd, type ZippedFile, zipFile } from "./zip-file.ts";

/** A state_dict of which each tensor may be described otherwise than its bytes are. */
export interface Archive {
  readonly value: Pickled;
  readonly storages: Readonly<Record<string, Uint8Array>>;
}

/** Numbers at the edges of what a size can be. */
const edges = [0, 1, 2, 3, 4, 5, 8, 16, 255, 256, 65536, 2 ** 20, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53 - 1];
const edge = fc.constantFrom(...edges);
const count = fc.constantFrom(...edges, -1, -4);

/** Everywhere alike: fast-check prefers the ends. */
const fraction = fc.noBias(fc.nat(2 ** 30 - 1)).map((part) => part / 2 ** 30);

/** What one edit does to bytes, at a place between 0 and 1 of their length. */
const edit = fc.record({
  kind: fc.constantFrom(
    "set" as const,
    "flip" as const,
    "insert" as const,
    "delete" as const,
    "copy" as const,
  ),
  place: fraction,
  other: fraction,
  value: fc.oneof(
    fc.nat(255),
    fc.constantFrom(0, 1, 0x28, 0x2e, 0x4e, 0x52, 0x68, 0x71, 0x74, 0x75, 0x7d, 0x85, 0xff),
  ),
});
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(bytes: Uint8Array, { kind, place, other, value }: Edit): Uint8Array<ArrayBuffer> {
  const at = Math.floor(place * bytes.length);
  const from = Math.floor(other * bytes.length);
  const [remove, insert] = {
    set: () => [1, [value]] as const,
    flip: () => [1, [(bytes[at] ?? 0) ^ (1 << (value & 7))]] as const,
    insert: () => [0, [value]] as const,
    delete: () => [1 + (value & 7), []] as const,
    copy: () => [0, bytes.subarray(from, from + 1 + (value & 31))] as const, // opcodes said once more, elsewhere
  }[kind]();
  return Uint8Array.from([...bytes.subarray(0, at), ...insert, ...bytes.subarray(at + remove)]);
}

/** Files that each differ from one of the valid ones in its bytes, its pickle, a tensor, or what the ZIP says of it. */
export function pytorchMutations(
  archives: readonly Archive[],
  tensors: readonly TensorToWrite[],
): fc.Arbitrary<Mutated> {
  const files = archives.map(({ value, storages }) => archived(value, storages));
  const whole = files.map((contents) => zipFile(contents));
  const edits = fc.oneof(
    { arbitrary: fc.tuple(edit), weight: 3 },
    fc.array(edit, { minLength: 2, maxLength: 3 }),
  );
  const ofBytes = fc
    .record({ file: fc.constantFrom(...whole), edits, cut: fc.option(fc.nat(99), { freq: 8 }) })
    .map(({ file, edits, cut }) => ({
      change: JSON.stringify({ edits, cut }),
      file: edits.reduce(edited, cut === null ? file.slice() : file.slice(0, -cut - 1)),
    }));
  const ofPickle = fc.record({ archive: fc.constantFrom(...archives), edits }).map(({ archive, edits }) => {
    const [, ...others] = archived(archive.value, archive.storages);
    const bytes = edits.reduce(edited, Uint8Array.from(pickle(archive.value)));
    return {
      change: JSON.stringify({ pickle: edits }),
      file: zipFile([{ name: "model/data.pkl", bytes }, ...others]),
    };
  });
  const some = fc.oneof({ arbitrary: fc.nat(16), weight: 4 }, count);
  const dimensions = fc.array(fc.tuple(some, some), { maxLength: 9, size: "xsmall" });
  const described = fc.record(
    {
      type: fc.constantFrom("FloatStorage", "HalfStorage", "BoolStorage", "DoubleStorage", "LongStorage"),
      key: fc.constantFrom("0", "1", "2", "99", "", "__proto__"),
      length: fc.oneof(fc.constant(16), count),
      offset: fc.oneof(fc.nat(8), count),
      dimensions,
    },
    { requiredKeys: [] },
  );
  const ofTensor = fc
    .record({ index: fc.nat(tensors.length - 1), described })
    .map(({ index, described: { dimensions, ...described } }) => {
      const [shape, strides] = [0, 1].map((part) => dimensions?.map((pair) => pair[part]!));
      const changed = { ...described, ...(shape && { shape, strides }) };
      return {
        change: JSON.stringify({ index, changed }),
        file: zipFile(describedOtherwise(tensors, index, changed)),
      };
    });
  const ofZip = fc
    .record({
      contents: fc.constantFrom(...files),
      index: fc.nat(9),
      listed: rarely(listed),
      own: rarely(own),
      end: rarely(end),
    })
    .map(({ contents, index, listed, own, end }) => ({
      change: JSON.stringify({ index, listed, own, end }),
      file: zipFile(
        contents.map(
          (file, i): ZippedFile => (i === index % contents.length ? { ...file, listed, own } : file),
        ),
        end,
      ),
    }));
  return fc.oneof(ofBytes, { arbitrary: ofPickle, weight: 3 }, { arbitrary: ofTensor, weight: 2 }, ofZip);
}

const rarely = <T>(change: fc.Arbitrary<T>) => fc.oneof({ arbitrary: fc.constant({}), weight: 2 }, change);

const names = fc.constantFrom(
  "model/data.pkl",
  "model/data/0",
  "model/version",
  "model/byteorder",
  "x/data.pkl",
  "",
);
const listed = fc.record(
  {
    name: names,
    method: fc.constantFrom(0, 8),
    flags: fc.constantFrom(0, 1, 8),
    bytes: edge,
    headerAt: edge,
  },
  { requiredKeys: [] },
);
const own = fc.record(
  { name: names, method: fc.constantFrom(0, 8), signature: edge, extraBytes: fc.nat(65535) },
  { requiredKeys: [] },
);
const end: fc.Arbitrary<ZipEnd> = fc.record(
  {
    count: edge,
    directoryBytes: edge,
    directoryAt: edge,
    has64: fc.boolean(),
    record64At: edge,
    signature64: edge,
    isLarge: fc.boolean(),
    comment: fc.constantFrom("", "PK\u0005\u0006", "a comment"),
  },
  { requiredKeys: [] },
);

function describedOtherwise(
  tensors: readonly TensorToWrite[],
  index: number,
  described: Partial<PickledTensor>,
): ZippedFile[] {
  const entries = tensors.map(({ name, shape, bytes }, i): [Pickled, Pickled] => {
    const usual = { key: String(i), length: bytes.byteLength / 4, shape };
    return [text(name), tensor(i === index ? { ...usual, ...described } : usual)];
  });
  return archived(dict(...entries), Object.fromEntries(tensors.map(({ bytes }, i) => [String(i), bytes])));
}
