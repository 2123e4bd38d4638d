import { type DeviceChoice, deviceChoices, type GPTConfig, type Mask } from "../config.ts";
import { NextTokenError } from "../errors.ts";
import { type Precision, precisions } from "../kernels/weight-format.ts";

const sizes = ["vocab_size", "context_length", "emb_dim", "n_heads", "n_layers"] as const;

/** Throws `bad-config` for a configuration that no model can have. */
export function checkConfig(config: GPTConfig): void {
  for (const key of sizes) {
    if (!Number.isSafeInteger(config[key]) || config[key] < 1) {
      throw new NextTokenError(
        "bad-config",
        `${key} is ${config[key]}; it must be a whole number above zero.`,
      );
    }
  }
  if (config.emb_dim % config.n_heads !== 0) {
    throw new NextTokenError(
      "bad-config",
      `emb_dim ${config.emb_dim} cannot be shared out among ${config.n_heads} heads. Choose an n_heads that divides it.`,
    );
  }
  if (!(config.drop_rate >= 0 && config.drop_rate < 1)) {
    throw new NextTokenError(
      "bad-config",
      `drop_rate is ${config.drop_rate}; it must be at least 0 and below 1.`,
    );
  }
  if (typeof config.qkv_bias !== "boolean") {
    throw new NextTokenError(
      "bad-config",
      `qkv_bias is ${String(config.qkv_bias)}; it must be true or false.`,
    );
  }
}

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
