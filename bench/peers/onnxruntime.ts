import { notebook } from "../measure/fixture.ts";
import { type Side, timeRun } from "./timed-run.ts";

// What is used of onnxruntime-web. Its own types are there only where bench/peers is installed.
interface Tensor {
  data: Float32Array;
  dispose(): void;
}
type Tensors = Record<string, Tensor>;
interface Session {
  run(feeds: Tensors): Promise<Tensors>;
}
interface Ort {
  env: { wasm: { wasmPaths: string; numThreads: number }; webgpu: { device: Promise<GPUDevice> } };
  Tensor: new (type: "int32" | "float32", data: ArrayBufferView, dims: readonly number[]) => Tensor;
  InferenceSession: { create(url: string, options: object): Promise<Session> };
}

const { n_layers, n_heads, emb_dim } = notebook.config;
const caches = Array.from({ length: n_layers }, (_, n) => [`k_${n}`, `v_${n}`]).flat();

let side: Side;

window.__open = async (threads) => {
  const onGpu = threads === undefined;
  const file = onGpu ? "ort.webgpu.min.mjs" : "ort.wasm.min.mjs";
  const ort: Ort = await import(/* @vite-ignore */ new URL(`/ort/${file}`, location.href).href);
  ort.env.wasm.wasmPaths = "/ort/";
  ort.env.wasm.numThreads = threads ?? 1; // threads that wait for work take processors from a GPU in software, theirs and ours
  const session = await ort.InferenceSession.create("/model/model.onnx", {
    executionProviders: [onGpu ? "webgpu" : "wasm"],
    // Keys and values stay on the GPU.
    ...(onGpu && {
      preferredOutputLocation: Object.fromEntries(caches.map((name) => [`present_${name}`, "gpu-buffer"])),
    }),
  });
  side = new OnnxSide(ort, session);
  if (!onGpu) return threads === 1 ? "1 thread" : `${threads} threads`;
  const { vendor, architecture, description } = (await ort.env.webgpu.device).adapterInfo;
  return `${vendor} ${architecture} ${description}`.trim();
};
window.__timeRun = (prompt, tokens) => timeRun(side, prompt, tokens);

class OnnxSide implements Side {
  readonly #ort: Ort;
  readonly #session: Session;
  /** [1, n_heads, cache_len, head_dim] each, by past_k_0, past_v_0 ... */
  #cache_len: Tensors = {};
  #cache_lenLength = 0;
  #last = 0;

  constructor(ort: Ort, session: Session) {
    this.#ort = ort;
    this.#session = session;
  }

  prefill(ids: readonly number[]): Promise<number> {
    this.#keep(
      Object.fromEntries(
        caches.map((name) => [name, this.#f32(new Float32Array(), [1, n_heads, 0, emb_dim / n_heads])]),
      ),
      0,
    );
    return this.#feed(ids);
  }

  next(): Promise<number> {
    return this.#feed([this.#last]);
  }

  async #feed(ids: readonly number[]): Promise<number> {
    const total = this.#cache_lenLength + ids.length;
    const outputs = await this.#session.run({
      ids: this.#i32(ids),
      positions: this.#i32(ids.map((_, i) => this.#cache_lenLength + i)),
      mask: this.#causalMask(ids.length, total),
      ...this.#cache_len,
    });
    this.#keep(Object.fromEntries(caches.map((name) => [name, outputs[`present_${name}`]!])), total);
    this.#last = argmax(outputs.logits!.data);
    return this.#last;
  }

  #keep(caches: Tensors, length: number): void {
    for (const tensor of Object.values(this.#cache_len)) tensor.dispose();
    this.#cache_len = Object.fromEntries(
      Object.entries(caches).map(([name, tensor]) => [`past_${name}`, tensor]),
    );
    this.#cache_lenLength = length;
  }

  /** [rows, total], 0 where a row may look and a number that leaves nothing of a score where it may not. */
  #causalMask(rows: number, total: number): Tensor {
    const mask = new Float32Array(rows * total);
    for (let row = 0; row < rows; row++)
      mask.fill(-1e9, row * total + total - rows + row + 1, (row + 1) * total);
    return this.#f32(mask, [rows, total]);
  }

  #i32(values: readonly number[]): Tensor {
    return new this.#ort.Tensor("int32", Int32Array.from(values), [1, values.length]);
  }

  #f32(values: Float32Array, dims: readonly number[]): Tensor {
    return new this.#ort.Tensor("float32", values, dims);
  }
}

function argmax(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
