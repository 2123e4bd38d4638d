import record from "../../../small-model/record.json";
import tokens from "../../../small-model/tokens.json";

/** Mean losses in nats a token. */
export interface Losses {
  /** On texts of the kind it was trained on. */
  readonly seen_share: number;
  /** On texts with names, places and things that never came together in training. */
  readonly held_out: number;
}

export interface LossPoint extends Losses {
  readonly step: number;
}

/** What was measured at a snapshot, on the weights as they are shipped. */
export interface Snapshot {
  readonly step: number;
  /** Of the file as it travels; undefined of the seed's model, which is none. */
  readonly bytes?: number | undefined;
  readonly loss: Losses;
  /** For each kind of task the share of right answers on the held-out texts, 0 to 1; undefined of the seed's model. */
  readonly accuracy?: Readonly<Record<string, number>> | undefined;
}

/** What tools/train/train.py recorded at each snapshot. */
export const snapshots: readonly Snapshot[] = record.snapshots;

export const snapshotAt = (step: number): Snapshot | undefined =>
  snapshots.find((snapshot) => snapshot.step === step);

/** The loss as training went on, at its snapshots and between them. */
export const lossCurve: readonly LossPoint[] = [
  ...record.curve,
  ...snapshots.map(({ step, loss }) => ({ step, ...loss })),
]
  .sort((a, b) => a.step - b.step)
  .filter(({ step }, i, points) => step !== points[i - 1]?.step);

/** The tokens that its texts were made of. All others share one row of weights. */
export const seenTokens: ReadonlySet<number> = new Set(tokens);
