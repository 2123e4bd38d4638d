import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";

const types: Readonly<Record<string, string>> = {
  js: "text/javascript",
  css: "text/css",
  json: "application/json",
  svg: "image/svg+xml",
};

/** Another site, with files on it; it knows ranges, and lets anyone read. What it does wrong, a test tells it to. */
export class CheckpointServer {
  /** By path. */
  readonly files = new Map<string, Uint8Array | string>();
  /** Every request so far: the path, and the first byte asked for. */
  readonly requests: { path: string; start: number }[] = [];
  /** The next answer is cut after so many bytes of its body, a moment later, so that they are seen to come. */
  cutNextAfter: number | undefined;
  /** While it is there, bodies stop behind byte `from` of the file until it is settled. */
  held: { from: number; until: Promise<void> } | undefined;
  readonly #server: Server = createServer(({ url = "", headers }, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "bytes=0-")?.[1]);
    this.requests.push({ path: url, start });
    void this.#answer(url.replace(/\?.*/, ""), start, response);
  });

  /** Serves a folder of the disk below `path`. */
  addFolder(folder: string, path: string): void {
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const whole = join(file.parentPath, file.name);
      if (file.isFile()) this.files.set(`${path}/${relative(folder, whole)}`, readFileSync(whole));
    }
  }

  /** @returns its address, without a slash at the end */
  async listen(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(path: string, start: number, response: ServerResponse): Promise<void> {
    response.setHeader("access-control-allow-origin", "*");
    const file = this.files.get(path);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    if (!path.endsWith(".safetensors") || typeof file === "string") {
      const [, ending = ""] = /\.(\w+)$/.exec(path) ?? [];
      response.writeHead(200, { "content-type": types[ending] ?? "text/html" }).end(file);
      return;
    }
    const cut = this.cutNextAfter;
    this.cutNextAfter = undefined;
    const range = `bytes ${start}-${file.byteLength - 1}/${file.byteLength}`;
    response.writeHead(206, { "content-length": file.byteLength - start, "content-range": range });
    if (this.held && cut === undefined) {
      const at = Math.max(start, this.held.from) + 1;
      response.write(file.subarray(start, at));
      start = at;
      await this.held.until;
    }
    if (cut === undefined) response.end(file.subarray(start));
    else response.write(file.subarray(start, start + cut), () => setTimeout(() => response.destroy(), 300));
  }
}
