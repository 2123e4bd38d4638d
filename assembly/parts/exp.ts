// exp: e^x of four values, and ln of one
//   x = n ln 2 + r, where n is whole and |r| <= ln 2 / 2:   e^x = 2^n e^r
// e^r is its Taylor series as far as r^7 / 7!, whose rest is less than a tenth of a rounding. 2^n is made of the bits of an exponent.
import { madd } from "./vec";

const LN_2_HIGH: f32 = 0.693359375; // so few bits that its product with n is exact
const LN_2_LOW: f32 = -0.00021219444005469057;
const LOG2_E: f32 = <f32>Math.LOG2E;
const SMALLEST: f32 = -87.3; // e^x is a normal number from here
const LARGEST: f32 = 88.0; // as far as here

/** Below SMALLEST it is 0, above LARGEST e^LARGEST: never infinite. */
export function exp4(x: v128): v128 {
  const inside = f32x4.pmin(f32x4.splat(LARGEST), f32x4.pmax(f32x4.splat(SMALLEST), x));
  const n = f32x4.nearest(f32x4.mul(inside, f32x4.splat(LOG2_E)));
  let r = f32x4.sub(inside, f32x4.mul(n, f32x4.splat(LN_2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(LN_2_LOW)));
  let series = f32x4.splat(1.0 / 5040.0);
  series = madd(series, r, f32x4.splat(1.0 / 720.0));
  series = madd(series, r, f32x4.splat(1.0 / 120.0));
  series = madd(series, r, f32x4.splat(1.0 / 24.0));
  series = madd(series, r, f32x4.splat(1.0 / 6.0));
  series = madd(series, r, f32x4.splat(0.5));
  series = madd(series, r, f32x4.splat(1));
  series = madd(series, r, f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(series, power), f32x4.ge(x, f32x4.splat(SMALLEST)));
}

export function exp(x: f32): f32 {
  return f32x4.extract_lane(exp4(f32x4.splat(x)), 0);
}

/**
 * ln of a positive normal number, 2^n m with m from sqrt(1/2) to sqrt(2): n ln 2 + ln m, where ln m is twice the series of
 * s + s^3 / 3 + s^5 / 5 + ... with s = (m - 1) / (m + 1).
 */
export function ln(x: f32): f32 {
  const bits = reinterpret<i32>(x) - 0x3f3504f3; // sqrt(1/2)
  const n = bits >> 23;
  const m = <f64>reinterpret<f32>((bits & 0x7fffff) + 0x3f3504f3);
  const s = (m - 1.0) / (m + 1.0);
  const square = s * s;
  let series: f64 = 0.0;
  for (let odd = 13; odd > 0; odd -= 2) series = series * square + 1.0 / <f64>odd;
  return <f32>(<f64>n * Math.LN2 + 2.0 * s * series);
}
