import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Other people's site, on an address that is not ours: pages and files by their path. */
export class HostServer {
  /** What is served, by path; anything else is 404. */
  readonly files = new Map<string, { body: string | Uint8Array; type: string }>();
  readonly #server: Server = createServer(({ url = "" }, response) => {
    const file = this.files.get(url.replace(/[?#].*/, ""));
    if (file) response.writeHead(200, { "content-type": file.type }).end(file.body);
    else response.writeHead(404).end();
  });

  /** Serves `html` at `path`. */
  page(path: string, html: string): void {
    this.files.set(path, { body: html, type: "text/html" });
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
}
