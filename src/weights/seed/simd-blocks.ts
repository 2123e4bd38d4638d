import {
  ATANH,
  BLOCK,
  type Blocks,
  COS,
  HALF_PI_HIGH,
  HALF_PI_LOW,
  LN_2,
  SIN,
  SQRT_HALF_BITS,
  TWO_PI,
} from "./blocks.ts";
import { type MersenneTwister, STATE_WORDS, TWIST } from "./mersenne-twister.ts";
import {
  assemble,
  type Code,
  F32,
  f32x4,
  forLocal,
  get,
  I32,
  i32,
  i32x4,
  set,
  V128,
  v128,
} from "./wasm-assembler.ts";

// Memory, in bytes: the words of a block behind the generator's window, as in PlainBlocks; then the block itself.
const BLOCK_AT = 4 * (STATE_WORDS + BLOCK);
const PAGES = 1;

const xor3 = (a: Code, b: Code, c: Code) => v128.xor(v128.xor(a, b), c);

/** `Blocks.draw` without moving the window: the same steps on four words at a time. */
function drawFunction() {
  const [n, center, scale, at, y, word, centers, scales] = [0, 1, 2, 3, 4, 5, 6, 7];
  const w = get(word);
  return {
    name: "draw",
    parameters: [I32, I32, F32],
    locals: [I32, V128, V128, V128, V128],
    body: [
      ...set(centers, i32x4.splat(get(center))),
      ...set(scales, f32x4.splat(get(scale))),
      ...forLocal(at, i32.shl(get(n), i32.const(2)), 16, [
        // nextWord: y = the top bit of words[i], the rest of words[i + 1]
        ...set(y, v128.select(v128.load(get(at), 0), v128.load(get(at), 4), i32x4.all(0x80000000))),
        ...set(
          word,
          xor3(
            v128.load(get(at), 4 * 397),
            i32x4.shrU(get(y), 1),
            v128.and(i32x4.shrS(i32x4.shl(get(y), 31), 31), i32x4.all(TWIST)),
          ),
        ),
        ...v128.store(get(at), 4 * STATE_WORDS, w),
        // temper
        ...set(word, v128.xor(w, i32x4.shrU(w, 11))),
        ...set(word, v128.xor(w, v128.and(i32x4.shl(w, 7), i32x4.all(0x9d2c5680)))),
        ...set(word, v128.xor(w, v128.and(i32x4.shl(w, 15), i32x4.all(0xefc60000)))),
        ...set(word, v128.xor(w, i32x4.shrU(w, 18))),
        // the low 24 bits as a float
        ...set(word, i32x4.sub(v128.and(w, i32x4.all(0xffffff)), get(centers))),
        ...v128.store(get(at), BLOCK_AT, f32x4.mul(f32x4.fromInteger(w), get(scales))),
      ]),
    ],
  };
}

const quadratic = ([a0, a1, a2]: readonly number[], z: Code) =>
  f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(f32x4.all(a2), z), f32x4.all(a1)), z), f32x4.all(a0));

