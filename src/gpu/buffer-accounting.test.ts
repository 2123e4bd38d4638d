import { expect, it } from "vitest";
import { Ledger } from "./buffer-accounting.ts";

const buffer = (label: string, size: number) => ({ label, size }) as GPUBuffer;

it("counts what was created, destroyed and is held, in bytes and by label", () => {
  const ledger = new Ledger();
  const [a, b, c] = [buffer("weights", 100), buffer("cache", 40), buffer("cache", 80)];
  for (const each of [a, b, c]) ledger.add(each);
  expect(ledger.byLabel()).toEqual([
    ["cache", 120],
    ["weights", 100],
  ]);
  ledger.remove(c);
  expect([ledger.createdBytes, ledger.destroyedBytes, ledger.liveBytes, ledger.liveBuffers]).toEqual([
    220, 80, 140, 2,
  ]);
  expect(ledger.byLabel()).toEqual([
    ["weights", 100],
    ["cache", 40],
  ]);
});

it("counts a buffer once, however often it is destroyed, and none that it does not know", () => {
  const ledger = new Ledger();
  const known = buffer("known", 8);
  ledger.add(known);
  for (const each of [known, known, buffer("stranger", 16)]) ledger.remove(each);
  expect([ledger.destroyedBytes, ledger.liveBytes, ledger.liveBuffers]).toEqual([8, 0, 0]);
});
