import { expect, it } from "vitest";
import { readEmbedQuery } from "./embed-query.ts";

const known = ["prompt", "model", "max-new-tokens", "autoplay"];
const read = (search: string) => readEmbedQuery(search, known)!;

it.each(["", "?", "?embed", "?embed=0", "?embed=true", "?prompt=Once"])(
  "%j is no frame's address",
  (search) => {
    expect(readEmbedQuery(search, known)).toBeUndefined();
  },
);

it("reads the element's attributes, and says what is none of them", () => {
  const { attributes, warnings } = read(
    "?embed=1&prompt=Once+upon%20a%26b&autoplay=&onclick=alert(1)&style=color:red",
  );
  expect([...attributes]).toEqual([
    ["prompt", "Once upon a&b"],
    ["autoplay", ""],
  ]);
  expect(warnings).toEqual([
    "“onclick” in the frame's address is no attribute of <next-token>.",
    "“style” in the frame's address is no attribute of <next-token>.",
  ]);
});

it("reads a model with all that stands behind it", () => {
  const { attributes } = read("?embed=1&model=seed:123%23n_layers%3D1%26n_heads%3D4");
  expect(attributes.get("model")).toBe("seed:123#n_layers=1&n_heads=4");
});

it("takes origins, each once, from several parameters or one", () => {
  const { origins } = read(
    "?embed=1&embed-origin=https://a.example,https://b.example:8443+null&embed-origin=https://a.example/",
  );
  expect(origins).toEqual(["https://a.example", "https://b.example:8443", "null"]);
});

it.each([
  "*",
  "https://a.example/course",
  "https://user:secret@a.example",
  "https://a.example?x",
  "a.example",
  "file:///home",
  "javascript:alert(1)",
  "blob:https://a.example/1",
])("%s is no origin", (text) => {
  const { origins, warnings } = read(`?embed=1&embed-origin=${encodeURIComponent(text)}`);
  expect(origins).toEqual([]);
  expect(warnings).toHaveLength(1);
});
