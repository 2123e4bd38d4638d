import { describe, expect, it, vi } from "vitest";
import type { HeadOfLayer } from "../config.ts";
import { NextTokenError } from "../errors.ts";
import { FakeBackend, type FakeModel, tokenizer } from "../test/fake-backend.ts";
import { Session } from "./session.ts";
import type { Settings } from "./session-state.ts";

const settings: Settings = {
  model: "seed:123",
  mask: "causal",
  device: "auto",
  maxNewTokens: 3,
  contextSize: 1024,
  kvCache: true,
  ablate: [],
  sampling: undefined,
  stopAtEndOfText: false,
};

function open(...prompts: string[]) {
  const backend = new FakeBackend();
  const events: [string, unknown][] = [];
  const session = new Session(
    backend,
    settings,
    (name, detail) => events.push([name, detail]),
    () => {},
  );
  session.setPrompts(prompts.length > 0 ? prompts : ["Hi"], "error");
  const generated = () => session.state.steps.map((step) => step.ids[0]);
  const named = (name: string) => events.filter(([other]) => other === name).map(([, detail]) => detail);
  return { backend, session, events, generated, named };
}

const closeToHalf = expect.closeTo(0.5, 6);

/** A promise and the hand that keeps it. */
function gate() {
  let resolve!: () => void;
  const promise = new Promise<void>((keep) => {
    resolve = keep;
  });
  return { promise, resolve };
}
const tick = () => new Promise((resolve) => setTimeout(resolve));

describe("a run", () => {
  it("builds the model once, appends the tokens and tells of each", async () => {
    const { backend, session, events, generated } = open();
    expect(backend.models).toHaveLength(0);
    await session.play();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.calls[0]).toMatchObject({
      idx: [[72, 105]],
      options: { maxNewTokens: 3, contextSize: 1024, topK: 10, kvCache: true, summary: true },
    });
    expect(session.state).toMatchObject({ activity: "idle", target: 3, texts: ["Hi\x02\x03\x04"] });
    expect(events).toEqual([
      ["progress", { phase: "weights", loaded: 1, total: 2 }],
      ["ready", null],
      ["token", { id: 2, text: "\x02", row: 0, position: 2, probability: closeToHalf }],
      ["token", { id: 3, text: "\x03", row: 0, position: 3, probability: closeToHalf }],
      ["token", { id: 4, text: "\x04", row: 0, position: 4, probability: closeToHalf }],
      ["done", { ids: [72, 105, 2, 3, 4], text: "Hi\x02\x03\x04" }],
    ]);
  });

  it("over, is followed by one that goes on from its end with the same model", async () => {
    const { backend, session, generated } = open();
    await session.play();
    await session.play();
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
    await session.token();
    expect(backend.calls[0]!.idx).toEqual([[50256]]);
  });

  it("reads the prompt as it is now, however fast someone typed", async () => {
    const { backend, session } = open();
    await session.prompts.load();
    session.setPrompts(["Hi!"], "error");
    await session.token();
    expect(backend.calls[0]!.idx).toEqual([[72, 105, 33]]);
  });

  it("joins half characters, and tells of an unfinished one without inventing text", async () => {
    const { backend, session, named } = open();
    backend.next = (row) => (row.at(-1) === 300 ? 301 : 300);
    await session.play();
    expect(named("token").map((detail) => (detail as { text: string }).text)).toEqual(["", "🙂", ""]);
    expect(session.state.texts).toEqual(["Hi🙂\uFFFD"]);
    await session.token();
    expect(named("token").at(-1)).toMatchObject({ id: 301, text: "🙂" });
  });
});

