import { notebook } from "../measure/fixture.ts";
import type {} from "./timed-run.ts"; // declares window.__open and window.__timeRun

// What is used of wllama. Its own types are there only where bench/peers is installed.
interface Chunk {
  choices: { text: string; logprobs?: { content: { id: number }[] } | null }[];
}
interface Wllama {
  loadModel(files: Blob[], options: object): Promise<void>;
  createCompletion(options: object): Promise<unknown>;
}
interface Module {
  Wllama: new (paths: { default: string }, options: object) => Wllama;
}

let wllama: Wllama;
/** The text of the ids that followed a prompt, by the prompt, from the run in which they were asked for. */
const known = new Map<string, { ids: number[]; text: string }>();

window.__open = async (threads = 1) => {
  const { Wllama }: Module = await import(/* @vite-ignore */ new URL("/wllama/index.js", location.href).href);
  wllama = new Wllama({ default: "/wllama/wasm/wllama.wasm" }, {});
  const file = await (await fetch("/model/model.gguf")).blob();
  await wllama.loadModel([file], {
    n_threads: threads,
    n_gpu_layers: 0,
    n_ctx: notebook.config.context_length,
    n_parallel: 1,
    cache_type_k: "f32",
    cache_type_v: "f32",
  });
  return threads === 1 ? "1 thread" : `${threads} threads`;
};

/** It hands out tokens as it makes them: the clock is read as each arrives. Its ids cost it time, so they are asked for once. */
window.__timeRun = async (prompt, tokens, promptText) => {
  const isKnown = known.get(prompt.join());
  const arrivals: number[] = [];
  const ids: number[] = [];
  let text = "";
  const start = performance.now();
  await wllama.createCompletion({
    prompt: promptText,
    max_tokens: tokens,
    temperature: 0,
    cache_prompt: false,
    ignore_eos: true,
    stream: true,
    ...(!isKnown && { n_probs: 1, logprobs: 1 }),
    onData: ({ choices: [choice] }: Chunk) => {
      if (choice === undefined || arrivals.length === tokens) return; // what says that it is over
      arrivals.push(performance.now());
      text += choice.text;
      ids.push(...(choice.logprobs?.content ?? []).map(({ id }) => id));
    },
  });
  if (isKnown && isKnown.text !== text) throw new Error(`It said "${text}", and "${isKnown.text}" before.`);
  if (!isKnown) known.set(prompt.join(), { ids, text });
  return {
    context: prompt.length,
    ids: isKnown?.ids ?? ids,
    prefill_ms: arrivals[0]! - start,
    decode_ms: arrivals.slice(1).map((time, i) => time - arrivals[i]!),
  };
};
