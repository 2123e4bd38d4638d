import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deviceChoices } from "../../config.ts";
import { sortedHeads } from "../ablate.ts";
import { decodePageState, defaultPageState, encodePageState, type PageState } from "./page-state.ts";

const anyPrompt = fc.string({ unit: "binary", maxLength: 200 });
const anySize = fc.option(fc.integer({ min: 0, max: 1e15 }), { nil: undefined });
const anyDetails = fc
  .record({
    vocab_size: anySize,
    context_length: anySize,
    emb_dim: anySize,
    n_heads: anySize,
    n_layers: anySize,
    drop_rate: fc.constantFrom(undefined, "0", "0.25", "7"),
    qkv_bias: fc.constantFrom(undefined, "true", "False"),
    precision: fc.constantFrom(undefined, "f32", "f16", "int8"),
  })
  .map((details) =>
    Object.entries(details).flatMap(([key, value]) => (value === undefined ? [] : `${key}=${value}`)),
  );
const anyModel = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), anyDetails).map(([seed, details]) => {
    return `seed:${seed}${details.length > 0 ? "#" : ""}${details.join("&")}`;
  }),
  fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((seed) => `seed:${seed}`),
  fc.constantFrom("seed:7#precision=f16", "seed:7#precision=int8", "gpt2#n_heads=5&precision=f16"),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
);
const anyState: fc.Arbitrary<PageState> = fc.record({
  model: anyModel,
  prompts: fc.array(anyPrompt, { minLength: 1, maxLength: 8 }),
  mask: fc.constantFrom("causal" as const, "none" as const),
  device: fc.constantFrom(...deviceChoices),
  maxNewTokens: fc.integer({ min: 1, max: 1000 }),
  contextSize: fc.integer({ min: 1, max: 1024 }),
  kvCache: fc.boolean(),
  ablate: fc.array(fc.tuple(fc.nat(47), fc.nat(24)), { maxLength: 200 }).map(sortedHeads),
  raggedPrompts: fc.constantFrom("error" as const, "truncate" as const, "pad" as const),
  sampling: fc.option(
    fc.record({
      temperature: fc.double({ min: 0.01, max: 100, noNaN: true }),
      topK: fc.integer({ min: 1, max: 50257 }),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    }),
  ),
  stopAtEndOfText: fc.boolean(),
  iteration: fc.integer({ min: 0, max: 1000 }),
  step: fc.integer({ min: 1, max: 7 }),
});

/** Whether everything in a state is what the page can take. */
function expectValid(state: PageState) {
  const { model, prompts, mask, sampling } = state;
  expect(Object.keys(state)).toEqual(Object.keys(defaultPageState));
  expect(model.length).toBeGreaterThan(0);
  expect(model.length).toBeLessThanOrEqual(2000);
  expect(prompts.length).toBeGreaterThanOrEqual(1);
  expect(prompts.length).toBeLessThanOrEqual(8);
  expect(["causal", "none"]).toContain(mask);
  const wholes = [
    [state.maxNewTokens, 1, 1000],
    [state.contextSize, 1, 1024],
    [state.iteration, 0, 1000],
    [state.step, 1, 7],
    ...(sampling
      ? [
          [sampling.topK, 1, 50257],
          [sampling.seed, 0, 2 ** 32 - 1],
        ]
      : []),
  ] as const;
  for (const [value, least, most] of wholes) {
    expect(Number.isInteger(value)).toBe(true);
    expect(value).toBeGreaterThanOrEqual(least!);
    expect(value).toBeLessThanOrEqual(most!);
  }
  if (sampling) expect(sampling.temperature >= 0.01 && sampling.temperature <= 100).toBe(true);
  expect(typeof state.kvCache).toBe("boolean");
  expect(state.ablate.length).toBeLessThanOrEqual(2000);
  expect(state.ablate.flat().every((part) => Number.isInteger(part) && part >= 0 && part <= 9999)).toBe(true);
  expect(["error", "truncate", "pad"]).toContain(state.raggedPrompts);
  expect(typeof state.stopAtEndOfText).toBe("boolean");
}

describe("a link", () => {
  it("brings back the state it was made from", () => {
    fc.assert(
      fc.property(anyState, (state) => {
        expect(decodePageState(`#${encodePageState(state)}`)).toEqual(state);
      }),
    );
  });

  it("is empty for the state the page has anyway, and says only what differs", () => {
    expect(encodePageState(defaultPageState)).toBe("");
    expect(encodePageState({ ...defaultPageState, mask: "none", prompts: ["a b", "+&"] })).toBe(
      "prompt=a+b&prompt=%2B%26&mask=none",
    );
    expect(decodePageState("")).toEqual(defaultPageState);
  });

  it("keeps an empty prompt, which is not the default", () => {
    const state = { ...defaultPageState, prompts: [""] };
    expect(encodePageState(state)).toBe("prompt=");
    expect(decodePageState("#prompt=")).toEqual(state);
  });

  it("brings back as long a prompt as any browser takes in an address", () => {
    const state = { ...defaultPageState, prompts: ["🙂 é, x".repeat(2 ** 17)] };
    expect(decodePageState(encodePageState(state))).toEqual(state);
  });

  it("survives a browser's own reading of the address", () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { hash } = new URL(`https://page.example/#${encodePageState(state)}`);
        expect(decodePageState(hash)).toEqual(state);
      }),
    );
  });
});

