import { createServer, type Socket } from "node:net";

/** One request, as far as the tests care. */
export interface RawRequest {
  readonly path: string;
  /** First byte of `Range: bytes=N-`; 0 without one. */
  readonly start: number;
  readonly headers: ReadonlyMap<string, string>;
}

/** What the server does: a whole answer, or the part of one before the connection dies. */
export interface RawAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Uint8Array;
  /** After so many bytes of the body: "reset" and "close" end the connection, "silence" leaves it open. */
  readonly fault?: { readonly after: number; readonly kind: "reset" | "close" | "silence" };
}

/**
 * An HTTP server that writes its bytes by hand, because a real one refuses to lie: it cuts bodies short of their
 * content-length, falls silent, and sends whatever a test makes up.
 */
export class RawServer {
  readonly requests: RawRequest[] = [];
  /** Bytes of bodies handed to the network. */
  sent = 0;
  #answer: (request: RawRequest) => RawAnswer;
  #sockets = new Set<Socket>();
  #server = createServer((socket) => this.#serve(socket));

  constructor(answer: (request: RawRequest) => RawAnswer) {
    this.#answer = answer;
  }

  /** @returns the address, without a slash at its end */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("The server has no port.");
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
    let received = "";
    socket.on("data", (bytes) => {
      received += bytes.toString("latin1");
      if (received.includes("\r\n\r\n")) this.#reply(socket, received);
    });
  }

  #reply(socket: Socket, received: string): void {
    const [first = "", ...lines] = received.split("\r\n");
    const headers = new Map(
      lines.map((line) => [line.split(":")[0]!.toLowerCase(), line.replace(/^[^:]*:\s*/, "")]),
    );
    const start = Number(/^bytes=(\d+)-$/.exec(headers.get("range") ?? "bytes=0-")?.[1]);
    const request = { path: first.split(" ")[1] ?? "", start, headers };
    this.requests.push(request);
    const { status, headers: given = {}, body = new Uint8Array(0), fault } = this.#answer(request);
    const head = Object.entries({ "content-length": body.byteLength, connection: "close", ...given })
      .filter(([, value]) => value !== "")
      .map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`HTTP/1.1 ${status} Made\r\n${head.join("")}\r\n`);
    const part = fault ? body.subarray(0, fault.after) : body;
    this.sent += part.byteLength;
    const end = () => {
      if (fault?.kind === "reset") socket.resetAndDestroy();
      else if (fault?.kind !== "silence") socket.end();
    };
    if (part.byteLength > 0) socket.write(part, end);
    else end();
  }
}

/** What an honest server answers: the part asked for, or the whole file where it knows no ranges. */
export function honest(file: Uint8Array, { start }: RawRequest, ranges = true): RawAnswer {
  if (!ranges) return { status: 200, body: file };
  if (start >= file.byteLength)
    return { status: 416, headers: { "content-range": `bytes */${file.byteLength}` } };
  const range = `bytes ${start}-${file.byteLength - 1}/${file.byteLength}`;
  return { status: 206, headers: { "content-range": range }, body: file.subarray(start) };
}
