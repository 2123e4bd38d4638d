import type { Engine } from "../gpu/engine.ts";
import { Recording } from "../gpu/recording.ts";
import { type LinearShape, linear, needsSubgroups, rowConstants } from "./linear.ts";

/** Which shape of a product suits an adapter: for up to MAX_MATVEC_ROWS rows, and for more. */
export interface LinearChoice {
  readonly few: LinearShape;
  readonly many: LinearShape;
}

const chosen = new WeakMap<Engine, LinearChoice>();

/** What `chooseLinear` found for this engine; before that, the shape that is tolerable everywhere. */
export const linearChoice = (engine: Engine): LinearChoice =>
  chosen.get(engine) ?? { few: "matmulByThread", many: "matmulByThread" };

/** Products to measure, the small one first: what is hopeless there is not tried on the large one. */
const in_dim = 768;
const outDims = [256, 4096];
const MANY_ROWS = 16;
const REPEATS = 3;
const HOPELESS = 3; // times slower than the best
/** Once a product takes this long, it tells enough. */
const ENOUGH_MS = 4;

const candidates: Record<keyof LinearChoice, { shapes: readonly LinearShape[]; rows: number }> = {
  few: { shapes: ["matmulByThread", "matvecBySubgroups", "matvec"], rows: 1 },
  many: { shapes: ["matmulByThread", "matmulByBroadcast", "matmul"], rows: MANY_ROWS },
};

/** What the adapter can run at all. */
const runs = ({ gpu }: Engine, shape: LinearShape) => !needsSubgroups(shape) || gpu.has("subgroups");

/**
 * The adapter's own choice: each shape is run on the same made-up product and the fastest is taken, because the order
 * differs by more than ten between adapters and no name tells it. Kept in the browser's storage for the next visit.
 */
export async function chooseLinear(engine: Engine): Promise<LinearChoice> {
  let choice = recall(engine);
  if (!choice) {
    choice = { few: await fastest(engine, "few"), many: await fastest(engine, "many") };
    remember(engine, choice);
  }
  chosen.set(engine, choice);
  return choice;
}

async function fastest(engine: Engine, size: keyof LinearChoice): Promise<LinearShape> {
  const { gpu, pipelines } = engine;
  const { shapes, rows } = candidates[size];
  const largest = Math.max(...outDims);
  const [x, w, y] = await gpu.scoped(() => [
    gpu.createStorage("trial x", rows * in_dim * 4),
    gpu.createStorage("trial w", largest * in_dim * 4),
    gpu.createStorage("trial y", rows * largest * 4),
  ]);
  const recording = new Recording("trial", gpu, pipelines);
  const measure = async (shape: LinearShape, out_dim: number): Promise<number> => {
    recording.clear();
    recording.add(
      linear[shape].wide,
      { x: x!, w: w!, bias: x!, shortcut: x!, y: y! },
      { num_rows: rows, in_dim, out_dim, first_out: 0, y_dim: out_dim },
      rowConstants(shape, rows),
    );
    await recording.prepare();
    return time(engine, recording);
  };
  try {
    let left = shapes.filter((shape) => runs(engine, shape));
    for (const out_dim of outDims) {
      const times: { shape: LinearShape; ms: number }[] = [];
      for (const shape of left) times.push({ shape, ms: await measure(shape, out_dim) });
      times.sort((a, b) => a.ms - b.ms);
      left = times.filter(({ ms }) => ms <= HOPELESS * times[0]!.ms).map(({ shape }) => shape);
      if (left.length === 1 || times[0]!.ms >= ENOUGH_MS) break;
    }
    return left[0]!;
  } finally {
    recording.destroy();
    for (const buffer of [x!, w!, y!]) gpu.destroyBuffer(buffer);
  }
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
    await gpu.device.queue.onSubmittedWorkDone();
    gpu.check();
    if (run > 0) best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Changes whenever the shapes do, so that an old choice is measured anew. */
const VERSION = 4;
const storageKey = ({ gpu }: Engine) => `next-token linear ${VERSION} ${gpu.adapter.name}`;

/** The choice of an earlier visit, if there is one that can be trusted. */
function recall(engine: Engine): LinearChoice | undefined {
  try {
    const kept = JSON.parse(
      localStorage.getItem(storageKey(engine)) ?? "null",
    ) as Partial<LinearChoice> | null;
    const { few, many } = kept ?? {};
    const known = (size: keyof LinearChoice, shape: LinearShape | undefined) =>
      shape !== undefined && candidates[size].shapes.includes(shape) && runs(engine, shape);
    return known("few", few) && known("many", many) ? { few: few!, many: many! } : undefined;
  } catch {
    return undefined; // no storage here, or not ours: measure
  }
}

function remember(engine: Engine, choice: LinearChoice): void {
  try {
    localStorage.setItem(storageKey(engine), JSON.stringify(choice));
  } catch {
    // storage is forbidden or full: the next visit measures again
  }
}
