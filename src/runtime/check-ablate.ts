import type { GPTConfig, HeadOfLayer } from "../config.ts";
import { NextTokenError } from "../errors.ts";
import type { AblatedHeads } from "../pass/pass.ts";

/** A list that is longer was not written by anybody: no model has so many heads. */
const MOST_PAIRS = 65_536;

/**
 * The heads of `ablate` by layer, each once; undefined where there is none, so that nothing is recorded for it.
 * Throws `bad-option` for anything but a list of heads that the model has.
 */
export function ablatedHeads(
  ablate: readonly HeadOfLayer[] | undefined,
  { n_layers, n_heads }: Pick<GPTConfig, "n_layers" | "n_heads">,
): AblatedHeads | undefined {
  if (ablate === undefined) return undefined;
  if (!Array.isArray(ablate)) throw refused(`ablate is no list. ${EXAMPLE}`);
  if (ablate.length > MOST_PAIRS)
    throw refused(`ablate lists ${ablate.length} heads; this model has ${n_layers * n_heads}.`);
  const byLayer = new Map<number, Set<number>>();
  for (let i = 0; i < ablate.length; i++) {
    const pair: unknown = ablate[i];
    if (!Array.isArray(pair) || pair.length !== 2)
      throw refused(`Entry ${i} of ablate is no pair. ${EXAMPLE}`);
    const [layer, head]: unknown[] = pair;
    if (!isBelow(layer, n_layers) || !isBelow(head, n_heads)) {
      throw refused(
        `Entry ${i} of ablate is no head of this model: layers are whole numbers from 0 to ${n_layers - 1}, heads from 0 to ${n_heads - 1}.`,
      );
    }
    byLayer.set(layer, (byLayer.get(layer) ?? new Set()).add(head));
  }
  return byLayer.size > 0 ? byLayer : undefined;
}

const isBelow = (value: unknown, count: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < count;

const refused = (message: string) => new NextTokenError("bad-option", message);

const EXAMPLE = "It is a list of pairs of layer and head, such as [[0, 3], [2, 1]].";
