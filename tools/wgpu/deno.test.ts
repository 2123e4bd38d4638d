import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { findDeno, wgpuAdapter } from "./deno.ts";
import manifest from "./package.json" with { type: "json" };
import lock from "./package-lock.json" with { type: "json" };

const root = mkdtempSync(join(tmpdir(), "deno-"));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

function file(path: string, content: string): string {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

/** A program for a shell in place of Deno. */
function program(path: string, script: string): string {
  const full = file(path, `#!/bin/sh\n${script}\n`);
  chmodSync(full, 0o755);
  return full;
}

const onLinux = test.runIf(process.platform === "linux");

onLinux("Deno is found where npm puts it, in the version that is asked for", () => {
  file("tool/package.json", '{ "dependencies": { "deno": "2.0.0" } }');
  expect(findDeno(join(root, "tool"))).toBeUndefined();
  file("tool/node_modules/deno/package.json", '{ "version": "2.0.0" }');
  expect(findDeno(join(root, "tool"))).toBeUndefined();
  const deno = program("tool/node_modules/@deno/linux-x64-glibc/deno", "exit 0");
  expect(findDeno(join(root, "tool"))).toBe(deno);
  file("tool/node_modules/deno/package.json", '{ "version": "1.9.9" }');
  expect(findDeno(join(root, "tool"))).toBeUndefined();
});

onLinux("the adapter has the name that Deno tells, and there is none where Deno tells nothing", () => {
  vi.stubEnv("NEXT_TOKEN_ADAPTER", "hardware");
  expect(wgpuAdapter(program("tells", "echo 'A card'"))).toBe("A card");
  expect(wgpuAdapter(program("silent", "exit 0"))).toBeUndefined();
  expect(wgpuAdapter(program("fails", "exit 1"))).toBeUndefined();
});

test("the lockfile holds the very version, and names no server", () => {
  expect(lock.packages[""].dependencies).toEqual(manifest.dependencies);
  expect(manifest.dependencies.deno).toMatch(/^\d+\.\d+\.\d+$/);
  expect(JSON.stringify(lock)).not.toContain("://");
});
