import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Download, type DownloadOptions } from "./download.ts";
import { patient } from "./policy.ts";
import { fetchSmallText } from "./small-file.ts";

// What browsers keep from a page, played by hand: a fetch that fails without a word, and what a second look finds.

const own = "https://course.org/model.safetensors";
const foreign = "https://elsewhere.org/a/model.safetensors?sig=hushhush";
type Answer = (init: RequestInit) => Promise<Response> | Response;
const fails: Answer = () => Promise.reject(new TypeError("Failed to fetch"));
const opaque = { type: "opaque", status: 0 } as Response;
const redirect = { type: "opaqueredirect", status: 0 } as Response;

let asked: RequestInit[];
beforeEach(() => {
  asked = [];
  vi.stubGlobal("location", { protocol: "https:" });
  vi.stubGlobal("origin", "https://course.org");
  vi.stubGlobal("navigator", { onLine: true });
});
afterEach(() => vi.unstubAllGlobals());

/** A fetch that answers to readable requests as `plain` does, and to a second look as `look` does. */
const fetching =
  (plain: Answer, look: Answer): typeof fetch =>
  async (_, init = {}) => {
    asked.push(init);
    return init.mode === "no-cors" || init.redirect === "manual" ? look(init) : plain(init);
  };
async function failure(url: string, fetch: typeof globalThis.fetch, options: DownloadOptions = {}) {
  const started = performance.now();
  const waits: number[] = [];
  const download = new Download({ url }, { fetch, onWait: (wait) => waits.push(wait), ...options });
  const error = await download
    .from(0)
    .next()
    .then(
      () => undefined,
      (error: { code: string; reason: string; message: string }) => error,
    );
  return { ...error!, message: error!.message, waits, ms: performance.now() - started };
}

const matters: [reason: string, url: string, look: Answer, says: RegExp][] = [
  ["not-shared", foreign, () => opaque, /elsewhere\.org is there, but .*Access-Control-Allow-Origin/],
  ["redirected", own, () => redirect, /open https:\/\/course\.org\/model\.safetensors in a new tab, sign in/],
  ["unreachable", foreign, fails, /elsewhere\.org cannot be reached: check the address/],
  [
    "unreachable",
    "http://localhost:8000/m.safetensors",
    fails,
    /Nothing answers at localhost:8000.*start the server/,
  ],
];

