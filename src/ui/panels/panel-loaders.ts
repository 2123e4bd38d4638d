import type { PanelName } from "../../lesson/panel-names.ts";

/** Loads the code of a panel when it is first opened. The switches are small and always there. */
export const panelLoaders = {
  training: () => import("../training/training-panel.ts"),
  logits: () => import("../matrix/logit-matrix.ts"),
  switches: async () => {},
  code: () => import("../loop-code/loop-code.ts"),
  attention: () => import("../inside/inside-model.ts"),
  kernels: () => Promise.all([import("../machine/machine-panel.ts"), import("../machine/bug-report.ts")]),
  share: () => import("../share/share-bar.ts"),
} satisfies Partial<Record<PanelName, () => Promise<unknown>>>;

/** The panels below the figure, which are closed at first. */
export type LowerPanel = keyof typeof panelLoaders;
