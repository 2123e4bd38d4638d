import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, expect, it } from "vitest";
import { programPath, type Stranger, stranger } from "./stranger.ts";

let project: Stranger;
beforeAll(() => {
  project = stranger();
});
afterAll(() => project?.remove());

/** The README's example, as it is printed there. */
const readme = readFileSync(resolve(import.meta.dirname, "../../README.md"), "utf8");
const [, example = ""] = /## In your code\n\n```ts\n(.*?)```/s.exec(readme) ?? [];

it("finds the README's example", () => {
  expect(example).toContain("generate(model");
});

it("gives publint nothing to say", async () => {
  const { messages } = await publint({
    pkgDir: join(project.folder, "node_modules/next-token"),
    strict: true,
    pack: false,
  });
  expect(messages).toEqual([]);
});

it("has types where TypeScript looks for them", async () => {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(project.tarball)));
  if (analysis.types === false) throw new Error("The package has no types.");
  // Older than `exports`, and CommonJS, which a package of ES modules is not for.
  const unsupported = ["node10", "node16-cjs"];
  const problems = analysis.problems.filter(
    (problem) => !("resolutionKind" in problem && unsupported.includes(problem.resolutionKind)),
  );
  expect(problems).toEqual([]);
});

it.each([
  ["ESNext", "bundler"],
  ["NodeNext", "nodenext"],
])("type-checks the README's example, the element and the config: module %s", (module, moduleResolution) => {
  const compilerOptions = { module, moduleResolution, target: "ES2023", lib: ["ES2023", "DOM"], types: [] };
  project.write(
    "tsconfig.json",
    JSON.stringify({ compilerOptions: { ...compilerOptions, strict: true, noEmit: true } }),
  );
  project.write("example.ts", example);
  project.write(
    "element.ts",
    `import "next-token/element";
    import { GPT_CONFIG_124M, type GPTConfig } from "next-token/config";
    const config: GPTConfig = GPT_CONFIG_124M;
    document.querySelector("next-token")!.step();
    // @ts-expect-error: the element has no such method, and its type says so
    document.querySelector("next-token")!.noSuchMethod(config);`,
  );
  project.node(programPath("typescript/bin/tsc"), "-p", ".");
});

it("runs in Node on the processor, and gives the same tokens for the same seed", () => {
  project.write(
    "run.js",
    `import { GPTModel, generateTextSimple, loadTokenizer } from "next-token";
    import { GPT_CONFIG_124M } from "next-token/config";
    const tokenizer = await loadTokenizer();
    const prompt = tokenizer.encode("Hello, I am");
    const config = { ...GPT_CONFIG_124M, emb_dim: 64, n_heads: 4, n_layers: 2, context_length: 32 };
    const model = await GPTModel.fromSeed(123, config, { device: "cpu" });
    const once = await generateTextSimple(model, [prompt], 4, 32);
    const again = await generateTextSimple(model, [prompt], 4, 32);
    model.destroy();
    console.log(JSON.stringify({ prompt, once, again }));`,
  );
  const { prompt, once, again } = JSON.parse(project.node("run.js"));
  expect(prompt).toEqual([15496, 11, 314, 716]); // the notebook's
  expect(once[0].slice(0, 4)).toEqual(prompt);
  expect(once[0]).toHaveLength(8);
  expect(again).toEqual(once);
});
