import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

// Every rule of .dependency-cruiser.cjs is broken once, in a small project made for it, and must notice.
// A rule with a slip in a path pattern would otherwise hold nothing and stay green.

/** Layers whose tests may say on which device something runs, and by which kernel, and import nothing else from above. */
const tested = "device gpu cpu kernels weights pass model loading runtime generate tokenizer".split(" ");

/** Each file breaks exactly the rule it stands under, with its one import. */
const broken: Record<string, [file: string, imports: string][]> = {
  ...Object.fromEntries(
    tested.map((layer) => [`layer-${layer}-tests`, [[`src/${layer}/t.test.ts`, "../lesson/ok.ts"]]]),
  ),
  "layer-device": [["src/device/a.ts", "../gpu/ok.ts"]],
  "layer-gpu": [
    ["src/gpu/a.ts", "../kernels/ok.ts"],
    ["src/gpu/b.ts", "../cpu/ok.ts"],
    ["src/gpu/c.ts", "../index.ts"],
  ],
  "layer-cpu": [["src/cpu/a.ts", "../gpu/ok.ts"]],
  "layer-kernels": [
    ["src/kernels/a.ts", "../model/ok.ts"],
    ["src/kernels/b.ts", "../gpu/ok.ts"],
  ],
  "layer-weights": [
    ["src/weights/a.ts", "../model/ok.ts"],
    ["src/weights/b.ts", "../kernels/ok.ts"],
  ],
  "layer-pass": [["src/pass/a.ts", "../model/ok.ts"]],
  "layer-model": [
    ["src/model/a.ts", "../runtime/ok.ts"],
    ["src/model/b.ts", "../tokenizer/ok.ts"],
  ],
  "layer-loading": [["src/loading/a.ts", "../model/ok.ts"]],
  "layer-runtime": [["src/runtime/a.ts", "../generate/ok.ts"]],
  "layer-generate": [
    ["src/generate/a.ts", "../ui/ok.ts"],
    ["src/generate/b.ts", "../weights/ok.ts"],
  ],
  "layer-tokenizer": [["src/tokenizer/a.ts", "../gpu/ok.ts"]],
  "layer-lesson": [
    ["src/lesson/a.ts", "../ui/ok.ts"],
    ["src/lesson/b.ts", "../runtime/ok.ts"],
    ["src/lesson/c.ts", "lit"],
  ],
  "layer-ui": [
    ["src/ui/a.ts", "../gpu/ok.ts"],
    ["src/ui/b.ts", "../kernels/ok.ts"],
    ["src/ui/c.ts", "../weights/ok.ts"],
    ["src/ui/f.ts", "../generate/ok.ts"],
    ["src/ui/g.ts", "../page/ok.ts"],
  ],
  "layer-page": [["src/page/a.ts", "../gpu/ok.ts"]],
  "panels-stand-alone": [["src/ui/one/a.ts", "../two/ok.ts"]],
  "reference-stands-alone": [
    ["src/reference/a.ts", "../gpu/ok.ts"],
    ["src/reference/b.ts", "../errors.ts"],
  ],
  "reference-is-for-tests": [
    ["src/model/c.ts", "../reference/ok.ts"],
    ["e2e/a.spec.ts", "../src/reference/ok.ts"],
  ],
  "test-helpers-are-for-tests": [
    ["src/model/d.ts", "../test/ok.ts"],
    ["bench/b.ts", "../src/test/ok.ts"],
  ],
  "shaders-through-kernels": [
    ["src/model/e.ts", "../../shaders/ok.wgsl?raw"],
    ["bench/a.ts", "../shaders/ok.wgsl?raw"],
  ],
  "assembly-where-it-runs": [
    ["src/weights/c.ts", "../../assembly/ok.ts?wasm"],
    ["bench/c.ts", "../assembly/ok.ts?wasm"],
  ],
  "assembly-stands-alone": [["assembly/a.ts", "../src/errors"]],
  "product-without-workshop": [
    ["src/ui/d.ts", "../../tools/ok.ts"],
    ["src/ui/e.ts", "../../bench/ok.ts"],
  ],
  "product-without-dev-dependencies": [
    ["src/gpu/d.ts", "a-dev-dependency"],
    ["src/gpu/e.ts", "an-undeclared-dependency"],
  ],
  "product-without-node": [["src/gpu/f.ts", "node:fs"]],
  "no-cycles": [["src/gpu/g.ts", "./h.ts"]],
  "no-lost-imports": [["src/gpu/i.ts", "./nowhere.ts"]],
};

