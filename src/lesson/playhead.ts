/** The seven stations of one iteration of the notebook's loop, in its order. */
export type Station = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** Where the page stands: at a station of a step. Steps count from 0; a run is the same seven stations again and again. */
export interface Playhead {
  step: number;
  station: Station;
}

const MODEL: Station = 2;
const APPEND: Station = 6;
export const LAST_STATION: Station = 7;

/** The station after this one; the first of all after none. */
export function following(at: Playhead | undefined): Playhead {
  if (!at) return { step: 0, station: 1 };
  if (at.station === LAST_STATION) return { step: at.step + 1, station: 1 };
  return { step: at.step, station: (at.station + 1) as Station };
}

/** The station before this one; undefined before the first of all. */
export function preceding({ step, station }: Playhead): Playhead | undefined {
  if (station > 1) return { step, station: (station - 1) as Station };
  return step > 0 ? { step: step - 1, station: LAST_STATION } : undefined;
}

/** Whether what this station shows takes a forward pass: all but the input ids. */
export const needsResult = ({ station }: Playhead): boolean => station >= MODEL;

/** Whether `at` stands at `to` or behind it. */
export const isReached = (to: Playhead, at: Playhead | undefined): boolean =>
  at !== undefined && (at.step > to.step || (at.step === to.step && at.station >= to.station));

/** How many tokens have been appended here. */
export const appendedAt = (at: Playhead | undefined): number =>
  at ? at.step + (at.station >= APPEND ? 1 : 0) : 0;
