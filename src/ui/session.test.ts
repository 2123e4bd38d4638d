import { describe, expect, it } from "vitest";
import type { GenerateOptions, GenerateStep } from "../index.ts";
import type { Mask } from "../model/config.ts";
import { NextTokenError } from "../next-token-error.ts";
import type { Backend, LoadedModel } from "./backend.ts";
import { Session } from "./session.ts";
import type { Settings } from "./session-state.ts";

const settings: Settings = { model: "seed:123", mask: "causal", maxNewTokens: 3, contextSize: 1024 };

/** ASCII as its own ids, and a smile in two halves. */
const tokenizer = {
  endOfText: 50256,
  encode: (text: string) => [...text].map((char) => char.charCodeAt(0)),
  decode: (ids: readonly number[]) =>
    new TextDecoder().decode(Uint8Array.from(ids.flatMap((id) => [...tokenizer.bytes(id)]))),
  bytes: (id: number) => Uint8Array.from({ 300: [0xf0, 0x9f], 301: [0x99, 0x82], 50256: [0x2e] }[id] ?? [id]),
};

class FakeModel implements LoadedModel {
  readonly adapter = { name: "fake", isSoftware: true };
  isDestroyed = false;
  lose!: (why: { message: string }) => void;
  readonly lost = new Promise<{ message: string }>((resolve) => {
    this.lose = resolve;
  });
  readonly mask: Mask;

  constructor(mask: Mask) {
    this.mask = mask;
  }

  destroy() {
    this.isDestroyed = true;
  }
}

/** Continues every text with its length, so that a row read twice or not at all would show. */
class FakeBackend implements Backend<FakeModel> {
  models: FakeModel[] = [];
  calls: { idx: number[][]; options: GenerateOptions; model: FakeModel }[] = [];
  /** Called before each step; may wait, or throw what the step shall fail with. */
  beforeStep: (made: number) => unknown = () => {};
  beforeBuild: (signal: AbortSignal) => unknown = () => {};
  next = (row: number[]): number => row.length;

  async build(_: string, mask: Mask, hooks: Parameters<Backend["build"]>[2]) {
    hooks.onProgress({ phase: "weights", loaded: 1, total: 2 });
    await this.beforeBuild(hooks.signal);
    const model = new FakeModel(mask);
    this.models.push(model);
    return model;
  }

  async *generate(
    model: FakeModel,
    idx: number[][],
    options: GenerateOptions,
  ): AsyncGenerator<GenerateStep, void> {
    this.calls.push({ idx, options, model });
    const row = [...idx[0]!];
    for (let made = 0; made < options.maxNewTokens!; made++) {
      await this.beforeStep(made);
      const id = this.next(row);
      row.push(id);
      yield { ids: [id], top: [[{ id, logit: 1, probability: 0.5 }]], contextStart: 0 };
    }
  }

  loadTokenizer() {
    return Promise.resolve(tokenizer);
  }
}

function open(prompt = "Hi") {
  const backend = new FakeBackend();
  const events: [string, unknown][] = [];
  const session = new Session(
    backend,
    settings,
    (name, detail) => events.push([name, detail]),
    () => {},
  );
  session.setPrompt(prompt);
  const generated = () => session.state.steps.map((step) => step.ids[0]);
  const named = (name: string) => events.filter(([other]) => other === name).map(([, detail]) => detail);
  return { backend, session, events, generated, named };
}

/** A promise and the hand that keeps it. */
function gate() {
  let resolve!: () => void;
  const promise = new Promise<void>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}
const turn = () => new Promise((resolve) => setTimeout(resolve));

