import { ablation } from "./list/ablation.ts";
import { attention } from "./list/attention.ts";
import { block } from "./list/block.ts";
import { choosing } from "./list/choosing.ts";
import { dropout } from "./list/dropout.ts";
import { looking } from "./list/looking.ts";
import { processor } from "./list/processor.ts";
import { products } from "./list/products.ts";
import { weights } from "./list/weights.ts";
import type { Mutation } from "./mutation.ts";

/** Everything that is broken, one thing at a time. */
export const mutations: readonly Mutation[] = [
  ...attention,
  ...ablation,
  ...block,
  ...products,
  ...dropout,
  ...weights,
  ...choosing,
  ...looking,
  ...processor,
];