describe("stepping and stopping", () => {
  it("steps through one run, which is done when its number is reached", async () => {
    const { backend, session, generated, named } = open();
    await session.token();
    await session.token();
    expect(generated()).toEqual([2, 3]);
    expect(named("done")).toHaveLength(0);
    await session.token();
    expect(named("done")).toHaveLength(1);
    expect(backend.calls).toHaveLength(1);
  });

  it("stops after the token under way and finishes the rest later, in the same run", async () => {
    const { backend, session, generated, named } = open();
    const second = gate();
    backend.beforeStep = (made) => made === 1 && second.promise;
    const run = session.play();
    while (session.state.steps.length < 1) await tick();
    session.pause();
    expect(session.state.activity).toBe("stopping");
    second.resolve();
    await run;
    expect(session.state).toMatchObject({ activity: "idle", target: 3 });
    expect(generated()).toEqual([2, 3]);
    expect(named("done")).toHaveLength(0);
    await session.play();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.calls).toHaveLength(1);
  });

  it("begins a new run when the number changes in a pause", async () => {
    const { backend, session, generated } = open();
    await session.token();
    session.configure({ ...settings, maxNewTokens: 2 });
    await session.play();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.calls[1]!.options.maxNewTokens).toBe(2);
  });

  it("does one thing at a time", async () => {
    const { backend, session, generated } = open();
    await Promise.all([session.play(), session.token(), session.play()]);
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.models).toHaveLength(1);
  });
});

