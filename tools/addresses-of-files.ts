import { pathToFileURL } from "node:url";
import type { Plugin } from "vite";

/** What a page asks its server for, tests outside a browser read from the disk: `?url` gives the address of the file there. */
export const addressesOfFiles: Plugin = {
  name: "addresses-of-files",
  enforce: "pre",
  load(id) {
    const [path = "", query] = id.split("?");
    return query?.split("&")[0] === "url"
      ? `export default ${JSON.stringify(pathToFileURL(path).href)}`
      : undefined;
  },
};
