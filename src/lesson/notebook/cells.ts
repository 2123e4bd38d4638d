import type { Station } from "../playhead.ts";
import { defaultPageState, encodePageState, type PageState } from "../share/page-state.ts";
import { stepAt } from "../steps/steps.ts";
import type { CellName } from "./printed.ts";

/** Where in the loop the same is seen. */
export interface LoopPlace {
  /** "step 2, Model output" */
  name: string;
  /** Of the loop's page, behind its "#". */
  hash: string;
}

export interface CellText {
  /** Who printed the output. */
  source: "notebook" | "book";
  title: string;
  /** What there is to see, in a sentence or two. */
  note: string;
  place: LoopPlace;
}

/** A step of an iteration of the loop, at which the page stands once Play was pressed. */
function place(station: Station, iteration: number, change: Partial<PageState>): LoopPlace {
  const state = { ...defaultPageState, mask: "none" as const, ...change, iteration, step: station };
  const of = iteration > 1 ? ` of iteration ${iteration}` : "";
  return { name: `step ${station}, ${stepAt(station).name}${of}`, hash: encodePageState(state) };
}

const texts = { prompts: ["Every effort moves you", "Every day holds a"] };

export const cellTexts: Record<CellName, CellText> = {
  batch: {
    source: "notebook",
    title: "Two texts become ids",
    note: "Each text has four tokens, so that both fit into one tensor: a batch [B, T] = [2, 4].",
    place: place(1, 1, texts),
  },
  shape: {
    source: "notebook",
    title: "One logit for each token of the vocabulary",
    note:
      "At every one of the 2 · 4 positions the model gives 50,257 numbers. The same seed draws the same weights here, " +
      "163,009,536 of them; that is what takes the time.",
    place: place(2, 1, texts),
  },
  logits: {
    source: "notebook",
    title: "The logits, in training mode",
    note:
      "They are printed before model.eval(), so dropout has zeroed a tenth of the values on the way. It is the same " +
      "tenth here: dropout's random numbers begin where those of the weights ended. PyTorch prints four decimals: " +
      "rounding alone makes a difference of up to 0.00005, and a last digit may fall on the other side.",
    place: place(2, 1, texts),
  },
  prompt: {
    source: "notebook",
    title: "The prompt becomes ids",
    note: "A comma is a token of its own, and the spaces belong to the words behind them.",
    place: place(1, 1, {}),
  },
  generated: {
    source: "notebook",
    title: "The loop appends ten tokens",
    note:
      "model.eval() switches dropout off. Ten times the loop reads the whole row, takes the id with the highest logit " +
      "and appends it.",
    place: place(7, 10, {}),
  },
  text: {
    source: "notebook",
    title: "The ids become text",
    note: "Nobody has trained these weights, so the text means nothing; but it is the same to the letter.",
    place: place(5, 10, {}),
  },
  causal: {
    source: "book",
    title: "The same loop with the mask",
    note:
      "From the second new token on the ids are others, and they are those of the book that the course follows. The " +
      "first happens to be the same.",
    place: place(7, 10, { mask: "causal" }),
  },
};
