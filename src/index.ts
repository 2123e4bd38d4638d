export { type GenerateOptions, type GenerateStep, generate } from "./generate/generate.ts";
export { generateTextSimple } from "./generate/generate-text-simple.ts";
export type { AdapterDescription } from "./gpu/device.ts";
export { GPT_CONFIG_124M, type GPTConfig, type Mask, type Progress } from "./model/config.ts";
export type { Candidate } from "./model/decoding.ts";
export type { ForwardOptions, Logits } from "./model/forward.ts";
export { type CheckpointOptions, GPTModel, type ModelOptions } from "./model/gpt-model.ts";
export { NextTokenError, type NextTokenErrorCode } from "./next-token-error.ts";
export { loadTokenizer, type Tokenizer } from "./tokenizer/tokenizer.ts";
