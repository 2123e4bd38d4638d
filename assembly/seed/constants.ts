// The numbers of the two inner loops behind every weight. AssemblyScript and TypeScript both understand this file, so that
// PlainBlocks in src/weights/seed/blocks.ts has the same. Each is rounded to a float where it is used.

/** log(x) = exponent * LN_2 + 2 atanh(s), and 2 atanh(s) = 2 s + s^3 (ATANH_0 + ATANH_1 s^2 + ATANH_2 s^4). */
export const LN_2 = Math.LN2;
export const ATANH_0 = 0.66666776;
export const ATANH_1 = 0.399775356;
export const ATANH_2 = 0.298718631;
/** The bits of sqrt(1/2): subtracting them splits a float into an exponent and a mantissa in [sqrt(1/2), sqrt(2)). */
export const SQRT_HALF_BITS = 0x3f3504f3;

/** PyTorch computes 2 pi u in floats; we round as it does, or large values would differ in the sixth digit. */
export const TWO_PI = 2 * Math.PI;
/** pi/2 in two parts; the first has so few bits that small multiples of it are exact. */
export const HALF_PI_HIGH = 1.5703125;
export const HALF_PI_LOW = Math.PI / 2 - HALF_PI_HIGH;
/** For |y| <= pi/4: sin y = y + y^3 (SIN_0 + SIN_1 y^2 + SIN_2 y^4). */
export const SIN_0 = -0.166666552;
export const SIN_1 = 8.332178e-3;
export const SIN_2 = -1.95172674e-4;
/** For |y| <= pi/4: cos y = 1 - y^2 / 2 + y^4 (COS_0 + COS_1 y^2 + COS_2 y^4). */
export const COS_0 = 4.16666456e-2;
export const COS_1 = -1.38873677e-3;
export const COS_2 = 2.44384155e-5;
