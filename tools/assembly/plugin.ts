import type { Plugin } from "vite";
import { compile, sourcesOf } from "./compile.ts";

/**
 * `import bytes from "./x.ts?wasm"`: the AssemblyScript file and what it imports, compiled to WebAssembly, as a Uint8Array.
 * `?wasm=relaxed` and `?wasm=shared` compile it for these features, `?wasm=relaxed,shared` for both.
 */
export function assembly(): Plugin {
  return {
    name: "next-token-assembly",
    enforce: "pre",
    async load(id) {
      const [file, query = ""] = id.split("?");
      const [, features] = /^wasm(?:=([\w,]+))?$/.exec(query) ?? [];
      if (!file || !query.startsWith("wasm")) return undefined;
      for (const source of await sourcesOf(file)) this.addWatchFile(source);
      const wanted = features?.split(",") ?? [];
      const bytes = await compile(file, {
        relaxed: wanted.includes("relaxed"),
        shared: wanted.includes("shared"),
      });
      const base64 = Buffer.from(bytes).toString("base64");
      const code = `export default Uint8Array.from(atob("${base64}"), (c) => c.charCodeAt(0));`;
      return { code, moduleType: "js", map: null };
    },
  };
}
