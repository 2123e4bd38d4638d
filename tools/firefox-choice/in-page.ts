// What runs in the page. The functions stand on their own: a browser gets their text.

/** When what happened, in milliseconds of the page's clock. */
export interface Times {
  play: number;
  ready: number;
  tokens: number[];
}

declare global {
  interface Window {
    /** There once the generation has ended. */
    times?: Times;
  }
}

/** Notes when Play was pressed, the model was ready, and each token came. Runs before the page's scripts. */
export function watchTimes(): void {
  const times: Times = { play: Number.NaN, ready: Number.NaN, tokens: [] };
  const capture = true; // the events of the element reach the window in no other way
  window.addEventListener(
    "click",
    () => {
      times.play = performance.now();
    },
    { capture },
  );
  window.addEventListener(
    "ready",
    () => {
      times.ready = performance.now();
    },
    { capture },
  );
  window.addEventListener(
    "token",
    () => {
      times.tokens.push(performance.now());
    },
    { capture },
  );
  window.addEventListener(
    "done",
    () => {
      window.times = times;
    },
    { capture },
  );
}

/** Takes the feature "subgroups" from every adapter. Runs before the page's scripts. */
export function withholdSubgroups(): void {
  const { get } = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, "features")!;
  Object.defineProperty(GPUAdapter.prototype, "features", {
    get() {
      return new Set([...get!.call(this)].filter((feature) => feature !== "subgroups"));
    },
  });
}

/** The choice of kernels as the page keeps it for the next visit, whatever else it keeps beside it; empty where it keeps none. */
export function keptChoice(): Record<string, string> {
  const key = Object.keys(localStorage).find((name) => name.startsWith("next-token variants "));
  const kept = key ? (localStorage.getItem(key) ?? "") : "";
  return Object.fromEntries(
    [...kept.matchAll(/"(one|few|many|attention)":"(\w+)"/g)].map(([, what, variant]) => [what!, variant!]),
  );
}
