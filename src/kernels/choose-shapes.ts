import type { Gpu } from "../gpu/device.ts";
import type { Engine } from "../gpu/engine.ts";
import { Recording } from "../gpu/recording.ts";
import { type AttentionShape, causalAttention } from "./causal-attention.ts";
import { type LinearShape, linear, MAX_MATVEC_ROWS, needsSubgroups, rowConstants } from "./linear.ts";

/** Which shapes of kernels suit an adapter. */
export interface ShapeChoice {
  /** Of a product of one row, */
  readonly one: LinearShape;
  /** of up to MAX_MATVEC_ROWS rows, */
  readonly few: LinearShape;
  /** and of more. */
  readonly many: LinearShape;
  readonly attention: AttentionShape;
}

const choosing = new WeakMap<Engine, Promise<ShapeChoice>>();
const chosen = new WeakMap<Engine, ShapeChoice>();

/** What `chooseShapes` found for this engine; before that, shapes that every adapter can run. */
export const shapeChoice = (engine: Engine): ShapeChoice =>
  chosen.get(engine) ?? {
    one: "matmulByThread",
    few: "matmulByThread",
    many: "matmulByThread",
    attention: "byWorkgroup",
  };

/** Made-up work that each shape does against the clock. */
interface Trial<S extends string> {
  readonly shapes: readonly S[];
  /** Amounts of work, the small one first: what is hopeless there is not tried on the large one. */
  readonly sizes: readonly number[];
  readonly bytes: Readonly<Record<string, number>>;
  record(recording: Recording, buffers: Readonly<Record<string, GPUBuffer>>, shape: S, size: number): void;
  /** Whether an adapter can run a shape at all. */
  runs(gpu: Gpu, shape: S): boolean;
  /** Whether the threads of a shape meet at barriers. */
  meets(shape: S): boolean;
}

const REPEATS = 3;
const HOPELESS = 3; // times slower than the best
/** Once a run takes this long, it tells enough. */
const ENOUGH_MS = 2;

// The trials run GPT-2's own pipelines, so that what is compiled for the chosen shape is not compiled for nothing.
const [n_heads, head_dim] = [12, 64];
const emb_dim = n_heads * head_dim;

const withoutBarrier: readonly LinearShape[] = ["matmulByThread", "matmulFourRows", "matmulByQuads"];

/** `rows` rows through a block's out_proj, so many times. */
function product(rows: number, sizes: readonly number[], shapes: readonly LinearShape[]): Trial<LinearShape> {
  return {
    shapes,
    sizes,
    bytes: { x: rows * emb_dim * 4, w: emb_dim * emb_dim * 4, y: rows * emb_dim * 4 },
    record(recording, { x, w, y }, shape, times) {
      for (let i = 0; i < times; i++) {
        recording.add(
          linear[shape].wide,
          { x: x!, w: w!, bias: x!, shortcut: x!, y: y! },
          { num_rows: rows, in_dim: emb_dim, out_dim: emb_dim, first_out: 0, y_dim: emb_dim },
          { ...rowConstants(shape, rows), has_bias: 1, has_gelu: 0, has_shortcut: 1 },
        );
      }
    },
    runs: (gpu, shape) => !needsSubgroups(shape) || gpu.has("subgroups"),
    meets: (shape) => !withoutBarrier.includes(shape),
  };
}

/** Attention of 16 or 64 tokens. */
function attention(shapes: readonly AttentionShape[]): Trial<AttentionShape> {
  const sizes = [16, 64];
  const bytes = Math.max(...sizes) * emb_dim * 4;
  return {
    shapes,
    sizes,
    bytes: { q: bytes, k: bytes, v: bytes, past: 4, y: bytes },
    record(recording, { q, k, v, past, y }, shape, size) {
      const noDropout = { dropout_seed: 0, keep_below: 0, keep_bits: 0 };
      recording.add(
        causalAttention[shape].wide,
        { q: q!, k: k!, v: v!, past: past!, y: y! },
        { batch: 1, num_tokens: size, n_heads, head_dim, capacity: size, ...noDropout },
        { causal: 1, dropout: 0 },
      );
    },
    runs: (gpu, shape) => shape !== "byQuads" || gpu.has("subgroups"),
    meets: (shape) => shape === "byWorkgroup",
  };
}

const trials = {
  one: product(1, [4, 32], ["matmulByThread", "matvecBySubgroups", "matvec"]),
  few: product(MAX_MATVEC_ROWS, [4, 32], ["matmulByThread", "matmulFourRows", "matvecBySubgroups", "matvec"]),
  many: product(24, [1, 16], ["matmulByThread", "matmulByQuads", "matmul"]),
  manyByQuads: product(24, [1, 16], ["matmulByQuads", "matmul"]),
  attention: attention(["byWorkgroup", "byQuads"]),
};

/**
 * The adapter's own choice: each shape does the same made-up work and the fastest is taken, because the order differs
 * by more than ten between adapters and no name tells it. Once for a device; kept in the browser's storage for the next visit.
 * What else keeps the device busy meanwhile has to take turns (`Gpu.turns`), or it would be measured too.
 */