const allowed: [file: string, imports: string][] = [
  ["src/index.ts", "./generate/ok.ts"],
  ["src/page/ok.ts", "../ui/ok.ts"],
  ["src/ui/ok.ts", "../lesson/ok.ts"],
  ["src/ui/k.ts", "lit"],
  ["src/ui/two/ok.ts", "../design/ok.ts"],
  ["src/ui/design/ok.ts", "../../lesson/ok.ts"],
  ["src/ui/panels/ok.ts", "../two/ok.ts"],
  ["src/lesson/ok.ts", "../index.ts"],
  ["src/ui/j.ts", "../tokenizer/ok.ts"],
  ["src/generate/ok.ts", "../runtime/ok.ts"],
  ["src/runtime/ok.ts", "../loading/ok.ts"],
  ["src/runtime/j.ts", "../model/ok.ts"],
  ["src/loading/ok.ts", "../pass/ok.ts"],
  ["src/model/ok.ts", "../pass/ok.ts"],
  ["src/pass/ok.ts", "../kernels/ok.ts"],
  ["src/model/j.ts", "../weights/ok.ts"],
  ["src/kernels/ok.ts", "../device/ok.ts"],
  ["src/kernels/n.test.ts", "../gpu/ok.ts"],
  ["src/cpu/ok.ts", "../device/ok.ts"],
  ["src/cpu/j.test.ts", "../kernels/ok.ts"],
  ["src/device/ok.ts", "../errors.ts"],
  ["src/runtime/k.ts", "../gpu/ok.ts"],
  ["src/kernels/j.ts", "../../shaders/ok.wgsl?raw"],
  ["src/kernels/k.test.ts", "../reference/ok.ts"],
  ["src/kernels/l.test.ts", "a-dev-dependency"],
  ["src/kernels/m.test.ts", "node:fs"],
  ["src/weights/ok.ts", "../device/ok.ts"],
  ["src/weights/j.ts", "../config.ts"],
  ["src/lesson/m.ts", "../check-config.ts"],
  ["src/weights/seed/ok.ts", "../../../assembly/ok.ts?wasm"],
  ["src/cpu/k.ts", "../../assembly/ok.ts?wasm"],
  ["src/kernels/o.ts", "../../assembly/ok.ts?wasm"],
  ["src/test/j.ts", "../../assembly/ok.ts?wasm"],
  ["assembly/ok.ts", "./parts/ok"],
  ["src/tokenizer/ok.ts", "../errors.ts"],
  ["src/tokenizer/j.ts", "../next-task.ts"],
  ["src/reference/j.test.ts", "../test/ok.ts"],
  ["src/test/ok.ts", "../gpu/ok.ts"],
  ["src/gpu/ok.ts", "a-dependency"],
  ["src/gpu/h.ts", "./g.ts"], // the way back of the cycle, which is reported once
  ["bench/ok.ts", "../src/reference/ok.ts"],
  ["tools/ok.ts", "node:fs"],
  ["tools/j.ts", "../src/test/ok.ts"],
];

/** Files that import nothing. The last one nobody imports either, which breaks a rule by itself. */
const orphan = "src/gpu/alone.ts";
const leaves = [
  "src/config.ts",
  "src/check-config.ts",
  "src/next-task.ts",
  "src/errors.ts",
  "src/reference/ok.ts",
  "shaders/ok.wgsl",
  "assembly/parts/ok.ts",
  orphan,
];

const root = resolve(import.meta.dirname, "..");
const project = mkdtempSync(join(tmpdir(), "layers-"));
let violations: { rule: { name: string }; from: string }[];

beforeAll(() => {
  const write = (file: string, text: string) => {
    mkdirSync(join(project, dirname(file)), { recursive: true });
    writeFileSync(join(project, file), text);
  };
  for (const file of leaves) write(file, "");
  for (const [file, imports] of [...allowed, ...Object.values(broken).flat()])
    write(file, `import "${imports}";\n`);
  const module = { type: "module", exports: "./index.js" };
  for (const name of ["a-dependency", "a-dev-dependency", "an-undeclared-dependency", "lit"]) {
    write(`node_modules/${name}/index.js`, "");
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, ...module }));
  }
  const declared = {
    dependencies: { "a-dependency": "1", lit: "1" },
    devDependencies: { "a-dev-dependency": "1" },
  };
  write("package.json", JSON.stringify({ type: "module", ...declared }));
  for (const file of ["tsconfig.json", ".dependency-cruiser.cjs"])
    cpSync(join(root, file), join(project, file));

  const cli = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = "src assembly bench e2e tools --config .dependency-cruiser.cjs --output-type json".split(" ");
  const report = execFileSync(process.execPath, [cli, ...args], {
    cwd: project,
    encoding: "utf8",
    timeout: 60_000,
  });
  violations = JSON.parse(report).summary.violations;
}, 60_000);

afterAll(() => rmSync(project, { recursive: true }));

test.each(Object.entries(broken))("%s notices what breaks it", (rule, cases) => {
  const noticed = violations.filter((violation) => violation.rule.name === rule).map(({ from }) => from);
  expect(noticed.sort()).toEqual(cases.map(([file]) => file).sort());
});

test("no-orphans notices a file that nothing connects to", () => {
  const noticed = violations
    .filter((violation) => violation.rule.name === "no-orphans")
    .map(({ from }) => from);
  expect(noticed).toEqual([orphan]);
});

test("what may be imported raises no violation", () => {
  const fine = allowed.map(([file]) => file);
  expect(violations.filter(({ from }) => fine.includes(from))).toEqual([]);
});

test("every rule is tried here", () => {
  const config: { forbidden: { name: string }[] } = createRequire(import.meta.url)(
    "../.dependency-cruiser.cjs",
  );
  const rules = config.forbidden.map(({ name }) => name);
  expect(rules.sort()).toEqual([...Object.keys(broken), "no-orphans"].sort());
});

test("a worker stands beside the file that starts it", () => {
  // dependency-cruiser does not see new Worker(new URL(...)): keep those from crossing layers here.
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  expect(sources.length).toBeGreaterThan(0);
  const crossing = sources.filter((file) =>
    /new Worker\(\s*new URL\(\s*["'`]\.\.\//.test(readFileSync(join(root, "src", file), "utf8")),
  );
  expect(crossing).toEqual([]);
});
