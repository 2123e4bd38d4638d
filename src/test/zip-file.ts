/** One file to be put into a ZIP, and what the list of contents says of it where that is not true. */
export interface ZippedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly listed?: { name?: string; method?: number; flags?: number; bytes?: number; headerAt?: number };
  /** In the file's own header. */
  readonly own?: { signature?: number; name?: string; method?: number; extraBytes?: number };
}

/** What the records at the end say where it is not true. */
export interface ZipEnd {
  readonly count?: number;
  readonly directoryBytes?: number;
  readonly directoryAt?: number;
  /** The 64-bit record, as PyTorch writes it: true unless given. */
  readonly has64?: boolean;
  readonly record64At?: number;
  readonly signature64?: number;
  /** Whether sizes and places stand in 64 bits, as in files of more than 4 GB. */
  readonly isLarge?: boolean;
  readonly comment?: string;
}

/** Little-endian bytes of numbers, each of the width that stands before it. */
const packed = (...fields: [width: 2 | 4 | 8, value: number][]): number[] =>
  fields.flatMap(([width, value]) =>
    Array.from({ length: width }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 255n)),
  );

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const ALIGNMENT = 64;
const LARGE = 0xffffffff;

/** A ZIP as PyTorch writes it: nothing compressed, the bytes of each file from a multiple of 64 on. */
export function zipFile(files: readonly ZippedFile[], end: ZipEnd = {}): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let at = 0;
  const put = (bytes: ArrayLike<number>) => {
    parts.push(new Uint8Array(bytes));
    at += bytes.length;
  };
  const directory: number[] = [];
  for (const { name, bytes, listed = {}, own = {} } of files) {
    const headerAt = at;
    const ownName = utf8(own.name ?? name);
    const padding = (2 * ALIGNMENT - ((at + 34 + ownName.length) % ALIGNMENT)) % ALIGNMENT;
    put([
      ...packed(
        [4, own.signature ?? 0x04034b50],
        [2, 0],
        [2, 0x808],
        [2, own.method ?? 0],
        [4, 0],
        [4, 0],
        [4, 0],
        [4, 0],
      ),
      ...packed([2, ownName.length], [2, own.extraBytes ?? padding + 4]),
      ...ownName,
      ...packed([2, 0x4246], [2, padding]), // a field of nothing, which PyTorch fills the gap with
      ...new Uint8Array(padding).fill(0x5a),
    ]);
    put(bytes);
    const size = listed.bytes ?? bytes.byteLength;
    const place = listed.headerAt ?? headerAt;
    const extra = end.isLarge
      ? packed([2, 9], [2, 2], [2, 0], [2, 1], [2, 24], [8, size], [8, size], [8, place])
      : [];
    const listedName = utf8(listed.name ?? name);
    directory.push(
      ...packed(
        [4, 0x02014b50],
        [2, 0],
        [2, 0],
        [2, listed.flags ?? 0x808],
        [2, listed.method ?? 0],
        [4, 0],
        [4, 0],
      ),
      ...packed([4, end.isLarge ? LARGE : size], [4, end.isLarge ? LARGE : size]),
      ...packed([2, listedName.length], [2, extra.length], [2, 0], [2, 0], [2, 0], [4, 0]),
      ...packed([4, end.isLarge ? LARGE : place]),
      ...listedName,
      ...extra,
    );
  }
  const count = end.count ?? files.length;
  const directoryAt = end.directoryAt ?? at;
  const directoryBytes = end.directoryBytes ?? directory.length;
  put(directory);
  if (end.has64 ?? true) {
    const recordAt = end.record64At ?? at;
    put(
      packed(
        [4, end.signature64 ?? 0x06064b50],
        [8, 44],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, 0],
        [8, count],
        [8, count],
      ),
    );
    put(packed([8, directoryBytes], [8, directoryAt]));
    put(packed([4, 0x07064b50], [4, 0], [8, recordAt], [4, 1]));
  }
  const small = [
    Math.min(count, 0xffff),
    Math.min(directoryBytes, LARGE),
    Math.min(directoryAt, LARGE),
  ] as const;
  put(packed([4, 0x06054b50], [2, 0], [2, 0], [2, small[0]], [2, small[0]], [4, small[1]], [4, small[2]]));
  const comment = utf8(end.comment ?? "");
  put([...packed([2, comment.length]), ...comment]);
  return joined(parts, at);
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
