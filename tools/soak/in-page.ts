/** What a model's life left behind. */
export interface Round {
  readonly tokens: number;
  /** GPU bytes in the accounting. */
  readonly liveBytes: number;
}

/**
 * Runs in the page: a small model lives through `tokens` tokens in many ways (greedy and sampled, one row and three, with
 * and without cache, runs that crop, runs that are left in the middle). The model stays; everything else must go.
 * @returns the accounting before the first run and after each round of all ways
 */
export async function live(tokens: number): Promise<Round[]> {
  const api = "/src/index.ts"; // served by Vite; a constant here would be looked for on the disk
  const { GPTModel, generate, inspect } = (await import(api)) as typeof import("../../src/index.ts");
  const config = {
    vocab_size: 97,
    context_length: 32,
    emb_dim: 32,
    n_heads: 2,
    n_layers: 2,
    drop_rate: 0,
    qkv_bias: false,
  };
  const model = window.soaked ?? (await GPTModel.fromSeed(7, config));
  window.soaked = model;
  const { accounting } = model.device;
  let made = 0;
  const run = async (idx: number[][], options: object, most = Number.POSITIVE_INFINITY) => {
    let steps = 0;
    for await (const { ids } of generate(model, idx, options)) {
      made += ids.length;
      if (++steps === most) break;
    }
  };
  const sampling = { temperature: 1, seed: 3 };
  const ways = [
    () => run([[1, 2, 3]], { maxNewTokens: 29 }),
    () => run([[4, 5]], { maxNewTokens: 60, contextSize: 24 }), // slides: every step beyond 24 reads anew
    () => run([[6, 7, 8, 9]], { maxNewTokens: 20, kvCache: false }),
    () => run([[1], [2], [3]], { maxNewTokens: 20, logits: true }),
    () => run([[10, 11]], { maxNewTokens: 20, sampling }),
    () => run([[12]], { maxNewTokens: 30 }, 7), // left in the middle
    async () => {
      await model.forward([[1, 2, 3, 4]]);
      await inspect(model, [[1, 2, 3, 4]]);
    },
  ];
  const rounds: Round[] = [{ tokens: 0, liveBytes: accounting.liveBytes }];
  while (made < tokens) {
    for (const way of ways) await way();
    rounds.push({ tokens: made, liveBytes: accounting.liveBytes });
  }
  return rounds;
}

/** Runs in the page: lets go of the model. @returns GPU bytes that are then still in the accounting */
export async function end(): Promise<number> {
  const model = window.soaked!;
  window.soaked = undefined;
  model.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  return model.device.accounting.liveBytes;
}

declare global {
  interface Window {
    soaked?: import("../../src/index.ts").GPTModel | undefined;
  }
}
