import { afterEach, expect, it } from "vitest";
import { loadTokenizer } from "../tokenizer/tokenizer.ts";
import type { CandidateTable } from "./candidate-table.ts";
import "./candidate-table.ts";

let table: CandidateTable;
afterEach(() => table.remove());

it("moves its bars, but not where tokens come as fast as they can", async () => {
  table = document.createElement("next-token-candidates") as CandidateTable;
  table.style.setProperty("--nt-quick", "150ms");
  table.tokenizer = await loadTokenizer();
  table.candidates = [{ id: 27018, logit: 2, probability: 0.25 }];
  document.body.append(table);
  const duration = async () => {
    await table.updateComplete;
    return getComputedStyle(table.renderRoot.querySelector("rect")!).transitionDuration;
  };
  expect(await duration()).toBe("0.15s");
  table.isFast = true;
  expect(await duration()).toBe("0s");
});
