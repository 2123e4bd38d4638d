import { expect, it } from "vitest";
import { BufferAccounting } from "./buffer-accounting.ts";

const buffer = (label: string, size: number) => ({ label, size }) as GPUBuffer;

it("counts what was created, destroyed and is held, in bytes and by label", () => {
  const accounting = new BufferAccounting();
  const [a, b, c] = [buffer("weights", 100), buffer("cache", 40), buffer("cache", 80)];
  for (const each of [a, b, c]) accounting.add(each);
  expect(accounting.byLabel()).toEqual([
    ["cache", 120],
    ["weights", 100],
  ]);
  accounting.remove(c);
  expect([
    accounting.createdBytes,
    accounting.destroyedBytes,
    accounting.liveBytes,
    accounting.liveBuffers,
  ]).toEqual([220, 80, 140, 2]);
  expect(accounting.byLabel()).toEqual([
    ["weights", 100],
    ["cache", 40],
  ]);
});

it("counts a buffer once, however often it is destroyed, and none that it does not know", () => {
  const accounting = new BufferAccounting();
  const known = buffer("known", 8);
  accounting.add(known);
  for (const each of [known, known, buffer("stranger", 16)]) accounting.remove(each);
  expect([accounting.destroyedBytes, accounting.liveBytes, accounting.liveBuffers]).toEqual([8, 0, 0]);
});