/** `Blocks.boxMuller`: the same steps, in the same order, on four pairs at a time. */
function boxMullerFunction() {
  const [n, at, x, u2, exponent, s, z, radius, quarter, y, sin, cos, swap] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
  ];
  const quarters = f32x4.fromInteger(get(quarter));
  const half = (first: number, second: number) => [
    ...set(x, f32x4.sub(f32x4.all(1), v128.load(get(at), first))),
    ...set(u2, v128.load(get(at), second)),
    // radius = sqrt(2 * minusLog(u1))
    ...set(exponent, i32x4.shrS(i32x4.sub(get(x), i32x4.all(SQRT_HALF_BITS)), 23)),
    ...set(x, i32x4.sub(get(x), i32x4.shl(get(exponent), 23))),
    ...set(s, f32x4.div(f32x4.sub(get(x), f32x4.all(1)), f32x4.add(get(x), f32x4.all(1)))),
    ...set(z, f32x4.mul(get(s), get(s))),
    ...set(
      x,
      f32x4.sub(
        f32x4.sub(f32x4.mul(f32x4.fromInteger(get(exponent)), f32x4.all(-LN_2)), f32x4.add(get(s), get(s))),
        f32x4.mul(get(s), f32x4.mul(quadratic(ATANH, get(z)), get(z))),
      ),
    ),
    ...set(radius, f32x4.sqrt(f32x4.add(get(x), get(x)))),
    // y = theta minus the nearest multiple of pi/2
    ...set(quarter, i32x4.truncate(f32x4.add(f32x4.mul(f32x4.all(4), get(u2)), f32x4.all(0.5)))),
    ...set(
      y,
      f32x4.sub(
        f32x4.sub(f32x4.mul(f32x4.all(TWO_PI), get(u2)), f32x4.mul(quarters, f32x4.all(HALF_PI_HIGH))),
        f32x4.mul(quarters, f32x4.all(HALF_PI_LOW)),
      ),
    ),
    ...set(z, f32x4.mul(get(y), get(y))),
    ...set(sin, f32x4.add(f32x4.mul(f32x4.mul(get(y), get(z)), quadratic(SIN, get(z))), get(y))),
    ...set(
      cos,
      f32x4.add(
        f32x4.sub(
          f32x4.mul(f32x4.mul(get(z), get(z)), quadratic(COS, get(z))),
          f32x4.mul(get(z), f32x4.all(0.5)),
        ),
        f32x4.all(1),
      ),
    ),
    // An odd quarter swaps sine and cosine; bit 1 becomes the sign.
    ...set(swap, i32x4.shrS(i32x4.shl(get(quarter), 31), 31)),
    ...v128.store(
      get(at),
      first,
      v128.xor(
        f32x4.mul(get(radius), v128.select(get(sin), get(cos), get(swap))),
        signFromBit1(i32x4.add(get(quarter), i32x4.all(1))),
      ),
    ),
    ...v128.store(
      get(at),
      second,
      v128.xor(
        f32x4.mul(get(radius), v128.select(get(cos), get(sin), get(swap))),
        signFromBit1(get(quarter)),
      ),
    ),
  ];
  return {
    name: "boxMuller",
    parameters: [I32],
    locals: [I32, ...new Array<number>(11).fill(V128)],
    body: forLocal(at, i32.shl(get(n), i32.const(2)), 64, [
      ...half(BLOCK_AT, BLOCK_AT + 32),
      ...half(BLOCK_AT + 16, BLOCK_AT + 48),
    ]),
  };
}
const signFromBit1 = (integers: Code) => i32x4.shl(i32x4.shrU(integers, 1), 31);

interface Exports {
  memory: WebAssembly.Memory;
  draw(n: number, center: number, scale: number): void;
  boxMuller(n: number): void;
}

/** The inner loops in WebAssembly with 128-bit vectors. */
export class SimdBlocks implements Blocks {
  readonly block: Float32Array;
  readonly #words: Int32Array;
  readonly #functions: Exports;

  /** Throws where the page may not compile WebAssembly, or the browser has none. */
  constructor(generator: MersenneTwister) {
    const module = new WebAssembly.Module(assemble(PAGES, [drawFunction(), boxMullerFunction()]));
    this.#functions = new WebAssembly.Instance(module).exports as unknown as Exports;
    const { buffer } = this.#functions.memory;
    this.#words = new Int32Array(buffer, 0, STATE_WORDS + BLOCK);
    this.block = new Float32Array(buffer, BLOCK_AT, BLOCK);
    this.#words.set(generator.window);
  }

  draw(n: number, center: number, scale: number): void {
    this.#functions.draw(n, center, scale); // makes whole vectors; what is beyond n is made again next time
    this.#words.copyWithin(0, n, n + STATE_WORDS);
  }

  boxMuller(n: number): void {
    this.#functions.boxMuller(n);
  }
}
