import { describe, expect, it } from "vitest";
import { sortFiles } from "./file-choice.ts";

const files = (...names: string[]) => names.map((name) => new File(["x"], name));
const found = (...names: string[]) => {
  const choice = sortFiles(files(...names));
  return typeof choice === "string" ? choice : { file: choice.file?.name, config: choice.config?.name };
};

describe("a checkpoint and its config.json", () => {
  it.each([
    [["model.safetensors"], undefined],
    [["model.safetensors", "config.json"], "config.json"],
    [["config.json", "model.safetensors"], "config.json"],
    [["config (1).json", "model.safetensors"], "config (1).json"],
    [["CONFIG.JSON", "other.json", "model.safetensors"], "CONFIG.JSON"],
    [["vocab.json", "merges.txt", "tokenizer_config.json", "model.safetensors"], undefined],
    [
      ["README.md", "pytorch_model.bin", "generation_config.json", "config.json", "model.safetensors"],
      "config.json",
    ],
    [["model.safetensors.index.json", "model.safetensors"], undefined],
  ])("are found among %j", (names, config) => {
    expect(found(...names)).toEqual({ file: "model.safetensors", config });
  });

  it("have the vocab.json along with them", () => {
    const choice = sortFiles(files("vocab.json", "config.json", "model.safetensors"));
    expect(choice).toMatchObject({ config: { name: "config.json" }, vocabulary: { name: "vocab.json" } });
  });

  it("may come one after the other", () => {
    expect(found("config.json")).toEqual({ file: undefined, config: "config.json" });
  });
});

describe("a file of torch.save", () => {
  it.each([
    [["model.pth"], "model.pth", undefined],
    [["MODEL.PT", "vocab.json"], "MODEL.PT", undefined],
    [
      ["pytorch_model.bin", "config.json", "training_args.bin", "optimizer.pt"],
      "pytorch_model.bin",
      "config.json",
    ],
    [["model.pth", "model.safetensors"], "model.safetensors", undefined],
  ])("is found among %j, unless there is a safetensors", (names, file, config) => {
    expect(found(...names)).toEqual({ file, config });
  });
});

it("a file alone is a checkpoint where it has no kind in its name, or was picked as one", () => {
  expect(found("248dfc3911869ec493c76e65bf2fcf7f")).toMatchObject({
    file: "248dfc3911869ec493c76e65bf2fcf7f",
  });
  expect(sortFiles(files("model.part"), true)).toMatchObject({ file: { name: "model.part" } });
  expect(sortFiles(files("weights.pickle"), true)).toContain("torch.save");
  expect(sortFiles(files("tokenizer.json"), true)).toContain("is not used");
});

describe("a sentence says what to do with", () => {
  it.each([
    [["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], "cut into several files"],
    [["model-00001-of-00002.safetensors"], "cut into several files"],
    [["model.safetensors.index.json"], "cut into several files"],
    [
      ["a.safetensors", "b.safetensors", "config.json"],
      "“a.safetensors” and “b.safetensors” are two checkpoints",
    ],
    [["a.json", "b.json", "model.safetensors"], "only one can be the model's config.json"],
    [["weights.pkl"], "torch.save(model.state_dict()"],
    [["epoch1.pth", "epoch2.pth"], "“epoch1.pth” and “epoch2.pth” are two checkpoints"],
    [["pytorch_model-00001-of-00002.bin"], "cut into several files"],
    [["optimizer.pt", "rng_state_0.pth"], "“optimizer.pt” is not used"],
    [["gpt2.Q4_K_M.gguf"], "a GGUF file"],
    [["model.onnx"], "an ONNX file"],
    [["ggml-model.ggml"], "a GGML file"],
    [["model.ckpt.data-00000-of-00001"], "a TensorFlow file"],
    [["weights.zip"], "Unpack it"],
    [["essay.pdf"], "“essay.pdf” is not used: of files only a .safetensors or a .pth, and its config.json"],
    [["tokenizer.json"], "“tokenizer.json” is not used"],
    [[], "no .safetensors and no .pth in this folder"],
  ])("%j", (names, sentence) => {
    expect(found(...names)).toContain(sentence);
  });

  it("but not with one file of one, as some programs number it", () => {
    expect(found("model-00001-of-00001.safetensors")).toMatchObject({ file: expect.any(String) });
  });
});
