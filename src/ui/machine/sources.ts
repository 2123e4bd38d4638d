import type { CodeLines } from "../design/code/code-lines.ts";

// As text to be read, highlighted when the page is built. It is loaded when somebody opens a shader.

const named = (files: Record<string, CodeLines>, nameOf: (path: string) => string) =>
  Object.fromEntries(Object.entries(files).map(([path, lines]) => [nameOf(path), lines]));

/** The files that shaders are put together from, by their paths: "shaders/matmul/matvec.wgsl". */
export const shaders = named(
  import.meta.glob<CodeLines>("../../../shaders/**/*.wgsl", {
    query: "?tokens",
    import: "default",
    eager: true,
  }),
  (path) => path.replace("../../../", ""),
);

/** What computes on the processor: "assembly/norm/layer-norm.ts". */
export const assembly = named(
  import.meta.glob<CodeLines>(["../../../assembly/*/*.ts", "!../../../assembly/seed/*.ts"], {
    query: "?tokens",
    import: "default",
    eager: true,
  }),
  (path) => path.replace("../../../", ""),
);

/** The same operations in plain TypeScript, to which the tests hold the shaders: "src/reference/matmul.ts". */
export const references = named(
  import.meta.glob<CodeLines>(["../../reference/*.ts", "!../../reference/*.test.ts"], {
    query: "?tokens",
    import: "default",
    eager: true,
  }),
  (path) => path.replace("../../", "src/"),
);

/** The modules of the model: "src/model/layer-norm.ts". */
export const modules = named(
  import.meta.glob<CodeLines>("../../model/*.ts", { query: "?tokens", import: "default", eager: true }),
  (path) => path.replace("../../", "src/"),
);
