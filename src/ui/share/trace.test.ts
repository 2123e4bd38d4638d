import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GPT_CONFIG_124M } from "../../model/config.ts";
import { type TracedRun, traceJson, traceOf } from "./trace.ts";

const tokenizer = { decode: (ids: readonly number[]) => ids.map((id) => ` t${id}`).join("") };
const run: TracedRun = {
  model: "seed:123",
  adapter: "An adapter",
  prompts: ["Hello, I am"],
  start: [[15496, 11, 314, 716]],
  steps: [
    {
      ids: [27018],
      top: [[{ id: 27018, logit: 2.25, probability: 0.00018 }]],
      contextStart: 0,
      milliseconds: 12.5,
      entropy: [15.2],
    },
    { ids: [24086], top: [[{ probability: 0.5, logit: -1, id: 24086 }]], contextStart: 1, milliseconds: 3 },
  ],
};

describe("a trace", () => {
  it("holds the run, with the text of each candidate", () => {
    expect(traceOf(run, tokenizer)).toEqual({
      format: "next-token-trace",
      version: 1,
      model: "seed:123",
      adapter: "An adapter",
      prompts: ["Hello, I am"],
      ids: [[15496, 11, 314, 716]],
      steps: [
        {
          ids: [27018],
          top: [[{ id: 27018, text: " t27018", logit: 2.25, probability: 0.00018 }]],
          contextStart: 0,
          milliseconds: 12.5,
          entropy: [15.2],
        },
        {
          ids: [24086],
          top: [[{ id: 24086, text: " t24086", logit: -1, probability: 0.5 }]],
          contextStart: 1,
          milliseconds: 3,
        },
      ],
    });
  });

  it("is written a step a line, its keys in one order", () => {
    const text = traceJson(traceOf({ ...run, config: GPT_CONFIG_124M }, tokenizer));
    expect(text.split("\n")).toEqual([
      "{",
      '  "format": "next-token-trace",',
      '  "version": 1,',
      '  "model": "seed:123",',
      '  "adapter": "An adapter",',
      `  "config": ${JSON.stringify(GPT_CONFIG_124M)},`,
      '  "prompts": ["Hello, I am"],',
      '  "ids": [[15496,11,314,716]],',
      '  "steps": [',
      '    {"ids":[27018],"top":[[{"id":27018,"text":" t27018","logit":2.25,"probability":0.00018}]],"contextStart":0,"milliseconds":12.5,"entropy":[15.2]},',
      '    {"ids":[24086],"top":[[{"id":24086,"text":" t24086","logit":-1,"probability":0.5}]],"contextStart":1,"milliseconds":3}',
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
    const step = fc.record({
      ids: fc.array(fc.nat(50256)),
      top: fc.array(fc.array(fc.record({ id: fc.nat(50256), logit: number, probability: number }))),
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
