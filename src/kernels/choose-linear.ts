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

/** A product to measure: large enough to keep a GPU busy, small enough for a software adapter. */
const trial = { in_dim: 768, out_dim: 4096 };
const MANY_ROWS = 32;
const REPEATS = 4;
/** A shape this much slower in its first run is not run again: what is bad can be bad by a factor of twenty. */
const HOPELESS = 3;

const candidates: Record<keyof LinearChoice, { shapes: readonly LinearShape[]; rows: number }> = {
  few: { shapes: ["matmulByThread", "matvecBySubgroups", "matvec"], rows: 1 },
  many: { shapes: ["matmulByThread", "matmulByBroadcast", "matmul"], rows: MANY_ROWS },
};

/** What the adapter can run at all. */
const runs = ({ gpu }: Engine, shape: LinearShape) => !needsSubgroups(shape) || gpu.has("subgroups");

/**
 * The adapter's own choice: each shape is run on the same made-up product and the fastest is taken, because the order
 * differs by more than ten between adapters and no name tells it. Takes a fraction of a second; kept in the browser's
 * storage for the next visit.
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
  const { in_dim, out_dim } = trial;
  const [x, w, y] = await gpu.scoped(() => [
    gpu.createStorage("trial x", rows * in_dim * 4),
    gpu.createStorage("trial w", out_dim * in_dim * 4),
    gpu.createStorage("trial y", rows * out_dim * 4),
  ]);
  const recordings = shapes
    .filter((shape) => runs(engine, shape))
    .map((shape) => {
      const recording = new Recording(`trial of ${shape}`, gpu, pipelines);
      recording.add(
        linear[shape].wide,
        { x: x!, w: w!, bias: x!, shortcut: x!, y: y! },
        { num_rows: rows, in_dim, out_dim, first_out: 0, y_dim: out_dim },
        rowConstants(shape, rows),
      );
      return { shape, recording };
    });
  try {
    await Promise.all(recordings.map(({ recording }) => recording.prepare()));
    let best: { shape: LinearShape; ms: number } | undefined;
    for (const { shape, recording } of recordings) {
      let ms = await time(engine, recording, 1);
      if (best && ms > HOPELESS * best.ms) continue;
      ms = (await time(engine, recording, REPEATS)) / REPEATS;
      if (!best || ms < best.ms) best = { shape, ms };
    }
    return best!.shape;
  } finally {
    for (const { recording } of recordings) recording.destroy();
    for (const buffer of [x!, w!, y!]) gpu.destroyBuffer(buffer);
  }
}

async function time({ gpu }: Engine, recording: Recording, times: number): Promise<number> {
  const encoder = gpu.device.createCommandEncoder({ label: recording.label });
  const pass = encoder.beginComputePass({ label: recording.label });
  for (let i = 0; i < times; i++) recording.encode(pass);
  pass.end();
  const start = performance.now();
  gpu.device.queue.submit([encoder.finish()]);
  await gpu.device.queue.onSubmittedWorkDone();
  gpu.check();
  return performance.now() - start;
}

/** Changes whenever the shapes do, so that an old choice is measured anew. */
const VERSION = 2;
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
