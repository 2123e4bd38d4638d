import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { NextTokenError } from "../next-token-error.ts";
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
