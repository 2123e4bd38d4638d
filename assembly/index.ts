// All kernels: those that the twins in src/kernels/ name. Their parameters are the addresses of the bindings, the dims, the constants,
// which share of the work this call does and, for some, where they have room.
export { attention } from "./attention/attention";
export { attentionWeights } from "./attention/attention-weights";
export { zeroHead } from "./attention/zero-head";
export { sum } from "./bandwidth/sum";
export { dropout } from "./embedding/dropout";
export { embedding } from "./embedding/embedding";
export { linear } from "./matmul/linear";
export { qkv } from "./matmul/qkv";
export { layerNorm } from "./norm/layer-norm";
export { residualNorm } from "./norm/residual-norm";
export { packToF16 } from "./pack/pack-f16";
export { packToInt8 } from "./pack/pack-int8";
export { argmax } from "./sampling/argmax";
export { logitMoments } from "./sampling/logit-moments";
export { logitSummary } from "./sampling/logit-summary";
export { softmax } from "./sampling/softmax";
export { topK } from "./sampling/top-k";
