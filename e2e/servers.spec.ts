import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, type Page, test } from "@playwright/test";
import { makeByName } from "../tools/make-checkpoint.ts";
import pytorch from "../tools/parity/fixtures/checkpoint-page.json" with { type: "json" };

// Servers as they are, and what only a browser does about them: origins, cookies, policies, and its silence about refusals.

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A site of its own origin: what it does with each path is said by the test. */
class Site {
  readonly paths = new Map<string, Handler>();
  readonly requests: { path: string; range: string; cookie: string | undefined }[] = [];
  #server: Server = createServer((request, response) => {
    const { url = "", headers } = request;
    this.requests.push({ path: url, range: headers.range ?? "", cookie: headers.cookie });
    const path = url.replace(/\?.*/, "");
    const handler = this.paths.get(path) ?? (path.startsWith("/app/") ? built : missing);
    handler(request, response);
  });
  url = "";

  async listen(): Promise<this> {
    await new Promise<void>((listening) => this.#server.listen(0, "127.0.0.1", listening));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const anyone = { "access-control-allow-origin": "*" };
const missing: Handler = (_, response) => response.writeHead(404, anyone).end();
const types: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** The built page and element, under /app/. */
const built: Handler = ({ url = "" }, response) => {
  const path = url.replace(/\?.*/, "").replace(/^\/app\/$/, "/app/index.html");
  try {
    const body = readFileSync(join("dist", path.slice("/app/".length)));
    response.writeHead(200, { "content-type": types[extname(path)] ?? "text/html", ...anyone }).end(body);
  } catch {
    response.writeHead(404).end();
  }
};

const answer =
  (status: number, headers: Record<string, string> = {}, body = ""): Handler =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

const startOf = ({ headers }: IncomingMessage) => Number(/^bytes=(\d+)-/.exec(headers.range ?? "")?.[1] ?? 0);

/** Serves the part that is asked for. @param cut the connection ends before this byte of the file */
const part =
  (file: Uint8Array, headers: Record<string, string> = {}, cut?: number): Handler =>
  (request, response) => {
    const start = startOf(request);
    response.writeHead(206, {
      ...headers,
      "content-length": file.byteLength - start,
      "content-range": `bytes ${start}-${file.byteLength - 1}/${file.byteLength}`,
    });
    if (cut === undefined || cut <= start) response.end(file.subarray(start));
    else response.write(file.subarray(start, cut), () => setTimeout(() => response.destroy(), 200));
  };

const [expected] = pytorch.generated as [number[]];
const count = 3;
const ids = expected.slice(0, pytorch.idx[0]!.length + count);

let checkpoint: { bytes: Uint8Array; config: string };
let own: Site;
let other: Site;
test.beforeAll(async () => {
  const directory = `${test.info().project.outputDir}/servers-page`;
  await makeByName("page", directory);
  const config = readFileSync(`${directory}/config.json`, "utf8");
  checkpoint = { bytes: readFileSync(`${directory}/model.safetensors`), config };
});
test.beforeEach(async () => {
  own = await new Site().listen();
  other = await new Site().listen();
  for (const site of [own, other]) site.paths.set("/config.json", answer(200, anyone, checkpoint.config));
});
test.afterEach(() => {
  own.close();
  other.close();
});

interface Ended {
  ids?: number[];
  code?: string;
  message?: string;
  /** From the press to the end, in milliseconds. */
  ms: number;
}

/** Asks for a few tokens of a model, agrees to its host where that is asked, and tells how it ended. */
async function play(page: Page, model: string): Promise<Ended> {
  await page.waitForFunction(() => customElements.get("next-token"));
  await page.locator("next-token").evaluate(async (element: HTMLElementTagNameMap["next-token"], address) => {
    const ended = new Promise((resolve) => {
      const tell = (event: Event) => resolve((event as CustomEvent).detail);
      element.addEventListener("done", tell, { once: true });
      element.addEventListener("error", tell, { once: true });
    });
    element.setAttribute("max-new-tokens", "3");
    element.setAttribute("model", address);
    await new Promise((resolve) => setTimeout(resolve));
    const started = performance.now();
    Reflect.set(
      window,
      "ended",
      ended.then((how) => ({ ...(how as object), ms: performance.now() - started })),
    );
    void element.generate();
  }, model);
  const allow = page.getByRole("button", { name: "Allow" });
  const ended = page.evaluate(() => Reflect.get(window, "ended") as Promise<Ended>);
  let isOver = false;
  void ended.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    if (await allow.isVisible()) await allow.click();
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20))]);
  }
  return ended;
}

