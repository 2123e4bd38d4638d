import { expect, it } from "vitest";
import { pickVariants, withTiles } from "./autotune.ts";
import type { TuningTask } from "./tuning-tasks.ts";

/** Made-up milliseconds of every variant, and how many times slower than the best is pruned. */
function adapter(times: Record<string, number>) {
  const tried: string[][] = [];
  const fastest = async <S extends string>(task: TuningTask<S>, barriers = true) => {
    const variants = task.variants.filter((variant) => barriers || !task.usesBarriers(variant));
    tried.push([...variants]);
    const sorted = [...variants].sort((a, b) => times[a] - times[b]);
    return { variant: sorted[0], pruned: sorted.filter((variant) => times[variant] > 3 * times[sorted[0]]) };
  };
  return { fastest, tried };
}

const software = {
  workgroup: 17,
  quad: 1,
  matvec: 100,
  matvecSubgroups: 80,
  matmul: 50,
  matmulRegister: 3,
  matmulQuad4Rows: 2,
  matmulQuad: 1,
};

it("takes the fastest of each task", async () => {
  const card = { ...software, workgroup: 1, quad: 2, matvec: 2, matvecSubgroups: 1, matmul: 0.5 };
  const { fastest, tried } = adapter(card);
  expect(await pickVariants(fastest)).toEqual({
    one: "matvecSubgroups",
    few: "matvecSubgroups",
    many: "matmul",
    attention: "workgroup",
  });
  expect(tried).toEqual([
    ["workgroup", "quad"],
    ["matmulRegister", "matvecSubgroups", "matvec"],
    ["matmulRegister", "matmulQuad", "matmul"],
  ]);
});

it("tries nothing with barriers where attention with barriers was pruned", async () => {
  const { fastest, tried } = adapter(software);
  expect(await pickVariants(fastest)).toEqual({
    one: "matmulRegister",
    few: "matmulQuad4Rows",
    many: "matmulQuad",
    attention: "quad",
  });
  expect(tried).toEqual([
    ["workgroup", "quad"],
    ["matmulRegister"],
    ["matmulRegister", "matmulQuad4Rows"],
    ["matmulQuad"],
  ]);
});

it("tries threads on their own with many rows, unless a quad did four rows faster", async () => {
  const { fastest, tried } = adapter({ ...software, matmulQuad4Rows: 4, matmulRegister: 0.5 });
  expect((await pickVariants(fastest)).many).toBe("matmulRegister");
  expect(tried.at(-1)).toEqual(["matmulRegister", "matmulQuad"]);
});

it("takes attention in tiles where tiles were the fastest for many rows, and barriers pay for attention", () => {
  const memory = { one: "matvec", few: "matvec", many: "matmul", attention: "workgroup" } as const;
  expect(withTiles(memory).attention).toBe("tile");
  expect(withTiles({ ...memory, many: "matmulRegister" }).attention).toBe("workgroup");
  expect(withTiles({ ...memory, attention: "quad" }).attention).toBe("quad");
});
