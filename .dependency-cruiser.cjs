// The layers of docs/architecture.md, held by `npm run check`: imports point down only.
// tools/layers.test.ts breaks each of these rules once.

const test = "\\.test\\.ts$";
const helpsTests = "^src/(reference|test)/";
const leaf = "^src/(errors|next-task|abort|config|check-config)\\.ts$"; // files that know nothing of what lies above, known by all

/** Files of `name` import from no layer of ours but their own, the `lower` ones, and what helps tests (held below). */
const layer = (name, ...lower) => [
  importsOnly(`layer-${name}`, { path: `^src/${name}/`, pathNot: test }, [name, ...lower]),
  // A test may say on which device something runs, and by which kernel.
  importsOnly(`layer-${name}-tests`, { path: `^src/${name}/.*${test}` }, [name, ...lower, ...tested]),
];
const tested = ["kernels", "gpu", "cpu", "device"];

const importsOnly = (name, from, layers) => ({
  name,
  severity: "error",
  from,
  to: { path: "^src/", pathNot: [`^src/(${layers.join("|")})/`, leaf, helpsTests] },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...layer("device"),
    ...layer("gpu", "device"),
    ...layer("cpu", "device"),
    ...layer("kernels", "device"),
    ...layer("weights", "device"),
    ...layer("pass", "weights", "kernels", "device"),
    ...layer("model", "pass", "weights", "kernels", "device"),
    ...layer("loading", "pass", "weights", "kernels", "device"),
    ...layer("runtime", "loading", "model", "pass", "weights", "kernels", "cpu", "gpu", "device"),
    ...layer("generate", "runtime", "kernels", "device"),
    ...layer("tokenizer"),
    {
      name: "layer-lesson",
      comment:
        "What happens in a lesson uses what every page may use: the public API, and how to show a token. It knows no Lit.",
      severity: "error",
      from: { path: "^src/lesson/", pathNot: test },
      to: {
        path: ["^src/", "^node_modules/(lit|@lit)"],
        pathNot: ["^src/(lesson|tokenizer)/", "^src/index\\.ts$", leaf],
      },
    },
    {
      name: "layer-ui",
      comment: "What draws. listings.ts shows the text of the loop (?tokens) and runs none of it.",
      severity: "error",
      from: { path: "^src/ui/", pathNot: ["^src/ui/loop-code/listings\\.ts$", test] },
      to: { path: "^src/", pathNot: ["^src/(ui|lesson|tokenizer)/", "^src/index\\.ts$", leaf] },
    },
    {
      name: "layer-page",
      comment: "Our own site around the element.",
      severity: "error",
      from: { path: "^src/page/" },
      to: {
        path: "^src/",
        pathNot: ["^src/(page|ui|lesson|tokenizer)/", "^src/index\\.ts$", leaf, helpsTests],
      },
    },
    {
      name: "panels-stand-alone",
      comment: "A panel may be left out: what several of them share is in ui/design and ui/element.",
      severity: "error",
      from: { path: "^src/ui/([^/]+)/", pathNot: ["^src/ui/panels/", test] },
      to: { path: "^src/ui/[^/]+/", pathNot: "^src/ui/($1|design|element)/" },
    },
    {
      name: "reference-stands-alone",
      comment: "The reference shares no line with what it is compared to.",
      severity: "error",
      from: { path: "^src/reference/", pathNot: test },
      to: { path: "^src/", pathNot: "^src/reference/" },
    },
    {
      name: "reference-is-for-tests",
      severity: "error",
      from: { pathNot: [test, helpsTests, "^bench/"] },
      to: { path: "^src/reference/" },
    },
    {
      name: "test-helpers-are-for-tests",
      comment: "They also make fixtures, which tools do.",
      severity: "error",
      from: { pathNot: [test, "^(src/test|tools)/"] },
      to: { path: "^src/test/" },
    },
    {
      name: "shaders-through-kernels",
      severity: "error",
      from: { pathNot: "^src/kernels/" },
      to: { path: "^shaders/" },
    },
    {
      name: "assembly-where-it-runs",
      comment: "The kernels of the processor, and the loops that make the weights.",
      severity: "error",
      from: { pathNot: ["^assembly/", "^src/(cpu|kernels|weights/seed)/", helpsTests] },
      to: { path: "^assembly/" },
    },
    {
      name: "assembly-stands-alone",
      comment: "It is another language.",
      severity: "error",
      from: { path: "^assembly/" },
      to: { pathNot: "^assembly/" },
    },
    {
      name: "product-without-workshop",
      comment: "What is shipped leans on nothing that is not.",
      severity: "error",
      from: { path: "^src/", pathNot: [test, "^src/test/"] },
      to: { path: "^(tools|bench|e2e)/" },
    },
    {
      name: "product-without-dev-dependencies",
      severity: "error",
      from: { path: "^src/", pathNot: [test, "^src/test/"] },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], pathNot: "@webgpu/types" },
    },
    {
      name: "product-without-node",
      comment: "src runs in a browser.",
      severity: "error",
      from: { path: "^src/", pathNot: [test, "^src/test/"] },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-cycles", // of types neither
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, path: "^src/", pathNot: "(\\.d|service-worker)\\.ts$" }, // the build emits the worker by its path
      to: {},
    },
    {
      name: "no-lost-imports",
      comment: "An import that is not found would pass every rule above.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
