import { checkConfig } from "../check-config.ts";
import { type DeviceChoice, GPT_CONFIG_124M, type GPTConfig, type Mask } from "../config.ts";
import type { AdapterDescription, Device } from "../device/device.ts";
import { NextTokenError, type NextTokenErrorCode } from "../errors.ts";
import { autotuneAgain, tunedKernels } from "../kernels/autotune/autotune.ts";
import type { TunedKernels } from "../kernels/autotune/tuned-kernels.ts";
import type { LoadOptions } from "../loading/shared-weights.ts";
import { GPTModel } from "../model/gpt-model.ts";
import type { WeightTensors } from "../pass/weight-tensors.ts";
import { checkpointWeights } from "../weights/checkpoint/checkpoint.ts";
import { DropoutStream } from "../weights/seed/dropout-stream.ts";
import { seededWeights } from "../weights/seed/seeded.ts";
import { checkContext } from "./check-idx.ts";
import { checkDevice, checkMask, checkPrecision } from "./check-model-options.ts";
import { DecodeContext, type DecodeOptions } from "./decode-context.ts";
import { type ForwardOptions, forward, type Logits } from "./forward.ts";
import { checkpointKey, loadWeights } from "./load-weights.ts";
import { processorSpeedup } from "./processor-speedup.ts";
import { runPublishedSelfTest, type Verified } from "./published-self-test.ts";
import type { Runnable } from "./runnable.ts";
import { repeatSelfTest } from "./self-test.ts";

export interface ModelOptions extends LoadOptions {
  /** "causal" (default), or "none": the notebook as printed. */
  mask?: Mask;
  /** Who computes: "auto" (default) is the GPU wherever there is one, else the processor. */
  device?: DeviceChoice | undefined;
}

export interface CheckpointOptions extends ModelOptions {
  /** Settings that the file does not have, or that the caller overrides: `n_heads`, `drop_rate`. */
  config?: Partial<GPTConfig> | undefined;
  /** The `config.json` of a source that is a file. Beside an address it is looked for. */
  configFile?: Blob | undefined;
  /** The same of its `vocab.json`, which says whether the model has GPT-2's tokens. */
  vocabularyFile?: Blob | undefined;
  /** Whether they are looked for. Default true; false where `config` says it all. */
  looksBeside?: boolean | undefined;
  /** Addresses of the same file, tried first and in this order; one that does not have the file is skipped. */
  mirrors?: readonly string[] | undefined;
}

/** What a model is made of besides its weights. */
export interface ModelParts {
  mask: Mask;
  /** Opens the random numbers of training mode; undefined for a model that was not made from a seed. */
  openDropout?: () => DropoutStream;
  /** Releases the model's share of the weights. */
  release: () => void;
  kernels?: TunedKernels;
  insteadOfGpu?: NextTokenErrorCode | undefined;
  verified?: Verified;
  notes?: readonly string[];
}

