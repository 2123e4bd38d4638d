import type { Numbers, Output } from "./output.ts";

/** The notebook prints logits with four decimals; more than one unit of the last is another number. */
const LARGEST_DIFFERENCE = 1e-4;

export interface Comparison {
  agrees: boolean;
  /** Indices of the values of ours that are not the notebook's. */
  differing: ReadonlySet<number>;
  /** The finding in one sentence. */
  summary: string;
}

/** Holds what was computed to what the notebook printed: ids, shapes and text must be identical. */
export function compare(printed: Output, ours: Output): Comparison {
  if (printed.kind === "text" || ours.kind === "text") return compareTexts(printed, ours);
  if (printed.kind !== ours.kind || printed.shape.join() !== ours.shape.join()) {
    const summary = `Another shape: [${ours.shape.join(", ")}] instead of [${printed.shape.join(", ")}].`;
    return { agrees: false, differing: new Set(ours.values.keys()), summary };
  }
  return compareNumbers(printed, ours);
}

function compareNumbers(printed: Numbers, ours: Numbers): Comparison {
  const tolerance = printed.kind === "logits" ? LARGEST_DIFFERENCE : 0;
  const differences = printed.values.map((value, i) => Math.abs(ours.values[i]! - value));
  const differing = new Set<number>();
  for (const [i, difference] of differences.entries()) {
    if (!(difference <= tolerance)) differing.add(i); // also where ours is not a number
  }
  const agrees = differing.size === 0;
  const count = differences.length;
  const largest = differences.some(Number.isNaN) ? Number.NaN : Math.max(...differences);
  const shares = `${differing.size} of ${count}`;
  if (printed.kind === "logits") {
    const difference = `Largest difference of ${count} numbers: ${largest.toFixed(6)}, at most ${LARGEST_DIFFERENCE} is allowed`;
    return {
      agrees,
      differing,
      summary: agrees ? `${difference}.` : `${difference}; ${shares} differ by more.`,
    };
  }
  const summary = agrees
    ? `Identical, all ${count} numbers. Largest difference: 0.`
    : `${shares} numbers differ. Largest difference: ${largest}.`;
  return { agrees, differing, summary };
}

function compareTexts(printed: Output, ours: Output): Comparison {
  const [a, b] = [printed, ours].map((output) => (output.kind === "text" ? output.text : undefined));
  if (a !== undefined && a === b) {
    return { agrees: true, differing: new Set(), summary: `Identical, all ${a.length} characters.` };
  }
  if (a === undefined || b === undefined) {
    return { agrees: false, differing: new Set(), summary: "One is a text, the other is not." };
  }
  let same = 0;
  while (a[same] === b[same]) same++;
  return { agrees: false, differing: new Set(), summary: `The texts part at character ${same + 1}.` };
}
