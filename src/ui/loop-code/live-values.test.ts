import { expect, it } from "vitest";
import type { Iteration } from "../../lesson/iteration.ts";
import type { Station } from "../../lesson/playhead.ts";
import { liveValues } from "./live-values.ts";

const settings = { contextSize: 3, maxNewTokens: 10, sampling: undefined };
const iteration = (station: Station, batch = 1): Iteration => ({
  station,
  step: 0,
  target: 10,
  batch,
  ids: [15496, 11, 314, 716],
  dropped: 1,
  isRecorded: true,
  sampling: undefined,
  allChosen: station === 1 ? undefined : Array(batch).fill(27018),
  result:
    station === 1
      ? undefined
      : {
          top: [{ id: 27018, logit: 2.5, probability: 0.0002 }],
          chosen: { id: 27018, logit: 2.5, probability: 0.0002 },
          logits: { min: -2.25, max: 2.5, bins: [], entropy: 15, logSumExp: 10 },
          computed: 3,
          milliseconds: 1,
          isFirstOfRun: true,
          draw: undefined,
        },
});
const at = (station: Station, batch?: number) =>
  Object.fromEntries(liveValues(iteration(station, batch), settings, 50257));

it("knows only the arguments before the first station", () => {
  expect([...liveValues(undefined, settings, 50257).keys()]).toEqual(["context_size", "max_new_tokens"]);
});

it("knows each variable from the station on that sets it", () => {
  expect(at(1)).toEqual({
    context_size: { shape: "int", value: "3" },
    max_new_tokens: { shape: "int", value: "10" },
    idx: { shape: "[1, 4]", value: "[[15496, 11, 314, 716]]" },
    idx_cond: { shape: "[1, 3]", value: "[[11, 314, 716]]" },
  });
  expect(at(2).logits).toEqual({ shape: "[1, 3, 50257]", value: "−2.2500 to 2.5000 in the last row" });
  expect(at(2)).not.toHaveProperty("probabs");
  expect(at(3).logits!.shape).toBe("[1, 50257]");
  expect(at(3).probabs).toEqual({ shape: "[1, 50257]", value: "at most 0.0200 %" });
  expect(at(3)).not.toHaveProperty("idx_next");
  expect(at(5).idx_next).toEqual({ shape: "[1, 1]", value: "[[27018]]" });
  expect(at(5).idx!.shape).toBe("[1, 4]");
  expect(at(6).idx).toEqual({ shape: "[1, 5]", value: "[[15496, 11, 314, 716, 27018]]" });
});

it("shows one row of a batch, and the end of a long one", () => {
  expect(at(4, 2).idx_next).toEqual({ shape: "[2, 1]", value: "[[27018], …]" });
  const long = { ...iteration(1), ids: Array.from({ length: 20 }, (_, i) => i), dropped: 0 };
  expect(liveValues(long, settings, 9).get("idx")!.value).toBe("[[…, 12, 13, 14, 15, 16, 17, 18, 19]]");
});
