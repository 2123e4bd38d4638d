import { describe, expect, test } from "vitest";
import { malformedFiles } from "../../../test/malformed-pytorch.ts";
import { dict, tensor, text } from "../../../test/pickle-bytes.ts";
import { archived, pytorchFile } from "../../../test/pytorch-file.ts";
import { f32Bytes } from "../../../test/safetensors-file.ts";
import { type ZippedFile, zipFile } from "../../../test/zip-file.ts";
import { BlobSource } from "../blob-source.ts";
import { CheckpointError } from "../checkpoint-error.ts";
import { openTensors } from "../open-tensors.ts";

const open = (file: Uint8Array<ArrayBuffer>) => openTensors(new BlobSource(new Blob([file])));
const namesIn = async (file: Uint8Array<ArrayBuffer>) => (await open(file)).tensors.map(({ name }) => name);

describe("malformed files of torch.save", () => {
  const all = Object.entries(malformedFiles).flatMap(([rule, files]) =>
    files.map((malformed) => ({ rule, ...malformed })),
  );

  test("there are at least 180 in at least 18 classes", () => {
    console.log(`${all.length} malformed files in ${Object.keys(malformedFiles).length} classes`);
    expect(all.length).toBeGreaterThanOrEqual(180);
    expect(Object.keys(malformedFiles).length).toBeGreaterThanOrEqual(18);
  });

  test.each(all)("$rule: $what", async ({ rule, file, tensor }) => {
    const error = await open(file).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as CheckpointError).rule).toBe(rule);
    if (tensor !== undefined) expect((error as CheckpointError).tensor).toBe(tensor);
  });
});

describe("odd but well-formed files of torch.save", () => {
  const one = { name: "w", dtype: "F32", shape: [4], bytes: f32Bytes([1, 2, 3, 4]) };
  const files = (value: Parameters<typeof archived>[0]) => archived(value, { 0: one.bytes });
  const renamed = (from: string, to: string) => (file: ZippedFile) => ({
    ...file,
    name: file.name.replace(from, to),
  });
  const w = () => tensor({ shape: [4] });

  test.each([
    ["places in 64 bits", pytorchFile([one], { isLarge: true })],
    ["records of 32 bits alone", pytorchFile([one], { has64: false })],
    ["a comment", pytorchFile([one], { comment: "PK\u0005\u0006 and more" })],
    [
      "its numbers in the usual order of bytes",
      zipFile([
        ...files(dict([text("w"), w()])),
        { name: "model/byteorder", bytes: new TextEncoder().encode("little") },
      ]),
    ],
    [
      "a folder called otherwise",
      zipFile(files(dict([text("w"), w()])).map(renamed("model", "mein Modell ü"))),
    ],
    ["what is no tensor", zipFile(files(dict([text("w"), w()], [text("epoch"), [0x4b, 3]])))],
    [
      "dicts of other tensors",
      zipFile(files(dict([text("best"), w()], [text("model"), dict([text("w"), w()])]))),
    ],
    ["the weights under a key of its own", zipFile(files(dict([text("net"), dict([text("w"), w()])])))],
  ])("%s", async (_, file) => {
    expect(await namesIn(file)).toEqual(["w"]);
  });

  test("keys named as parts of every object of JavaScript's are keys like any other", async () => {
    const file = zipFile(files(dict([text("__proto__"), w()], [text("constructor"), w()])));
    expect(await namesIn(file)).toEqual(["__proto__", "constructor"]);
    expect(({} as { dtype?: string }).dtype).toBeUndefined();
  });

  test("a tensor that can be no weight may lie in any steps, and have no numbers at all", async () => {
    const mask = tensor({ type: "BoolStorage", length: 16, shape: [3, 16], strides: [0, 1] });
    const file = zipFile(files(dict([text("mask"), mask], [text("none"), tensor({ shape: [0, 9] })])));
    expect((await open(file)).tensors).toMatchObject([
      { name: "mask", dtype: "BOOL", shape: [3, 16], begin: 0, end: 48 },
      { name: "none", begin: 48, end: 48 },
    ]);
  });

  test.each([
    ["a NumPy archive", zipFile([{ name: "wte.npy", bytes: one.bytes }])],
    ["a ZIP archive", zipFile([{ name: "essay.txt", bytes: one.bytes }])],
  ])("%s is called so", async (kind, file) => {
    await expect(open(file)).rejects.toThrow(kind);
    await expect(open(file)).rejects.toMatchObject({ rule: "not-safetensors" });
  });
});
