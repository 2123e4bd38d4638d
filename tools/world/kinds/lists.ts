import { cast } from "../cast.ts";
import { isHeldOutPair, type Share } from "../held-out.ts";
import type { Kind } from "../kind.ts";
import type { Random } from "../random.ts";
import { readMarks } from "../template.ts";
import { animals, colors, things } from "../words.ts";

/** Lists and pairs said twice, and patterns that go on: whoever copies has to find the place where a word stood before. */

const pool = [...things, ...animals, ...colors];
const openings = ["List", "Words", "Say", "Read", "Write", "Learn", "Look", "Here"];
const agains = ["Again", "Once more", "Repeat", "Say it again", "Now you"];

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
  weight: 8,
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

/** Slots of what stands left and right in a pair, or right and left: people and things, people and places, things and colors. */
const sides = [
  ["abc", "tuv"],
  ["abc", "pqr"],
  ["tuv", "klm"],
].flatMap(([left, right]) => [
  [left!, right!],
  [right!, left!],
]);

/** What stands within a pair, and between two. */
const within = [" ", ": ", ", "] as const;
const between = [", ", ". ", "; "] as const;

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0]!);
}

/**
 * Three pairs, and all of them again in another order. This is a question without its words: who learns to look up here soon
 * does so in sentences, and without it the wait is long.
 */
const pairs: Kind = {
  name: "pairs",
  weight: 12,
  shapes: openings.length * agains.length * sides.length * within.length * between.length,
  write: (random, share) => {
    const [lefts, rights] = random.of(sides) as [string, string];
    const asked = [0, 1].flatMap((i) => [lefts[i]!, rights[i]!]);
    const words = cast([...lefts, ...rights], share === "held-out" ? asked : [], share, random);
    const said = shuffled([0, 1, 2], random).map((i) => [words[lefts[i]!]!, words[rights[i]!]!]);
    const [inside, outside] = [random.of(within), random.of(between)];
    const again = shuffled(said, random).map(([known, wanted]) => known + inside + mark(wanted!));
    const first = said.map((pair) => pair.join(inside)).join(outside);
    return readMarks(`${random.of(openings)}: ${first}. ${random.of(agains)}: ${again.join(outside)}.`);
  },
};

export const lists = [saidTwice, patterns, pairs];
