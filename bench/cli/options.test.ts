import { describe, expect, it } from "vitest";
import { sections } from "../measure/result.ts";
import { readOptions } from "./options.ts";

describe("readOptions", () => {
  it("runs every section in f32 by default", () => {
    expect(readOptions([])).toMatchObject({
      only: sections,
      precision: "f32",
      node: false,
      ladder: false,
    });
  });

  it("compares decoding alone, unless it is told otherwise", () => {
    expect(readOptions(["--compare", "HEAD"]).only).toEqual(["decode"]);
    expect(readOptions(["--compare", "HEAD", "--only", "decode,prefill"]).only).toEqual([
      "decode",
      "prefill",
    ]);
  });

  it("climbs the ladders when it is told to", () => {
    const about = ["products", "attention", "step"];
    expect(readOptions(["--ladder", "--node"])).toMatchObject({ ladder: true, node: true, about });
    expect(readOptions(["--ladder", "--about", "attention"])).toMatchObject({ about: ["attention"] });
  });

  it.each([
    [["--only", "decode,all"], 'no section "all"'],
    [["--ladder", "--about", "norms"], 'no ladder about "norms"'],
    [["--rounds", "0"], "whole number from 1"],
    [["--rounds", "two"], "whole number from 1"],
    [["--fast"], "--fast"],
  ])("refuses %j, and says what there is", (args, reason) => {
    expect(() => readOptions(args)).toThrow(reason);
    expect(() => readOptions(args)).toThrow("--compare COMMIT");
  });
});
