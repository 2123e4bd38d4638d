/** What the page of a stage can be asked and told; `window.stage`, made before any of the page's own code runs. */
export interface StageInPage {
  /** As the element's events told them. */
  readonly done: { ids: number[]; text: string }[];
  readonly errors: { code: string; message: string }[];
  /** Exceptions and rejections that nobody caught. */
  readonly uncaught: string[];
  readonly devices: GPUDevice[];
  /** Which adapter the browser offers from now on. */
  adapter: "its own" | "none" | "a small one";
  /** Buffers whose label starts so are asked for larger than the GPU's memory. */
  oversized: string | undefined;
  isHidden: boolean;
  /** Whether the phase that is to be held has come. */
  isHeld: boolean;
  /** Holds the GPU's answers as soon as a phase is reached, once. */
  hold(phase: "building" | "prefill" | "decoding"): void;
  /** The same at the answer that holds this token of the run that begins. */
  holdAtToken(token: number): void;
  release(): void;
  /** Calls `generate` of the element, which settles when the run is over or has failed. */
  play(): void;
  isPlaying: boolean;
}

declare global {
  interface Window {
    stage: StageInPage;
  }
}

/** Waits of so many milliseconds and more pass faster: nobody learns anything from half a minute. */
const LONG = 1500;
const FASTER = 20;

/**
 * Runs in the page before its own code. Wraps what the browser offers, so that the GPU can be held in a phase, and so
 * that what it answers when memory ends is provoked rather than made up.
 */
export function setStage({ long, faster }: { long: number; faster: number }): void {
  let holding: string | undefined;
  let wake = () => {};
  let allIsThere = false;
  let heldToken = -1;
  let choices = -1; // answers of the GPU since the model was ready; the known answer's before do not count

  /** Waits here if this is what is to be held. */
  const passing = async (phase: string) => {
    if (holding !== phase) return;
    holding = undefined;
    stage.isHeld = true;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  };

  const stage: StageInPage = {
    done: [],
    errors: [],
    uncaught: [],
    devices: [],
    adapter: "its own",
    oversized: undefined,
    isHidden: false,
    isHeld: false,
    hold(phase) {
      holding = phase;
    },
    holdAtToken(token) {
      choices = 0;
      holding = "token";
      heldToken = token;
    },
    release: () => wake(),
    isPlaying: false,
    play() {
      stage.isPlaying = true;
      document
        .querySelector("next-token")!
        .generate()
        .then(() => {
          stage.isPlaying = false;
        });
    },
  };
  window.stage = stage;

  // On its way down: the element keeps its own `error` from coming up as far as the window.
  const onError = (event: Event) => {
    if (event instanceof CustomEvent) stage.errors.push(event.detail);
    else if (event instanceof ErrorEvent) stage.uncaught.push(event.message);
  };
  addEventListener("error", onError, { capture: true });
  addEventListener("unhandledrejection", ({ reason }) => stage.uncaught.push(`unhandled: ${reason}`));
  addEventListener("done", (event: Event) => stage.done.push((event as CustomEvent).detail));
  addEventListener("ready", () => {
    choices = 0;
  });
  addEventListener("progress", (event: Event) => {
    if (!(event instanceof CustomEvent)) return;
    allIsThere = event.detail.loaded === event.detail.total;
  });

  const { setTimeout } = window;
  window.setTimeout = ((run: () => void, ms = 0, ...rest: unknown[]) => {
    const wait = ms >= long ? ms / faster : ms;
    return setTimeout(run, stage.isHidden ? Math.ceil(wait / 1000) * 1000 : wait, ...rest);
  }) as typeof window.setTimeout;
  const { requestAnimationFrame } = window;
  window.requestAnimationFrame = (callback) => (stage.isHidden ? 0 : requestAnimationFrame(callback));
  for (const [name, value] of [
    ["hidden", () => stage.isHidden],
    ["visibilityState", () => (stage.isHidden ? "hidden" : "visible")],
  ] as const)
    Object.defineProperty(Document.prototype, name, { get: value, configurable: true });

  if (!navigator.gpu) return;
  const { requestAdapter } = GPU.prototype;
  GPU.prototype.requestAdapter = async function (options) {
    return stage.adapter === "none" ? null : requestAdapter.call(this, options);
  };
  const limits = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, "limits")!.get!;
  Object.defineProperty(GPUAdapter.prototype, "limits", {
    get(this: GPUAdapter) {
      const own: GPUSupportedLimits = limits.call(this);
      const small = (name: string | symbol) =>
        stage.adapter !== "its own" && name === "maxStorageBuffersPerShaderStage";
      return new Proxy(own, { get: (_, name) => (small(name) ? 4 : Reflect.get(own, name)) });
    },
  });
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    stage.devices.push(device);
    return device;
  };
  const { createBuffer } = GPUDevice.prototype;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const isOversized = stage.oversized !== undefined && descriptor.label?.startsWith(stage.oversized);
    const size = isOversized ? this.limits.maxBufferSize : descriptor.size;
    return createBuffer.call(this, { ...descriptor, size });
  };
  const { onSubmittedWorkDone } = GPUQueue.prototype;
  GPUQueue.prototype.onSubmittedWorkDone = async function () {
    if (allIsThere) await passing("building");
    return onSubmittedWorkDone.call(this);
  };
  const { mapAsync } = GPUBuffer.prototype;
  GPUBuffer.prototype.mapAsync = async function (...range) {
    if (choices >= 0 && this.label.startsWith("choice")) {
      if (choices === heldToken) await passing("token");
      const phase = choices++ === 0 ? "prefill" : "decoding";
      // Three tokens stand when the fourth is held.
      if (phase === "prefill" || choices > 3) await passing(phase);
    }
    return mapAsync.apply(this, range);
  };
}

export const pace = { long: LONG, faster: FASTER };
