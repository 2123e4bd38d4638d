import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** Pages below this one are not isolated, so that WebAssembly computes in one thread there. */
export const ALONE = "alone";

/** Serves folders by the first part of the path, `{ ort: FOLDER }` under /ort/, to this machine alone. */
export async function serve(folders: Record<string, string>): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost"); // which also takes every ".." out
    const [, first = "", ...rest] = decodeURIComponent(pathname).split("/");
    const file = join(folders[first] ?? "", ...rest);
    const size = folders[first] && statSync(file, { throwIfNoEntry: false })?.size;
    if (size === undefined || rest.includes("..")) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-length": size,
      // Together they isolate the page: WebAssembly may use threads, and the clock is finer.
      ...(first !== ALONE && {
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      }),
    });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
