// The layers of docs/architecture.md, held by `npm run check`: imports point down only.
const test = "\\.test\\.ts$";
const leaf = "^src/(next-token-error|model/config)\\.ts$"; // two files that know nothing, known by all

/** Files of `layer` may import from `allowed` layers of ours, and the leaves; tests may also import `reference`. */
const layer = (name, ...allowed) => ({
  name: `layer-${name}`,
  severity: "error",
  from: { path: `^src/${name}/`, pathNot: test },
  to: {
    path: "^(src|shaders)/",
    pathNot: [`^src/(${[name, ...allowed].join("|")})/`, leaf, ...(name === "kernels" ? ["^shaders/"] : [])],
  },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      severity: "error",
      from: { orphan: true, path: "^src/", pathNot: "\\.d\\.ts$" },
      to: {},
    },
    {
      name: "not-to-dev",
      severity: "error",
      from: { path: "^src/", pathNot: `${test}|^src/test/` },
      to: { dependencyTypes: ["npm-dev"], pathNot: "@webgpu/types" },
    },
    {
      name: "reference-is-for-tests",
      severity: "error",
      from: { path: "^src/", pathNot: `${test}|^src/(reference|test)/` },
      to: { path: "^src/reference/" },
    },
    layer("gpu"),
    layer("kernels", "gpu"),
    layer("weights", "gpu"),
    layer("model", "kernels", "weights", "gpu"),
    layer("generate", "model", "kernels", "gpu"),
    layer("tokenizer"),
    layer("reference"),
    {
      name: "layer-ui",
      severity: "error",
      from: { path: "^src/ui/", pathNot: test },
      to: { path: "^(src/(kernels|gpu|weights)|shaders)/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
