import type { AdapterDescription } from "../gpu/device.ts";
import type { Engine } from "../gpu/engine.ts";
import { type ShapeChoice, shapeChoice } from "../kernels/choose-shapes.ts";
import { NextTokenError } from "../next-token-error.ts";
import { checkpointWeights } from "../weights/checkpoint.ts";
import { DropoutStream } from "../weights/dropout-stream.ts";
import { seededWeights } from "../weights/seeded.ts";
import { checkConfig, checkMask, checkPrecision } from "./check-config.ts";
import { checkContext } from "./check-idx.ts";
import { GPT_CONFIG_124M, type GPTConfig, type Mask } from "./config.ts";
import { Decoding, type DecodingOptions } from "./decoding.ts";
import { Embedding } from "./embedding.ts";
import { type ForwardOptions, forward, type Logits } from "./forward.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Linear } from "./linear.ts";
import { checkpointKey, loadModel } from "./load-model.ts";
import { type Pass, type Rows, rowsOf } from "./pass.ts";
import { checkPublishedAnswer, type Verified } from "./published-answer.ts";
import type { LoadOptions } from "./shared-weights.ts";
import { TransformerBlock } from "./transformer-block.ts";
import type { WeightTensors } from "./weight-tensors.ts";

export interface ModelOptions extends LoadOptions {
  /** "causal" (default), or "none": the notebook as printed. */
  mask?: Mask;
}

export interface CheckpointOptions extends ModelOptions {
  /** What the file cannot say or the caller knows better: `n_heads`, `drop_rate`. */
  config?: Partial<GPTConfig> | undefined;
  /** The `config.json` of a source that is a file. Beside an address it is looked for. */
  configFile?: Blob | undefined;
  /** The same of its `vocab.json`, which says whether the model has GPT-2's tokens. */
  vocabularyFile?: Blob | undefined;
  /** Addresses of the same file that are tried first, in this order; one that has it not is passed over. */
  mirrors?: readonly string[] | undefined;
}

/** What a model is made of besides its weights. */
export interface ModelParts {
  mask: Mask;
  openDropout?: () => DropoutStream;
  release: () => void;
  shapes?: ShapeChoice;
  verified?: Verified;
  notes?: readonly string[];
}

