import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PAGE, thirdParty } from "./third-party.ts";

it("is as it is installed: else run npm run third-party", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(thirdParty());
});

it("names direct dependencies and what they bring, with their licences", () => {
  const text = thirdParty();
  expect(text).toMatch(/^\| lit \| [\d.]+ \| BSD-3-Clause \| direct \| .*Google/m);
  expect(text).toMatch(/^\| lit-html \| [\d.]+ \| BSD-3-Clause \| by another \|/m);
  expect(text).not.toMatch(/^\| vite \|/m);
});
