import { isHeldOutPair, type Share } from "../held-out.ts";
import type { Kind } from "../kind.ts";
import type { Random } from "../random.ts";
import { readMarks } from "../template.ts";
import { animals, colors, things } from "../words.ts";

/** Lists said twice, and patterns that go on: whoever copies has to find the place where a word stood before. */

const pool = [...things, ...animals, ...colors];
const openings = ["List", "Words", "Say", "Read", "Write", "Learn", "Look", "Here"];
const agains = ["Again", "Once more", "Repeat", "Say it again", "Now you", "Back"];

/** `count` words, no two the same. The held-out share has pairs of neighbors that are never trained on. */
function draw(count: number, random: Random, share: Share): string[] {
  const chosen: string[] = [];
  while (chosen.length < count) {
    const before = chosen.at(-1);
    const wantsPair = share === "held-out" && chosen.length % 2 === 1;
    const candidates = pool.filter(
      (word) =>
        !chosen.includes(word) &&
        (share === "training"
          ? chosen.every((other) => !isHeldOutPair(word, other))
          : !wantsPair || isHeldOutPair(word, before!)),
    );
    if (candidates.length === 0) chosen.length = 0;
    else chosen.push(random.of(candidates));
  }
  return chosen;
}

const mark = (word: string) => `[${word}]`;

const saidTwice: Kind = {
  name: "lists",
  weight: 10,
  shapes: openings.length * agains.length * 6 * 2,
  write: (random, share) => {
    const words = draw(3 + random.below(6), random, share);
    const comma = random.of([", ", " "]);
    const first = words.join(comma);
    const again = words.map(mark).join(comma);
    return readMarks(`${random.of(openings)}: ${first}. ${random.of(agains)}: ${again}.`);
  },
};

const patterns: Kind = {
  name: "patterns",
  weight: 5,
  shapes: openings.length * 3 * 2 * 2,
  write: (random, share) => {
    const words = draw(2 + random.below(3), random, share);
    const comma = random.of([", ", " "]);
    const again = words.map(mark);
    // That the first word comes back is news; after it, all is known.
    const rounds = [words, [words[0]!, ...again.slice(1)], again, ...(words.length === 2 ? [again] : [])];
    return readMarks(`${random.of(openings)}: ${rounds.flat().join(comma)}.`);
  },
};

export const lists = [saidTwice, patterns];
