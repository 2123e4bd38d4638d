import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const ENTRY = "src/page/offline/service-worker.ts";
const FILE = "service-worker.js";

/**
 * Builds the service worker beside the page: a script without imports, under a name that stays, since a browser looks there
 * for a newer one. It holds a number made of everything that was built, so that each build replaces the one before.
 */
export function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    apply: "build",
    buildStart() {
      this.emitFile({ type: "chunk", id: ENTRY, fileName: FILE });
    },
    generateBundle(_, bundle) {
      const worker = bundle[FILE];
      if (worker?.type !== "chunk") throw new Error(`${FILE} was not built.`);
      if (worker.imports.length > 0 || worker.exports.length > 0)
        throw new Error(
          `${FILE} has to stand alone: it imports ${worker.imports}, exports ${worker.exports}.`,
        );
      const hash = createHash("sha256");
      for (const name of Object.keys(bundle).sort()) {
        const file = bundle[name]!;
        hash.update(name).update(file.type === "chunk" ? file.code : file.source);
      }
      worker.code = worker.code.replaceAll("__BUILD__", JSON.stringify(hash.digest("hex").slice(0, 16)));
    },
  };
}