export function chooseShapes(engine: Engine): Promise<ShapeChoice> {
  const known = choosing.get(engine) ?? choose(engine);
  choosing.set(engine, known);
  known.catch(() => choosing.delete(engine)); // whoever comes next may try again
  return known;
}

async function choose(engine: Engine): Promise<ShapeChoice> {
  let choice = recall(engine);
  if (!choice) {
    const attention = await fastest(engine, trials.attention);
    // Where attention with barriers was hopeless, nothing else with barriers is worth compiling.
    const without = attention.hopeless.some(trials.attention.meets);
    const one = await fastest(engine, trials.one, without);
    const few = await fastest(engine, trials.few, without);
    // Four rows are all that a thread on its own shares: where a quad did those faster, more rows need not be tried.
    const quads = few.shape === "matmulFourRows";
    const many = await fastest(engine, quads ? trials.manyByQuads : trials.many, without);
    choice = { one: one.shape, few: few.shape, many: many.shape, attention: attention.shape };
    remember(engine, choice);
  }
  chosen.set(engine, choice);
  return choice;
}

/** The fastest shape of a trial, and those that were hopeless. `withoutBarriers`: of the shapes that have none. */
async function fastest<S extends string>(
  engine: Engine,
  trial: Trial<S>,
  withoutBarriers = false,
): Promise<{ shape: S; hopeless: S[] }> {
  const { gpu, pipelines } = engine;
  const tried = trial.shapes.filter((s) => trial.runs(gpu, s) && !(withoutBarriers && trial.meets(s)));
  if (tried.length === 1) return { shape: tried[0]!, hopeless: [] };
  const create = () =>
    Object.fromEntries(
      Object.entries(trial.bytes).map(([name, bytes]) => [name, gpu.createStorage(`trial ${name}`, bytes)]),
    );
  const buffers = await gpu.turns.take(() => gpu.scoped(create));
  const recordings = new Map(tried.map((shape) => [shape, new Recording("trial", gpu, pipelines)]));
  try {
    let left = tried;
    for (const size of trial.sizes) {
      const record = (shape: S) => {
        const recording = recordings.get(shape)!;
        recording.clear();
        trial.record(recording, buffers, shape, size);
        return recording.prepare();
      };
      await Promise.all(left.map(record)); // compiled side by side,
      const times = await gpu.turns.take(() => timed(engine, left, recordings)); // timed one by one
      left = times.filter(({ ms }) => ms <= HOPELESS * times[0]!.ms).map(({ shape }) => shape);
      if (left.length === 1 || times[0]!.ms >= ENOUGH_MS) break;
    }
    return { shape: left[0]!, hopeless: tried.filter((shape) => !left.includes(shape)) };
  } finally {
    for (const recording of recordings.values()) recording.destroy();
    for (const buffer of Object.values(buffers)) gpu.destroyBuffer(buffer);
  }
}

/** How long the recording of each shape takes, the shortest first. */
async function timed<S>(engine: Engine, shapes: readonly S[], recordings: ReadonlyMap<S, Recording>) {
  await engine.gpu.finished();
  const times: { shape: S; ms: number }[] = [];
  for (const shape of shapes) times.push({ shape, ms: await time(engine, recordings.get(shape)!) });
  return times.sort((a, b) => a.ms - b.ms);
}

/** The shortest of a few runs, after one that nobody counts: it may compile, and other work on the queue only adds. */
async function time({ gpu }: Engine, recording: Recording): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run <= REPEATS; run++) {
    const encoder = gpu.device.createCommandEncoder({ label: recording.label });
    const pass = encoder.beginComputePass({ label: recording.label });
    recording.encode(pass);
    pass.end();
    const start = performance.now();
    gpu.device.queue.submit([encoder.finish()]);
    await gpu.finished();
    if (run > 0) best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Changes whenever the shapes do, so that an old choice is measured anew. */
const VERSION = 10;
const storageKey = ({ gpu }: Engine) => `next-token shapes ${VERSION} ${gpu.adapter.name}`;

/** The choice of an earlier visit, if there is one that can be trusted. */
function recall(engine: Engine): ShapeChoice | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey(engine)) ?? "null") as Record<string, unknown>;
    const [one, few, many, attention] = [
      known(engine, trials.one, kept.one),
      known(engine, trials.few, kept.few),
      known(engine, trials.many, kept.many),
      known(engine, trials.attention, kept.attention),
    ];
    return one && few && many && attention && { one, few, many, attention };
  } catch {
    return undefined; // no storage here, or not ours: measure
  }
}

const known = <S extends string>({ gpu }: Engine, { shapes, runs }: Trial<S>, kept: unknown): S | undefined =>
  shapes.find((shape) => shape === kept && runs(gpu, shape));

function remember(engine: Engine, choice: ShapeChoice): void {
  try {
    localStorage.setItem(storageKey(engine), JSON.stringify(choice));
  } catch {
    // storage is forbidden or full: the next visit measures again
  }
}
