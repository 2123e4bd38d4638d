import type { Sampling } from "../../index.ts";
import type { Station } from "../playhead.ts";

/** One of the seven steps of an iteration, before anything has happened there. */
export interface Step {
  /** As the notebook calls it. */
  name: string;
  /** Its statements in the notebook's loop. */
  code: string;
  /** What will happen. */
  promise: string;
}

/**
 * The seven steps by their station.
 * @param sampling how the iteration's token is drawn; undefined where the likeliest is taken
 */
export function stepAt(station: Station, sampling?: Pick<Sampling, "temperature">): Step {
  const step = steps[station];
  if (!sampling) return step;
  if (station === 3)
    return { ...step, code: step.code.replace("logits, dim", `logits / ${sampling.temperature}, dim`) };
  return station === 4 ? draw : step;
}

const steps: Record<Station, Step> = {
  1: {
    name: "Input to the model",
    code: "idx_cond = idx[:, -context_size:]",
    promise: "The model reads the last tokens of the text, at most context_size of them.",
  },
  2: {
    name: "Model output",
    code: "logits = model(idx_cond)",
    promise: "One forward pass gives a logit to every token of the vocabulary, at every position.",
  },
  3: {
    name: "Softmax conversion",
    code: "logits = logits[:, -1, :]\nprobabs = torch.softmax(logits, dim=-1)",
    promise: "The logits of the last position become probabilities; those of the others are not used.",
  },
  4: {
    name: "Selecting the next token",
    code: "idx_next = torch.argmax(probabs, dim=-1, keepdim=True)",
    promise: "The index of the largest probability is the id of the next token.",
  },
  5: {
    name: "Decoding the token",
    code: "tokenizer.decode(idx_next[0].tolist())",
    promise: "The tokenizer looks up which text the id stands for.",
  },
  6: {
    name: "Updating the input",
    code: "idx = torch.cat((idx, idx_next), dim=1)",
    promise: "The new id is appended to idx, which is then longer by one.",
  },
  7: {
    name: "Iterative text generation",
    code: "for _ in range(max_new_tokens):",
    promise: "The loop begins its next iteration with the longer text.",
  },
};

const draw: Step = {
  name: steps[4].name,
  code: "idx_next = torch.multinomial(probabs, num_samples=1)",
  promise: "A token is drawn: one with twice the probability is drawn twice as often.",
};
