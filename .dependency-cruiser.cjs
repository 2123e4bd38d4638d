// The layers of docs/architecture.md, held by `npm run check`: imports point down only.
// tools/layers.test.ts breaks each of these rules once.

const test = "\\.test\\.ts$";
const helpsTests = "^src/(reference|test)/";
const leaf = "^src/(next-token-error|next-task|model/config)\\.ts$"; // three files that know nothing, known by all

/** Files of `name` import from no layer of ours but their own, the `lower` ones, and what helps tests (held below). */
const layer = (name, ...lower) => ({
  name: `layer-${name}`,
  severity: "error",
  from: { path: `^src/${name}/` },
  to: { path: "^src/", pathNot: [`^src/(${[name, ...lower].join("|")})/`, leaf, helpsTests] },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    layer("gpu"),
    layer("kernels", "gpu"),
    layer("weights", "gpu"),
    layer("model", "kernels", "weights", "gpu"),
    layer("generate", "model", "kernels", "gpu"),
    layer("tokenizer"),
    {
      name: "layer-ui",
      comment:
        "The page uses what every other page may use: the public API, and how to show a token. " +
        "listings.ts shows the text of the loop (?tokens) and runs none of it.",
      severity: "error",
      from: { path: "^src/ui/", pathNot: "^src/ui/loop-code/listings\\.ts$" },
      to: { path: "^src/", pathNot: ["^src/(ui|tokenizer)/", "^src/index\\.ts$", leaf, helpsTests] },
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
      name: "no-cycles", // types may look back at who uses them
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, path: "^src/", pathNot: "\\.d\\.ts$" },
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
