import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Plugin } from "vite";
import { languages, tokenize } from "./tokenize.ts";

/**
 * `import lines from "./x.wgsl?tokens"` (.wgsl, .ts, .py): the file as highlighted code for `<next-token-code>`. The
 * highlighter runs when the page is built, and nothing of it is in the page.
 */
export function highlight(): Plugin {
  return {
    name: "next-token-highlight",
    enforce: "pre",
    async load(id) {
      const [file, query] = id.split("?");
      if (query !== "tokens" || !file) return undefined;
      const extension = extname(file).slice(1);
      if (!(extension in languages)) throw new Error(`${file}: there is no highlighting for .${extension}.`);
      const lines = await tokenize(
        await readFile(file, "utf8"),
        languages[extension as keyof typeof languages],
      );
      return { code: `export default ${JSON.stringify(lines)};`, moduleType: "js", map: null };
    },
  };
}