const app = (site: Site) => `${site.url}/app/?prompt=${encodeURIComponent("Hello, I am")}`;
const models = (site: Site) => site.requests.filter(({ path }) => path.startsWith("/model.safetensors"));

test("refusals of another site name the matter at once", async ({ page, context }) => {
  const at = `${other.url}/model.safetensors`;
  await page.goto(app(own));
  await play(page, at); // the GPU is open from here on
  const closed = await new Site().listen();
  closed.close();
  own.paths.set("/elsewhere", part(checkpoint.bytes));
  const refusals: [what: string, handler: Handler, says: RegExp][] = [
    ["no CORS header", part(checkpoint.bytes), /Access-Control-Allow-Origin/],
    [
      "a redirect without one",
      answer(302, { ...anyone, location: `${own.url}/elsewhere` }),
      /Access-Control-Allow-Origin/,
    ],
    [
      "a redirect that has none",
      answer(302, { location: `${own.url}/elsewhere` }),
      /Access-Control-Allow-Origin/,
    ],
    ["401", answer(401, anyone), /wants to know who asks/],
    ["403", answer(403, anyone), /expired/],
    ["404", answer(404, anyone), /There is no file at/],
    ["410", answer(410, anyone), /taken away/],
    [
      "429 for half an hour",
      answer(429, { ...anyone, "access-control-expose-headers": "retry-after", "retry-after": "1800" }),
      /30 min/,
    ],
  ];
  for (const [what, handler, says] of refusals) {
    other.paths.set("/model.safetensors", handler);
    const { code, message, ms } = await play(page, at);
    expect(code, what).toBe("download-failed");
    expect(message, what).toMatch(says);
    expect(ms, what).toBeLessThan(3000); // a second where the machine has nothing else to do
    await expect(page.getByRole("alert"), what).toContainText(message!);
  }
  for (const [model, says] of [
    [`${closed.url}/model.safetensors`, /Nothing answers at 127/],
    ["https://no-such-host.invalid/model.safetensors", /no-such-host\.invalid cannot be reached/],
  ] as const) {
    const { code, message, ms } = await play(page, model);
    expect(code).toBe("download-failed");
    expect(message).toMatch(says);
    expect(ms).toBeLessThan(3000);
  }
  await context.setOffline(true);
  const { message } = await play(page, "https://example.org/model.safetensors");
  expect(message).toContain("You are offline");
});

test("the policy of a page that does not allow it is named, with what to allow", async ({ page }) => {
  own.paths.set(
    "/lesson.html",
    answer(
      200,
      { "content-type": "text/html", "content-security-policy": "connect-src 'self'" },
      `<!doctype html><script type="module" src="/app/next-token.js"></script>
       <next-token prompt="Hello, I am"></next-token>`,
    ),
  );
  await page.goto(`${own.url}/lesson.html`);
  await play(page, `${own.url}/model.safetensors`); // a 404; the GPU is open from here on
  const { code, message, ms } = await play(page, `${other.url}/model.safetensors`);
  expect(code).toBe("download-failed");
  expect(message).toMatch(/Content-Security-Policy of this page.*connect-src/);
  expect(ms).toBeLessThan(3000);
  expect(models(other)).toEqual([]);
});

test("behind the course's login: its own cookie goes to its own site and to no other", async ({
  page,
  context,
}) => {
  const isKnown = ({ headers }: IncomingMessage) => headers.cookie?.includes("session=1") ?? false;
  const behind =
    (login: Handler): Handler =>
    (request, response) =>
      (isKnown(request) ? part(checkpoint.bytes) : login)(request, response);
  other.paths.set(
    "/login",
    answer(200, { "content-type": "text/html" }, "<!doctype html><title>Sign in</title>"),
  );
  own.paths.set(
    "/login",
    answer(200, { "content-type": "text/html" }, "<!doctype html><title>Sign in</title>"),
  );
  await page.goto(app(own));
  const at = `${own.url}/model.safetensors`;
  await play(page, at); // a 404; the GPU is open from here on
  const logins: [what: string, login: Handler][] = [
    ["single sign-on elsewhere", answer(302, { location: `${other.url}/login` })],
    ["a page of its own", answer(303, { location: "/login" })],
    ["a page at once", answer(200, { "content-type": "text/html" }, "<!doctype html><title>Sign in</title>")],
    ["401", answer(401)],
    ["403", answer(403)],
  ];
  for (const [what, login] of logins) {
    own.paths.set("/model.safetensors", behind(login));
    const { message, ms } = await play(page, at);
    expect(message, what).toMatch(/sign in/);
    expect(message, what).toContain(at);
    expect(ms, what).toBeLessThan(3000);
  }
  await context.addCookies([{ name: "session", value: "1", url: own.url }]); // of all ports of this host
  expect((await play(page, at)).ids).toEqual(ids);
  other.paths.set("/model.safetensors", part(checkpoint.bytes, anyone));
  expect((await play(page, `${other.url}/model.safetensors`)).ids).toEqual(ids);
  expect(models(own).at(-1)!.cookie).toContain("session=1");
  for (const { path, cookie } of other.requests) expect(cookie, path).toBeUndefined();
});

