// One page for all sides: its address says which is opened, as in side.html?ours.
const sides: Record<string, () => Promise<unknown>> = {
  ours: () => import("./ours.ts"),
  onnxruntime: () => import("./onnxruntime.ts"),
  wllama: () => import("./wllama.ts"),
};
await sides[location.search.slice(1)]!();

export {};