/** A model that can be run: the network and a share of its weights on a GPU. Public as `GPTModel`. */
export class ModelHandle implements Runnable {
  readonly device: Device;
  readonly config: Readonly<GPTConfig>;
  readonly network: GPTModel;
  readonly mask: Mask;
  /** Whether the weights are known to be read rightly: "known-answer", or "unverified" for a checkpoint that nobody knows. */
  readonly verified: Verified;
  /** Sentences to show: what was assumed about a checkpoint, what of it was left out, what the browser could not store. */
  readonly notes: readonly string[];
  /** Why the processor computes where the GPU was wanted: the code of what is wrong with the GPU. */
  readonly insteadOfGpu: NextTokenErrorCode | undefined;
  readonly #openDropout: (() => DropoutStream) | undefined;
  readonly #release: () => void;
  readonly #kernels: TunedKernels | undefined;
  #dropoutStream: DropoutStream | undefined;
  #destroyed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(device: Device, config: GPTConfig, tensors: WeightTensors, parts: ModelParts) {
    const { mask, openDropout, release, kernels } = parts;
    const { verified = "unverified", notes = [] } = parts;
    this.device = device;
    this.config = Object.freeze({ ...config });
    this.network = new GPTModel(config, tensors);
    this.mask = mask;
    this.#kernels = kernels;
    this.insteadOfGpu = parts.insteadOfGpu;
    this.verified = verified;
    this.notes = [...notes];
    this.#openDropout = openDropout;
    this.#release = release;
  }

  /**
   * The untrained model that the notebook builds after `torch.manual_seed(seed)`: the same weights, made here.
   * Models of one seed and configuration share their weights on the GPU. A configuration that is too large, as
   * `checkConfig` has it, is refused before anything is allocated.
   * Throws `bad-seed`, `bad-config`, `bad-mask`, and what opening the GPU can throw.
   */
  static async fromSeed(
    seed: number,
    config: GPTConfig = GPT_CONFIG_124M,
    { mask = "causal", device: choice, ...options }: ModelOptions = {},
  ): Promise<ModelHandle> {
    checkConfig(config);
    checkMask(mask);
    checkDevice(choice);
    checkPrecision(options.precision);
    const source = seededWeights(seed, config); // a bad seed is refused before a GPU is asked for
    const key = `seed:${seed} ${JSON.stringify(Object.entries(config).sort())}`;
    const open = () => source;
    const examine = (): Verified => "known-answer";
    const loaded = await loadWeights(choice, { key, like: config, open, options, examine });
    const { device, weights, insteadOfGpu, finding } = loaded;
    const { tensors, notes, release } = weights;
    const openDropout = () => new DropoutStream(weights.source.generator());
    const parts = { mask, openDropout, release, insteadOfGpu, verified: finding, notes };
    return new ModelHandle(device, config, tensors, parts);
  }

  /**
   * A trained model from a checkpoint, a safetensors file or one of `torch.save` from disk, with the names of Hugging Face's GPT-2, of nanoGPT or of the notebook.
   * A download is stored for the next visit, where the browser allows it.
   * @param source an address, or a file that the visitor chose
   * Throws `CheckpointError` where the file is broken or is no GPT-2, `download-failed`, `file-unreadable`,
   * `known-answer-failed`, `bad-option`, `bad-config`, `bad-mask`, `aborted`, and what opening the GPU can throw.
   */
  static async fromCheckpoint(
    source: string | Blob,
    {
      mask = "causal",
      device: choice,
      config,
      configFile,
      vocabularyFile,
      mirrors,
      looksBeside,
      ...options
    }: CheckpointOptions = {},
  ): Promise<ModelHandle> {
    checkMask(mask);
    checkDevice(choice);
    checkPrecision(options.precision);
    const files = [source, configFile, vocabularyFile].flatMap((file) => (file ? [checkpointKey(file)] : []));
    const key = `${files.join(" + ")} ${JSON.stringify(Object.entries(config ?? {}).sort())}`;
    const { device, weights, insteadOfGpu, finding } = await loadWeights(choice, {
      key,
      like: config,
      open: (opening) =>
        checkpointWeights(source, {
          config,
          configFile,
          vocabularyFile,
          looksBeside,
          mirrors,
          ...opening,
        }),
      options,
      examine: (weights, device) => runPublishedSelfTest(device, weights, options.precision),
    });
    const { tensors, notes, release } = weights;
    const parts = { mask, release, insteadOfGpu, verified: finding, notes };
    return new ModelHandle(device, weights.source.config, tensors, parts);
  }

  /** The adapter that computes: its name, and whether it is software. */
  get adapter(): AdapterDescription {
    return this.device.adapter;
  }

  /** The variants of the kernels that the adapter runs: those that `autotune` found to be the fastest. */
  get kernels(): TunedKernels {
    return this.#kernels ?? tunedKernels(this.device);
  }

  /**
   * Lets the variants of the kernels compete again, for all models on this GPU, whatever was kept of an earlier visit. The
   * choice has passed the self-test when this resolves.
   * Throws `known-answer-failed`, `device-lost`, `out-of-memory`.
   */
  async chooseKernels(): Promise<void> {
    this.check();
    await autotuneAgain(this.device);
    await repeatSelfTest(this.device, this.config);
  }

  /**
   * How many times as fast as this model's device the processor would be, measured on one block.
   * Throws `no-webassembly`, `out-of-memory`.
   */
  processorSpeedup(): Promise<number> {
    this.check();
    return processorSpeedup(this.device, this.config);
  }

  /** Resolves when the GPU is lost: then this model can no longer be used. */
  get lost(): Promise<NextTokenError> {
    return this.device.lost;
  }

  /**
   * idx: token ids [B, T] -> logits [B, T, vocab_size], or [B, 1, vocab_size] with `logits: "last"`.
   * With `training: true` dropout is applied, drawing on from the generator that made the weights.
   * With `ablate: [[layer, head], ...]`, both counted from 0, these heads' shares of context_vec are zero before out_proj.
   * Throws `ragged-batch`, `empty-row`, `id-out-of-range`, `too-many-tokens`, `bad-option`, `limits-too-small`, `out-of-memory`.
   */
  forward(idx: readonly (readonly number[])[], options: ForwardOptions = {}): Promise<Logits> {
    this.check();
    checkContext(idx, this.config);
    // One forward at a time: in training mode the result depends on the order of the draws.
    const result = this.#last.then(() => forward(this, idx, options, () => this.#draws()));
    this.#last = result.catch(() => {});
    return result;
  }

  /** What continuing a batch token by token needs. The caller destroys it. */
  startDecoding(options: DecodeOptions): Promise<DecodeContext> {
    this.check();
    return DecodeContext.open(this, options);
  }

  /** Throws when the model can no longer be used. */
  check(): void {
    if (this.#destroyed) {
      throw new NextTokenError("destroyed", "This model was destroyed. Build it again to go on.");
    }
    this.device.check();
  }

  /** Releases this model's share of the weights; the last model to do so frees them. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    void this.#last.then(this.#release);
  }

  /** This model's random numbers, from the generator that made the weights; they continue from call to call. */
  #draws(): DropoutStream | undefined {
    this.#dropoutStream ??= this.#openDropout?.();
    return this.#dropoutStream;
  }
}
