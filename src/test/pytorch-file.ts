import { dict, type Pickled, pickle, tensor, text } from "./pickle-bytes.ts";
import type { TensorToWrite } from "./safetensors-file.ts";
import { type ZipEnd, type ZippedFile, zipFile } from "./zip-file.ts";

const types: Readonly<Record<string, string>> = {
  F64: "DoubleStorage",
  F32: "FloatStorage",
  F16: "HalfStorage",
  BF16: "BFloat16Storage",
  BOOL: "BoolStorage",
  I64: "LongStorage",
};
const sizes: Readonly<Record<string, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2, BOOL: 1, I64: 8 };

/** The files in an archive of torch.save: its pickle, whatever it says, and storages by their keys. */
export function archived(value: Pickled, storages: Readonly<Record<string, Uint8Array>>): ZippedFile[] {
  return [
    { name: "model/data.pkl", bytes: pickle(value) },
    ...Object.entries(storages).map(([key, bytes]) => ({ name: `model/data/${key}`, bytes })),
    { name: "model/version", bytes: new TextEncoder().encode("3\n") },
  ];
}

/** The pickle of a state_dict, with storages "0", "1", … */
export const stateDict = (tensors: readonly TensorToWrite[]): Pickled =>
  dict(
    ...tensors.map(({ name, dtype, shape, bytes }, index): [Pickled, Pickled] => {
      const length = bytes.byteLength / sizes[dtype]!;
      return [text(name), tensor({ type: types[dtype]!, key: String(index), length, shape })];
    }),
  );

/** A file as torch.save(model.state_dict()) makes it. */
export function pytorchFile(tensors: readonly TensorToWrite[], end?: ZipEnd): Uint8Array<ArrayBuffer> {
  const storages = Object.fromEntries(tensors.map(({ bytes }, index) => [String(index), bytes]));
  return zipFile(archived(stateDict(tensors), storages), end);
}