test("nodes of one server, compressed answers, answers without a length; one signed copy; asked once to keep it", async ({
  page,
}) => {
  await page.addInitScript(() => {
    Reflect.set(window, "persisted", 0);
    navigator.storage.persist = async () => {
      Reflect.set(window, "persisted", Reflect.get(window, "persisted") + 1);
      return false;
    };
  });
  await page.goto(app(own));
  const persisted = () => page.evaluate(() => Reflect.get(window, "persisted") as number);
  const { bytes } = checkpoint;
  const shown = { ...anyone, "access-control-expose-headers": "etag, content-range" };
  const cut = Math.floor(bytes.byteLength * 0.8);
  expect(await persisted()).toBe(0);

  const changed = new Uint8Array(bytes);
  changed.copyWithin(2_000_000, 1_900_000, 1_950_000); // other weights, far before the cut
  const servers: [what: string, answers: Handler[], requests: number][] = [
    ["nothing is cut", [part(bytes, shown)], 1],
    [
      "strong and weak",
      [part(bytes, { ...shown, etag: '"a"' }, cut), part(bytes, { ...shown, etag: 'W/"a"' })],
      2,
    ],
    [
      "shown and hidden",
      [part(bytes, { ...shown, etag: '"a"' }, cut), part(bytes, { ...anyone, etag: '"b"' })],
      2,
    ],
    ["other names", [part(bytes, { ...shown, etag: '"a"' }, cut), part(bytes, { ...shown, etag: '"b"' })], 3],
    [
      "another file",
      [part(changed, { ...shown, etag: '"a"' }, cut), part(bytes, { ...shown, etag: '"b"' })],
      4,
    ],
    ["compressed", [answer200({ ...anyone, "content-encoding": "gzip" }, gzipSync(bytes))], 3], // a range, which the browser refuses, a look, no range
    ["no length", [closeDelimited(bytes, cut), closeDelimited(bytes)], 2],
  ];
  for (const [i, [what, answers, requests]] of servers.entries()) {
    const path = `/model.safetensors/${i}/model.safetensors`;
    other.paths.set(path, (request, response) => {
      const next = answers.length > 1 ? answers.shift()! : answers[0]!;
      next(request, response);
    });
    other.paths.set(
      path.replace("model.safetensors", "config.json").replace(/[^/]+$/, "config.json"),
      missing,
    );
    const ended = await play(page, `${other.url}${path}?token=1#n_heads=4`);
    expect(ended.ids, `${what}: ${ended.message}`).toEqual(ids);
    expect(
      other.requests.filter((one) => one.path.startsWith(path)),
      what,
    ).toHaveLength(requests);
  }
  expect(await persisted()).toBe(1);

  const path = "/model.safetensors/0/model.safetensors";
  const before = other.requests.length;
  expect((await play(page, `${other.url}${path}?token=2#n_heads=4`)).ids).toEqual(ids);
  const asked = other.requests.slice(before).filter((one) => one.path.startsWith(path));
  expect(asked.map(({ range }) => Number(/\d+/.exec(range)![0]))).toEqual([bytes.byteLength - 16 * 1024]);
  await page.locator("summary", { hasText: /^\s*Model/ }).click();
  await expect(page.getByRole("button", { name: /^Delete model\.safetensors from/ })).toHaveCount(
    servers.length,
  );
});

const answer200 =
  (headers: Record<string, string>, body: Uint8Array): Handler =>
  (_, response) =>
    response.writeHead(200, { ...headers, "content-length": body.byteLength }).end(body);

/** As HTTP/1.0 has it: the body ends where the connection does, wherever that is. */
const closeDelimited =
  (file: Uint8Array, end = file.byteLength): Handler =>
  (_, { socket }) => {
    socket!.write("HTTP/1.0 200 OK\r\naccess-control-allow-origin: *\r\n\r\n");
    socket!.end(file.subarray(0, end));
  };
