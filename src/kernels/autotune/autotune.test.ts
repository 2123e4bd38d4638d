import { expect, it } from "vitest";
import { decide } from "./autotune.ts";
import type { Trial } from "./tuning-tasks.ts";

/** Made-up milliseconds of every shape, and how many times slower than the best is hopeless. */
function adapter(times: Record<string, number>) {
  const tried: string[][] = [];
  const fastest = async <S extends string>(trial: Trial<S>, barriers = true) => {
    const shapes = trial.shapes.filter((shape) => barriers || !trial.meets(shape));
    tried.push([...shapes]);
    const sorted = [...shapes].sort((a, b) => times[a] - times[b]);
    return { shape: sorted[0], hopeless: sorted.filter((shape) => times[shape] > 3 * times[sorted[0]]) };
  };
  return { fastest, tried };
}

const software = {
  byWorkgroup: 17,
  byQuads: 1,
  matvec: 100,
  matvecBySubgroups: 80,
  matmul: 50,
  matmulByThread: 3,
  matmulFourRows: 2,
  matmulByQuads: 1,
};

it("takes the fastest of each trial", async () => {
  const card = { ...software, byWorkgroup: 1, byQuads: 2, matvec: 2, matvecBySubgroups: 1, matmul: 0.5 };
  const { fastest, tried } = adapter(card);
  expect(await decide(fastest)).toEqual({
    one: "matvecBySubgroups",
    few: "matvecBySubgroups",
    many: "matmul",
    attention: "byWorkgroup",
  });
  expect(tried).toContainEqual(["matmulByThread", "matmulFourRows", "matvecBySubgroups", "matvec"]);
});

it("tries nothing with barriers where attention with barriers was hopeless", async () => {
  const { fastest, tried } = adapter(software);
  expect(await decide(fastest)).toEqual({
    one: "matmulByThread",
    few: "matmulFourRows",
    many: "matmulByQuads",
    attention: "byQuads",
  });
  expect(tried).toEqual([
    ["byWorkgroup", "byQuads"],
    ["matmulByThread"],
    ["matmulByThread", "matmulFourRows"],
    ["matmulByQuads"],
  ]);
});

it("tries threads on their own with many rows, unless a quad did four rows faster", async () => {
  const { fastest, tried } = adapter({ ...software, matmulFourRows: 4, matmulByThread: 0.5 });
  expect((await decide(fastest)).many).toBe("matmulByThread");
  expect(tried.at(-1)).toEqual(["matmulByThread", "matmulByQuads"]);
});
