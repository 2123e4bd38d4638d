export { GPT_CONFIG_124M, type GPTConfig, type Mask, type Progress } from "./model/config.ts";
export { NextTokenError, type NextTokenErrorCode } from "./next-token-error.ts";
