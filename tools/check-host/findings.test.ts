import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Answer } from "./ask.ts";
import { type Answers, findingsOf } from "./findings.ts";

const address = new URL("https://files.example/model.safetensors");
const page = "https://course.example";
const start = new TextEncoder().encode('\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0000{"__metadata__"');
const headers = {
  "content-length": "1000",
  etag: '"1"',
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Content-Range, ETag",
};
const good: Answers = {
  whole: { status: 200, headers, start },
  part: { status: 206, headers: { ...headers, "content-range": "bytes 100-999/1000" }, start },
  packed: { status: 200, headers, start },
};
const with_ = (change: Partial<Answer>): Answers => ({ ...good, whole: { ...good.whole, ...change } });
const without = (name: keyof typeof headers): Answers => {
  const { [name]: _, ...others } = headers;
  return {
    whole: { ...good.whole, headers: others },
    part: { ...good.part, headers: { ...others, "content-range": "bytes 100-999/1000" } },
    packed: good.packed,
  };
};

it("finds nothing in a server that does all of it", () => {
  expect(findingsOf(address, page, good)).toEqual([]);
});

describe.each<[string, Answers, RegExp, "wrong" | "slow"]>([
  ["no such file", with_({ status: 404 }), /no file at this address/, "wrong"],
  ["a login", with_({ status: 403 }), /without a login/, "wrong"],
  [
    "another address",
    with_({ status: 302, headers: { location: "https://else.example/" } }),
    /else\.example/,
    "wrong",
  ],
  ["a broken server", with_({ status: 500 }), /answers 500/, "wrong"],
  ["nobody may read", without("access-control-allow-origin"), /may not read/, "wrong"],
  ["a web page", with_({ start: new TextEncoder().encode("<!DOCTYPE html>") }), /web page/, "wrong"],
  [
    "a pointer",
    with_({ start: new TextEncoder().encode("version https://git-lfs.github.com") }),
    /Git LFS/,
    "wrong",
  ],
  ["something else", with_({ start: new TextEncoder().encode("PK and more") }), /does not begin/, "wrong"],
  ["no length", without("content-length"), /progress/, "slow"],
  ["parts that cannot be seen", without("access-control-expose-headers"), /how long parts are/, "slow"],
  ["no tag", without("etag"), /changed between/, "slow"],
  ["no parts", { ...good, part: { ...good.part, status: 200 } }, /begins anew/, "slow"],
  [
    "other parts",
    { ...good, part: { ...good.part, headers: { ...headers, "content-range": "bytes 0-999/1000" } } },
    /begins anew/,
    "slow",
  ],
  [
    "packing",
    { ...good, packed: { ...good.packed, headers: { ...headers, "content-encoding": "br" } } },
    /packs the file.*br/,
    "slow",
  ],
  ["nothing kept", with_({ headers: { ...headers, "cache-control": "no-store" } }), /every visit/, "slow"],
])("%s", (_, answers, sentence, kind) => {
  it("is told of, once", () => {
    expect(findingsOf(address, page, answers)).toEqual([{ kind, sentence: expect.stringMatching(sentence) }]);
  });
});

it("asks nothing about readers on the page's own site, and refuses http on a page of https", () => {
  const own = without("access-control-allow-origin");
  expect(findingsOf(address, address.origin, own)).toEqual([]);
  const plain = new URL("http://files.example/model.safetensors");
  expect(findingsOf(plain, page, good).map(({ kind }) => kind)).toEqual(["wrong"]);
});

it("takes a file of gzip", () => {
  expect(findingsOf(address, page, with_({ start: Uint8Array.of(0x1f, 0x8b, 8) }))).toEqual([]);
});

describe("the command", () => {
  let close = () => {};
  afterEach(() => close());

  async function check(answer: (request: IncomingMessage, response: ServerResponse) => void) {
    const server = createServer(answer);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    close = () => void server.close();
    const { port } = server.address() as AddressInfo;
    const tsx = "node_modules/tsx/dist/cli.mjs";
    const child = spawn(process.execPath, [
      tsx,
      "tools/check-host.ts",
      `http://127.0.0.1:${port}/m`,
      "http://localhost",
    ]);
    let said = "";
    child.stdout.on("data", (text) => (said += text));
    const code = await new Promise((exit) => child.on("exit", exit));
    return { code, said };
  }

  it("asks a server, and says that all is well", async () => {
    const found = await check(({ headers: { range } }, response) => {
      const sent = { ...headers, "content-length": String(start.length) };
      if (range) response.writeHead(206, { ...sent, "content-range": "bytes 100-999/1000" });
      else response.writeHead(200, sent);
      response.end(start);
    });
    expect(found).toEqual({ code: 0, said: expect.stringContaining("A page can read this file") });
  });

  it("ends with 1 where a page could not load the file", async () => {
    const found = await check((_, response) => response.writeHead(404).end());
    expect(found).toEqual({ code: 1, said: expect.stringContaining("no file at this address") });
  });
});
