import type { ProfiledDispatch } from "../../index.ts";

/** Some dispatches of a step, added up. */
export interface DispatchGroup {
  name: string;
  dispatches: ProfiledDispatch[];
  bytes: number;
  /** Undefined where they were not timed. */
  microseconds: number | undefined;
}

export const bytesOf = ({ bytesRead, bytesWritten }: ProfiledDispatch): number => bytesRead + bytesWritten;

/** 10^9 bytes a second; undefined where there is no time to divide by. */
export const rateOf = ({ bytes, microseconds }: Pick<DispatchGroup, "bytes" | "microseconds">) =>
  microseconds ? bytes / microseconds / 1000 : undefined;

/** The step as the model is built: what comes before the blocks, each block, and what comes after them. */
export function byBlock(dispatches: readonly ProfiledDispatch[]): DispatchGroup[] {
  const isInBlock = dispatches.map(({ module }) => /^trf_blocks\.\d+/.exec(module ?? "")?.[0]);
  const firstBlock = isInBlock.findIndex((block) => block !== undefined);
  return grouped(
    dispatches,
    (_, i) => isInBlock[i] ?? (i < firstBlock ? "before the blocks" : "after the blocks"),
  );
}

/** The step by kernel, the one that takes longest (or moves most, where nothing was timed) first. */
export function byKernel(dispatches: readonly ProfiledDispatch[]): DispatchGroup[] {
  const weight = ({ microseconds, bytes }: DispatchGroup) => microseconds ?? bytes;
  return grouped(dispatches, ({ kernel }) => kernel).sort((a, b) => weight(b) - weight(a));
}

/** All of the step. */
export const inAll = (dispatches: readonly ProfiledDispatch[]): DispatchGroup =>
  grouped(dispatches, () => "in all")[0]!;

function grouped(
  dispatches: readonly ProfiledDispatch[],
  nameOf: (dispatch: ProfiledDispatch, i: number) => string,
): DispatchGroup[] {
  const members = new Map<string, ProfiledDispatch[]>();
  for (const [i, dispatch] of dispatches.entries()) {
    const name = nameOf(dispatch, i);
    members.set(name, [...(members.get(name) ?? []), dispatch]);
  }
  return [...members].map(([name, dispatches]) => ({
    name,
    dispatches,
    bytes: dispatches.reduce((sum, dispatch) => sum + bytesOf(dispatch), 0),
    microseconds: dispatches.reduce<number | undefined>(
      (sum, { microseconds }) =>
        sum === undefined || microseconds === undefined ? undefined : sum + microseconds,
      0,
    ),
  }));
}
