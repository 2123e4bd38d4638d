export { type GenerateOptions, type GenerateStep, generate } from "./generate/generate.ts";
export { generateTextSimple } from "./generate/generate-text-simple.ts";
export {
  type ProfiledDispatch,
  type ProfileOptions,
  profileStep,
  type StepProfile,
} from "./generate/profile-step.ts";
export type { Sampling } from "./generate/sampling.ts";
export type { AdapterDescription } from "./gpu/device.ts";
export { GPT_CONFIG_124M, type GPTConfig, type Mask, type Progress } from "./model/config.ts";
export { NextTokenError, type NextTokenErrorCode } from "./next-token-error.ts";
export type { Candidate } from "./runtime/candidates.ts";
export type { ForwardOptions, Logits } from "./runtime/forward.ts";
export { type Inspection, type InspectOptions, inspect } from "./runtime/inspect.ts";
export {
  type CheckpointOptions,
  ModelHandle as GPTModel,
  type ModelOptions,
} from "./runtime/model-handle.ts";
export type { Verified } from "./runtime/published-self-test.ts";
export { loadTokenizer, type Tokenizer } from "./tokenizer/tokenizer.ts";
export { CheckpointError, type CheckpointRule } from "./weights/checkpoint-error.ts";
export type { DownloadError } from "./weights/download/download-error.ts";
export type { DownloadReason } from "./weights/download/failure.ts";
export { type CachedModel, ModelCache } from "./weights/model-cache.ts";
export { type PublishedModel, publishedModels } from "./weights/published-models.ts";
