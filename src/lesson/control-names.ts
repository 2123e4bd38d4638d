/** What can be pressed or filled in, by the names that the attribute `controls` takes, in the order in which they stand. */
export const controlTable = {
  model: "another model: the menu, a file that is dropped, and the button beside the sentence on the model",
  prompt: "the prompt, and a batch of them",
  play: "Play and Pause, `p` and Ctrl+Enter",
  back: "Back, and the arrow to the left",
  step: "Step, the arrow to the right, and “Next iteration”",
  token: "Token, and `t`",
  reset: "Reset, and `r`",
  pace: "how fast Play goes",
  "new-tokens": "how many tokens it appends",
} as const;

export type ControlName = keyof typeof controlTable;

export const controlNames = Object.keys(controlTable) as ControlName[];
