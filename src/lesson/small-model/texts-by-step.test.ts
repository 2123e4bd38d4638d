import { expect, it, vi } from "vitest";
import { NextTokenError } from "../../errors.ts";
import type { GenerateStep } from "../../index.ts";
import type { Backend, LoadedModel } from "../backend.ts";
import { snapshotSteps } from "./snapshots.ts";
import { type Asked, TextsByStep } from "./texts-by-step.ts";

type Model = LoadedModel & { name: string };

/** Models that append the length of their name, and then one more each time. */
function backendOf(build = async (name: string) => name) {
  const built: string[] = [];
  let alive = 0;
  const backend: Pick<Backend<Model>, "build" | "generate"> = {
    async build(source) {
      const name = await build(source);
      built.push(name);
      alive++;
      return { name, destroy: () => void alive-- } as Model;
    },
    async *generate({ name }, idx, { maxNewTokens = 0 }) {
      for (let i = 0; i < maxNewTokens; i++) yield { ids: idx.map(() => name.length + i) } as GenerateStep;
    },
  };
  return { backend, built, alive: () => alive };
}

const asked: Asked = {
  idx: [
    [1, 2],
    [3, 4],
  ],
  model: "small:500#precision=f16",
  mask: "causal",
  device: "auto",
  maxNewTokens: 2,
  contextSize: 64,
  sampling: undefined,
};

it("computes the texts that are missing, with a model each in the precision that was chosen, and lets go of it", async () => {
  const { backend, built, alive } = backendOf();
  const changed = vi.fn();
  const texts = new TextsByStep(backend, changed);
  texts.ask(asked);
  texts.keep(500, [[7], [8]]);
  await texts.computeAll(asked);
  expect([...texts.ids.keys()].sort((a, b) => a - b)).toEqual(snapshotSteps);
  expect(built).toHaveLength(snapshotSteps.length - 1);
  expect(built[0]).toBe("small:0#precision=f16");
  expect(texts.ids.get(0)).toEqual([
    [21, 22],
    [21, 22],
  ]);
  expect(texts.ids.get(500)).toEqual([[7], [8]]);
  expect(texts.computing).toBeUndefined();
  expect(alive()).toBe(0);
  expect(changed).toHaveBeenCalled();
});

it("forgets them when something else is asked, and keeps them when only the steps or the device are others", () => {
  const texts = new TextsByStep(backendOf().backend, () => {});
  texts.ask(asked);
  texts.keep(50, [[1], [2]]);
  texts.ask({ ...asked, model: "small#precision=f16", device: "cpu" });
  expect(texts.ids.size).toBe(1);
  for (const change of [{ idx: [[1]] }, { maxNewTokens: 3 }, { model: "small" }, { mask: "none" } as const]) {
    texts.ask(asked);
    texts.keep(50, [[1], [2]]);
    texts.ask({ ...asked, ...change });
    expect(texts.ids.size, JSON.stringify(change)).toBe(0);
  }
});

it.each(["another prompt", "cancel"])("stops at %s, and begins anew when it is asked", async (reason) => {
  let release = () => {};
  const { backend, alive } = backendOf(async (name) => {
    if (name.startsWith("small:200"))
      await new Promise<void>((resolve) => {
        release = resolve;
      });
    return name;
  });
  const texts = new TextsByStep(backend, () => {});
  const work = texts.computeAll(asked);
  await vi.waitFor(() => expect(texts.computing).toBe(200));
  const next = { ...asked, idx: [[9]] };
  if (reason === "cancel") texts.cancel();
  else texts.ask(next);
  release();
  await work;
  expect(texts.computing).toBeUndefined();
  expect(texts.ids.has(200)).toBe(false);
  expect(alive()).toBe(0);
  const again = texts.computeAll(next);
  await vi.waitFor(() => expect(texts.computing).toBe(200));
  release();
  await again;
  expect(texts.ids.size).toBe(snapshotSteps.length);
});

it("tells a failure, and can be asked again", async () => {
  const { backend } = backendOf(async () => {
    throw new NextTokenError("download-failed", "no");
  });
  const texts = new TextsByStep(backend, () => {});
  await expect(texts.computeAll(asked)).rejects.toThrow("no");
  expect(texts.computing).toBeUndefined();
});