describe("a run", () => {
  it("builds the model once, appends the tokens and tells of each", async () => {
    const { backend, session, events, generated } = open();
    expect(backend.models).toHaveLength(0);
    await session.generate();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.calls[0]).toMatchObject({
      idx: [[72, 105]],
      options: { maxNewTokens: 3, contextSize: 1024, topK: 10 },
    });
    expect(session.state).toMatchObject({ activity: "idle", target: 3, text: "Hi\x02\x03\x04" });
    expect(events).toEqual([
      ["progress", { phase: "weights", loaded: 1, total: 2 }],
      ["ready", null],
      ["token", { id: 2, text: "\x02", row: 0, position: 2, probability: 0.5 }],
      ["token", { id: 3, text: "\x03", row: 0, position: 3, probability: 0.5 }],
      ["token", { id: 4, text: "\x04", row: 0, position: 4, probability: 0.5 }],
      ["done", { ids: [72, 105, 2, 3, 4], text: "Hi\x02\x03\x04" }],
    ]);
  });

  it("over, is followed by one that goes on from its end with the same model", async () => {
    const { backend, session, generated } = open();
    await session.generate();
    await session.generate();
    expect(generated()).toEqual([2, 3, 4, 5, 6, 7]);
    expect(session.state.steps.map((step) => step.isFirstOfRun)).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
    ]);
    expect(backend.models).toHaveLength(1);
    expect(backend.calls[1]!.idx).toEqual([[72, 105, 2, 3, 4]]);
  });

  it("starts an empty prompt from the end-of-text token", async () => {
    const { backend, session } = open("");
    await session.step();
    expect(backend.calls[0]!.idx).toEqual([[50256]]);
  });

  it("reads the prompt as it is now, however fast someone typed", async () => {
    const { backend, session } = open();
    await session.prompt.load();
    session.setPrompt("Hi!");
    await session.step();
    expect(backend.calls[0]!.idx).toEqual([[72, 105, 33]]);
  });

  it("joins half characters, and tells of an unfinished one without inventing text", async () => {
    const { backend, session, named } = open();
    backend.next = (row) => (row.at(-1) === 300 ? 301 : 300);
    await session.generate();
    expect(named("token").map((detail) => (detail as { text: string }).text)).toEqual(["", "🙂", ""]);
    expect(session.state.text).toBe("Hi🙂\uFFFD");
    await session.step();
    expect(named("token").at(-1)).toMatchObject({ id: 301, text: "🙂" });
  });
});

describe("stepping and stopping", () => {
  it("steps through one run, which is done when its number is reached", async () => {
    const { backend, session, generated, named } = open();
    await session.step();
    await session.step();
    expect(generated()).toEqual([2, 3]);
    expect(named("done")).toHaveLength(0);
    await session.step();
    expect(named("done")).toHaveLength(1);
    expect(backend.calls).toHaveLength(1);
  });

  it("stops after the token under way and finishes the rest later, in the same run", async () => {
    const { backend, session, generated, named } = open();
    const second = gate();
    backend.beforeStep = (made) => made === 1 && second.promise;
    const run = session.generate();
    while (session.state.steps.length < 1) await turn();
    session.pause();
    expect(session.state.activity).toBe("stopping");
    second.resolve();
    await run;
    expect(session.state).toMatchObject({ activity: "idle", target: 3 });
    expect(generated()).toEqual([2, 3]);
    expect(named("done")).toHaveLength(0);
    await session.generate();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.calls).toHaveLength(1);
  });

  it("begins a new run when the number changes in a pause", async () => {
    const { backend, session, generated } = open();
    await session.step();
    session.configure({ ...settings, maxNewTokens: 2 });
    await session.generate();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.calls[1]!.options.maxNewTokens).toBe(2);
  });

  it("does one thing at a time", async () => {
    const { backend, session, generated } = open();
    await Promise.all([session.generate(), session.step(), session.generate()]);
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.models).toHaveLength(1);
  });
});

