import { describe, expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../../config.ts";
import type { NextTokenErrorCode } from "../../errors.ts";
import { publishedModels } from "../../index.ts";
import { asLinked, fileNameIn, nameFile } from "./chosen-files.ts";
import {
  missingFile,
  ownOrigin,
  parseModelSource,
  precisionIn,
  seedOf,
  shortName,
  withHeads,
  withPrecision,
  withSeed,
} from "./model-source.ts";

const around = {
  base: "https://course.example/lesson/4.html",
  origin: "https://course.example",
  known: publishedModels,
};
const parse = (text: string) => parseModelSource(text, around);
const refused = (code: NextTokenErrorCode) => expect.objectContaining({ name: "NextTokenError", code });

it.each([
  ["seed:123", 123],
  ["seed:0", 0],
  ["seed:4294967295", 4294967295],
])("%s", (source, seed) => {
  expect(seedOf(source)).toBe(seed);
  expect(parse(` ${source}\n`)).toEqual({ kind: "seed", seed, config: GPT_CONFIG_124M, precision: "f32" });
});

it.each([
  "seed:",
  "seed:-1",
  "seed:1.5",
  "seed:1e3",
  "seed:0x10",
  "seed: 1",
  "seed:4294967296",
  "seed:abc",
  "seed:１",
])("refuses %s", (source) => expect(() => parse(source)).toThrow(refused("bad-seed")));

it.each(publishedModels)("knows $id by its name, its id and its address", (model) => {
  for (const text of [shortName(model), model.id, model.url])
    expect(parse(text)).toMatchObject({
      kind: "address",
      url: model.url,
      host: "huggingface.co",
      isForeign: false,
      known: model,
      mirrors: [`https://course.example/lesson/models/${shortName(model)}/model.safetensors`],
    });
});

it.each([
  ["./models/own/model.safetensors", "https://course.example/lesson/models/own/model.safetensors"],
  ["/own/model.safetensors", "https://course.example/own/model.safetensors"],
  ["own.safetensors", "https://course.example/lesson/own.safetensors"],
  ["https://huggingface.co/a/b/resolve/main/model.safetensors", undefined],
])("asks this site and the hub without further questions: %s", (text, url = text) => {
  expect(parse(text)).toMatchObject({ kind: "address", url, isForeign: false, mirrors: [] });
});

it.each([
  ["https://example.org/model.safetensors", "example.org"],
  ["https://example.org:8443/get?id=3", "example.org:8443"],
  ["//example.org/model.safetensors", "example.org"],
  ["\\\\example.org\\model.safetensors", "example.org"],
  ["https:example.org/model.safetensors", "example.org", "http://course.example/"],
  ["https://huggingface.co.example.org/model.safetensors", "huggingface.co.example.org"],
  ["https://huggingface.co./model.safetensors", "huggingface.co."],
  ["https://huggingface.co:8443/model.safetensors", "huggingface.co:8443"],
  ["https://huggіngface.co/model.safetensors", "xn--huggngface-02i.co"], // a Cyrillic і
  ["https://ｅxample.org/model.safetensors", "example.org"], // a full-width e is an e
  ["https://course.example.org/model.safetensors", "course.example.org"],
  ["https://0x7f000001/model.safetensors", "127.0.0.1"],
  ["https://exam\tple.org/m.safetensors", "example.org"],
  ["http://localhost:8000/model.safetensors", "localhost:8000"],
  ["http://127.0.0.1:8000/model.safetensors", "127.0.0.1:8000"],
])("asks first before it turns to a foreign host: %s", (text, host, base = around.base) => {
  expect(parseModelSource(text, { ...around, base })).toMatchObject({
    kind: "address",
    host,
    isForeign: true,
  });
});

it.each([
  "",
  "123",
  "gpt3",
  "__proto__",
  "constructor",
  "javascript:alert(1)//.safetensors",
  "java\nscript:alert(1)//.safetensors",
  " JavaScript:fetch('/')",
  "data:text/html,<script>alert(1)</script>",
  "blob:https://course.example/5a3f",
  "file:///etc/passwd",
  "filesystem:https://course.example/temporary/model.safetensors",
  "about:blank",
  "ftp://example.org/model.safetensors",
  "ws://example.org/model.safetensors",
  "vbscript:x/",
  "http://example.org/model.safetensors",
  "http://huggingface.co/a/b/resolve/main/model.safetensors",
  "http://127.0.0.1.example.org/model.safetensors",
  "https://user@example.org/model.safetensors",
  "https://user:secret@example.org/model.safetensors",
  "https://huggingface.co@example.org/model.safetensors",
  "https://:secret@course.example/model.safetensors",
  "https:///",
  "https://exa mple.org/model.safetensors",
  "https://[::1/model.safetensors",
  "file:99/model.safetensors",
  "file:0/model.safetensors",
])("refuses %s", (text) => {
  expect(() => parse(text)).toThrow(refused("bad-option"));
});

it("refuses what is longer than any address", () => {
  for (const text of [
    `https://example.org/${"a".repeat(3000)}`,
    "x".repeat(1e6),
    "seed:".repeat(1e5),
    `seed:1#${"&".repeat(3000)}`,
  ])
    expect(() => parse(text)).toThrow(refused("bad-option"));
});

it("what it refuses is told in a line, without its secrets and with nothing invisible", () => {
  const told = (text: string) => {
    try {
      parse(text);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("It was not refused.");
  };
  expect(told("https://user:secret@example.org/m.safetensors")).not.toContain("secret");
  expect(told("x".repeat(1e6)).length).toBeLessThan(300);
  expect(told("javascript:\u202Egnp.\u0000")).toContain("\\\\u{202e}gnp.\\\\u{0}");
});

it("a number of heads behind an address or a file", () => {
  expect(parse("/own/model.safetensors#n_heads=5")).toMatchObject({ n_heads: 5 });
  expect(parse("gpt2#n_heads=5")).toMatchObject({ known: { id: "openai-community/gpt2" }, n_heads: 5 });
  expect(parse("/own/model.safetensors#page=2")).toMatchObject({ n_heads: undefined });
  for (const heads of ["0", "-1", "1.5", "five", "", "12345"])
    expect(() => parse(`/own/model.safetensors#n_heads=${heads}`)).toThrow(refused("bad-config"));
  expect(withHeads("/own/model.safetensors#n_heads=5", 12)).toBe("/own/model.safetensors#n_heads=12");
  expect(withHeads("/own/model.safetensors#n_heads=5", undefined)).toBe("/own/model.safetensors");
});

it("a precision behind anything, alone or with a number of heads", () => {
  expect(parse("seed:7#precision=f16")).toEqual({
    kind: "seed",
    seed: 7,
    config: GPT_CONFIG_124M,
    precision: "f16",
  });
  expect(parse("gpt2#precision=int8")).toMatchObject({
    known: { id: "openai-community/gpt2" },
    precision: "int8",
  });
  for (const text of ["/own.safetensors#n_heads=5&precision=f16", "/own.safetensors#precision=f16&n_heads=5"])
    expect(parse(text)).toMatchObject({
      url: "https://course.example/own.safetensors",
      n_heads: 5,
      precision: "f16",
    });
  expect(parse("gpt2#precision=f32")).toMatchObject({ precision: "f32" });
  for (const precision of ["", "f64", "F16", "16", "__proto__", "f16+"])
    for (const model of ["seed:7", "gpt2", "/own.safetensors"])
      expect(() => parse(`${model}#precision=${precision}`)).toThrow(refused("bad-option"));
});

it("any key of GPTConfig behind a seed, with a precision or without", () => {
  const config = { ...GPT_CONFIG_124M, n_layers: 4, emb_dim: 96 };
  expect(parse("seed:7#n_layers=4&emb_dim=96")).toEqual({ kind: "seed", seed: 7, config, precision: "f32" });
  expect(parse(" seed:7#precision=int8&emb_dim=96&n_layers=4 ")).toEqual({
    kind: "seed",
    seed: 7,
    config,
    precision: "int8",
  });
  expect(() => parse("seed:7#n_heads=5")).toThrow(refused("bad-config"));
  expect(() => parse("seed:x#n_layers=4")).toThrow(refused("bad-seed"));
  expect(() => parse("seed:7#n_layers=4&precision=f64")).toThrow(refused("bad-option"));
});

it("another seed has the same configuration and precision", () => {
  expect(withSeed("seed:7", 8)).toBe("seed:8");
  expect(withSeed(" seed:7#n_layers=4&precision=f16", 4294967295)).toBe(
    "seed:4294967295#n_layers=4&precision=f16",
  );
});

it("the precision is written unless it is f32, and leaves the heads as they are", () => {
  expect(withPrecision("seed:7", "f16")).toBe("seed:7#precision=f16");
  expect(withPrecision("seed:7#precision=f16", "f32")).toBe("seed:7");
  expect(withPrecision("/a.safetensors#n_heads=5", "int8")).toBe("/a.safetensors#n_heads=5&precision=int8");
  expect(withPrecision("/a.safetensors#n_heads=5&precision=int8", "f32")).toBe("/a.safetensors#n_heads=5");
  expect(withHeads("/a.safetensors#n_heads=5&precision=int8", undefined)).toBe(
    "/a.safetensors#precision=int8",
  );
  expect(precisionIn("nothing known#precision=int8")).toBe("int8");
  expect(precisionIn("gpt2")).toBe("f32");
  expect(precisionIn("gpt2#precision=f64")).toBe("f32");
});

it("a file that was not chosen here, by what it is called: it is asked for", () => {
  for (const text of [
    "file:model.safetensors",
    "file:7/model.safetensors",
    "file:model.safetensors#n_heads=4",
  ]) {
    expect(missingFile(text)).toBe("model.safetensors");
    expect(() => parse(text)).toThrow(/^This link is about the file “model.safetensors” on the computer/);
  }
  expect(missingFile("file:%E6%A8%A1%E5%9E%8B%20%231.safetensors")).toBe("模型 #1.safetensors");
  for (const text of ["file:///etc/passwd", "file:a%2Fb", "seed:123", "gpt2", "file:"])
    expect(missingFile(text)).toBeUndefined();
});

it("a chosen file whose name hides something has it shown", () => {
  const file = new File(["weights"], `gnp.\u202Esrosnetefas\u0000${"x".repeat(300)}`);
  const name = nameFile(file);
  expect(parse(name)).toMatchObject({ kind: "file", file });
  expect(fileNameIn(asLinked(name))).toBe(`gnp._srosnetefas_${"x".repeat(183)}`);
});

it("a file and its config.json, which make another model than the file alone", () => {
  const [file, config] = [new File(["weights"], "model.safetensors"), new File(["{}"], "config.json")];
  const name = nameFile(file, { config });
  expect(nameFile(file, { config })).toBe(name);
  expect(nameFile(file)).not.toBe(name);
  expect(parse(name)).toMatchObject({ kind: "file", file, config });
  expect(asLinked(name)).toBe("file:model.safetensors");
});

it("a chosen file, by the name it got", () => {
  const file = new File(["weights"], "my model#1.safetensors");
  const name = nameFile(file);
  expect(nameFile(file)).toBe(name);
  expect(parse(name)).toEqual({ kind: "file", file, n_heads: undefined, precision: "f32" });
  expect(parse(withHeads(name, 4))).toEqual({ kind: "file", file, n_heads: 4, precision: "f32" });
  expect(() => parse(`${name}.other`)).toThrow(refused("bad-option"));
  expect(nameFile(new File(["others"], "my model#1.safetensors"))).not.toBe(name);
});

describe("the site that a page is from", () => {
  const page = (baseURI: string, namesBase = false) =>
    ({ baseURI, querySelector: () => (namesBase ? {} : null) }) as unknown as Document;
  const [course, other] = ["https://course.example", "https://other.example"];

  it.each([
    ["a page with an address, whatever base it names", page(`${other}/`, true), course, course, course],
    ["the same, sandboxed", page(`${course}/a.html`), course, "null", course],
    ["srcdoc, or a window that a script has filled", page(`${course}/a.html`), "null", course, course],
    ["the same with another base", page(`${other}/`, true), "null", course, course],
    ["srcdoc, sandboxed", page(`${course}/a.html`), "null", "null", course],
    ["the same with a base that it names", page(`${other}/`, true), "null", "null", "null"],
    ["data:", page("data:text/html,x"), "null", "null", "null"],
    ["about:blank that nobody made", page("about:blank"), "null", "null", "null"],
  ])("%s", (_, document, addressed, inherited, origin) => {
    expect(ownOrigin(document, addressed, inherited)).toBe(origin);
  });

  it("makes everything foreign where it is none", () => {
    const nowhere = { ...around, base: "https://other.example/", origin: "null" };
    expect(parseModelSource("/own.safetensors", nowhere)).toMatchObject({ isForeign: true });
  });
});
