import { causal, config, prompt, seed } from "../../tools/parity/notebook.json";
import type { Fixture } from "./result.ts";

/** How many ids are compared; the parity tests compare all forty of the fixture. */
const COMPARED = 10;

/** The notebook's model with the causal mask, and the first ids that it appends to "Hello, I am". */
export const notebook: Fixture = {
  seed,
  config,
  prompt,
  ids: causal.generated.slice(prompt[0]!.length).slice(0, COMPARED),
  text: [causal.generated],
};
