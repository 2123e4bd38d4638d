import { describe, expect, it } from "vitest";
import { inSlices } from "../../next-task.ts";
import { StreamingDecoder } from "../../tokenizer/streaming-decoder.ts";
import { loadTokenizer } from "../../tokenizer/tokenizer.ts";
import { visible } from "../../ui/design/token-chip.ts";
import { gptBackendOn } from "../gpt-backend.ts";
import { growthBy } from "../growth.ts";

// A GPT-2 with an added padding token has 50,258 of them. What the page makes of ids must hold for the last one, too.
const PADDING = 50257;
const ours = await loadTokenizer();
const gptBackend = gptBackendOn(() => {
  throw new Error("No model is asked for.");
});
const tokenizer = await gptBackend.loadTokenizer();

describe("an id that GPT-2 does not have", () => {
  it("is shown and told as its number", () => {
    expect(visible(tokenizer, PADDING)).toBe("<50257>");
    expect(growthBy(tokenizer, [15496], PADDING)).toEqual({ text: "<50257>", isWhole: true });
    expect(tokenizer.decode([15496, PADDING, 11])).toBe("Hello<50257>,");
    const decoder = new StreamingDecoder(tokenizer);
    expect([15496, PADDING, 11].map((id) => decoder.push(id))).toEqual(["Hello", "<50257>", ","]);
  });

  it("may stand inside a character, which then is none", () => {
    const half = ours.encode("🙂").slice(0, 1);
    expect(tokenizer.decode([...half, PADDING])).toBe("\uFFFD<50257>");
  });

  it("is still refused by the tokenizer that others use", () => {
    expect(() => ours.decode([PADDING])).toThrow(expect.objectContaining({ code: "id-out-of-range" }));
  });
});

it("is GPT-2's tokenizer for all others", async () => {
  const text = "Hello, I am 🙂\uFEFF <|endoftext|>";
  const ids = await inSlices(tokenizer.encodeInSteps(text));
  expect(ids).toEqual(ours.encode(text));
  expect(tokenizer.decode(ids)).toBe(text);
  expect(tokenizer.decode(ids.slice(0, 5))).toBe(ours.decode(ids.slice(0, 5)));
  expect(tokenizer.bytes(50256)).toEqual(ours.bytes(50256));
});

it("is one object: what was made of its tokens is kept with it", async () => {
  expect(await gptBackend.loadTokenizer()).toBe(tokenizer);
});
