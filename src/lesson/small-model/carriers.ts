import heads from "../../../small-model/heads.json";

/** The head that a kind of task needs most, as tools/train/heads.py measured it on the finished model. */
export interface Carrier {
  readonly layer: number;
  readonly head: number;
  /** The share of right answers on held-out texts without it, 0 to 1, and of the whole model. */
  readonly without: number;
  readonly whole: number;
}

/** Less than this many right answers in a hundred is nothing that a student could see. */
const WORTH_SHOWING = 0.05;

/** The head that carries a kind of task; undefined where none does that much alone. */
export function carrierOf(kind: string): Carrier | undefined {
  const carriers: Partial<Record<string, { layer: number; head: number; accuracy: number }[]>> =
    heads.carriers;
  const measured: Partial<Record<string, { accuracy: number }>> = heads.whole;
  const [carrier] = carriers[kind] ?? [];
  const whole = measured[kind]?.accuracy;
  if (!carrier || whole === undefined || whole - carrier.accuracy < WORTH_SHOWING) return undefined;
  return { layer: carrier.layer, head: carrier.head, without: carrier.accuracy, whole };
}