describe("a link from anybody", () => {
  const names = [
    "model",
    "prompt",
    "mask",
    "max-new-tokens",
    "context-size",
    "kv-cache",
    "ablate",
    "ragged-prompts",
    "temperature",
    "top-k",
    "seed",
    "stop-at-end-of-text",
    "iteration",
    "step",
    "station",
    "__proto__",
  ];
  const anyValue = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.double().map(String),
    fc.constantFrom(
      "0.3,2.1",
      "0.3,,x,9999.9999,99999.0",
      "1.1,".repeat(5000),
      "1e999",
      "-1",
      "NaN",
      "Infinity",
      "0x10",
      "1.5",
      "",
      " 3",
      "on",
      "none",
    ),
  );

  it("always yields a valid state", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (hash) => expectValid(decodePageState(hash))));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...names), anyValue)), (fields) => {
        expectValid(decodePageState(`#${new URLSearchParams(fields)}`));
      }),
    );
    expectValid(decodePageState("#notebook"));
    expectValid(decodePageState("%E0%A4%A&%=%&=&&"));
  });

  it.each([
    ["max-new-tokens=1e9", { maxNewTokens: 1000 }],
    ["max-new-tokens=-3", { maxNewTokens: 1 }],
    ["max-new-tokens=ten", {}],
    ["context-size=0", { contextSize: 1 }],
    ["iteration=2.6&step=99", { iteration: 3, step: 7 }],
    ["step=2&station=4", { iteration: 2, step: 4 }], // as links of before have it
    ["step=2", { iteration: 2, step: 1 }],
    ["mask=NONE", {}],
    ["kv-cache=0", {}],
    ["kv-cache=off", { kvCache: false }],
    [
      "ablate=2.1,0.3+0.3,x,-1.0,0.1.2",
      {
        ablate: [
          [0, 3],
          [2, 1],
        ],
      },
    ],
    ["ablate=all", {}],
    ["ragged-prompts=pad", { raggedPrompts: "pad" }],
    ["ragged-prompts=stretch", {}],
    ["top-k=5", {}],
    ["temperature=0", { sampling: { temperature: 0.01, topK: 50257, seed: 0 } }],
    ["temperature=0.7&top-k=40&seed=5e9", { sampling: { temperature: 0.7, topK: 40, seed: 4294967295 } }],
  ])("%s is put right", (hash, change) => {
    expect(decodePageState(hash)).toEqual({ ...defaultPageState, ...change });
  });

  it("has at most eight prompts", () => {
    const many = new URLSearchParams(Array.from({ length: 20 }, (_, i) => ["prompt", String(i)]));
    expect(decodePageState(`${many}`).prompts).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
  });

  it.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "file:..%2F..%2Fetc%2Fpasswd",
    "file:C:\\weights",
    "file:",
    "file:%20",
    "file:%00.safetensors",
    "file:gnp.%E2%80%AEsrosnetefas",
    `file:${"x".repeat(201)}`,
    "blob:https://a/b",
    "seed:-1",
    "seed:4294967296",
    "seed:x",
    "seed:7#precision=f64",
    "seed:7#precision=",
    "seed:4294967296#precision=f16",
    "seed:7#n_layer=4",
    "seed:7#n_layers=4&__proto__=4",
    "seed:7#n_layers=4&precision=f64",
    "seed:7#n_layers=<img src=x onerror=alert(1)>",
    "seed:7#n_layers=4 ",
    "seed:7#n_layers=%34",
    "seed:7#n_layers=4\n",
    `seed:7#n_layers=${"4".repeat(300)}`,
    "seed:7#n_layers=4#n_heads=4",
    "http://[",
    `https://a.example/${"x".repeat(2000)}`,
  ])("cannot name %s as the model", (model) => {
    expect(decodePageState(`${new URLSearchParams({ model })}`).model).toBe("seed:123");
  });

  it.each([
    "seed:7",
    "seed:7#precision=f16",
    "seed:7#n_layers=4&n_heads=4&emb_dim=96&context_length=64&vocab_size=50257&drop_rate=0.1&qkv_bias=True&precision=f16",
    "seed:7#n_layers=0", // told about where the model is made
    "seed:7#n_layers=4&n_layers=4",
    "gpt2#precision=int8",
    "https://a.example/gpt2.safetensors",
    "models/gpt2.safetensors",
    "//a.example/x",
    "file:model.safetensors",
    "file:my%20model%231.safetensors#n_heads=4&precision=f16",
    "file:%3Cimg%20src=x%20onerror=alert(1)%3E",
  ])("can name %s as the model", (model) => {
    expect(decodePageState(`${new URLSearchParams({ model })}`).model).toBe(model);
  });
});

it("has as long a context, and as many tokens to draw from, as its seed's model", () => {
  const model = "seed:7#context_length=2048&vocab_size=60000";
  const sampling = { temperature: 1, topK: 60_000, seed: 0 };
  const state = { ...defaultPageState, model, contextSize: 1500, sampling };
  expect(decodePageState(encodePageState(state))).toEqual(state);
  expect(new URLSearchParams(encodePageState(state)).has("top-k")).toBe(false); // all of them
  expect(decodePageState(`${new URLSearchParams({ model })}&context-size=5000`).contextSize).toBe(2048);
});

it("says of a file that was chosen on somebody's own computer what it is called, and brings that back", () => {
  const link = encodePageState({ ...defaultPageState, model: "file:1/my%20diary.safetensors#n_heads=5" });
  expect(new URLSearchParams(link).get("model")).toBe("file:my%20diary.safetensors#n_heads=5");
  expect(decodePageState(link).model).toBe("file:my%20diary.safetensors#n_heads=5");
});
