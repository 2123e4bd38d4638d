import { expect, it } from "vitest";
import { offerOfProcessor, whoComputes } from "./who-computes.ts";

const cpu = { kind: "cpu" as const, name: "2 threads of the processor", isSoftware: false };
const gpu = { kind: "gpu" as const, name: "a card", isSoftware: false };

it("names a GPU, and says of a software adapter what it is", () => {
  expect(whoComputes({ adapter: gpu, insteadOfGpu: undefined })).toBe("Adapter: a card.");
  expect(whoComputes({ adapter: { ...gpu, isSoftware: true }, insteadOfGpu: undefined })).toBe(
    "Software adapter (a card): far slower than a graphics card.",
  );
});

it("says why the processor computes", () => {
  expect(whoComputes({ adapter: cpu, insteadOfGpu: undefined })).toBe(
    "Computed by 2 threads of the processor, as chosen.",
  );
  expect(whoComputes({ adapter: cpu, insteadOfGpu: "no-webgpu" })).toBe(
    "This browser has no WebGPU: computed by 2 threads of the processor.",
  );
  const codes = [
    "insecure-context",
    "no-adapter",
    "limits-too-small",
    "known-answer-failed",
    "device-lost",
  ] as const;
  for (const insteadOfGpu of codes)
    expect(whoComputes({ adapter: cpu, insteadOfGpu })).toContain(": computed by 2 threads");
});

it("offers the processor where it is clearly faster", () => {
  expect(offerOfProcessor(undefined)).toBeUndefined();
  expect(offerOfProcessor(1.1)).toBeUndefined();
  expect(offerOfProcessor(5.96)).toContain("6.0 times as fast");
  expect(offerOfProcessor(41.2)).toContain("41 times as fast");
});
