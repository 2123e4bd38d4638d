/**
 * The panels of the element by the names that its attribute `panels` takes, in the order in which they stand. What each
 * one is for goes into docs/embedding.md.
 */
export const panelTable = {
  about: "a sentence on the model that computes",
  training:
    "the small model at any number of steps of its training: the slider, and the panel of loss and texts",
  tokens: "the text as tokens with their ids",
  steps: "the seven steps of an iteration of the loop",
  probabilities: "the ten likeliest next tokens",
  logits: "the matrix of logits, as PyTorch prints it",
  switches: "mask, KV cache, sampling, context size",
  code: "the notebook's loop and ours, line by line",
  attention: "into the model: attention, residual stream, logit lens",
  kernels: "into the GPU or the processor: every dispatch of an iteration, and its shader",
  share: "link, text, trace, picture, handout",
} as const;

export type PanelName = keyof typeof panelTable;

export const panelNames = Object.keys(panelTable) as PanelName[];
