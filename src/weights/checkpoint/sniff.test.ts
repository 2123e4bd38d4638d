import { describe, expect, test } from "vitest";
import { rawFile, safetensorsFile } from "../../test/safetensors-file.ts";
import { CheckpointError } from "./checkpoint-error.ts";
import { checkFirstBytes } from "./sniff.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const ruleOf = (bytes: Uint8Array) => {
  try {
    checkFirstBytes(bytes);
    return undefined;
  } catch (error) {
    return (error as CheckpointError).rule;
  }
};

describe("files that are certainly no checkpoint", () => {
  test.each([
    ["html-page", "<!DOCTYPE html><html><head><title>404</title>"],
    ["html-page", "\n\n  <!doctype html>"],
    ["html-page", "<html lang=en>"],
    ["html-page", "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"],
    ["lfs-pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:248dfc\nsize 548105171\n"],
    ["not-safetensors", "PK\u0003\u0004\u0000\u0000\u0008\u0008archive/data.pkl"],
    ["not-safetensors", "\u0080\u0002}q\u0000(X\u0012"],
    ["not-safetensors", "GGUF\u0003\u0000\u0000\u0000"],
    ["not-safetensors", '{"metadata":{"total_size":6431829964},"weight_map":{'],
    ["not-safetensors", "\u0089HDF\r\n\u001a\n"],
  ])("%s: %j", (rule, text) => {
    expect(ruleOf(bytesOf(text))).toBe(rule);
    expect(() => checkFirstBytes(bytesOf(text))).toThrow(CheckpointError);
  });
});

test.each([
  ["PyTorch", "PK\u0003\u0004\u0000\u0000\u0008\u0008".padEnd(30, "\u0000").concat("gpt2-small/data.pkl")],
  ["PyTorch file of the format before 1.6", "\u0080\u0002\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P\u0019."],
  ["pickle", "\u0080\u0005\u0095"],
  ["NumPy", "PK\u0003\u0004".padEnd(30, "\u0000").concat("wte.npy")],
  ["ZIP", "PK\u0003\u0004".padEnd(30, "\u0000").concat("readme.txt")],
  ["GGML", "lmgg\u0000"],
  ["TensorFlow", "\u0008\u0001\u0012\u0090"],
  ["ONNX", "\u0008\u0008\u0012\u0007pytorch"],
  ["NumPy", "\u0093NUMPY\u0001"],
  ["compressed", "\u00fd7zXZ\u0000"],
])("a file of %s is called by its name", (name, text) => {
  expect(() => checkFirstBytes(bytesOf(text))).toThrow(name);
  if (name === "PyTorch" || name === "ZIP")
    expect(() => checkFirstBytes(bytesOf(text))).toThrow(
      'save_file(model.state_dict(), "model.safetensors")',
    );
});

test("a safetensors file passes, also one whose length begins like another kind of file", () => {
  expect(ruleOf(safetensorsFile([]))).toBeUndefined();
  for (const length of [0x7b, 0x8b1f, 0x88b1f])
    expect(ruleOf(rawFile("{}".padEnd(length), new Uint8Array(0)))).toBeUndefined();
});

test("bytes that nothing is known of are left to the header's rules", () => {
  expect(ruleOf(new Uint8Array(0))).toBeUndefined();
  expect(ruleOf(bytesOf("\u0001\u0002"))).toBeUndefined();
});
