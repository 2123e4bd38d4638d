export { GPT_CONFIG_124M, type GPTConfig, type HeadOfLayer, type Mask, type Progress } from "./config.ts";
export type { AdapterDescription } from "./device/device.ts";
export { NextTokenError, type NextTokenErrorCode } from "./errors.ts";
export { type GenerateOptions, type GenerateStep, generate } from "./generate/generate.ts";
export { generateTextSimple } from "./generate/generate-text-simple.ts";
export {
  type ProfiledDispatch,
  type ProfileOptions,
  profileStep,
  type StepProfile,
} from "./generate/profile-step.ts";
export type { Draw, Sampling } from "./generate/sampling.ts";
export type { TunedKernels } from "./kernels/autotune/tuned-kernels.ts";
export type { LogitSummary } from "./kernels/logit-summary.ts";
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
export { CheckpointError, type CheckpointRule } from "./weights/checkpoint/checkpoint-error.ts";
export type { DownloadError } from "./weights/checkpoint/download/download-error.ts";
export type { DownloadReason } from "./weights/checkpoint/download/failure.ts";
export { type CachedModel, ModelCache } from "./weights/checkpoint/model-cache.ts";
export { type PublishedModel, publishedModels } from "./weights/checkpoint/published-models.ts";
