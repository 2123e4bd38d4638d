import fc from "fast-check";
import { rawFile } from "./safetensors-file.ts";

/** What the fuzzer did to a valid file, in words, and the file that came of it. */
export interface Mutated {
  readonly change: string;
  readonly file: Uint8Array<ArrayBuffer>;
}

type Header = [name: string, entry: Record<string, unknown>][];

/** Numbers at the edges of what a size can be. */
const edge = fc.constantFrom(
  ...[
    0,
    1,
    2,
    3,
    4,
    7,
    8,
    255,
    65536,
    2 ** 20,
    2 ** 31,
    2 ** 32,
    2 ** 53 - 1,
    2 ** 53,
    2 ** 64,
    -1,
    -0.5,
    1.5,
  ],
);
/** Values that may stand where the format wants another. */
const anything = fc.oneof(
  edge,
  fc.constantFrom("", "F32", "F16", "BF16", "F64", "BOOL", "I8", "f32", "__proto__", "toString", null, true),
  fc.array(edge, { maxLength: 9 }),
  fc.constantFrom({}, { dtype: "F32" }, [[0, 4]]),
);
const fields = fc.constantFrom("dtype", "shape", "data_offsets");
const names = fc.constantFrom(
  "",
  "__proto__",
  "constructor",
  "__metadata__",
  "wte.weight",
  "h.0.x",
  "h.1.ln_1.bias",
);

/** Changes one thing in the header, as a value. */
const headerChange = fc.oneof(
  fc.record({ kind: fc.constant("field" as const), entry: fc.nat(), field: fields, value: anything }),
  fc.record({
    kind: fc.constant("number" as const),
    entry: fc.nat(),
    field: fields,
    at: fc.nat(2),
    value: edge,
  }),
  fc.record({
    kind: fc.constant("nudge" as const),
    entry: fc.nat(),
    at: fc.nat(1),
    by: fc.integer({ min: -9, max: 9 }),
  }),
  fc.record({ kind: fc.constant("drop field" as const), entry: fc.nat(), field: fields }),
  fc.record({ kind: fc.constant("add field" as const), entry: fc.nat(), name: names, value: anything }),
  fc.record({ kind: fc.constant("entry" as const), entry: fc.nat(), value: anything }),
  fc.record({ kind: fc.constant("rename" as const), entry: fc.nat(), name: fc.oneof(names, fc.string()) }),
  fc.record({ kind: fc.constant("drop entry" as const), entry: fc.nat() }),
  fc.record({ kind: fc.constant("repeat entry" as const), entry: fc.nat(), before: fc.nat() }),
  fc.record({ kind: fc.constant("swap bytes" as const), entry: fc.nat(), other: fc.nat() }),
);
/** Changes one thing in the file's bytes. */
const byteChange = fc.oneof(
  fc.record({ kind: fc.constant("set byte" as const), at: fc.nat(), value: fc.nat(255) }),
  fc.record({ kind: fc.constant("flip bit" as const), at: fc.nat(), value: fc.nat(7) }),
  fc.record({ kind: fc.constant("insert" as const), at: fc.nat(), value: fc.nat(255) }),
  fc.record({ kind: fc.constant("delete" as const), at: fc.nat(), value: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), value: fc.constant(0) }),
  fc.record({
    kind: fc.constant("append" as const),
    at: fc.constant(0),
    value: fc.integer({ min: 1, max: 99 }),
  }),
);
type HeaderChange = typeof headerChange extends fc.Arbitrary<infer T> ? T : never;
type ByteChange = typeof byteChange extends fc.Arbitrary<infer T> ? T : never;

/** A valid file with one thing changed. Half of the changes to bytes fall into the header, which is most of the format. */
export function mutations(valid: readonly Uint8Array<ArrayBuffer>[]): fc.Arbitrary<Mutated> {
  const base = fc.constantFrom(...valid);
  const claimed = fc.oneof(edge, fc.nat(4096)).map((n) => BigInt.asUintN(64, BigInt(Math.trunc(n))));
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(base, headerChange).map(([file, change]) => changeHeader(file, change)),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(base, byteChange, fc.boolean())
        .map(([file, change, inHeader]) => changeBytes(file, change, inHeader)),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(base, claimed).map(([file, length]) => {
        const changed = file.slice();
        new DataView(changed.buffer).setBigUint64(0, length, true);
        return { change: `header length ${length}`, file: changed };
      }),
    },
  );
}

const headerLength = (file: Uint8Array) => new DataView(file.buffer, file.byteOffset).getUint32(0, true);

function changeHeader(file: Uint8Array<ArrayBuffer>, change: HeaderChange): Mutated {
  const end = 8 + headerLength(file);
  const text = new TextDecoder().decode(file.subarray(8, end));
  const header: Header = Object.entries(JSON.parse(text) as Record<string, Record<string, unknown>>);
  const index = change.entry % header.length;
  applyTo(header, index, change);
  // Written entry by entry, so that a name may stand twice.
  const changed = `{${header.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(",")}}`;
  return { change: JSON.stringify({ ...change, entry: index }), file: rawFile(changed, file.subarray(end)) };
}

function applyTo(header: Header, index: number, change: HeaderChange): void {
  const [name, entry] = header[index]!;
  switch (change.kind) {
    case "field":
      entry[change.field] = change.value;
      break;
    case "number": {
      const list = entry[change.field];
      if (Array.isArray(list)) list[change.at] = change.value;
      else entry[change.field] = change.value;
      break;
    }
    case "nudge":
      if (Array.isArray(entry.data_offsets)) entry.data_offsets[change.at] += change.by;
      break;
    case "drop field":
      delete entry[change.field];
      break;
    case "add field":
      Object.defineProperty(entry, change.name, {
        value: change.value,
        enumerable: true,
        configurable: true,
      });
      break;
    case "entry":
      header[index] = [name, change.value as Record<string, unknown>];
      break;
    case "rename":
      header[index] = [change.name, entry];
      break;
    case "drop entry":
      header.splice(index, 1);
      break;
    case "repeat entry":
      header.splice(change.before % header.length, 0, header[index]!);
      break;
    case "swap bytes": {
      const other = header[change.other % header.length]![1];
      [entry.data_offsets, other.data_offsets] = [other.data_offsets, entry.data_offsets];
      break;
    }
  }
}

function changeBytes(file: Uint8Array<ArrayBuffer>, change: ByteChange, inHeader: boolean): Mutated {
  const at = change.at % (inHeader ? 8 + headerLength(file) : file.byteLength);
  const spliced = (remove: number, ...insert: number[]) => {
    const rest = file.subarray(at + remove);
    const bytes = new Uint8Array(at + insert.length + rest.length);
    bytes.set(file.subarray(0, at));
    bytes.set(insert, at);
    bytes.set(rest, at + insert.length);
    return bytes;
  };
  const changed = {
    "set byte": () => spliced(1, change.value),
    "flip bit": () => spliced(1, file[at]! ^ (1 << change.value)),
    insert: () => spliced(0, change.value),
    delete: () => spliced(change.value),
    cut: () => file.slice(0, at),
    append: () => {
      const longer = new Uint8Array(file.length + change.value);
      longer.set(file);
      return longer;
    },
  }[change.kind]();
  return { change: JSON.stringify({ ...change, at }), file: changed };
}
