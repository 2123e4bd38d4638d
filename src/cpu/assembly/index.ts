// All kernels: one for each operation of src/kernels/, with the same names. Their parameters are the addresses of the bindings, the
// dims, the constants, and which share of the work this call does.
export { argmax } from "./argmax";
export { attention } from "./attention";
export { attentionWeights } from "./attention-weights";
export { dropout } from "./dropout";
export { embedding } from "./embedding";
export { flashDecoding } from "./flash-decoding";
export { layerNorm } from "./layer-norm";
export { linear } from "./linear";
export { logitSummary } from "./logit-summary";
export { qkv } from "./qkv";
export { residualNorm } from "./residual-norm";
export { softmax } from "./softmax";
export { topK } from "./top-k";