describe("a reset", () => {
  it("makes the step under way count for nothing", async () => {
    const { backend, session, generated, named } = open();
    const late = gate();
    backend.beforeStep = () => late.promise;
    const abandoned = session.generate();
    while (backend.calls.length === 0) await turn();
    session.setPrompt("Yo?");
    expect(backend.calls[0]!.options.signal?.aborted).toBe(true);
    const wanted = session.step();
    late.resolve();
    await abandoned;
    await wanted;
    expect(backend.calls.map(({ idx }) => idx[0])).toEqual([
      [72, 105],
      [89, 111, 63],
    ]);
    expect(generated()).toEqual([3]);
    expect(named("token")).toHaveLength(1);
  });

  it("comes with another mask, for which the old model is let go only when the new one stands", async () => {
    const { backend, session, generated } = open();
    await session.generate();
    backend.beforeBuild = () => expect(backend.models[0]!.isDestroyed).toBe(false);
    session.configure({ ...settings, mask: "none" });
    expect(generated()).toEqual([]);
    await session.step();
    expect(backend.models.map((model) => [model.mask, model.isDestroyed])).toEqual([
      ["causal", true],
      ["none", false],
    ]);
    expect(session.state.failure).toBeUndefined();
  });

  it("gives up a model that is being built, and a second click builds it", async () => {
    const { backend, session, named } = open();
    backend.beforeBuild = (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const building = session.generate();
    await turn();
    expect(session.state).toMatchObject({ activity: "building", progress: { loaded: 1, total: 2 } });
    session.pause();
    expect(session.state).toMatchObject({ activity: "idle", progress: undefined });
    await building;
    backend.beforeBuild = () => {};
    await session.generate();
    expect(named("error")).toEqual([]);
    expect(named("done")).toHaveLength(1);
  });
});

describe("failures", () => {
  it("are shown, told, and do not lose the text: the next click goes on where it stopped", async () => {
    const { backend, session, generated, named } = open();
    backend.beforeStep = (made) => {
      if (made === 1) throw new NextTokenError("gpu-error", "It broke. Try again.");
    };
    await session.generate();
    expect(session.state.failure?.code).toBe("gpu-error");
    expect(session.state.activity).toBe("idle");
    expect(named("error")).toEqual([{ code: "gpu-error", message: "It broke. Try again." }]);
    expect(backend.models[0]!.isDestroyed).toBe(true);
    backend.beforeStep = () => {};
    await session.generate();
    expect(session.state.failure).toBeUndefined();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.models).toHaveLength(2);
    expect(backend.calls[1]!.options.maxNewTokens).toBe(2);
  });

  it("of what was asked for leave the model alone", async () => {
    const { backend, session } = open();
    backend.beforeStep = () => {
      throw new NextTokenError("bad-context-size", "No.");
    };
    await session.generate();
    expect(backend.models[0]!.isDestroyed).toBe(false);
  });

  it("not foreseen are named so and keep their message", async () => {
    const { backend, session } = open();
    backend.beforeBuild = () => {
      throw new TypeError("x is not a function.");
    };
    await session.generate();
    expect(session.state.failure).toMatchObject({ code: "unexpected" });
    expect(session.state.failure!.message).toContain("x is not a function.");
  });

  it("of the device are noticed between runs too, once", async () => {
    const { backend, session, named, generated } = open();
    await session.step();
    backend.models[0]!.lose({ message: "The GPU was lost. Press Generate." });
    await turn();
    expect(named("error")).toEqual([{ code: "device-lost", message: "The GPU was lost. Press Generate." }]);
    expect(session.state.adapter).toBeUndefined();
    await session.generate();
    expect(generated()).toEqual([2, 3, 4]);
    expect(named("error")).toHaveLength(1);
  });

  it("of a model let go on purpose are none", async () => {
    const { backend, session, named } = open();
    await session.step();
    session.dispose();
    await session.generate();
    backend.models[0]!.lose({ message: "destroyed" });
    await turn();
    expect(backend.models[0]!.isDestroyed).toBe(true);
    expect(backend.models[1]!.isDestroyed).toBe(false);
    expect(named("error")).toEqual([]);
  });
});
