import { expect, test } from "vitest";
import { sentencesOf } from "./kind.ts";
import { factsSaid } from "./kinds/facts.ts";
import { sequencesSaid } from "./kinds/sequences.ts";

const said = Object.entries({ ...factsSaid, ...sequencesSaid });

test.each(said)("about a tenth of the sentences of %s are held out", (_, { templates, facts }) => {
  const sentences = sentencesOf({ templates, facts });
  const share = sentences.filter(({ isHeldOut }) => isHeldOut).length / sentences.length;
  expect(share).toBeGreaterThan(0.03);
  expect(share).toBeLessThan(0.2);
});

test.each(said)("every fact of %s is trained on in most of its sentences", (_, { templates, facts }) => {
  for (const fact of facts) {
    const sentences = sentencesOf({ templates, facts: [fact] });
    const trained = sentences.filter(({ isHeldOut }) => !isHeldOut);
    expect(trained.length, JSON.stringify(fact)).toBeGreaterThanOrEqual(sentences.length / 2);
  }
});
