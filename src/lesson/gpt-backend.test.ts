import { afterEach, expect, it, vi } from "vitest";
import { GPT_CONFIG_124M } from "../config.ts";
import { GPTModel, publishedModels } from "../index.ts";
import { gptBackendOn } from "./gpt-backend.ts";

const built = new Error("Far enough.");
const building = {
  device: "cpu" as const,
  onProgress: () => {},
  signal: new AbortController().signal,
};

const gptBackend = gptBackendOn((known) => ({
  base: "https://course.example/lesson/4.html",
  origin: "https://course.example",
  known,
}));
afterEach(() => vi.restoreAllMocks());

it.each([
  ["seed:7", "f32"],
  ["seed:7#precision=f16", "f16"],
  ["seed:7#precision=int8", "int8"],
])("%s is built in %s", async (text, precision) => {
  const fromSeed = vi.spyOn(GPTModel, "fromSeed").mockRejectedValue(built);
  await expect(gptBackend.build(text, { ...building, mask: "none" })).rejects.toBe(built);
  expect(fromSeed).toHaveBeenCalledExactlyOnceWith(7, GPT_CONFIG_124M, {
    mask: "none",
    precision,
    ...building,
  });
});

it("a seed's model is built with the configuration behind it", async () => {
  const fromSeed = vi.spyOn(GPTModel, "fromSeed").mockRejectedValue(built);
  const text = "seed:7#n_layers=4&qkv_bias=True&precision=f16";
  await expect(gptBackend.build(text, { ...building, mask: "causal" })).rejects.toBe(built);
  const config = { ...GPT_CONFIG_124M, n_layers: 4, qkv_bias: true };
  expect(fromSeed).toHaveBeenCalledExactlyOnceWith(7, config, {
    mask: "causal",
    precision: "f16",
    ...building,
  });
});

it.each([
  "seed:7#n_layers=1000000000",
  "seed:7#n_heads=5",
  "seed:7#layers=4",
  "seed:7#n_layers=4&n_layers=4",
])("%s is refused before anything is made", async (text) => {
  const fromSeed = vi.spyOn(GPTModel, "fromSeed").mockRejectedValue(built);
  await expect(gptBackend.build(text, { ...building, mask: "causal" })).rejects.toMatchObject({
    code: "bad-config",
  });
  expect(fromSeed).not.toHaveBeenCalled();
});

it("a checkpoint is loaded with the precision and the heads behind its address", async () => {
  const fromCheckpoint = vi.spyOn(GPTModel, "fromCheckpoint").mockRejectedValue(built);
  await expect(
    gptBackend.build("gpt2#n_heads=5&precision=int8", { ...building, mask: "causal" }),
  ).rejects.toBe(built);
  expect(fromCheckpoint).toHaveBeenCalledExactlyOnceWith(
    publishedModels.find(({ id }) => id === "openai-community/gpt2")!.url,
    {
      config: { n_heads: 5 },
      mask: "causal",
      precision: "int8",
      mirrors: ["https://course.example/lesson/models/gpt2/model.safetensors"],
      ...building,
    },
  );
});

it("a host that nobody agreed to is asked for nothing", async () => {
  const fromCheckpoint = vi.spyOn(GPTModel, "fromCheckpoint").mockRejectedValue(built);
  const text = "https://example.org/model.safetensors#precision=f16";
  await expect(gptBackend.build(text, { ...building, mask: "causal" })).rejects.toMatchObject({
    code: "host-not-allowed",
  });
  expect(fromCheckpoint).not.toHaveBeenCalled();
});
