import type { LoadedModel } from "./backend.ts";

/** What is wrong with the GPU, by the code of the failure, where the processor took its place. */
const wrongWithGpu: Readonly<Record<string, string>> = {
  "no-webgpu": "This browser has no WebGPU",
  "insecure-context": "Browsers offer the GPU only to secure pages",
  "no-adapter": "The browser offers no GPU here",
  "limits-too-small": "The GPU here offers too little for the model",
  "known-answer-failed": "The GPU here computed wrong numbers",
  "device-lost": "The browser took the GPU away twice",
};

/** Who computes, and why, in a sentence. */
export function whoComputes({
  adapter,
  insteadOfGpu,
}: Pick<LoadedModel, "adapter" | "insteadOfGpu">): string {
  const { kind, name, isSoftware } = adapter;
  if (kind === "cpu") {
    const why = insteadOfGpu && wrongWithGpu[insteadOfGpu];
    return why ? `${why}: computed by ${name}.` : `Computed by ${name}, as chosen.`;
  }
  return isSoftware ? `Software adapter (${name}): far slower than a graphics card.` : `Adapter: ${name}.`;
}

/** What another choice of who computes would be, in the words of a button. */
export const otherDevice = { gpu: "Let the GPU compute again", cpu: "Let the processor compute" } as const;

/** On a software adapter: how much faster the processor itself would be; undefined where it would not be. */
export function offerOfProcessor(speedup: number | undefined): string | undefined {
  if (speedup === undefined || speedup < 1.2) return undefined;
  const times = speedup < 10 ? speedup.toFixed(1) : String(Math.round(speedup));
  return `The processor itself computed a block ${times} times as fast.`;
}
