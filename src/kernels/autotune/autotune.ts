import type { Engine } from "../../gpu/engine.ts";
import type { AttentionVariant } from "../flash-attention.ts";
import type { MatmulVariant } from "../linear.ts";
import { compile, fastest } from "./measure.ts";
import type { TuneResult } from "./race.ts";
import { candidates, type TuningTask, tuningTasks } from "./tuning-tasks.ts";

/** Which variants of kernels suit an adapter. */
export interface TunedKernels {
  /** Of a product of one row, */
  readonly one: MatmulVariant;
  /** of up to MAX_MATVEC_ROWS rows, */
  readonly few: MatmulVariant;
  /** and of more. */
  readonly many: MatmulVariant;
  readonly attention: AttentionVariant;
}

const choosing = new WeakMap<Engine, Promise<TunedKernels>>();
const chosen = new WeakMap<Engine, TunedKernels>();

/** What `autotune` found for this engine; before that, variants that every adapter can run. */
export const tunedKernels = (engine: Engine): TunedKernels =>
  chosen.get(engine) ?? {
    one: "matmulRegister",
    few: "matmulRegister",
    many: "matmulRegister",
    attention: "workgroup",
  };

/**
 * The adapter's own choice: each variant does the same made-up work and the fastest is taken, because the order differs
 * by more than ten between adapters and no name tells it. Once for a device; kept in the browser's storage for the next visit.
 * What else keeps the device busy holds the mutex meanwhile (`Gpu.mutex`), or it would be measured too.
 */
export function autotune(engine: Engine): Promise<TunedKernels> {
  const known = choosing.get(engine) ?? choose(engine);
  choosing.set(engine, known);
  known.catch(() => choosing.delete(engine)); // whoever comes next may try again
  return known;
}

async function choose(engine: Engine): Promise<TunedKernels> {
  const choice = withTiles(loadTuning(engine) ?? (await measure(engine)));
  chosen.set(engine, choice);
  return choice;
}

/**
 * Where tiles in workgroup memory pay for products of many rows, they do for attention. It has no task of its own: on a software
 * adapter flash-decoding takes up to a second.
 */
export const withTiles = (choice: TunedKernels): TunedKernels =>
  choice.attention === "workgroup" && choice.many === "matmul" ? { ...choice, attention: "tile" } : choice;

async function measure(engine: Engine): Promise<TunedKernels> {
  // What is tried in any case goes to the compilers at once, because they take longer than the tuningTasks.
  await Promise.all([
    compile(engine, tuningTasks.attention, candidates(engine, tuningTasks.attention)),
    compile(engine, tuningTasks.few, candidates(engine, tuningTasks.few, false)),
  ]);
  const choice = await engine.gpu.mutex.run(() =>
    pickVariants((task, barriers) => fastest(engine, task, barriers)),
  );
  saveTuning(engine, choice);
  return choice;
}

/** Which tuningTasks are held, and what follows from them; `fastest` holds one. */
export async function pickVariants(
  fastest: <S extends string>(task: TuningTask<S>, barriers?: boolean) => Promise<TuneResult<S>>,
): Promise<TunedKernels> {
  // Where a kernel with barriers was pruned, nothing else with barriers is worth compiling.
  const attention = await fastest(tuningTasks.attention);
  let barriers = !attention.pruned.some(tuningTasks.attention.usesBarriers);
  const one = await fastest(tuningTasks.one, barriers);
  barriers &&= !one.pruned.some(tuningTasks.one.usesBarriers);
  const few = await fastest(tuningTasks.few, barriers);
  // Four rows are all that a thread on its own shares: where a quad did those faster, more rows need not be tried.
  const quads = few.variant === "matmulQuad4Rows";
  const many = await fastest(quads ? tuningTasks.manyQuad : tuningTasks.many, barriers);
  return { one: one.variant, few: few.variant, many: many.variant, attention: attention.variant };
}

/** Changes whenever the variants do, so that an old choice is measured anew. */
const VERSION = 12;
const storageKey = ({ gpu }: Engine) => `next-token variants ${VERSION} ${gpu.adapter.name}`;

/** The choice of an earlier visit, if there is one that can be trusted. */
function loadTuning(engine: Engine): TunedKernels | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey(engine)) ?? "null") as Record<string, unknown>;
    const [one, few, many, attention] = [
      known(engine, tuningTasks.one, kept.one),
      known(engine, tuningTasks.few, kept.few),
      known(engine, tuningTasks.many, kept.many),
      known(engine, tuningTasks.attention, kept.attention),
    ];
    return one && few && many && attention && { one, few, many, attention };
  } catch {
    return undefined; // no storage here, or not ours: measure
  }
}

const known = <S extends string>(
  { gpu }: Engine,
  { variants, runs }: TuningTask<S>,
  kept: unknown,
): S | undefined => variants.find((variant) => variant === kept && runs(gpu, variant));

function saveTuning(engine: Engine, choice: TunedKernels): void {
  try {
    localStorage.setItem(storageKey(engine), JSON.stringify(choice));
  } catch {
    // storage is forbidden or full: the next visit measures again
  }
}
