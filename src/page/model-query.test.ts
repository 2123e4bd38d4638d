import { expect, it } from "vitest";
import { namesModel, takeModelQuery } from "./model-query.ts";

const page = "https://page.example/course/";

it.each([
  ["?model=gpt2", "#model=gpt2"],
  ["?model=gpt2#loop", "#model=gpt2"],
  ["?lesson=4&model=gpt2", "?lesson=4#model=gpt2"],
  ["?model=gpt2#prompt=Once&step=2", "#model=gpt2&prompt=Once&step=2"],
  ["?model=gpt2#model=seed:7&prompt=Once", "#model=seed:7&prompt=Once"],
  ["?model=gpt2#notebook", "#notebook"],
  ["?model=gpt2%23precision%3Df16#prompt=the+model%3D", "#model=gpt2%23precision%3Df16&prompt=the+model%3D"],
])("%s asks for a model, and goes on as %s", (asked, address) => {
  const { model } = takeModelQuery(page + asked)!;
  expect(model).toBe(asked.includes("precision") ? "gpt2#precision=f16" : "gpt2");
  expect(takeModelQuery(page + asked)!.address).toBe(page + address);
  expect(takeModelQuery(page + address)).toBeUndefined();
});

it("takes what stands behind the name along", () => {
  const { model, address } = takeModelQuery(`${page}?model=seed:123%23n_layers%3D4%26n_heads%3D4`)!;
  expect(model).toBe("seed:123#n_layers=4&n_heads=4");
  expect(new URLSearchParams(new URL(address).hash.slice(1)).get("model")).toBe(model);
});

it("leaves a frame's address as it is", () => {
  expect(takeModelQuery(`${page}?embed=1&model=gpt2`)).toBeUndefined();
});

it("has nothing to take from other addresses", () => {
  expect(takeModelQuery(`${page}#model=gpt2`)).toBeUndefined();
  expect(takeModelQuery(`${page}?prompt=Once`)).toBeUndefined();
});

it("knows a link that names a model from one that only speaks of it", () => {
  expect(["#model=gpt2", "model=", "#mask=none&model=seed:7"].map(namesModel)).toEqual([true, true, true]);
  expect(["", "#loop", "#prompt=the+model%3Dgpt2"].map(namesModel)).toEqual([false, false, false]);
});