describe("a request that the browser fails without a word", () => {
  test.each(matters)(
    "%s at %s: said within a second, without its secrets",
    async (reason, url, look, says) => {
      const found = await failure(url, fetching(fails, look));
      expect(found).toMatchObject({ code: "download-failed", reason, waits: [] });
      expect(found.message).toMatch(says);
      expect(found.message).not.toContain("hushhush");
      expect(found.ms).toBeLessThan(1000);
    },
  );

  test("offline", async () => {
    vi.stubGlobal("navigator", { onLine: false });
    expect(await failure(foreign, fetching(fails, fails))).toMatchObject({
      reason: "offline",
      message: expect.stringContaining("You are offline"),
      waits: [],
    });
  });

  test("a page over https that asks an http address", async () => {
    const found = await failure("http://elsewhere.org/m.safetensors", fetching(fails, fails));
    expect(found).toMatchObject({ reason: "mixed-content", waits: [] });
    expect(asked).toHaveLength(1); // nothing is looked at that the browser would not let through anyway
  });

  test("the page's own policy", async () => {
    const document = new EventTarget();
    vi.stubGlobal("document", document);
    const refused: Answer = () => {
      const violation = {
        blockedURI: "https://elsewhere.org",
        effectiveDirective: "connect-src",
        disposition: "enforce",
      };
      setTimeout(() =>
        document.dispatchEvent(Object.assign(new Event("securitypolicyviolation"), violation)),
      );
      return fails({});
    };
    const found = await failure(foreign, fetching(refused, refused));
    expect(found).toMatchObject({ reason: "policy", waits: [] });
    expect(found.message).toMatch(/Content-Security-Policy of this page.*elsewhere\.org.*connect-src/);
  });

  test("the second look takes no cookies elsewhere, and wants no body", async () => {
    await failure(
      foreign,
      fetching(fails, () => opaque),
    );
    await failure(
      own,
      fetching(fails, () => redirect),
    );
    const looks = asked.filter(({ mode, redirect }) => mode === "no-cors" || redirect === "manual");
    expect(looks.map(({ credentials }) => credentials)).toEqual([
      "omit",
      "omit",
      "same-origin",
      "same-origin",
    ]);
    for (const { signal } of looks) expect(signal!.aborted).toBe(true);
  });

  test("a connection that failed once is no refusal", async () => {
    let times = 0;
    const plain: Answer = () =>
      times++ === 0 ? fails({}) : new Response("<!doctype html>", { headers: { "content-length": "15" } });
    for (const look of [() => opaque, fails]) {
      times = 0;
      const found = await failure(foreign, fetching(plain, look));
      expect(found).toMatchObject({ code: "bad-checkpoint" }); // it was asked again, and read
    }
  });

  test("a server that compresses whatever it is asked for, which browsers refuse for a range, is asked without one", async () => {
    const plain: Answer = ({ headers }) =>
      new Headers(headers).has("range")
        ? fails({})
        : new Response("<!doctype html>", { headers: { "content-length": "15" } });
    for (const url of [foreign, own])
      expect(
        await failure(
          url,
          fetching(plain, () => opaque),
        ),
      ).toMatchObject({ code: "bad-checkpoint" });
  });

  test("looks that find something else each time do not go on for ever", async () => {
    let times = 0;
    const look: Answer = () => (times++ % 2 === 0 ? opaque : fails({}));
    const policy = { ...patient, attempts: 4, firstWait: 1, maxWait: 1 };
    expect(await failure(foreign, fetching(fails, look), { policy })).toMatchObject({
      code: "download-failed",
    });
  });

  test("outside a page there is nobody to keep anything back", async () => {
    vi.stubGlobal("location", undefined);
    const policy = { ...patient, attempts: 2, firstWait: 1, maxWait: 1 };
    const found = await failure(
      foreign,
      fetching(fails, () => opaque),
      { policy },
    );
    expect(found).toMatchObject({ reason: "unreachable" });
    expect(asked).toHaveLength(2);
  });

  test("stopped while it looks", async () => {
    const stop = new AbortController();
    const look: Answer = (init) =>
      new Promise((_, reject) => init.signal!.addEventListener("abort", () => reject(new Error("stopped"))));
    setTimeout(() => stop.abort(), 20);
    const download = new Download({ url: foreign }, { fetch: fetching(fails, look) });
    await expect(download.from(0, stop.signal).next()).rejects.toMatchObject({ code: "aborted" });
  });

  test("a config.json that may not be read holds nobody up", async () => {
    const started = performance.now();
    const fetch = fetching(fails, () => opaque);
    expect(await fetchSmallText(["https://elsewhere.org/config.json"], { fetch })).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("an answer that is a refusal", () => {
  const hub = "https://huggingface.co/nobody/nothing/resolve/main/model.safetensors";
  const refusals: [status: number, url: string, reason: string, says: RegExp][] = [
    [401, hub, "sign-in", /There is no such repository, or it is private: check its name/],
    [403, hub, "forbidden", /gated/],
    [404, hub, "not-found", /The repository has no such file/],
    [
      401,
      own,
      "sign-in",
      /The site asks you to sign in: open https:\/\/course\.org\/model\.safetensors in a new tab/,
    ],
    [403, own, "forbidden", /does not let you read this file/],
    [404, own, "not-found", /There is no file at https:\/\/course\.org\/model\.safetensors/],
    [401, foreign, "sign-in", /elsewhere\.org wants to know who asks/],
    [403, foreign, "forbidden", /signed and has expired/],
    [404, foreign, "not-found", /There is no file at https:\/\/elsewhere\.org\/a\/model\.safetensors:/],
    [410, foreign, "gone", /taken away for good/],
  ];
  test.each(refusals)("%d of %s: %s", async (status, url, reason, says) => {
    const found = await failure(
      url,
      fetching(() => new Response("", { status }), fails),
    );
    expect(found).toMatchObject({ code: "download-failed", reason, waits: [] });
    expect(found.message).toMatch(says);
    expect(found.message).not.toMatch(/connection|hushhush/);
    expect(asked).toHaveLength(1);
  });

  test("429 with a pause too long to wait for says how long", async () => {
    const headers = { "retry-after": "1800" };
    const found = await failure(
      hub,
      fetching(() => new Response("", { status: 429, headers }), fails),
    );
    expect(found).toMatchObject({ reason: "busy", waits: [] });
    expect(found.message).toContain("left alone for 30 min");
  });

  test("a page in place of the file: how to sign in, where the site is this page's own", async () => {
    const page = () =>
      new Response("<!doctype html><title>Sign in</title>", { headers: { "content-length": "37" } });
    const found = await failure(own, fetching(page, fails));
    expect(found).toMatchObject({ code: "bad-checkpoint", rule: "html-page" });
    expect(found.message).toMatch(/This is a web page.*sign in: open https:\/\/course\.org/);
    expect((await failure(foreign, fetching(page, fails))).message).not.toMatch(/elsewhere\.org/);
  });
});
