import { type DeviceChoice, deviceChoices, type Mask } from "../config.ts";
import { NextTokenError } from "../errors.ts";
import { type Precision, precisions } from "../kernels/weight-format.ts";

/** Throws `bad-mask` for anything but the two masks. */
export function checkMask(mask: string): asserts mask is Mask {
  if (mask !== "causal" && mask !== "none") {
    throw new NextTokenError("bad-mask", `There is no mask ${JSON.stringify(mask)}. Use "causal" or "none".`);
  }
}

/** Throws `bad-option` for anything but a choice of device. */
export function checkDevice(device: DeviceChoice | undefined): void {
  if (device !== undefined && !deviceChoices.includes(device)) {
    throw new NextTokenError(
      "bad-option",
      `There is no device ${JSON.stringify(device)}. Use "auto", "gpu" or "cpu".`,
    );
  }
}

/** Throws `bad-option` for a precision that weights cannot be stored in. */
export function checkPrecision(precision: Precision | undefined): void {
  if (precision !== undefined && !precisions.includes(precision)) {
    throw new NextTokenError(
      "bad-option",
      `There is no precision ${JSON.stringify(precision)}. Use "f32", "f16" or "int8".`,
    );
  }
}
