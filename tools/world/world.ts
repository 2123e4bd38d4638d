import type { Share } from "./held-out.ts";
import type { Kind } from "./kind.ts";
import { facts } from "./kinds/facts.ts";
import { lists } from "./kinds/lists.ts";
import { lookUp } from "./kinds/look-up.ts";
import { sequences } from "./kinds/sequences.ts";
import { stories } from "./kinds/stories.ts";
import type { Random } from "./random.ts";
import type { Text } from "./template.ts";

/** The small world: every kind of text that the small model reads. */
export const kinds: readonly Kind[] = [...lookUp, ...stories, ...lists, ...sequences, ...facts];

/** Between two texts, and at the end of each: a line is a text. */
export const END_OF_TEXT = "\n";

const weights = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind));

/** A text of some kind, as often as its weight says. */
export const writeText = (random: Random, share: Share): Text => writeKind(random.of(weights), random, share);

/** A text of the given kind. */
export const writeKind = (kind: Kind, random: Random, share: Share): Text => ({
  kind: kind.name,
  ...kind.write(random, share),
});
