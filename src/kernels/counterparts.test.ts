import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import type { Kernel } from "../device/kernel.ts";
import { builds } from "../test/run-cpu-kernel.ts";

/** Everything that the modules of kernels export, and what is in it. */
const exported = Object.values(
  import.meta.glob<Record<string, unknown>>(["./*.ts", "!./*.test.ts"], { eager: true, import: "*" }),
);

const isKernel = (value: object): value is Kernel => "wgsl" in value && "workgroups" in value;

function* kernelsIn(value: unknown): Generator<Kernel> {
  if (typeof value !== "object" || value === null) return;
  if (isKernel(value)) yield value;
  else for (const inner of Object.values(value)) yield* kernelsIn(inner);
}

const kernels = new Map([...kernelsIn(exported)].map((kernel) => [kernel.label, kernel]));
const computed = [...kernels.values()]
  .filter(({ cpu }) => cpu)
  .map((kernel) => [kernel.label, kernel] as const);

const sources = readdirSync("assembly", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(`assembly/${file}`, "utf8"))
  .join("\n");

/** The names of a function's parameters in the AssemblyScript. */
function parametersOf(name: string): string[] {
  const [, list = ""] = new RegExp(`export function ${name}\\(([^)]*)\\)`).exec(sources) ?? [];
  return [...list.matchAll(/(\w+): /g)].map(([, parameter]) => parameter!);
}

it.each(computed)("the counterpart of %s has its bindings, dims and constants as parameters", (_, kernel) => {
  const { bindings, dims, cpu } = kernel;
  const { name, constants = [], given = {}, scratchBytes } = cpu!;
  const scratch = scratchBytes ? ["scratch"] : [];
  const own = [...constants, ...Object.keys(given)];
  expect(parametersOf(name)).toEqual([...bindings, ...dims, ...own, "from", "to", ...scratch]);
});

it("every function of the module is the counterpart of a kernel", () => {
  const functions = WebAssembly.Module.exports(new WebAssembly.Module(builds.plain)).map(({ name }) => name);
  expect([...new Set(computed.map(([, { cpu }]) => cpu!.name))].sort()).toEqual(functions.sort());
});

it("what has none is a variant that only a GPU needs", () => {
  const without = [...kernels.values()].filter(({ cpu }) => !cpu).map(({ label }) => label);
  const families = new Set(without.map((label) => label.replace(/(, | \().*/, "")));
  expect([...families].sort()).toEqual([
    "flash-decoding",
    "flash-decoding-combine",
    "layer-norm",
    "top-k-blocks",
    "top-k-merge",
  ]);
});
