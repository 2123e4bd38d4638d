import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { codeClasses } from "../../src/ui/design/code/code-lines.ts";
import { type Language, tokenize } from "./tokenize.ts";

/** The runs of one line by name, without the blanks around them: "keyword:let". */
async function classified(code: string, language: Language): Promise<string[]> {
  const [line] = await tokenize(code, language);
  return line!.map(([text, codeClass]) => `${codeClasses[codeClass]}:${text.trim()}`);
}

describe("WGSL", () => {
  it("has keywords that its grammar does not know", async () => {
    expect(await classified("override rows: u32 = 1;", "wgsl")).toEqual([
      "keyword:override",
      "plain:rows:",
      "type:u32",
      "plain:=",
      "number:1",
      "plain:;",
    ]);
    expect((await classified("alias Chunk = vec4<f32>;", "wgsl"))[0]).toBe("keyword:alias");
  });

  it("has constants in capitals, which are no types", async () => {
    expect(await classified("return CHUNK;", "wgsl")).toEqual(["keyword:return", "plain:CHUNK;"]);
  });

  it("has functions, comments and attributes", async () => {
    expect(await classified("fn gelu() {} // tanh", "wgsl")).toContain("function:gelu");
    expect((await classified("fn gelu() {} // tanh", "wgsl")).at(-1)).toBe("comment:// tanh");
    expect(await classified("@compute", "wgsl")).toEqual(["plain:@", "keyword:compute"]);
  });
});

it("knows TypeScript", async () => {
  expect(await classified('const text: string = f("a", 2);', "typescript")).toEqual([
    "keyword:const",
    "plain:text:",
    "type:string",
    "plain:=",
    "function:f",
    "plain:(",
    'string:"a"',
    "plain:,",
    "number:2",
    "plain:);",
  ]);
});

it("colours nothing in a comment", async () => {
  const code = "/** @param {string} x [a, b], `x` */";
  expect(await classified(code, "typescript")).toEqual([`comment:${code}`]);
});

it("knows Python", async () => {
  expect(await classified("for _ in range(max_new_tokens):  # B", "python")).toEqual([
    "keyword:for",
    "plain:_",
    "keyword:in",
    "function:range",
    "plain:(max_new_tokens):",
    "comment:# B",
  ]);
});

it.each([
  ["shaders/matmul/matvec.wgsl", "wgsl"],
  ["src/reference/gpt-model.ts", "typescript"],
  ["tools/parity/reference.py", "python"],
] as const)("loses nothing of %s", async (file, language) => {
  const code = readFileSync(resolve(import.meta.dirname, "../..", file), "utf8");
  const lines = await tokenize(code, language);
  expect(lines.map((line) => line.map(([text]) => text).join("")).join("\n")).toBe(code);
});
