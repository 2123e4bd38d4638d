import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NextTokenError } from "../../errors.ts";
import { FakeBackend, type FakeModel } from "../../test/fake-backend.ts";
import { Session } from "../session.ts";
import type { Settings } from "../session-state.ts";

const settings: Settings = {
  model: "seed:123",
  mask: "causal",
  device: "auto",
  maxNewTokens: 1,
  contextSize: 1024,
  kvCache: true,
  ablate: [],
  sampling: undefined,
  stopAtEndOfText: false,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How long typing must rest before a prompt is split. */
const SPLIT = 80;
const rest = (milliseconds = SPLIT) => vi.advanceTimersByTimeAsync(milliseconds);

/** A session whose model was loaded, so small and fast that it previews, with nothing appended. */
async function open({ milliseconds = 5, emb_dim = 64 } = {}) {
  const backend = new FakeBackend();
  backend.milliseconds = milliseconds;
  backend.config = { ...backend.config, emb_dim };
  const events: string[] = [];
  const activities = new Set<string>();
  const session: Session<FakeModel> = new Session(
    backend,
    settings,
    (name) => events.push(name),
    () => activities.add(session?.state.activity),
  );
  const type = (...texts: string[]) => session.setPrompts(texts, "error");
  type("Hi");
  await session.token();
  session.reset();
  await rest(0);
  for (const seen of [events, backend.calls]) seen.length = 0;
  activities.clear();
  const likeliest = () => session.state.preview?.step.ids[0];
  const asked = () => backend.calls.map(({ idx }) => String.fromCharCode(...idx[0]!));
  return { backend, session, events, activities, type, likeliest, asked };
}

/** Holds each step until its hand is called. */
function held(backend: FakeBackend): (() => void)[] {
  const hands: (() => void)[] = [];
  backend.beforeStep = () => new Promise<void>((resolve) => hands.push(resolve));
  return hands;
}

describe("a preview", () => {
  it("is there after a reset, and follows what is typed without anything being pressed, told or built", async () => {
    const { backend, session, events, activities, type, likeliest } = await open();
    expect(likeliest()).toBe(2); // the fake continues a text with its length
    type("Hi!");
    await rest();
    expect(likeliest()).toBe(3);
    expect(session.state).toMatchObject({ preview: { idx: [[72, 105, 33]] }, steps: [], at: undefined });
    expect(backend.calls.at(-1)!.options).toMatchObject({ maxNewTokens: 1, topK: 10, summary: true });
    expect([...activities]).toEqual(["idle"]);
    expect(events).toEqual([]);
    expect(backend.models).toHaveLength(1);
  });

  it("is not made before a model is loaded", async () => {
    const backend = new FakeBackend();
    const session = new Session(
      backend,
      settings,
      () => {},
      () => {},
    );
    session.setPrompts(["Hi"], "error");
    await session.prompts.load();
    await rest(2000);
    expect(backend.models).toEqual([]);
    expect(session.state.preview).toBeUndefined();
  });

  it("comes before what the processor would make of it is measured", async () => {
    const backend = new FakeBackend();
    backend.config = { ...backend.config, emb_dim: 64 };
    const hands = held(backend);
    const nothing = () => {};
    const session = new Session(backend, settings, nothing, nothing);
    session.setPrompts(["Hi"], "error");
    await session.prompts.load();
    await session.load();
    await rest();
    expect(hands).toHaveLength(1);
    expect(session.state).toMatchObject({ preview: undefined, processorSpeedup: undefined });
    hands[0]!();
    await rest();
    expect(session.state.preview).toBeDefined();
    expect(session.state.processorSpeedup).toBe(6);
  });

  it("stays until the first step of a run, which appends what it said", async () => {
    const { backend, session, likeliest } = await open();
    const hands = held(backend);
    const said = likeliest();
    const run = session.token();
    await rest(1000);
    expect(likeliest()).toBe(said);
    hands[0]!();
    await run;
    expect(session.state.steps[0]!.ids).toEqual([said]);
    expect(session.state.preview).toBeUndefined();
    await rest(2000);
    expect(session.state.preview).toBeUndefined();
  });

  it("is of the text that is there, empty or of several rows, and of none that is refused", async () => {
    const { session, type } = await open();
    type("");
    await rest();
    expect(session.state.preview!.idx).toEqual([[50256]]);
    type("ab", "cd");
    await session.prompts.load();
    await rest();
    expect(session.state.preview!.step.top).toHaveLength(2);
    type("ab", "c");
    await rest();
    expect(session.state.preview).toBeUndefined();
  });

  it("changes with the settings that change the answer, and with no other", async () => {
    const { session, asked, backend } = await open();
    session.configure({ maxNewTokens: 7 });
    await rest();
    expect(asked()).toEqual([]);
    session.configure({ contextSize: 1 });
    await rest();
    expect(backend.calls.map(({ options }) => options.contextSize)).toEqual([1]);
    session.configure({ mask: "none" }); // another model, which nobody built
    await rest(2000);
    expect(session.state.preview).toBeUndefined();
    expect(backend.calls).toHaveLength(1);
  });

  it("is settled after a second in which nobody types", async () => {
    const { session, type } = await open();
    type("Hi!");
    await rest(SPLIT + 999);
    expect(session.state.preview!.isSettled).toBe(false);
    type("Hi!?");
    await rest(SPLIT + 999);
    expect(session.state.preview!.isSettled).toBe(false);
    await rest(1);
    expect(session.state.preview!.isSettled).toBe(true);
  });
});

describe("one at a time", () => {
  it("only the newest text waits, and an older one's answer is not shown", async () => {
    const { backend, session, type, likeliest, asked } = await open();
    const hands = held(backend);
    for (const text of ["a", "abc", "abcde", "abcd"]) {
      type(text);
      await rest();
    }
    expect(asked()).toEqual(["a"]);
    await rest(500);
    expect(session.state.preview).toBeUndefined(); // the one before stays no longer than it takes to answer
    hands[0]!();
    await rest(0);
    expect(session.state.preview).toBeUndefined();
    expect(asked()).toEqual(["a", "abcd"]);
    hands[1]!();
    await rest(0);
    expect(likeliest()).toBe(4);
    expect(asked()).toHaveLength(2);
  });

  it("the one before is left for a moment, so that nothing flickers", async () => {
    const { backend, type, likeliest } = await open();
    const [before, hands] = [likeliest(), held(backend)];
    type("Hi!");
    await rest(SPLIT + 100);
    expect(likeliest()).toBe(before);
    hands[0]!();
    await rest(0);
    expect(likeliest()).toBe(3);
    await rest(1000);
    expect(likeliest()).toBe(3);
  });

  it("a run that begins meanwhile does not wait, and what comes then is dropped", async () => {
    const { backend, session, type } = await open();
    const hands = held(backend);
    type("Hi!");
    await rest();
    const run = session.token();
    await rest(0);
    expect(hands).toHaveLength(2);
    hands[1]!();
    await run;
    hands[0]!();
    await rest(2000);
    expect(session.state).toMatchObject({ preview: undefined, steps: [{ ids: [3] }], activity: "idle" });
  });
});

describe("what is not fast enough", () => {
  it("a large model is not tried; once its steps were fast, it is", async () => {
    const { backend, session, type, likeliest } = await open({ emb_dim: 768 });
    type("Hi!");
    await rest();
    expect(backend.calls).toEqual([]);
    session.configure({ maxNewTokens: 3 });
    await session.play();
    session.reset();
    await rest();
    expect(likeliest()).toBe(3);
  });

  it("a small model that turns out to be slow is asked no more, until another is chosen", async () => {
    const { backend, session, type, asked } = await open({ milliseconds: 51 }); // its run was the first pass, the reset's preview the second
    type("1");
    await rest();
    for (const text of ["12", "123"]) {
      type(text);
      await rest();
    }
    expect(asked()).toEqual(["1"]);
    expect(session.state.preview).toBeUndefined();
    backend.milliseconds = 5;
    session.configure({ model: "seed:7" });
    await session.token();
    session.reset();
    await rest();
    expect(session.state.preview).toBeDefined();
  });
});

describe("what goes wrong", () => {
  it("leaves no preview, says nothing, and the next text is tried", async () => {
    const { backend, session, events, type, likeliest } = await open();
    backend.beforeStep = () => {
      throw new NextTokenError("out-of-memory", "Too little memory.");
    };
    type("Hi!");
    await rest(2000);
    expect(session.state).toMatchObject({ preview: undefined, failure: undefined, notice: undefined });
    expect(events).toEqual([]);
    backend.beforeStep = () => {};
    type("Hi");
    await rest();
    expect(likeliest()).toBe(2);
  });

  it("a model that is lost or given back takes its preview with it", async () => {
    const { backend, session, type } = await open();
    const hands = held(backend);
    type("Hi!");
    await rest();
    backend.models[0]!.lose({ message: "" });
    await rest(0);
    expect(session.state.preview).toBeUndefined();
    hands[0]!();
    await rest(2000);
    expect(session.state.preview).toBeUndefined();
    backend.beforeStep = () => {};
    await session.token();
    session.reset();
    await rest(0);
    expect(session.state.preview).toBeDefined();
    session.dispose();
    await rest(2000);
    expect(session.state.preview).toBeUndefined();
  });
});

describe("what else is found out about each text", () => {
  it("comes after the preview, for the newest text and the one that is there, and no longer than wanted", async () => {
    const { session, type, likeliest } = await open();
    const found: unknown[] = [];
    const companion = async (_: unknown, idx: number[][]) => void found.push([idx[0]!.length, likeliest()]);
    session.accompanyPreview(companion);
    await rest(0);
    type("Hi!");
    await rest(SPLIT + 2000);
    expect(found).toEqual([
      [2, 2],
      [3, 3],
    ]);
    session.accompanyPreview(undefined);
    type("Hi!!");
    await rest();
    expect(found).toHaveLength(2);
  });

  it("is cancelled by a key, the next preview waits for its end, and its failure is its own", async () => {
    const { session, type, likeliest, asked } = await open();
    let fail!: (cause: Error) => void;
    const signals: AbortSignal[] = [];
    session.accompanyPreview((_, __, signal) => {
      signals.push(signal);
      return new Promise((_, reject) => {
        fail = reject;
      });
    });
    type("Hi!");
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    await rest();
    expect(asked()).toEqual([]);
    fail(new Error("lost"));
    await rest(0);
    expect(likeliest()).toBe(3);
    expect(session.state.failure).toBeUndefined();
  });
});
