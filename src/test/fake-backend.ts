import { GPT_CONFIG_124M, type HeadOfLayer, type Mask } from "../config.ts";
import type { Candidate, GenerateOptions, GenerateStep, Logits } from "../index.ts";
import type { Backend, BuildOptions, LoadedModel } from "../lesson/backend.ts";

/** ASCII as its own ids, and a smile in two halves. */
export const tokenizer = {
  endOfText: 50256,
  *encodeInSteps(text: string): Generator<number, number[]> {
    return [...text].map((char) => char.charCodeAt(0));
  },
  decode: (ids: readonly number[]) =>
    new TextDecoder().decode(Uint8Array.from(ids.flatMap((id) => [...tokenizer.bytes(id)]))),
  bytes: (id: number) => Uint8Array.from({ 300: [0xf0, 0x9f], 301: [0x99, 0x82], 50256: [0x2e] }[id] ?? [id]),
};

export class FakeModel implements LoadedModel {
  readonly adapter = { kind: "gpu" as const, name: "fake", isSoftware: true };
  processorSpeedup = async () => 6;
  readonly verified = "known-answer";
  readonly notes = [];
  isDestroyed = false;
  lose!: (why: { message: string }) => void;
  readonly lost = new Promise<{ message: string }>((resolve) => {
    this.lose = resolve;
  });
  readonly mask: Mask;
  readonly config: LoadedModel["config"];

  constructor(mask: Mask, config: LoadedModel["config"]) {
    this.mask = mask;
    this.config = config;
  }

  destroy() {
    this.isDestroyed = true;
  }
}

/** Continues every text with its length, so that a row read twice or not at all would show. */
export class FakeBackend implements Backend<FakeModel> {
  models: FakeModel[] = [];
  /** Of the models that it builds. */
  config: LoadedModel["config"] = { ...GPT_CONFIG_124M, vocab_size: 400 };
  calls: { idx: number[][]; options: GenerateOptions; model: FakeModel }[] = [];
  /** Called before each step; may wait, or throw what the step shall fail with. */
  beforeStep: (made: number) => unknown = () => {};
  /** What a step takes: so much that nobody could type along. */
  milliseconds = 60;
  beforeBuild: (signal: AbortSignal) => unknown = () => {};
  next = (row: number[]): number => row.length;
  /** What it thinks possible besides the one that it chooses, the likelier first. */
  others: Candidate[] = [];

  async build(_: string, { mask, onProgress, signal }: BuildOptions) {
    onProgress({ phase: "weights", loaded: 1, total: 2 });
    await this.beforeBuild(signal);
    const model = new FakeModel(mask, this.config);
    this.models.push(model);
    return model;
  }

  async *generate(
    model: FakeModel,
    idx: number[][],
    options: GenerateOptions,
  ): AsyncGenerator<GenerateStep, void> {
    this.calls.push({ idx, options, model });
    const rows = idx.map((row) => [...row]);
    for (let made = 0; made < options.maxNewTokens!; made++) {
      await this.beforeStep(made);
      const ids = rows.map((row) => this.next(row));
      for (const [r, id] of ids.entries()) rows[r]!.push(id);
      // All logits are 0, but for the chosen one's: e^logit is then as much as all others together.
      const logit = Math.log(399);
      const chosen = ids.map((id) => ({ id, logit, probability: 0.5 }));
      const bins = [399, 1];
      const summary = ids.map(() => ({ min: 0, max: logit, bins, entropy: 5.3, logSumExp: Math.log(798) }));
      yield {
        ids,
        top: chosen.map((best) => [best, ...this.others]),
        contextStart: Math.max(0, rows[0]!.length - 1 - options.contextSize!),
        computed: 1,
        milliseconds: this.milliseconds,
        chosen,
        summary,
      };
    }
  }

  /** Logits asked for: the rows, the positions and the heads that are away. */
  asked: { idx: number[][]; positions: readonly number[]; ablate: readonly HeadOfLayer[] }[] = [];

  /** Each is its position and a thousandth of its id. */
  async logits(
    _: FakeModel,
    idx: number[][],
    positions: readonly number[],
    ablate: readonly HeadOfLayer[],
  ): Promise<Logits> {
    this.asked.push({ idx, positions, ablate });
    const { vocab_size } = this.config;
    const row = positions.flatMap((position) =>
      Array.from({ length: vocab_size }, (_, id) => position + id / 1000),
    );
    return {
      shape: [idx.length, positions.length, vocab_size],
      data: Float32Array.from(idx.flatMap(() => row)),
    };
  }

  loadTokenizer() {
    return Promise.resolve(tokenizer);
  }
}
