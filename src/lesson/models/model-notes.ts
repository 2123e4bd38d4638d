import { GPT_CONFIG_124M } from "../../config.ts";
import type { LoadedModel } from "../backend.ts";
import { formatCount } from "../format.ts";

/** What is worth knowing of the model that is loaded: its own notes, and what its vocabulary means for the page. */
export function modelNotes({ notes, config }: Pick<LoadedModel, "notes" | "config">): readonly string[] {
  const { vocab_size } = config;
  if (vocab_size === GPT_CONFIG_124M.vocab_size) return notes;
  return [
    ...notes,
    `This model has ${formatCount(vocab_size)} tokens, GPT-2 has ${formatCount(GPT_CONFIG_124M.vocab_size)}: ` +
      "they are shown as GPT-2's tokens, and may not be.",
  ];
}
