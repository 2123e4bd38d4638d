/** Parts of a pickle of protocol 2, as torch.save writes them. */
export type Pickled = number[];

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];
const uint32 = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);

export const text = (value: string): Pickled => [0x58, ...uint32(utf8(value).length), ...utf8(value)];
export const none: Pickled = [0x4e];
export const emptyList: Pickled = [0x5d];
export const global = (module: string, name: string): Pickled => [0x63, ...utf8(`${module}\n${name}\n`)];
export const tuple = (...items: Pickled[]): Pickled => [0x28, ...items.flat(), 0x74];
export const called = (callee: Pickled, args: Pickled): Pickled => [...callee, ...args, 0x52];
export const orderedDict = called(global("collections", "OrderedDict"), [0x29]);

/** In one byte, in four, or in as many as it takes. */
export function int(value: number): Pickled {
  if (value >= 0 && value < 256) return [0x4b, value];
  if (Math.abs(value) < 2 ** 31) return [0x4a, ...uint32(value)];
  const bytes = Array.from({ length: 8 }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 255n));
  return [0x8a, 8, ...bytes];
}

/** Items may be any pickled keys and values. */
export const dict = (...items: [key: Pickled, value: Pickled][]): Pickled => [
  0x7d,
  0x28,
  ...items.flatMap(([key, value]) => [...key, ...value]),
  0x75,
];

/** A whole pickle. */
export const pickle = (value: Pickled): Uint8Array => Uint8Array.from([0x80, 2, ...value, 0x2e]);

export interface PickledTensor {
  readonly type?: string;
  readonly key?: string;
  /** Numbers in the storage. */
  readonly length?: number;
  readonly offset?: number;
  readonly shape: readonly number[];
  /** In order, unless given. */
  readonly strides?: readonly number[];
}

export const inOrder = (shape: readonly number[]): number[] =>
  shape.map((_, i) => shape.slice(i + 1).reduce((product, length) => product * length, 1));

export function storage({ type = "FloatStorage", key = "0", length = 4 }: Partial<PickledTensor>): Pickled {
  return [...tuple(text("storage"), global("torch", type), text(key), text("cpu"), int(length)), 0x51];
}

export function tensor(described: PickledTensor): Pickled {
  const { offset = 0, shape, strides = inOrder(shape) } = described;
  const args = [storage(described), int(offset), tuple(...shape.map(int)), tuple(...strides.map(int))];
  return called(global("torch._utils", "_rebuild_tensor_v2"), tuple(...args, [0x89], orderedDict));
}
