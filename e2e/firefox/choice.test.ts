import { beforeAll, describe, expect, inject, test } from "vitest";
import { findFirefox, gpuEnvironment, whatIsMissing } from "../../tools/firefox.ts";
import {
  faultsOf,
  type Visit,
  visitWithChromium,
  visitWithFirefox,
} from "../../tools/firefox-choice/visit.ts";

// First visits, each with a profile of its own: what is held is the choice, and times of a machine that is busy besides.
// `npx tsx tools/firefox-choice.ts` makes twenty.

const firefox = findFirefox();

describe.skipIf(whatIsMissing(firefox))("a first visit in Firefox", () => {
  let chromium: Visit;
  beforeAll(async () => {
    chromium = await visitWithChromium(inject("address"));
  }, 200_000);

  test.each([1, 2, 3])(
    "chooses Chromium's kernels, and is ready and quick, visit %i",
    {
      timeout: 300_000,
    },
    async () => {
      const visit = await visitWithFirefox(firefox!, gpuEnvironment()!, inject("address"));
      expect(faultsOf(visit, chromium.choice, 10)).toEqual([]);
    },
  );
});
