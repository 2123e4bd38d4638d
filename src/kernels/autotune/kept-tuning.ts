import type { Device } from "../../device/device.ts";
import { type AttentionVariant, attentionVariants } from "../flash-attention.ts";
import type { MatmulVariant } from "../linear.ts";
import type { TunedKernels } from "./tuned-kernels.ts";
import { isMatvec, tuningTasks } from "./tuning-tasks.ts";

/** Changes whenever the variants do, so that an old choice is measured anew. */
const VERSION = 13;
/** Drivers change and laptops switch cards without a new name: after thirty days the choice is made anew. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** What is kept: a choice, what it was made with, and until when it holds. */
interface Kept {
  version: number;
  browser: string;
  features: string;
  until: number;
  kernels: TunedKernels;
}

/** One choice for an adapter, whatever the browser is called by now. */
const storageKey = (device: Device) => `next-token variants ${device.adapter.name}`;

/** A browser that is updated may compile other code, offer other features, and so compute faster with other kernels. */
const madeWith = (device: Device) => ({
  version: VERSION,
  browser: globalThis.navigator?.userAgent ?? "",
  features: [...device.features].sort().join(" "),
});

/** The choice of an earlier visit, if it still holds. */
export function loadTuning(device: Device): TunedKernels | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey(device)) ?? "null") as Partial<Kept> | null;
    if (!kept) return undefined;
    const isSame = Object.entries(madeWith(device)).every(
      ([name, value]) => kept[name as keyof Kept] === value,
    );
    const left = Number(kept.until) - Date.now();
    return isSame && left > 0 && left <= KEPT_MS ? runnable(device, kept.kernels) : undefined;
  } catch {
    return undefined; // no storage here, or not ours: measure
  }
}

export function saveTuning(device: Device, kernels: TunedKernels): void {
  const kept: Kept = { ...madeWith(device), until: Date.now() + KEPT_MS, kernels };
  try {
    localStorage.setItem(storageKey(device), JSON.stringify(kept));
  } catch {
    // storage is forbidden or full: the next visit measures again
  }
}

export function forgetTuning(device: Device): void {
  try {
    localStorage.removeItem(storageKey(device));
  } catch {
    // storage is forbidden: nothing is kept
  }
}

/** A choice, if each of its variants is one that this adapter can run for what it was chosen for. */
function runnable(device: Device, kernels: TunedKernels | undefined): TunedKernels | undefined {
  const known = (task: "one" | "few" | "many", kept: MatmulVariant | undefined) =>
    tuningTasks[task].variants.find((variant) => variant === kept && tuningTasks[task].runs(device, variant));
  const [one, many] = [known("one", kernels?.one), known("many", kernels?.many)];
  const few = known("few", kernels?.few) ?? (one && isMatvec(one) ? known("one", kernels?.few) : undefined);
  const attention: AttentionVariant | undefined = attentionVariants.find(
    (variant) => variant === kernels?.attention && (variant !== "quad" || device.features.has("subgroups")),
  );
  return one && few && many && attention && { one, few, many, attention };
}
