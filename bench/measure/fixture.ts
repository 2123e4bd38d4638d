import { causal, config, none, prompt, seed } from "../../tools/parity/notebook.json";
import type { Fixture } from "./result.ts";

/** How many ids are compared; the parity tests compare all forty of the fixture. */
const COMPARED = 10;

const firstOf = (generated: number[]) => generated.slice(prompt[0]!.length).slice(0, COMPARED);

/** The notebook's model, and the first ids that it appends to "Hello, I am" with the causal mask and without one. */
export const notebook: Fixture = {
  seed,
  config,
  prompt,
  ids: firstOf(causal.generated),
  unmasked: firstOf(none.generated),
  text: [causal.generated],
};
