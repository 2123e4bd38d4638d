import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../../config.ts";
import { type TracedRun, traceJson, traceOf } from "./trace.ts";

const tokenizer = { decode: (ids: readonly number[]) => ids.map((id) => ` t${id}`).join("") };
const run: TracedRun = {
  model: "seed:123",
  adapter: "An adapter",
  settings: { mask: "causal", contextSize: 1024, kvCache: true, sampling: { temperature: 1, seed: 5 } },
  prompts: ["Hello, I am"],
  start: [[15496, 11, 314, 716]],
  steps: [
    {
      ids: [27018],
      chosen: [{ id: 27018, logit: 2.25, probability: 0.00018 }],
      top: [[{ id: 27018, logit: 2.25, probability: 0.00018 }]],
      contextStart: 0,
      milliseconds: 12.5,
      entropy: [15.2],
    },
    {
      ids: [11], // drawn, not among the likeliest
      chosen: [{ probability: 0.25, logit: -2, id: 11 }],
      sampling: { temperature: 1, seed: 5 },
      top: [[{ probability: 0.5, logit: -1, id: 24086 }]],
      contextStart: 1,
      milliseconds: 3,
    },
  ],
};

describe("a trace", () => {
  it("holds the run, with the text of each candidate", () => {
    expect(traceOf(run, tokenizer)).toEqual({
      format: "next-token-trace",
      version: 2,
      model: "seed:123",
      adapter: "An adapter",
      settings: { mask: "causal", contextSize: 1024, kvCache: true, sampling: { temperature: 1, seed: 5 } },
      prompts: ["Hello, I am"],
      ids: [[15496, 11, 314, 716]],
      steps: [
        {
          ids: [27018],
          chosen: [{ id: 27018, text: " t27018", logit: 2.25, probability: 0.00018 }],
          sampling: null,
          top: [[{ id: 27018, text: " t27018", logit: 2.25, probability: 0.00018 }]],
          contextStart: 0,
          milliseconds: 12.5,
          entropy: [15.2],
        },
        {
          ids: [11],
          chosen: [{ id: 11, text: " t11", logit: -2, probability: 0.25 }],
          sampling: { temperature: 1, seed: 5 },
          top: [[{ id: 24086, text: " t24086", logit: -1, probability: 0.5 }]],
          contextStart: 1,
          milliseconds: 3,
        },
      ],
    });
  });

  it("says which heads were away, now and at each step, where any was", () => {
    const ablate: [number, number][] = [[2, 1]];
    const [first, second] = run.steps;
    const steps = [
      { ...first!, ablate },
      { ...second!, ablate: [] },
    ];
    const trace = traceOf({ ...run, settings: { ...run.settings, ablate }, steps }, tokenizer);
    expect(trace.settings.ablate).toEqual([[2, 1]]);
    expect(trace.steps.map((step) => step.ablate)).toEqual([[[2, 1]], undefined]);
  });

  it("is written a step a line, its keys in one order", () => {
    const text = traceJson(traceOf({ ...run, config: GPT_CONFIG_124M }, tokenizer));
    expect(text.split("\n")).toEqual([
      "{",
      '  "format": "next-token-trace",',
      '  "version": 2,',
      '  "model": "seed:123",',
      '  "adapter": "An adapter",',
      `  "config": ${JSON.stringify(GPT_CONFIG_124M)},`,
      '  "settings": {"mask":"causal","contextSize":1024,"kvCache":true,"sampling":{"temperature":1,"seed":5}},',
      '  "prompts": ["Hello, I am"],',
      '  "ids": [[15496,11,314,716]],',
      '  "steps": [',
      '    {"ids":[27018],"chosen":[{"id":27018,"text":" t27018","logit":2.25,"probability":0.00018}],"sampling":null,"top":[[{"id":27018,"text":" t27018","logit":2.25,"probability":0.00018}]],"contextStart":0,"milliseconds":12.5,"entropy":[15.2]},',
      '    {"ids":[11],"chosen":[{"id":11,"text":" t11","logit":-2,"probability":0.25}],"sampling":{"temperature":1,"seed":5},"top":[[{"id":24086,"text":" t24086","logit":-1,"probability":0.5}]],"contextStart":1,"milliseconds":3}',
      "  ]",
      "}",
      "",
    ]);
  });

  it("can be of a run that has no step yet", () => {
    const trace = traceOf({ ...run, steps: [] }, tokenizer);
    expect(JSON.parse(traceJson(trace))).toEqual(trace);
  });

  it("keeps every number and every text", () => {
    const exact = fc.oneof(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    const number = exact.map((value) => value + 0); // JSON knows no -0
    const candidate = fc.record({ id: fc.nat(50256), logit: number, probability: number });
    const step = fc.record({
      ids: fc.array(fc.nat(50256)),
      chosen: fc.array(candidate),
      sampling: fc.option(fc.record({ temperature: number, seed: fc.nat() }), { nil: undefined }),
      top: fc.array(fc.array(candidate)),
      contextStart: fc.nat(),
      milliseconds: number,
      entropy: fc.array(number),
    });
    const prompts = fc.array(fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(prompts, fc.array(step), (prompts, steps) => {
        const trace = traceOf({ ...run, prompts, steps }, tokenizer);
        expect(JSON.parse(traceJson(trace))).toEqual(trace);
      }),
    );
  });
});