describe("a reset", () => {
  it("makes the step under way count for nothing", async () => {
    const { backend, session, generated, named } = open();
    const late = gate();
    backend.beforeStep = () => late.promise;
    const abandoned = session.play();
    while (backend.calls.length === 0) await tick();
    session.setPrompts(["Yo?"], "error");
    expect(backend.calls[0]!.options.signal?.aborted).toBe(true);
    const wanted = session.token();
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
    await session.play();
    backend.beforeBuild = () => expect(backend.models[0]!.isDestroyed).toBe(false);
    session.configure({ ...settings, mask: "none" });
    expect(generated()).toEqual([]);
    await session.token();
    expect(backend.models.map((model) => [model.mask, model.isDestroyed])).toEqual([
      ["causal", true],
      ["none", false],
    ]);
    expect(session.state.failure).toBeUndefined();
  });

  it("comes with another model, which may need the memory of the old one", async () => {
    const { backend, session } = open();
    await session.play();
    backend.beforeBuild = () => expect(backend.models[0]!.isDestroyed).toBe(true);
    session.configure({ ...settings, model: "gpt2-xl" });
    expect(session.model).toBeUndefined();
    await session.token();
    expect(session.state.failure).toBeUndefined();
    expect(session.model).toBe(backend.models[1]);
    expect(backend.models.map(({ isDestroyed }) => isDestroyed)).toEqual([true, false]);
  });

  it("gives up a model that is being built, and a second click builds it", async () => {
    const { backend, session, named } = open();
    backend.beforeBuild = (signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const building = session.play();
    await tick();
    expect(session.state).toMatchObject({ activity: "building", progress: { loaded: 1, total: 2 } });
    session.pause();
    expect(session.state).toMatchObject({ activity: "idle", progress: undefined });
    await building;
    backend.beforeBuild = () => {};
    await session.play();
    expect(named("error")).toEqual([]);
    expect(named("done")).toHaveLength(1);
  });
});

describe("failures", () => {
  it.each([-1, 0.5, Number.NaN])("are told when %d new tokens are asked for", async (maxNewTokens) => {
    const { backend, session, named } = open();
    session.configure({ ...settings, maxNewTokens });
    await session.play();
    expect(named("error")).toMatchObject([{ code: "bad-max-new-tokens" }]);
    expect(backend.models).toHaveLength(0);
  });

  it("are shown, told, and do not lose the text: the next click goes on where it stopped", async () => {
    const { backend, session, generated, named } = open();
    backend.beforeStep = (made) => {
      if (made === 1) throw new NextTokenError("gpu-error", "It broke. Try again.");
    };
    await session.play();
    expect(session.state.failure?.code).toBe("gpu-error");
    expect(session.state.activity).toBe("idle");
    expect(named("error")).toEqual([{ code: "gpu-error", message: "It broke. Try again." }]);
    expect(backend.models[0]!.isDestroyed).toBe(true);
    backend.beforeStep = () => {};
    await session.play();
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
    await session.play();
    expect(backend.models[0]!.isDestroyed).toBe(false);
  });

  it("of the page, before there was work, are told like those of the work", async () => {
    const { session, named } = open();
    session.fail(new TypeError("Failed to fetch."));
    expect(session.state.failure).toMatchObject({ code: "unexpected" });
    expect(named("error")).toMatchObject([{ code: "unexpected" }]);
    const playing = session.play();
    session.fail(new TypeError("Failed to fetch."));
    await playing;
    expect(named("error")).toHaveLength(1);
    expect(named("done")).toHaveLength(1);
  });

  it("not foreseen are named so and keep their message", async () => {
    const { backend, session } = open();
    backend.beforeBuild = () => {
      throw new TypeError("x is not a function.");
    };
    await session.play();
    expect(session.state.failure).toMatchObject({ code: "unexpected" });
    expect(session.state.failure!.message).toContain("x is not a function.");
  });

  it("of a model let go on purpose are none", async () => {
    const { backend, session, named } = open();
    await session.token();
    session.dispose();
    await session.play();
    backend.models[0]!.lose({ message: "destroyed" });
    await tick();
    expect(backend.models[0]!.isDestroyed).toBe(true);
    expect(backend.models[1]!.isDestroyed).toBe(false);
    expect(named("error")).toEqual([]);
  });
});

describe("the playhead", () => {
  it("walks seven stations; only the second asks the model, and the sixth appends", async () => {
    const { backend, session, named } = open();
    const told: [number, number, number][] = [];
    for (let i = 0; i < 8; i++) {
      await session.walk();
      const { at, steps } = session.state;
      told.push([at!.station, steps.length, named("token").length]);
    }
    expect(told).toEqual([
      [1, 0, 0],
      [2, 1, 0],
      [3, 1, 0],
      [4, 1, 0],
      [5, 1, 0],
      [6, 1, 1],
      [7, 1, 1],
      [1, 1, 1],
    ]);
    expect(backend.models).toHaveLength(1);
    expect(session.state.at).toEqual({ step: 1, station: 1 });
  });

  it("needs no model to show the input ids", async () => {
    const { backend, session } = open();
    await session.walk();
    expect(session.state.start).toEqual([[72, 105]]);
    expect(backend.models).toHaveLength(0);
  });

  it("goes back over what was recorded, and forth again without computing or telling anything twice", async () => {
    const { backend, session, named, generated } = open();
    await session.play();
    for (let i = 0; i < 21; i++) session.back();
    expect(session.state.at).toBeUndefined();
    session.back();
    expect(generated()).toEqual([2, 3, 4]);
    await session.token();
    expect(session.state.at).toEqual({ step: 0, station: 7 });
    await session.play();
    expect(session.state.at).toEqual({ step: 2, station: 7 });
    expect(session.state.texts).toEqual(["Hi\x02\x03\x04"]);
    expect(backend.calls).toHaveLength(1);
    expect(named("token")).toHaveLength(3);
    expect(named("done")).toHaveLength(1);
    await session.play();
    expect(generated()).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it("ends a run from between two stations, too", async () => {
    const { session, named } = open();
    for (let i = 0; i < 20; i++) await session.walk(); // the last token is appended, its run not over
    expect(session.state.at).toEqual({ step: 2, station: 6 });
    expect(named("done")).toHaveLength(0);
    await session.play();
    expect(session.state.at).toEqual({ step: 2, station: 7 });
    expect(named("done")).toHaveLength(1);
  });

  it("one more token is one more token, wherever it stands", async () => {
    const { session, generated } = open();
    for (let i = 0; i < 6; i++) await session.walk();
    await session.token();
    expect(generated()).toEqual([2, 3]);
    expect(session.state.at).toEqual({ step: 1, station: 7 });
  });

  it("rests at each station when it plays at a pace, and pauses between any two", async () => {
    const { session } = open();
    const seen: number[] = [];
    const playing = session.play(5);
    while (session.state.at?.station !== 4) {
      if (session.state.at && seen.at(-1) !== session.state.at.station) seen.push(session.state.at.station);
      await tick();
    }
    session.pause();
    await playing;
    expect(seen).toEqual([1, 2, 3]);
    expect(session.state).toMatchObject({ at: { step: 0, station: 4 }, activity: "idle" });
    await session.play(1);
    expect(session.state.at).toEqual({ step: 2, station: 7 });
  });

  it("goes where a link leads, and no further, also beyond the end of a run", async () => {
    const { session, generated } = open();
    await session.goTo({ step: 4, station: 3 });
    expect(session.state.at).toEqual({ step: 4, station: 3 });
    expect(generated()).toEqual([2, 3, 4, 5, 6]);
    await session.goTo({ step: 1, station: 1 });
    expect(session.state.at).toEqual({ step: 4, station: 3 });
    await session.play();
    expect(session.state.at).toEqual({ step: 4, station: 7 });
  });

  it("goes to any station that was reached, and to no other", async () => {
    const { session } = open();
    await session.token();
    session.show({ step: 0, station: 3 });
    expect(session.state.at).toEqual({ step: 0, station: 3 });
    session.show({ step: 1, station: 2 });
    expect(session.state.at).toEqual({ step: 0, station: 3 });
  });

  it("tells of the whole text only where the run is over", async () => {
    const { session } = open();
    await session.play();
    session.show({ step: 2, station: 3 });
    expect(session.state.texts).toBeUndefined();
    session.show({ step: 2, station: 7 });
    expect(session.state.texts).toEqual(["Hi\x02\x03\x04"]);
  });
});

describe("what is told of the model", () => {
  it("is told of the one that was chosen: of another one nothing before it is built, with another mask the same", async () => {
    const { backend, session } = open();
    backend.config = { ...backend.config, context_length: 64 };
    session.configure({ ...settings, model: "small.safetensors" });
    await session.token();
    expect(session.contextSize).toBe(64);
    session.configure({ ...settings, model: "small.safetensors", mask: "none" });
    expect(session.contextSize).toBe(64);
    session.configure(settings);
    expect(session.contextSize).toBe(1024);
  });

  it("is what a seed's name says, before it is built", async () => {
    const { backend, session } = open();
    session.configure({ model: "seed:123#context_length=16&vocab_size=1000" });
    expect(session.config).toMatchObject({ context_length: 16, vocab_size: 1000, n_layers: 12 });
    expect(session.contextSize).toBe(16);
    backend.config = { ...backend.config, context_length: 16, vocab_size: 1000 };
    await session.token();
    expect(session.config).toBe(backend.config);
    expect(backend.calls[0]!.options.contextSize).toBe(1024); // the setting, which the backend fits to the model
    session.configure({ model: "seed:123#context_length=0" });
    expect(session.contextSize).toBe(1024);
  });
});

describe("settings", () => {
  it("of the context, the cache and the choice hold for what comes next; the text stays", async () => {
    const { backend, session, generated } = open();
    await session.token();
    const sampling = { temperature: 1, seed: 4 };
    session.configure({ ...settings, contextSize: 2, kvCache: false, sampling });
    await session.play();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.calls[1]).toMatchObject({
      idx: [[72, 105, 2]],
      options: { maxNewTokens: 2, contextSize: 2, kvCache: false, sampling },
    });
    expect(session.state.steps.map((step) => step.sampling)).toEqual([undefined, sampling, sampling]);
    expect(backend.models).toHaveLength(1);
  });

  it("of heads that are away hold for what comes next, without what the cache held; the text stays", async () => {
    const { backend, session, generated } = open();
    await session.token();
    const ablate = [[0, 3]] as const;
    session.configure({ ablate });
    await session.token();
    session.configure({ ablate: [] });
    await session.play();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.calls.map(({ idx, options }) => [idx, options.ablate])).toEqual([
      [[[72, 105]], []],
      [[[72, 105, 2]], ablate],
      [[[72, 105, 2, 3]], []],
    ]);
    expect(session.state.steps.map(({ ranWith }) => ranWith.ablate)).toEqual([[], ablate, []]);
    session.configure({ ablate: [] }); // another list of the same heads changes nothing
    expect(session.state.texts).toBeDefined();
    expect(backend.models).toHaveLength(1);
  });

  it("of heads that the model does not have are left out, and told; another model takes them again", async () => {
    const { backend, session } = open();
    backend.config = { ...backend.config, n_layers: 2, n_heads: 2 };
    const ablate: HeadOfLayer[] = [
      [0, 1],
      [2, 0],
      [9, 9],
    ];
    session.configure({ ablate });
    expect(session.ablate).toEqual(ablate); // which of them there are is not known yet
    await session.token();
    expect(backend.calls[0]!.options.ablate).toEqual([[0, 1]]);
    expect(session.ablate).toEqual([[0, 1]]);
    expect(session.state.steps[0]!.ranWith.ablate).toEqual([[0, 1]]);
    expect(session.state).toMatchObject({ failure: undefined, notice: expect.stringContaining("2.0, 9.9") });
    backend.config = { ...backend.config, n_layers: 12, n_heads: 12 };
    session.configure({ model: "seed:7" });
    await session.token();
    expect(backend.calls.at(-1)!.options.ablate).toEqual(ablate);
    expect(session.state.notice).toBeUndefined();
  });

  it("of another length holds from the iteration that has begun, which is never lost", async () => {
    const { session, generated } = open();
    await session.walk();
    session.configure({ ...settings, maxNewTokens: 2 });
    expect(session.state.target).toBe(2);
    await session.play();
    expect(generated()).toEqual([2, 3]);
    await session.walk();
    expect(session.state.at).toEqual({ step: 2, station: 1 });
    session.configure({ ...settings, maxNewTokens: 4 });
    expect(session.state.target).toBe(6);
    await session.play();
    expect(generated()).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it("that come while it plays take effect at the next token", async () => {
    const { backend, session, generated } = open();
    const second = gate();
    backend.beforeStep = (made) => made === 1 && second.promise;
    const playing = session.play();
    while (session.state.steps.length < 1) await tick();
    session.configure({ ...settings, contextSize: 7 });
    second.resolve();
    backend.beforeStep = () => {};
    await playing;
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.calls.at(-1)!.options.contextSize).toBe(7);
  });

  it("that come between opening a run and its first step open another", async () => {
    const { backend, session, generated, named } = open();
    const generate = backend.generate.bind(backend);
    backend.generate = (...call) => {
      backend.generate = generate;
      const left = generate(...call);
      void left.return(); // what leaving does
      return left;
    };
    await session.play();
    expect(generated()).toEqual([2, 3, 4]);
    expect(named("error")).toEqual([]);
  });

  it("stop at the end-of-text token when asked to, and can go on after it", async () => {
    const { backend, session, generated, named } = open();
    backend.next = (row) => (row.length === 3 ? 399 : 65);
    const ending = { ...tokenizer, endOfText: 399 };
    backend.loadTokenizer = () => Promise.resolve(ending);
    session.configure({ ...settings, stopAtEndOfText: true });
    await session.play();
    expect(generated()).toEqual([65, 399]);
    expect(session.state).toMatchObject({ notice: "Stopped at <|endoftext|>.", activity: "idle" });
    expect(named("done")).toHaveLength(1);
    session.configure({ ...settings, stopAtEndOfText: false });
    await session.play();
    expect(generated()).toEqual([65, 399, 65, 65, 65]);
  });

  it("stop at the end-of-text token of each run, however many there were before", async () => {
    const { backend, session, generated } = open();
    backend.next = (row) => (row.length % 5 === 0 ? 399 : 65);
    const ending = { ...tokenizer, endOfText: 399 };
    backend.loadTokenizer = () => Promise.resolve(ending);
    session.configure({ ...settings, stopAtEndOfText: true, maxNewTokens: 10 });
    await session.play();
    expect(generated()).toEqual([65, 65, 65, 399]);
    await session.play();
    expect(generated()).toEqual([65, 65, 65, 399, 65, 65, 65, 65, 399]);
    session.reset();
    await session.play();
    expect(generated()).toEqual([65, 65, 65, 399]);
    session.configure({ ...settings, stopAtEndOfText: true, maxNewTokens: 2 });
    await session.play();
    expect(generated()).toEqual([65, 65, 65, 399, 65, 65]);
  });
});

describe("a batch", () => {
  it("is generated in one loop, and told row by row", async () => {
    const { backend, session, named } = open("Hi", "Yo");
    await session.play();
    expect(backend.calls).toHaveLength(1);
    expect(backend.calls[0]!.idx).toEqual([
      [72, 105],
      [89, 111],
    ]);
    expect(named("token")).toHaveLength(6);
    expect(named("token")[1]).toMatchObject({ id: 2, row: 1, position: 2 });
    expect(session.state.texts).toEqual(["Hi\x02\x03\x04", "Yo\x02\x03\x04"]);
    expect(named("done")).toHaveLength(2);
  });

  it("of unequal prompts is refused with the reason, and made equal on request", async () => {
    const { backend, session, named } = open("Hi", "You");
    await session.play();
    expect(named("error")).toMatchObject([{ code: "ragged-batch" }]);
    expect(backend.models).toHaveLength(0);
    session.setPrompts(["Hi", "You"], "truncate");
    await session.token();
    expect(backend.calls[0]!.idx).toEqual([
      [72, 105],
      [111, 117],
    ]);
  });
});

describe("a GPU that is lost", () => {
  const lost = new NextTokenError("device-lost", "Lost.");

  it("in the middle of a run is asked for again, and the text goes on as if nothing had been", async () => {
    const { backend, session, generated, named } = open();
    backend.beforeStep = () => {
      backend.beforeStep = () => {
        backend.beforeStep = () => {};
        throw lost;
      };
    };
    await session.play();
    expect(generated()).toEqual([2, 3, 4]);
    expect(backend.models.map(({ isDestroyed }) => isDestroyed)).toEqual([true, false]);
    expect(backend.calls[1]).toMatchObject({ idx: [[72, 105, 2]], options: { maxNewTokens: 2 } });
    expect(named("error")).toEqual([]);
    expect(named("done")).toEqual([{ ids: [72, 105, 2, 3, 4], text: "Hi\x02\x03\x04" }]);
  });

  it("between two runs is noticed, and the next click builds the model again", async () => {
    const { backend, session, generated, named } = open();
    await session.token();
    backend.models[0]!.lose({ message: "Lost." });
    await tick();
    expect(session.state).toMatchObject({ computing: undefined, notice: expect.stringContaining("kept") });
    await session.play();
    expect(session.state.notice).toBeUndefined();
    expect(generated()).toEqual([2, 3, 4]);
    expect(named("error")).toEqual([]);
  });

  it("is waited for, and the wait can be broken off", async () => {
    const { backend, session, generated } = open();
    backend.beforeStep = () => {
      throw lost;
    };
    const playing = session.play();
    while (!session.state.notice?.includes("Trying again in 2 s")) await tick();
    expect(session.state.activity).toBe("recovering");
    session.pause();
    expect(session.state.activity).toBe("idle");
    await playing;
    backend.beforeStep = () => {};
    await session.play();
    expect(generated()).toEqual([2, 3, 4]);
  });

  it("while someone stops, stays lost until they go on", async () => {
    const { backend, session, generated, named } = open();
    const late = gate();
    backend.beforeStep = async () => {
      await late.promise;
      throw lost;
    };
    const playing = session.play();
    while (backend.calls.length === 0) await tick();
    session.pause();
    late.resolve();
    await playing;
    expect(session.state.activity).toBe("idle");
    expect(backend.models).toHaveLength(1);
    backend.beforeStep = () => {};
    await session.play();
    expect(generated()).toEqual([2, 3, 4]);
    expect(named("error")).toEqual([]);
  });
});

describe("a look into the model", () => {
  it("builds it when needed, and leaves text and run as they are", async () => {
    const { backend, session, generated, named } = open();
    await session.play();
    const seen: FakeModel[] = [];
    const { at, target } = session.state;
    const see = async (model: FakeModel) => `Seen ${seen.push(model)}.`;
    await session.inspect(see);
    expect(seen).toEqual(backend.models);
    expect(session.state).toMatchObject({ activity: "idle", at, target });
    session.configure({ ...settings, mask: "none" });
    await session.inspect(see);
    expect(seen.at(-1)!.mask).toBe("none");
    expect(generated()).toEqual([]);
    expect(named("error")).toEqual([]);
  });

  it("is no generating, and can be broken off", async () => {
    const { session, named } = open();
    const late = gate();
    let wasAborted = false;
    const looking = session.inspect(async (_, signal) => {
      await late.promise;
      wasAborted = signal.aborted;
      return "Seen.";
    });
    while (session.state.activity !== "inspecting") await tick();
    session.pause();
    expect(session.state.activity).toBe("idle");
    late.resolve();
    await looking;
    expect(wasAborted).toBe(true);
    expect(session.state.inspectionSummary).toBeUndefined();
    expect(named("error")).toEqual([]);
  });

  it("is told of when it is over, instead of the text, and until something else happens", async () => {
    const { session } = open();
    const look = () => session.inspect(async () => "Seen.");
    await session.play();
    await look();
    expect(session.state).toMatchObject({ inspectionSummary: "Seen.", texts: undefined });
    session.back();
    expect(session.state.inspectionSummary).toBeUndefined();
    await look();
    session.show({ step: 0, station: 3 });
    expect(session.state.inspectionSummary).toBeUndefined();
    await look();
    await session.token();
    expect(session.state.inspectionSummary).toBeUndefined();
    await look();
    session.reset();
    expect(session.state.inspectionSummary).toBeUndefined();
  });

  it("that fails says why", async () => {
    const { session } = open();
    await session.inspect(() =>
      Promise.reject(new NextTokenError("out-of-memory", "Full. Close something.")),
    );
    expect(session.state.failure?.code).toBe("out-of-memory");
  });
});

/** Holds back what the backend says of logits. @returns what lets it answer */
function holdLogits(backend: FakeBackend): () => void {
  const { promise, resolve } = gate();
  const { logits } = backend;
  backend.logits = async (...asked) => {
    await promise;
    return logits.apply(backend, asked);
  };
  return resolve;
}

describe("the matrix of logits", () => {
  it("is not computed while nobody looks", async () => {
    const { backend, session } = open();
    await session.play();
    session.back();
    expect(backend.asked).toEqual([]);
  });

  it("is computed once for each iteration that one comes to, over what that one read, but not in a fast run", async () => {
    const { backend, session } = open();
    session.look(true);
    for (let walked = 0; walked < 7; walked++) await session.walk();
    await vi.waitFor(() => expect(session.state.matrix).toMatchObject({ step: 0, shape: [1, 2, 400] }));
    expect(backend.asked).toEqual([{ idx: [[72, 105]], positions: [0, 1], ablate: [] }]);
    expect(session.state.matrix!.rows[0]!.logitAt(1, 399)).toBeCloseTo(1.399, 6);
    await session.play();
    await vi.waitFor(() => expect(session.state.matrix?.step).toBe(2));
    expect(backend.asked.slice(1)).toEqual([{ idx: [[72, 105, 2, 3]], positions: [0, 1, 2, 3], ablate: [] }]);
    expect(session.state).toMatchObject({ activity: "idle", texts: ["Hi\x02\x03\x04"] });
    session.show({ step: 1, station: 4 });
    session.back();
    await vi.waitFor(() => expect(session.state.matrix?.step).toBe(1));
    session.look(false);
    session.show({ step: 0, station: 4 });
    expect(backend.asked).toHaveLength(3);
  });

  it("is computed when somebody begins to look, and reads what the model read", async () => {
    const { backend, session } = open();
    session.configure({ contextSize: 3 });
    await session.play();
    session.look(true);
    await vi.waitFor(() => expect(session.state.matrix).toMatchObject({ step: 2, shape: [1, 3, 400] }));
    expect(session.state.activity).toBe("idle");
    expect(backend.asked).toEqual([{ idx: [[105, 2, 3]], positions: [0, 1, 2], ablate: [] }]);
  });

  it("is of the model without the heads that were away in that iteration, whatever is switched now", async () => {
    const { backend, session } = open();
    session.configure({ ablate: [[1, 2]] });
    await session.token();
    session.configure({ ablate: [] });
    session.look(true);
    await vi.waitFor(() => expect(session.state.matrix?.step).toBe(0));
    await session.token();
    await vi.waitFor(() => expect(session.state.matrix?.step).toBe(1));
    expect(backend.asked.map(({ ablate }) => ablate)).toEqual([[[1, 2]], []]);
  });

  it("keeps nobody from walking on, and follows", async () => {
    const { backend, session } = open();
    await session.token();
    const answer = holdLogits(backend);
    session.look(true);
    await session.token();
    answer();
    await vi.waitFor(() => expect(session.state.matrix?.step).toBe(1));
  });

  it("of a text that was reset meanwhile is not shown", async () => {
    const { backend, session } = open();
    await session.token();
    const answer = holdLogits(backend);
    session.look(true);
    session.reset();
    answer();
    await tick();
    expect(session.state).toMatchObject({ activity: "idle", matrix: undefined, failure: undefined });
  });

  it("that cannot be computed is told once", async () => {
    const { backend, session } = open();
    await session.token();
    let asked = 0;
    backend.logits = async () => {
      asked++;
      throw new NextTokenError("out-of-memory", "The GPU has no room for it.");
    };
    session.look(true);
    await vi.waitFor(() => expect(session.state.notice).toBe("The GPU has no room for it."));
    await tick();
    expect(asked).toBe(1);
  });
});
