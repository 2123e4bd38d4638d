import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterEach, expect, it, vi } from "vitest";
import { oembed, oembedOf, siteOf } from "./oembed.ts";

afterEach(() => void vi.unstubAllEnvs());

it("is an answer as oembed.com asks for it, with a frame of the site", () => {
  const { version, type, html, width, height } = oembedOf("https://course.example/demo/");
  expect({ version, type }).toEqual({ version: "1.0", type: "rich" });
  expect(html).toContain('src="https://course.example/demo/?embed=1"');
  expect(html).toContain(`width="${width}" height="${height}"`);
});

it("knows the address of a folder", () => {
  expect(siteOf("https://course.example/demo")).toBe("https://course.example/demo/");
  expect(siteOf("https://course.example")).toBe("https://course.example/");
});

it.each([
  "http://course.example/",
  "javascript:alert(1)",
  "https://me@course.example/",
  "https://course.example/?a=1",
  "https://course.example/#a",
  "course.example",
])("%s is none", (text) => {
  expect(() => siteOf(text)).toThrow();
});

it.each([
  ["https://course.example/demo", true],
  ["", false],
])("with SITE_URL=%j the build says where it is: %s", async (site, isThere) => {
  vi.stubEnv("SITE_URL", site);
  const folder = mkdtempSync(join(tmpdir(), "next-token-oembed-"));
  const page = "virtual-page.html";
  try {
    const result = await build({
      root: folder,
      configFile: false,
      logLevel: "silent",
      build: { write: false, rolldownOptions: { input: page } },
      plugins: [
        oembed(),
        {
          name: "page",
          resolveId: (id) => (id === page ? join(folder, page) : undefined),
          load: (id) => (id === join(folder, page) ? "<!doctype html><head></head>" : undefined),
        },
      ],
    });
    const { output } = Array.isArray(result)
      ? result[0]!
      : (result as Extract<typeof result, { output: unknown }>);
    const sourceOf = (name: string) => {
      const file = output.find(({ fileName }) => fileName === name);
      return file?.type === "asset" ? String(file.source) : undefined;
    };
    expect(sourceOf("oembed.json") !== undefined).toBe(isThere);
    expect(sourceOf(page)?.includes("https://course.example/demo/oembed.json")).toBe(isThere);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
