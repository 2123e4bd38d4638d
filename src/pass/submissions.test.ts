import { describe, expect, it, vi } from "vitest";
import type { DispatchInfo, Recording } from "../device/recording.ts";
import { operations } from "../kernels/operations.ts";
import { runInSubmissions, submissionCuts } from "./submissions.ts";

const dispatch = (dims: Record<string, number>, constants: Record<string, number> = {}) =>
  ({ dims, constants }) as unknown as DispatchInfo;

const product = (num_rows: number, in_dim: number, out_dim: number) =>
  dispatch({ num_rows, in_dim, out_dim });
const attention = (num_tokens: number, causal = 1, batch = 1) =>
  dispatch({ batch, num_tokens, n_heads: 12, head_dim: 64 }, { causal });

/** The dispatches of GPT-2's pass over so many tokens: 12 layers and the head. */
function gpt2(num_tokens: number): DispatchInfo[] {
  const layer = [
    product(num_tokens, 768, 2304),
    attention(num_tokens),
    product(num_tokens, 768, 768),
    product(num_tokens, 768, 3072),
    product(num_tokens, 3072, 768),
  ];
  const rest = dispatch({ num_rows: num_tokens, emb_dim: 768 });
  return [rest, ...Array.from({ length: 12 }, () => [rest, ...layer]).flat(), rest, product(1, 768, 50257)];
}

describe("operations", () => {
  it("are a multiplication and an addition for each weight and row", () => {
    expect(operations(product(3, 5, 7))).toBe(2 * 3 * 5 * 7);
  });

  it("are the pairs that attention looks at, twice", () => {
    const pairs = (4 * 5) / 2; // 1 + 2 + 3 + 4
    expect(operations(attention(4))).toBe(2 * 2 * pairs * 768);
    expect(operations(attention(4, 0))).toBe(2 * 2 * 16 * 768);
    expect(operations(attention(4, 1, 3))).toBe(3 * 2 * 2 * pairs * 768);
  });

  it("of a norm count as none", () => {
    expect(operations(dispatch({ num_rows: 1024, emb_dim: 768 }))).toBe(0);
  });
});

describe("a pass is submitted", () => {
  const sums = (dispatches: DispatchInfo[]) => {
    let first = 0;
    return [...submissionCuts(dispatches), dispatches.length].map((end) => {
      const part = dispatches.slice(first, end);
      first = end;
      return part.reduce((sum, one) => sum + operations(one), 0);
    });
  };

  it.each([1, 4, 16, 50])("at once for %d tokens", (num_tokens) => {
    expect(submissionCuts(gpt2(num_tokens))).toEqual([]);
  });

  it.each([100, 512, 1024])(
    "in parts of at most 100 ms for %d tokens, and no more than are needed",
    (num_tokens) => {
      const dispatches = gpt2(num_tokens);
      const parts = sums(dispatches);
      const all = dispatches.reduce((sum, one) => sum + operations(one), 0);
      expect(Math.max(...parts)).toBeLessThanOrEqual(1e10);
      expect(parts.reduce((sum, part) => sum + part)).toBe(all);
      // Two neighbours could not have been one.
      for (const [i, part] of parts.slice(1).entries()) expect(parts[i]! + part).toBeGreaterThan(1e10);
    },
  );

  it("with what is larger than that alone", () => {
    const large = product(8192, 768, 3072);
    expect(submissionCuts([large, large])).toEqual([1]);
    expect(submissionCuts([product(1, 2, 3), large, product(1, 2, 3)])).toEqual([1, 2]);
  });

  it("from the first dispatch to the last, each once", () => {
    const run = vi.fn();
    const large = product(8192, 768, 3072);
    runInSubmissions({ dispatches: [large, large, large], run } as unknown as Recording);
    expect(run.mock.calls).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });
});
