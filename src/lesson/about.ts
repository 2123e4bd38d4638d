import { parameterCount } from "../check-config.ts";
import { formatCount } from "./format.ts";
import { changesIn, seedIn } from "./models/model-config.ts";
import { type SeedSource, smallStepOf } from "./models/model-source.ts";
import { SMALL_CONFIG } from "./small-model/snapshots.ts";
import { code, join, type Sentence, say } from "./steps/sentence.ts";

/** What somebody who has just come sees here, in a sentence or two. @param model as in `Settings` */
export function aboutThis(model: string): Sentence {
  const step = smallStepOf(model);
  if (step !== undefined) return aboutSmall(step);
  const source = seedIn(model);
  const isRefused = !source && model.startsWith("seed:"); // why stands elsewhere
  const name = source ? nameOf(source) : isRefused ? "A GPT" : "A GPT-2";
  const weights = source
    ? say`Its weights are random, as in the notebook (seed ${String(source.seed)}): its text is nonsense.`
    : say`Its weights come from a file.`;
  return join(
    say`${name} runs in this browser, a line of ${code("generate_text_simple")} at a time.`,
    ...(isRefused ? [] : [weights]),
  );
}

/** The same of the small model after so many steps of training. */
function aboutSmall(step: number): Sentence {
  const runs = say`A small GPT, ${String(SMALL_CONFIG.n_layers)} layers and ${String(SMALL_CONFIG.emb_dim)} numbers wide, runs in this browser, a line of ${code("generate_text_simple")} at a time.`;
  return step === 0
    ? join(runs, say`Its weights are random: nobody has trained it yet.`)
    : join(runs, say`It was trained for ${formatCount(step)} steps on short English texts.`);
}

const nameOf = ({ config }: SeedSource): string =>
  changesIn(config).length === 0
    ? "GPT-2 (124M)"
    : `A GPT with ${formatCount(parameterCount(config))} parameters`;
