import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NextTokenError } from "../../errors.ts";
import { nextTask } from "../../next-task.ts";
import { PromptIds } from "./prompt-ids.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open() {
  const encode = vi.fn(function* (text: string): Generator<number, number[]> {
    if (text.length > 5) throw new NextTokenError("text-too-long", "Too long.");
    for (let i = 0; i < text.length; i++) yield i / text.length;
    return [...text].map((char) => char.charCodeAt(0));
  });
  const tokenizer = {
    encodeInSteps: encode,
    endOfText: 50256,
    decode: () => "",
    bytes: () => new Uint8Array(),
  };
  const load = vi.fn(() => Promise.resolve(tokenizer));
  const changed = vi.fn();
  return { prompt: new PromptIds(load, changed), encode, load, changed };
}

it("loads nothing until asked", async () => {
  const { prompt, load, changed } = open();
  prompt.set("Hi");
  await vi.runAllTimersAsync();
  expect(load).not.toHaveBeenCalled();
  await prompt.load();
  expect(prompt.ids).toEqual([72, 105]);
  expect(changed).toHaveBeenCalledTimes(1);
});

it("waits for typing to rest, and splits only what then stands there", async () => {
  const { prompt, encode } = open();
  await prompt.load();
  encode.mockClear();
  for (const text of ["H", "Hi", "Hi!"]) {
    prompt.set(text);
    await vi.advanceTimersByTimeAsync(79);
  }
  expect(encode).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(encode.mock.calls).toEqual([["Hi!"]]);
  expect(prompt.ids).toEqual([72, 105, 33]);
});

it("does not wait when the ids are needed now", async () => {
  const { prompt, encode } = open();
  await prompt.load();
  prompt.set("Yo");
  expect((await prompt.now()).ids).toEqual([89, 111]);
  await vi.runAllTimersAsync();
  expect(encode).toHaveBeenCalledTimes(2);
});

it("refuses what the tokenizer refuses, and recovers", async () => {
  const { prompt } = open();
  prompt.set("too long");
  await expect(prompt.now()).rejects.toMatchObject({ code: "text-too-long" });
  expect(prompt.ids).toBeUndefined();
  prompt.set("ok");
  expect((await prompt.now()).ids).toEqual([111, 107]);
  expect(prompt.failure).toBeUndefined();
});

it("tries again after a tokenizer that could not be loaded", async () => {
  const { prompt, load } = open();
  load.mockRejectedValueOnce(new NextTokenError("tokenizer-not-loaded", "No connection."));
  await expect(prompt.now()).rejects.toMatchObject({ code: "tokenizer-not-loaded" });
  expect((await prompt.now()).ids).toEqual([50256]);
});

describe("a text that takes long", () => {
  /** By a clock that goes on by `milliseconds` with each character. */
  function openSlow(milliseconds: number) {
    const opened = open();
    let clock = 0;
    vi.spyOn(performance, "now").mockImplementation(() => clock);
    opened.encode.mockImplementation(function* (text) {
      for (let i = 0; i < text.length; i++) {
        clock += milliseconds;
        yield i / text.length;
      }
      return [...text].map((char) => char.charCodeAt(0));
    });
    const seen: (number | undefined)[] = [];
    opened.changed.mockImplementation(() => void seen.push(opened.prompt.progress));
    return { ...opened, seen };
  }

  afterEach(() => void vi.restoreAllMocks());

  it("has no ids meanwhile, and lets others have their turn", async () => {
    const { prompt } = openSlow(20);
    await prompt.load();
    prompt.set("Hi, you");
    const ready = prompt.now();
    await nextTask();
    expect(prompt.ids).toBeUndefined();
    expect((await ready).ids).toHaveLength(7);
  });

  it("tells how far it is after a second, once for each percent", async () => {
    const { prompt, seen } = openSlow(400);
    prompt.set("12345678");
    await prompt.load();
    expect(seen).toEqual([0.25, 0.37, 0.5, 0.62, 0.75, 0.87, undefined]);
    expect(prompt.progress).toBeUndefined();
  });

  it("says nothing of a shorter wait", async () => {
    const { prompt, seen } = openSlow(20);
    prompt.set("12345678");
    await prompt.load();
    expect(seen).toEqual([undefined]);
  });

  it("is given up for a newer one, whose ids are those that somebody waits for", async () => {
    const { prompt, encode } = openSlow(20);
    prompt.set("a".repeat(1000));
    const ready = prompt.now();
    await nextTask();
    prompt.set("b");
    expect((await ready).ids).toEqual([98]);
    expect(prompt.ids).toEqual([98]);
    expect(encode).toHaveBeenCalledTimes(2);
    await vi.runAllTimersAsync();
    expect(encode).toHaveBeenCalledTimes(2);
  });
});
