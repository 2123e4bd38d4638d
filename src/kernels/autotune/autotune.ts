import type { Engine } from "../../gpu/engine.ts";
import type { AttentionShape } from "../flash-attention.ts";
import type { LinearShape } from "../linear.ts";
import { compile, fastest, type Verdict } from "./measure.ts";
import { contestants, type Trial, trials } from "./tuning-tasks.ts";

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
  const choice = recall(engine) ?? (await measure(engine));
  chosen.set(engine, choice);
  return choice;
}

async function measure(engine: Engine): Promise<ShapeChoice> {
  // What is tried in any case goes to the compilers at once, because they take longer than the trials.
  await Promise.all([
    compile(engine, trials.attention, contestants(engine, trials.attention)),
    compile(engine, trials.few, contestants(engine, trials.few, false)),
  ]);
  const choice = await engine.gpu.turns.take(() =>
    decide((trial, barriers) => fastest(engine, trial, barriers)),
  );
  remember(engine, choice);
  return choice;
}

/** Which trials are held, and what follows from them; `fastest` holds one. */
export async function decide(
  fastest: <S extends string>(trial: Trial<S>, barriers?: boolean) => Promise<Verdict<S>>,
): Promise<ShapeChoice> {
  const attention = await fastest(trials.attention);
  // Where attention with barriers was hopeless, nothing else with barriers is worth compiling.
  const barriers = !attention.hopeless.some(trials.attention.meets);
  const one = await fastest(trials.one, barriers);
  const few = await fastest(trials.few, barriers);
  // Four rows are all that a thread on its own shares: where a quad did those faster, more rows need not be tried.
  const quads = few.shape === "matmulFourRows";
  const many = await fastest(quads ? trials.manyByQuads : trials.many, barriers);
  return { one: one.shape, few: few.shape, many: many.shape, attention: attention.shape };
}

/** Changes whenever the shapes do, so that an old choice is measured anew. */
const VERSION = 11;
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
