import { expect, it } from "vitest";
import { defaultSettings } from "../settings.ts";
import { linkOf, settingsLine } from "./link.ts";

const heads = [[0, 3] as const, [2, 1] as const];
const prompts = { texts: ["Hello, I am"], raggedPrompts: "error" as const };

it("a link says which heads are away, and nothing where none is", () => {
  const at = undefined;
  const link = linkOf("https://page.example/#old", { ...defaultSettings, ablate: heads }, prompts, at);
  expect(new URLSearchParams(new URL(link).hash.slice(1)).get("ablate")).toBe("0.3,2.1");
  expect(linkOf("https://page.example/#old", defaultSettings, prompts, at)).toBe("https://page.example/");
});

it("the line of settings says which heads are away, and nothing where none is", () => {
  expect(settingsLine(defaultSettings)).toBe("mask causal · KV cache on · greedy · context 1024");
  expect(settingsLine({ ...defaultSettings, ablate: heads })).toBe(
    "mask causal · KV cache on · greedy · context 1024 · without heads 0.3, 2.1",
  );
});
