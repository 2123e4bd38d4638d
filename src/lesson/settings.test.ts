import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { controlNames } from "./control-names.ts";
import { panelNames } from "./panel-names.ts";
import { propertyReaders } from "./settings.ts";

beforeEach(() => void vi.spyOn(console, "warn").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

const told = () => vi.mocked(console.warn).mock.calls.flat().join("\n");

/** Whatever a page may set anything to. */
const anything: unknown[] = [
  undefined,
  null,
  "",
  " ",
  "nonsense",
  "null",
  "undefined",
  "-1",
  "10.5",
  "1e9",
  "0x10",
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  0.5,
  true,
  [],
  [undefined],
  {},
  Object.create(null),
  Symbol("symbol"),
  () => {},
  { toString: () => ({}) },
  new Proxy({}, { get: () => undefined }),
];

it("takes anything for something of its kind, and that for itself", () => {
  for (const [name, take] of Object.entries(propertyReaders)) {
    for (const value of anything) {
      const once = take(value);
      expect(take(once), name).toEqual(once);
      expect(typeof once, name).toBe(typeof take(undefined));
    }
  }
});

it("takes what is absent for the default, and tells nobody", () => {
  const standard = {
    prompts: [""],
    raggedPrompts: "error",
    model: "seed:123",
    maxNewTokens: 10,
    contextSize: 1024,
    mask: "causal",
    device: "auto",
    kvCache: true,
    ablate: [],
    sampling: undefined,
    stopAtEndOfText: false,
    pace: "steady",
    destination: undefined,
    row: 0,
    autoplay: false,
    panels: panelNames,
    controls: controlNames,
    locked: false,
    predict: false,
    reveal: "auto",
    poster: "",
  };
  const taking = (value: unknown) =>
    Object.fromEntries(Object.entries(propertyReaders).map(([name, take]) => [name, take(value)]));
  expect(taking(undefined)).toEqual(standard);
  expect(taking(null)).toEqual(standard);
  expect(told()).toBe("");
});

it("takes numbers as they are written in attributes, and what is no such number for the default", () => {
  expect(["7", " 7 ", 7, "0"].map(propertyReaders.maxNewTokens)).toEqual([7, 7, 7, 0]);
  expect(["7", "1024", 5000].map(propertyReaders.contextSize)).toEqual([7, 1024, 5000]);
  expect(told()).toBe("");
  expect(["abc", "-1", "1e9", "10.5", Number.NaN, -1, [7]].map(propertyReaders.maxNewTokens)).toEqual(
    Array(7).fill(10),
  );
  expect(["0", "null", 0, -3, {}].map(propertyReaders.contextSize)).toEqual(Array(5).fill(1024));
  expect(told()).toContain('<next-token>: max-new-tokens cannot be "abc". It is taken for 10.');
  expect(told()).toContain('context-size cannot be "0". It is taken for 1024.');
});

it("takes names in either case, and others for the default", () => {
  expect(["none", " NONE ", "causal", "nonsense", 5, ""].map(propertyReaders.mask)).toEqual([
    "none",
    "none",
    "causal",
    "causal",
    "causal",
    "causal",
  ]);
  expect(told()).toContain('mask cannot be "nonsense". It is taken for causal.');
});

it("takes heads to be taken away from a list or a text, in one order, and passes over what is none", () => {
  const heads = [
    [0, 3],
    [2, 1],
  ];
  expect(
    ["0.3 2.1", "2.1,0.3", heads, heads.toReversed(), [...heads, ...heads]].map(propertyReaders.ablate),
  ).toEqual(Array(5).fill(heads));
  expect(told()).toBe("");
  expect(propertyReaders.ablate([[0, 3], [0.5, 1], [-1, 0], [1], "1.1", null, [2, 1]])).toEqual(heads);
  expect(propertyReaders.ablate("0.3 x 2.1")).toEqual(heads);
  expect(propertyReaders.ablate("all")).toEqual([]);
  expect(told()).toContain('<next-token>: ablate cannot be "all". It is taken for no head.');
  const many = Array.from({ length: 100_000 }, (_, i) => [i, 0]);
  expect(propertyReaders.ablate(many)).toHaveLength(2000);
});

it('takes "false" for false', () => {
  expect(["false", " FALSE ", false, 0, null].map(propertyReaders.autoplay)).toEqual(Array(5).fill(false));
  expect(["true", true, 1].map(propertyReaders.autoplay)).toEqual([true, true, true]);
  expect(propertyReaders.kvCache("false")).toBe(false);
});

it("takes any prompt for texts as a field holds them, one row at least and eight at most", () => {
  expect(propertyReaders.prompts(["a\r\nb\rc\n\r\nd", undefined, 5, {}])).toEqual([
    "a\nb\nc\n\nd",
    "",
    "5",
    "",
  ]);
  expect(propertyReaders.prompts("Hello\r\n")).toEqual(["Hello\n"]);
  expect(propertyReaders.prompts([])).toEqual([""]);
  expect(propertyReaders.prompts(Array(100_000).fill("x"))).toHaveLength(8);
  expect(told()).toContain("of 100000 prompts the first 8 are taken");
});

describe("names of panels and controls", () => {
  it("are taken in any order, case and number of spaces, and an empty text for none", () => {
    expect(propertyReaders.panels(" Code\n tokens,steps tokens ")).toEqual(["tokens", "steps", "code"]);
    expect(propertyReaders.panels(["kernels"])).toEqual(["kernels"]);
    expect(propertyReaders.controls("")).toEqual([]);
    expect(told()).toBe("");
  });

  it("that mean nothing are told, with those that do", () => {
    expect(propertyReaders.panels("tokens chart constructor")).toEqual(["tokens"]);
    expect(told()).toContain('panels cannot have "chart constructor"');
    expect(told()).toContain(panelNames.join(" "));
  });

  it("of which none means anything leave all", () => {
    expect(propertyReaders.controls("buttons")).toEqual(controlNames);
    expect(propertyReaders.controls({})).toEqual(controlNames);
    expect(propertyReaders.controls(5)).toEqual(controlNames);
    expect(vi.mocked(console.warn)).toHaveBeenCalledTimes(3);
  });
});

it("takes the address of an image, and of nothing else", () => {
  const images = [
    "cat.png",
    "/a/b.svg",
    "https://example.org/x",
    "data:image/png;base64,AA",
    "blob:https://a.org/1",
  ];
  expect(images.map(propertyReaders.poster)).toEqual(images);
  expect(told()).toBe("");
  const others = ["javascript:alert(1)", "data:text/html,<b>", "file:///etc/passwd", "https://["];
  expect(others.map(propertyReaders.poster)).toEqual(["", "", "", ""]);
  expect(vi.mocked(console.warn)).toHaveBeenCalledTimes(4);
});
