import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** What a server answered: as it came, since a browser's `fetch` unpacks and hides. */
export interface Answer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The first bytes of the body. */
  readonly start: Uint8Array;
}

const ENOUGH = 1024;
const PATIENCE = 20_000;

/**
 * Asks for `address` as a page of `origin` would, and reads the first kilobyte of the answer.
 * @throws what the connection fails with
 */
export function ask(address: URL, origin: string, headers: Record<string, string>): Promise<Answer> {
  const request = address.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = request(address, { headers: { origin, ...headers }, timeout: PATIENCE });
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${PATIENCE / 1000} seconds`)));
    asked.on("error", reject);
    asked.on("response", (response) => void read(response).then(resolve, reject));
    asked.end();
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response) {
    parts.push(part);
    length += part.length;
    if (length >= ENOUGH) break; // which closes the connection
  }
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(", ")]),
  );
  return { status: response.statusCode ?? 0, headers, start: Buffer.concat(parts).subarray(0, ENOUGH) };
}