/** The notebook's GPTModel, on the GPU. */
export class GPTModel {
  readonly config: Readonly<GPTConfig>;
  readonly mask: Mask;
  /** Whether the weights are known to be read rightly: "known-answer", or "unverified" for a checkpoint that nobody knows. */
  readonly verified: Verified;
  /** Sentences worth showing: what was assumed of a checkpoint, what of it was left out, what the browser would not keep. */
  readonly notes: readonly string[];
  readonly engine: Engine;
  readonly shapes: ShapeChoice;
  readonly embedding: Embedding;
  readonly trf_blocks: readonly TransformerBlock[];
  readonly final_norm: LayerNorm;
  readonly out_head: Linear;
  readonly #openDropout: (() => DropoutStream) | undefined;
  readonly #release: () => void;
  #dropoutStream: DropoutStream | undefined;
  #destroyed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine, config: GPTConfig, tensors: WeightTensors, parts: ModelParts) {
    const { mask, openDropout, release, shapes = shapeChoice(engine) } = parts;
    const { verified = "unverified", notes = [] } = parts;
    this.engine = engine;
    this.shapes = shapes;
    this.config = Object.freeze({ ...config });
    this.mask = mask;
    this.verified = verified;
    this.notes = [...notes];
    this.#openDropout = openDropout;
    this.#release = release;
    this.embedding = new Embedding(tensors);
    this.trf_blocks = Array.from(
      { length: config.n_layers },
      (_, layer) => new TransformerBlock(tensors, config, layer),
    );
    this.final_norm = new LayerNorm(tensors, "final_norm");
    // A head that is not there is tied: the token embedding, read the other way.
    this.out_head = new Linear(tensors, tensors.has("out_head.weight") ? "out_head" : "tok_emb");
  }

  /**
   * The untrained model that the notebook builds after `torch.manual_seed(seed)`: the same weights, made here.
   * Models of one seed and configuration share their weights on the GPU.
   * Throws `bad-seed`, `bad-config`, `bad-mask`, and what opening the GPU can throw.
   */
  static async fromSeed(
    seed: number,
    config: GPTConfig = GPT_CONFIG_124M,
    { mask = "causal", ...options }: ModelOptions = {},
  ): Promise<GPTModel> {
    checkConfig(config);
    checkMask(mask);
    checkPrecision(options.precision);
    const source = seededWeights(seed, config); // a bad seed is refused before a GPU is asked for
    const key = `seed:${seed} ${JSON.stringify(Object.entries(config).sort())}`;
    return loadModel(
      GPTModel,
      key,
      () => source,
      { mask, ...options },
      ({ source }) => ({
        openDropout: () => new DropoutStream(source.generator()),
        verified: "known-answer",
      }),
    );
  }

  /**
   * A trained model from a safetensors checkpoint with the names of Hugging Face's GPT-2, of nanoGPT or of the notebook. What comes from an
   * address is kept for the next visit, as far as the browser lets it.
   * @param source an address, or a file that the visitor chose
   * Throws `CheckpointError` where the file is broken or is no GPT-2, `download-failed`, `file-unreadable`,
   * `known-answer-failed`, `bad-option`, `bad-config`, `bad-mask`, `aborted`, and what opening the GPU can throw.
   */
  static async fromCheckpoint(
    source: string | Blob,
    { mask = "causal", config, configFile, vocabularyFile, mirrors, ...options }: CheckpointOptions = {},
  ): Promise<GPTModel> {
    checkMask(mask);
    checkPrecision(options.precision);
    const files = [source, configFile, vocabularyFile].flatMap((file) => (file ? [checkpointKey(file)] : []));
    const key = `${files.join(" + ")} ${JSON.stringify(Object.entries(config ?? {}).sort())}`;
    return loadModel(
      GPTModel,
      key,
      (opening) => checkpointWeights(source, { config, configFile, vocabularyFile, mirrors, ...opening }),
      { mask, ...options },
      async (weights, engine) => ({
        verified: await checkPublishedAnswer(engine, GPTModel, weights, options.precision),
      }),
    );
  }

  /** What computes: its name, and whether it is software. */
  get adapter(): AdapterDescription {
    return this.engine.gpu.adapter;
  }

  /** Resolves when the GPU is lost; this model is then of no more use. */
  get lost(): Promise<NextTokenError> {
    return this.engine.gpu.lost;
  }

  /**
   * idx: token ids [B, T] -> logits [B, T, vocab_size], or [B, 1, vocab_size] with `logits: "last"`.
   * With `training: true` dropout is applied, drawing on from the generator that made the weights.
   * Throws `ragged-batch`, `empty-row`, `id-out-of-range`, `too-many-tokens`, `limits-too-small`, `out-of-memory`.
   */
  forward(idx: readonly (readonly number[])[], options: ForwardOptions = {}): Promise<Logits> {
    this.check();
    checkContext(idx, this.config);
    // One forward at a time: in training mode the order of the draws is part of the result.
    const result = this.#last.then(() => forward(this, idx, options));
    this.#last = result.catch(() => {});
    return result;
  }

  /** This model's draws from the generator that made the weights; they go on from call to call. Undefined without a seed. */
  get dropoutStream(): DropoutStream | undefined {
    this.#dropoutStream ??= this.#openDropout?.();
    return this.#dropoutStream;
  }

  /** in_idx u32 [batch, num_tokens] -> the residual stream after the last block, [batch, num_tokens, emb_dim]. */
  blocks(pass: Pass, in_idx: GPUBuffer): GPUBuffer {
    const { workspace, dropout } = pass;
    let x: GPUBuffer;
    if (dropout) {
      const embedded = this.embedding.forward(pass, in_idx, workspace.normed);
      x = dropout.forward(pass, embedded, workspace.x, rowsOf(pass) * this.config.emb_dim);
    } else {
      x = this.embedding.forward(pass, in_idx, workspace.x);
    }
    pass.inspector?.residual(pass, x, 0);
    for (const [i, block] of this.trf_blocks.entries()) {
      x = block.forward(pass, x);
      pass.inspector?.residual(pass, x, i + 1);
    }
    return x;
  }

  /** The rows of x that are asked for -> their logits, [rows, vocab_size], in workspace.logits. */
  head(pass: Pass, x: GPUBuffer, which: Rows): GPUBuffer {
    const normed = this.final_norm.forward(pass, x, which);
    return this.out_head.forward(pass, normed, pass.workspace.logits, {}, which.rows);
  }

  /** Buffers for continuing a batch token by token. Whoever starts it destroys it. */
  startDecoding(options: DecodingOptions): Promise<Decoding> {
    this.check();
    return this.engine.gpu.scoped(() => new Decoding(this, options));
  }

  /** Throws when the model can no longer be used. */
  check(): void {
    if (this.#destroyed) {
      throw new NextTokenError("destroyed", "This model was destroyed. Build it again to go on.");
    }
    this.engine.gpu.check();
  }

  /** Gives up this model's share of the weights; the last model to do so frees them. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    void this.#last.then(this.#release);
  }
}
