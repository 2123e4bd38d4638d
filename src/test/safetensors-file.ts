/** One tensor to be written: its raw little-endian bytes and what the header says of them. */
export interface TensorToWrite {
  name: string;
  dtype: string;
  shape: number[];
  bytes: Uint8Array;
}

/** A whole safetensors file from any header, true or not; `claimed` is the header length that its prefix states. */
export function rawFile(
  header: string | Uint8Array,
  data: Uint8Array,
  claimed?: bigint,
): Uint8Array<ArrayBuffer> {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + text.byteLength + data.byteLength);
  new DataView(file.buffer).setBigUint64(0, claimed ?? BigInt(text.byteLength), true);
  file.set(text, 8);
  file.set(data, 8 + text.byteLength);
  return file;
}

/** The header of `tensors` in the order given, padded with spaces to a multiple of eight as the format's own writer does. */
export function headerOf(
  tensors: readonly Omit<TensorToWrite, "bytes">[],
  bytesOf: (index: number) => number,
): string {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape }, index) => {
    const begin = end;
    end += bytesOf(index);
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const text = JSON.stringify({ __metadata__: { format: "pt" }, ...Object.fromEntries(entries) });
  return text.padEnd(Math.ceil(new TextEncoder().encode(text).byteLength / 8) * 8);
}

/** A well-formed safetensors file. */
export function safetensorsFile(tensors: readonly TensorToWrite[]): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(tensors.reduce((sum, { bytes }) => sum + bytes.byteLength, 0));
  let at = 0;
  for (const { bytes } of tensors) {
    data.set(bytes, at);
    at += bytes.byteLength;
  }
  return rawFile(
    headerOf(tensors, (index) => tensors[index]!.bytes.byteLength),
    data,
  );
}

/** The bytes of numbers as F32. */
export const f32Bytes = (values: ArrayLike<number>): Uint8Array =>
  new Uint8Array(Float32Array.from(values).buffer);
