import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { checkpointFile, configJson } from "../../src/test/checkpoint-maker.ts";
import { recipes } from "../../src/test/checkpoint-recipes.ts";
import { OVERLAP_BYTES } from "../../src/weights/checkpoint/download/tail.ts";

/** What a server can do to somebody who asks for the checkpoint. */
export type Misdeed =
  | { readonly kind: "cut" | "stall" | "garble" }
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Record<string, string>;
      readonly body: string;
    };

export interface NetworkFault {
  readonly misdeed: Misdeed;
  /** Before which byte of the file it strikes. */
  readonly at: number;
  /** How often; Infinity for as long as it is there. */
  times: number;
}

/** Bytes that a garbled answer overwrites: as 32-bit floats they are NaN, in a header they are no JSON. */
const GARBLED = 64;

/** What a request that goes on is about: it begins a little earlier, with bytes that are there already. */
const asksFrom = (start: number) => (start === 0 ? 0 : start + OVERLAP_BYTES);

const recipe = recipes.page!;
const types: Record<string, string> = { ".js": "text/javascript", ".html": "text/html" };

/** Somebody's page: the element alone. The context is that of the checkpoint. */
const page = `<!doctype html>
<html lang="en">
  <title>Faults</title>
  <link rel="icon" href="data:," />
  <script type="module" src="./next-token.js"></script>
  <next-token prompt="Hello, I am" max-new-tokens="10" context-size="64" model="./model.safetensors">
    Your browser shows this sentence when it cannot run the demo.
  </next-token>
</html>`;

/** The same page where the browser allows it no storage. */
const frame = `<!doctype html>
<html lang="en"><title>Framed</title><link rel="icon" href="data:," />
<iframe sandbox="allow-scripts" src="./" width="1200" height="900" title="The lesson"></iframe></html>`;

const elsewhere =
  '<!doctype html><html lang="en"><title>Elsewhere</title><link rel="icon" href="data:," /></html>';

/** A lesson's site: a page with the element, the built element, and a checkpoint with the tokenizer's vocabulary. */
export class Site {
  /** What happens to the next requests for the checkpoint. */
  fault: NetworkFault | undefined;
  /** Before which byte of the checkpoint the server waits until `go` is called; undefined: it does not. */
  holdAt: number | undefined;
  readonly size: number;
  readonly #file: Uint8Array;
  readonly #dist: string;
  readonly #server: Server;
  #waiting: (() => void)[] = [];
  #held: () => void = () => {};

  private constructor(file: Uint8Array, dist: string) {
    this.#file = file;
    this.size = file.byteLength;
    this.#dist = dist;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** @param dist the folder with the built element */
  static async open(dist: string): Promise<Site> {
    const site = new Site(new Uint8Array(await checkpointFile(recipe).arrayBuffer()), dist);
    await new Promise<void>((listening) => site.#server.listen(0, "127.0.0.1", listening));
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Resolves when the server has come to `holdAt`. */
  held(): Promise<void> {
    return new Promise((resolve) => {
      this.#held = resolve;
    });
  }

  /** An honest server again. */
  go(): void {
    this.holdAt = undefined;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async close(): Promise<void> {
    this.go();
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => {}); // a page that has left
    // A sandboxed frame has no origin that could be named.
    response.setHeader("access-control-allow-origin", "*");
    const path = new URL(request.url ?? "/", this.url).pathname;
    if (path === "/model.safetensors") return this.#serveCheckpoint(request, response);
    const made: Record<string, string> = {
      "/": page,
      "/frame": frame,
      "/elsewhere": elsewhere,
      "/config.json": configJson(recipe),
    };
    const body = made[path] ?? (await readFile(join(this.#dist, path)).catch(() => undefined));
    const type = types[extname(path)] ?? (path === "/config.json" ? "application/json" : "text/html");
    response.writeHead(body === undefined ? 404 : 200, { "content-type": type }).end(body);
  }

  async #serveCheckpoint(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "bytes=0-")?.[1]);
    const { fault } = this;
    const strikes = fault !== undefined && fault.times > 0;
    if (strikes && fault.misdeed.kind === "answer" && asksFrom(start) >= fault.at) {
      fault.times--;
      const { status, headers, body } = fault.misdeed;
      response.writeHead(status, headers).end(body);
      return;
    }
    response.writeHead(206, {
      "content-length": this.size - start,
      "content-range": `bytes ${start}-${this.size - 1}/${this.size}`,
    });
    let at = start;
    if (this.holdAt !== undefined && start < this.holdAt) {
      response.write(this.#file.subarray(at, this.holdAt));
      at = this.holdAt;
      this.#held();
      await new Promise<void>((go) => this.#waiting.push(go));
    }
    if (!strikes || fault.at < at) response.end(this.#file.subarray(at));
    else this.#misbehave(fault, at, response);
  }

  #misbehave(fault: NetworkFault, at: number, response: ServerResponse): void {
    const { kind } = fault.misdeed;
    // An answer is given to whoever asks next, and garbled bytes stay as they are until somebody mends the file.
    if (kind === "cut" || kind === "stall") fault.times--;
    if (kind === "garble") {
      const rest = this.#file.slice(at);
      response.end(rest.fill(0xff, fault.at - at, fault.at - at + GARBLED));
      return;
    }
    response.write(this.#file.subarray(at, fault.at), () => {
      if (kind !== "stall") response.socket?.end();
    });
  }
}
