import { describe, expect, it } from "vitest";
import type { Kernel } from "../device/kernel.ts";

const files = import.meta.glob<string>(["../../shaders/**/*.wgsl", "!../../shaders/parts/*"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const modules = import.meta.glob<Record<string, unknown>>(["./*.ts", "!./*.test.ts"], { eager: true });

const isKernel = (value: object): value is Kernel => "wgsl" in value && "workgroups" in value;

/** Every kernel in what a module exports, however deep in tables. */
function kernelsIn(value: unknown): Kernel[] {
  if (typeof value !== "object" || value === null) return [];
  return isKernel(value) ? [value] : Object.values(value).flatMap(kernelsIn);
}
const kernels = new Map(kernelsIn(modules).map((kernel) => [kernel.label, kernel]));

const withoutComments = (wgsl: string) => wgsl.replace(/\/\/.*/g, "");

/** Names that the whole shader knows. */
const globals = (wgsl: string): string[] =>
  [...wgsl.matchAll(/^(?:@[^\n]*\))?\s?(?:fn|const|override|alias|struct|var(?:<[^>]*>)?) (\w+)/gm)].map(
    ([, name]) => name!,
  );

/** Names that one function knows: its parameters and what it declares. */
function locals(wgsl: string): string[] {
  const declared = [...wgsl.matchAll(/^ +(?:for \()?(?:let|const|var) (\w+)/gm)].map(([, name]) => name!);
  const heads = [...wgsl.matchAll(/^fn \w+\(([^{]*)\)/gm)].map(([, parameters]) => parameters!);
  const named = heads.flatMap((head) => [...head.matchAll(/(\w+): /g)].map(([, name]) => name!));
  return [...declared, ...named];
}

describe.each([...kernels.values()])("$label", ({ wgsl, fixed = [] }) => {
  it("hides no name of the shader behind a local one", () => {
    const code = withoutComments(wgsl);
    const known = new Set([...globals(code), ...fixed]);
    expect(known.has("main")).toBe(true);
    expect(locals(code).filter((name) => known.has(name))).toEqual([]);
  });
});

describe.each(Object.entries(files))("the header of %s", (_, wgsl) => {
  const header = wgsl.slice(0, wgsl.search(/^(?!\/\/)/m)).replace(/\n\/\/ /g, " ");

  it("says what a thread or a workgroup computes, for which adapters it was made, and what tests compare it with", () => {
    expect(header).toMatch(/One (thread|workgroup) \w+/);
    expect(header).toMatch(/Made for /);
    if (!wgsl.includes("sum-")) expect(header).toMatch(/Reference: src\/reference\//);
  });
});

it("finds the kernels that it holds", () => {
  expect(kernels.size).toBeGreaterThan(60);
  expect(Object.keys(files).length).toBeGreaterThan(15);
});
